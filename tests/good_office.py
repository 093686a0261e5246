"""Honest Word documents and workbooks, furnished as Office and LibreOffice furnish them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO, RawIOBase
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.upload_corpus import Parts

OPEN: Final = "application/vnd.openxmlformats-officedocument"
_MS: Final = "http://schemas.microsoft.com/office"
_BASE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
# Each namespace as Office writes it by itself, and as it does in “Strict Open XML”.
_STRICT: Final = {
    _BASE: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": (
        "http://purl.oclc.org/ooxml/wordprocessingml/main"
    ),
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        "http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    "http://schemas.openxmlformats.org/drawingml/2006/main": (
        "http://purl.oclc.org/ooxml/drawingml/main"
    ),
    "http://schemas.openxmlformats.org/drawingml/2006/chart": (
        "http://purl.oclc.org/ooxml/drawingml/chart"
    ),
    "/relationships/extended-properties": "/relationships/extendedProperties",
    "/relationships/custom-properties": "/relationships/customProperties",
}
_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A: Final = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_C: Final = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
_S: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_VML: Final = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    '><v:shape id="LH"><v:imagedata o:relid="r1" o:title="crest"/></v:shape></xml>'
)


def png() -> bytes:
    """A picture of one red dot."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        sums = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + sums

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dots = zlib.compress(b"\0\xff\0\0")
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


def printer() -> bytes:
    """What Windows keeps of a printer: its name, and the version of the form."""
    name = "\\\\print\\Second floor".encode("utf-16-le").ljust(64, b"\0")
    return name + struct.pack("<4H", 0x0401, 0x0600, 220, 0) + b"\0" * 148


JPEG: Final = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"
EMF: Final = struct.pack("<2I", 1, 108) + b"\0" * 32 + b" EMF" + b"\0" * 64
WMF: Final = b"\xd7\xcd\xc6\x9a" + b"\0" * 18 + b"\1\0\x09\0\0\3" + b"\0" * 12
BMP: Final = b"BM" + struct.pack("<3I", 58, 0, 54) + struct.pack("<I", 40) + b"\0" * 40
SVG: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    "<style>.Fill { fill:#0b0c0c; }</style>"
    '<defs><linearGradient id="g"/></defs><use xlink:href="#g"/>'
    '<path class="Fill" fill="url(#g)" d="M0 0"/></svg>'
)


def _links(*each: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{kind if ":" in kind else f"{_BASE}/{kind}"}" '
        f'Target="{target}"{mode}/>'
        for number, (kind, target) in enumerate(each, 1)
        for mode in [' TargetMode="External"' if ":" in target else ""]
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _types(*overrides: tuple[str, str]) -> str:
    endings = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "JPEG": "image/jpeg",
        "emf": "image/x-emf",
        "wmf": "image/x-wmf",
        "bmp": "image/bmp",
        "svg": "image/svg+xml",
        "vml": f"{OPEN}.vmlDrawing",
        "bin": f"{OPEN}.spreadsheetml.printerSettings",
    }
    defaults = "".join(
        f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in endings.items()
    )
    named = "".join(
        f'<Override PartName="/{name}" ContentType="{kind if "/" in kind else f"{OPEN}.{kind}"}"/>'
        for name, kind in overrides
    )
    return f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{named}</Types>'


