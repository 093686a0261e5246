"""Files to hand in: good ones, and hostile ones that differ from them in one thing each."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import pikepdf

from tests.good_office import GOOD_OFFICE

WORD_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)
SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Parts = dict[str, str | bytes]


def types(main: str, kind: str, more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/{main}" ContentType="{kind}"/>{more}</Types>'
    )


def links(*each: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{''.join(each)}</Relationships>"
    )


def link(kind: str, target: str, mode: str = ' TargetMode="External"') -> str:
    return f'<Relationship Id="r1" Type="{_R}/{kind}" Target="{target}"{mode}/>'


def paragraph(inside: str) -> str:
    return f"<w:document {_W}><w:body><w:p>{inside}</w:p></w:body></w:document>"


TEXT: Final = "<w:r><w:t>The fleet must be renewed.</w:t></w:r>"


def word_parts() -> Parts:
    return {
        "[Content_Types].xml": types("word/document.xml", WORD_TYPE),
        "_rels/.rels": links(link("officeDocument", "word/document.xml", "")),
        "word/document.xml": paragraph(TEXT),
        "word/_rels/document.xml.rels": links(link("hyperlink", "https://www.gov.uk/")),
    }


def sheet_parts() -> Parts:
    return {
        "[Content_Types].xml": types("xl/workbook.xml", SHEET_TYPE),
        "_rels/.rels": links(link("officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": f'<workbook {_S}><sheets><sheet name="Costs"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": sheet("<row><c><f>SUM(A1:A3)</f><v>6</v></c></row>"),
    }


def sheet(rows: str, columns: str = "") -> str:
    return f"<worksheet {_S}>{columns}<sheetData>{rows}</sheetData></worksheet>"


def packed(parts: Parts, change: Callable[[zipfile.ZipFile], None] | None = None) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
        if change is not None:
            change(whole)
    return file.getvalue()


def word(**changes: str | bytes) -> bytes:
    """A Word document; keywords are `body`, `links`, `types`, or parts by their escaped names."""
    parts = word_parts()
    named = {"body": "word/document.xml", "links": "word/_rels/document.xml.rels"}
    for name, content in changes.items():
        parts[named.get(name, "[Content_Types].xml")] = content
    return packed(parts)


def word_with(parts: Parts, more_types: str = "") -> bytes:
    return packed(
        word_parts()
        | {"[Content_Types].xml": types("word/document.xml", WORD_TYPE, more_types)}
        | parts
    )


def workbook_with(parts: Parts, more_types: str = "") -> bytes:
    return packed(
        sheet_parts()
        | {"[Content_Types].xml": types("xl/workbook.xml", SHEET_TYPE, more_types)}
        | parts
    )


def pdf(change: Callable[[pikepdf.Pdf], Any] | None = None, **options: Any) -> bytes:
    """A PDF of one page that says something, with a change."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    page = document.pages[0]
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.obj.Contents = document.make_stream(b"BT /F1 12 Tf 72 720 Td (The fleet) Tj ET")
    if change is not None:
        change(document)
    file = BytesIO()
    document.save(file, **options)
    return file.getvalue()


def annotation(document: pikepdf.Pdf, **entries: Any) -> None:
    """Put an annotation on the page."""
    made = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Rect=pikepdf.Array([10, 10, 60, 30]), **entries
    )
    document.pages[0].obj.Annots = pikepdf.Array([document.make_indirect(made)])


def with_picture(content: bytes, kind: str = "DCTDecode") -> Callable[[pikepdf.Pdf], None]:
    """Draw a picture on the page, packed as this kind."""

    def change(document: pikepdf.Pdf) -> None:
        picture = document.make_stream(content, Filter=pikepdf.Name(f"/{kind}"))
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = 64, 48, 8
        picture.ColorSpace = pikepdf.Name.DeviceRGB
        page = document.pages[0].obj
        page.Resources.XObject = pikepdf.Dictionary(Photo=picture)
        drawn = page.Contents.read_bytes()
        page.Contents = document.make_stream(drawn + b" q 64 0 0 48 0 0 cm /Photo Do Q")

    return change


def action(kind: str, **entries: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(kind), **entries)


def with_root(key: str, value: Any) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.Root[key] = value

    return pdf(change)


def with_trailer(key: str, value: Any) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.trailer[key] = value

    return pdf(change)


def with_stream(**entries: Any) -> bytes:
    """Draw on the page what a dictionary with these entries says."""

    def change(document: pikepdf.Pdf) -> None:
        drawing = document.make_stream(b"0 0 9 9 re f", **entries)
        drawing.Type, drawing.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        drawing.BBox = pikepdf.Array([0, 0, 9, 9])
        page = document.pages[0].obj
        page.Resources.XObject = pikepdf.Dictionary(Drawing=drawing)
        page.Contents = document.make_stream(page.Contents.read_bytes() + b" /Drawing Do")

    return pdf(change)


def named_file(name: str) -> pikepdf.Dictionary:
    """A file that is named, and not held."""
    return pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F=pikepdf.String(name))


def with_form() -> bytes:
    """A PDF with a form to fill in, filled in, without scripts."""

    def change(document: pikepdf.Pdf) -> None:
        annotation(
            document,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String("supplier"),
            V=pikepdf.String("Norbury Fleet"),
        )
        fields = pikepdf.Array(list(document.pages[0].obj.Annots))
        document.Root.AcroForm = pikepdf.Dictionary(Fields=fields)

    return pdf(change)


def _file(document: pikepdf.Pdf) -> pikepdf.AttachedFileSpec:
    return pikepdf.AttachedFileSpec(
        document,
        b"confidential",
        filename="prices.xlsx",
        description="Prices",
        mime_type="application/octet-stream",
        creation_date="D:20260101000000Z",
        mod_date="D:20260101000000Z",
    )


def with_attachment() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments["prices.xlsx"] = _file(document)

    return pdf(change)


def with_link(kind: str, **entries: Any) -> bytes:
    return pdf(
        lambda document: annotation(document, Subtype=pikepdf.Name.Link, A=action(kind, **entries))
    )


GOOD: Final[dict[str, Callable[[], bytes]]] = {
    "good.docx": word,
    "good.xlsx": lambda: packed(sheet_parts()),
    "good.pdf": pdf,
    "form.pdf": with_form,
    "letter.pdf": lambda: with_link("/URI", URI=pikepdf.String("MAILTO:fleet@example.org")),
    **GOOD_OFFICE,
}