_AROUND: Final = (
    ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    ("docProps/app.xml", "extended-properties+xml"),
    ("docProps/custom.xml", "custom-properties+xml"),
    ("docMetadata/LabelInfo.xml", "application/vnd.ms-office.classificationlabels+xml"),
    ("customXml/itemProps1.xml", "customXmlProperties+xml"),
)
_ABOUT: Final = (
    (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    (f"{_PACKAGE}/relationships/metadata/thumbnail", "docProps/thumbnail.jpeg"),
    ("extended-properties", "docProps/app.xml"),
    ("custom-properties", "docProps/custom.xml"),
    (f"{_MS}/2020/02/relationships/classificationlabels", "docMetadata/LabelInfo.xml"),
)
_PARTS_AROUND: Final[Parts] = {
    "docProps/core.xml": "<coreProperties/>",
    "docProps/app.xml": "<Properties/>",
    "docProps/custom.xml": "<Properties/>",
    "docProps/thumbnail.jpeg": JPEG,
    "docMetadata/LabelInfo.xml": "<labelList/>",
    "customXml/item1.xml": "<del>Said by another program.</del>",
    "customXml/itemProps1.xml": "<datastoreItem/>",
    "customXml/_rels/item1.xml.rels": _links(("customXmlProps", "itemProps1.xml")),
}
_PAGES: Final = (
    *("styles", "settings", "webSettings", "fontTable", "numbering", "footnotes", "endnotes"),
    *("header1", "footer1"),
)


def furnished_word() -> Parts:
    """A document with what Word puts in beside the text, and pictures of every kind."""
    contents = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        "<w:r><w:rPr><w:webHidden/></w:rPr><w:t>Link to the fleet</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText> PAGEREF _Toc1 \\h </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    drawn = (
        "<w:drawing><a:path><a:moveTo/></a:path></w:drawing>"
        '<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src=""/></v:shape>'
        '</w:pict><w:fldSimple w:instr=" PAGE "/><w:fldSimple w:instr="HYPERLINK \\l place"/>'
        '<w:fldSimple w:instr=" HYPERLINK &quot;https://www.gov.uk/&quot; \\h "/>'
    )
    text = (
        f"<w:document {_W} {_A}><w:body><w:p>{contents}<w:r>{drawn}</w:r></w:p></w:body>"
        "</w:document>"
    )
    styles = (
        f'<w:styles {_W}><w:style><w:hidden/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
        "</w:styles>"
    )
    return _PARTS_AROUND | {
        "[Content_Types].xml": _types(
            *_AROUND,
            ("word/document.xml", "wordprocessingml.document.main+xml"),
            ("word/theme/theme1.xml", "theme+xml"),
            ("word/printerSettings1.bin", "wordprocessingml.printerSettings"),
            *((f"word/{name}.xml", f"wordprocessingml.{name.rstrip('1')}+xml") for name in _PAGES),
        ),
        "_rels/.rels": _links(("officeDocument", "word/document.xml"), *_ABOUT),
        "word/document.xml": text,
        **{f"word/{name}.xml": f"<w:{name.rstrip('1')} {_W}/>" for name in _PAGES},
        "word/styles.xml": styles,
        "word/theme/theme1.xml": f"<a:theme {_A}/>",
        "word/printerSettings1.bin": printer(),
        "word/media/image1.png": png(),
        "word/media/image2.jpeg": JPEG,
        "word/media/image3.emf": EMF,
        "word/media/image4.wmf": WMF,
        "word/media/image5.bmp": BMP,
        "word/media/image6.svg": SVG,
        "word/media/photo.png": JPEG,  # as it arrives from the web; Word draws it
        "word/_rels/document.xml.rels": _links(
            *((name.rstrip("1"), f"{name}.xml") for name in _PAGES),
            ("theme", "theme/theme1.xml"),
            ("printerSettings", "printerSettings1.bin"),
            ("customXml", "../customXml/item1.xml"),
            ("image", "media/image1.png"),
            ("image", "/word/media/image6.svg"),
            ("hyperlink", "mailto:fleet@example.org"),
        ),
    }


def furnished_workbook() -> Parts:
    """A workbook with what Excel puts in: a table, a chart, rules, names, a picture in the head."""
    sheet = (
        f'<worksheet {_S}><sheetFormatPr defaultRowHeight="15" zeroHeight="0"/>'
        '<cols><col min="1" max="1" width="0.7109375" customWidth="1"/></cols><sheetData>'
        '<row r="1" ht="2.25" customHeight="1" hidden="0"><c><f>SUM(Prices[2024])</f></c>'
        "<c><f>SUM(Prices[[#This Row],[2024]:[2025]])</f></c>"
        '<c><f>HYPERLINK("https://www.gov.uk/","more")</f></c></row></sheetData>'
        "<conditionalFormatting><cfRule><formula>A1&gt;3</formula><colorScale>"
        '<cfvo type="formula" val="$A$1"/></colorScale></cfRule></conditionalFormatting>'
        "<dataValidations><dataValidation><formula1>Names!$A$1:$A$9</formula1></dataValidation>"
        "</dataValidations></worksheet>"
    )
    words = f"<sst {_S}><si><t>Not by WEBSERVICE( but by hand</t></si></sst>"
    names = (
        '<definedName name="_xlnm._FilterDatabase" hidden="1">Costs!$A$1:$B$9</definedName>'
        '<definedName name="_xlnm.Print_Titles">Costs!$1:$1</definedName>'
    )
    return _PARTS_AROUND | {
        "[Content_Types].xml": _types(
            *_AROUND,
            ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
            ("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet+xml"),
            ("xl/styles.xml", "spreadsheetml.styles+xml"),
            ("xl/sharedStrings.xml", "spreadsheetml.sharedStrings+xml"),
            ("xl/calcChain.xml", "spreadsheetml.calcChain+xml"),
            ("xl/metadata.xml", "spreadsheetml.sheetMetadata+xml"),
            ("xl/persons/person.xml", "application/vnd.ms-excel.person+xml"),
            ("xl/tables/table1.xml", "spreadsheetml.table+xml"),
            ("xl/drawings/drawing1.xml", "drawing+xml"),
            ("xl/charts/chart1.xml", "drawingml.chart+xml"),
            ("xl/charts/style1.xml", "application/vnd.ms-office.chartstyle+xml"),
        ),
        "_rels/.rels": _links(("officeDocument", "xl/workbook.xml"), *_ABOUT),
        "xl/workbook.xml": (
            f'<workbook {_S}><bookViews><workbookView visibility="visible"/></bookViews><sheets>'
            f'<sheet name="Costs"/></sheets><definedNames>{names}</definedNames></workbook>'
        ),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": f"<styleSheet {_S}/>",
        "xl/sharedStrings.xml": words,
        "xl/calcChain.xml": f"<calcChain {_S}/>",
        "xl/metadata.xml": f"<metadata {_S}/>",
        "xl/persons/person.xml": "<personList/>",
        "xl/tables/table1.xml": (
            f"<table {_S}><calculatedColumnFormula>Prices[2024]*2</calculatedColumnFormula></table>"
        ),
        "xl/drawings/drawing1.xml": '<wsDr><sp textlink="$B$2"/></wsDr>',
        "xl/charts/chart1.xml": (
            f"<c:chartSpace {_C}><c:f>Costs!$B$2:$B$6</c:f><c:f>[0]!Prices</c:f></c:chartSpace>"
        ),
        "xl/charts/style1.xml": "<chartStyle/>",
        "xl/drawings/vmlDrawing1.vml": _VML,
        "xl/media/image1.png": png(),
        "xl/printerSettings/printerSettings1.bin": printer(),
        "xl/_rels/workbook.xml.rels": _links(
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("calcChain", "calcChain.xml"),
            ("sheetMetadata", "metadata.xml"),
            (f"{_MS}/2017/10/relationships/person", "persons/person.xml"),
            ("customXml", "../customXml/item1.xml"),
        ),
        "xl/worksheets/_rels/sheet1.xml.rels": _links(
            ("table", "../tables/table1.xml"),
            ("drawing", "../drawings/drawing1.xml"),
            ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("printerSettings", "../printerSettings/printerSettings1.bin"),
            ("hyperlink", "#Costs!A1"),
        ),
        "xl/drawings/_rels/drawing1.xml.rels": _links(
            ("chart", "/xl/charts/chart1.xml"), ("hyperlink", "https://www.gov.uk/")
        ),
        "xl/drawings/_rels/vmlDrawing1.vml.rels": _links(("image", "../media/image1.png")),
        "xl/charts/_rels/chart1.xml.rels": _links(
            (f"{_MS}/2011/relationships/chartStyle", "style1.xml")
        ),
    }


def strict(parts: Parts) -> Parts:
    """The same file as Office saves it in “Strict Open XML”."""

    def changed(content: str | bytes) -> str | bytes:
        if isinstance(content, str):
            for usual, other in _STRICT.items():
                content = content.replace(usual, other)
        return content

    return {name: changed(content) for name, content in parts.items()}


def with_room(parts: Parts) -> bytes:
    """Packed as Office does, with room to grow beside each part."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.extra = struct.pack("<4H", 0xA220, 516, 0xA028, 512) + b"\0" * 512
            whole.writestr(entry, content)
    return file.getvalue()


class _Onward(RawIOBase):
    """A file that can only be written on, as a program has it that sends while it packs."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, more: Any) -> int:
        self.whole += more
        return len(more)


def in_one_go(parts: Parts, *, in_long_numbers: bool = False) -> bytes:
    """Packed as LibreOffice does: each part's sums stand behind it."""
    file = _Onward()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts.items():
            with whole.open(name, "w", force_zip64=in_long_numbers) as part:
                part.write(content if isinstance(content, bytes) else content.encode())
    return bytes(file.whole)


def in_long_numbers(parts: Parts) -> bytes:
    """Packed as a program does that exports tables and does not know how long they will be."""
    file = in_one_go(parts, in_long_numbers=True)
    count, size, offset = struct.unpack("<HII", file[-12:-2])
    long = struct.pack(
        "<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset
    ) + struct.pack("<4sIQI", b"PK\x06\x07", 0, len(file) - 22, 1)
    return file[:-22] + long + file[-22:]


GOOD_OFFICE: Final[dict[str, Callable[[], bytes]]] = {
    "furnished.docx": lambda: with_room(furnished_word()),
    "furnished.xlsx": lambda: with_room(furnished_workbook()),
    "strict.docx": lambda: with_room(strict(furnished_word())),
    "strict.xlsx": lambda: in_one_go(strict(furnished_workbook())),
    "in one go.docx": lambda: in_one_go(furnished_word()),
    "in long numbers.xlsx": lambda: in_long_numbers(furnished_workbook()),
}
