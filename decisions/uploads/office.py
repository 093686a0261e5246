"""Word documents and Excel workbooks: only what such a file needs, and nothing that hides or acts.

Both are zip files of XML parts. Sizes are taken from the directory of the zip and never trusted:
what is read is read to a bound.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from lxml import etree

from decisions.uploads.kinds import Kind, Unfit
from decisions.uploads.parts import refuse_in_word, refuse_in_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ENTRIES: Final = 2_000
LARGEST_UNPACKED: Final = 200 * 1024 * 1024
LARGEST_RATIO: Final = 100
# A part smaller than this is not weighed: a page of spaces packs very small.
_WEIGHED: Final = 1024 * 1024
LARGEST_PART: Final = 50 * 1024 * 1024

_TYPES: Final = "[Content_Types].xml"
_TYPES_TAG: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_LINK_TAG: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OPEN: Final = "application/vnd.openxmlformats-officedocument."
_MAIN: Final = {
    f"{_OPEN}wordprocessingml.document.main+xml": Kind.WORD,
    f"{_OPEN}spreadsheetml.sheet.main+xml": Kind.EXCEL,
}
_KNOWN: Final = (
    _OPEN,
    "application/vnd.openxmlformats-package.",
    "application/vnd.ms-office.chartcolorstyle+xml",
    "application/vnd.ms-office.chartstyle+xml",
    "application/vnd.ms-excel.person+xml",
    "application/vnd.ms-word.",
    "application/xml",
    "image/",
)
_ADDRESSES: Final = ("http://", "https://", "mailto:")

# What a part's name or type says of it, and the sentence for it. The first that fits is told.
_FORBIDDEN: Final = (
    (
        re.compile(r"vba|macro|customui|attachedtoolbars|xlmacrosheet|dialogsheet", re.IGNORECASE),
        "The file holds macros. Save it as .docx or .xlsx without macros and upload it again.",
    ),
    (
        re.compile(r"activex|oleobject|embeddings/|embeddedpackage|\.bin$|control", re.IGNORECASE),
        (
            "The file holds another file or an active object inside it. Take it out, or put in a "
            "picture of it, and upload it again."
        ),
    ),
    (
        re.compile(r"externallink|connections|querytable|datamodel|/model/", re.IGNORECASE),
        (
            "The file takes data from another file or a database. Break its links (in Excel: Data, "
            "Edit Links; paste as values) and upload it again."
        ),
    ),
    (
        re.compile(r"pivotcache", re.IGNORECASE),
        (
            "The workbook has a pivot table, which keeps a hidden copy of all its data. Paste the "
            "table as values and upload the workbook again."
        ),
    ),
    (
        re.compile(r"comments", re.IGNORECASE),
        "The file has comments. Delete them and upload it again.",
    ),
)
# Settings of a printer are binary, harmless, and in many honest workbooks.
_HARMLESS: Final = re.compile(r"printersettings", re.IGNORECASE)


def check(file: bytes) -> Kind:
    """Whether a zip is a Word document or an Excel workbook, and fit. Raises Unfit."""
    try:
        with zipfile.ZipFile(BytesIO(file)) as packed:
            _check_directory(packed, file)
            return _check_parts(packed)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError) as error:
        raise Unfit("The file is damaged. Save it again and upload the new file.") from error
    except (zipfile.LargeZipFile, RuntimeError, OverflowError, ValueError, OSError) as error:
        raise Unfit("The file cannot be read. Save it again and upload the new file.") from error


def _check_directory(packed: zipfile.ZipFile, file: bytes) -> None:
    entries = packed.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise Unfit("The file has more parts than any document needs, so it is not let in.")
    if len({name.lower() for name in names}) != len(names):
        raise Unfit("The file has two parts of one name, so it is not let in. Save it again.")
    if any(_leads_out(entry) for entry in entries):
        raise Unfit("A part of the file would land outside it, so it is not let in.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unfit("The file is locked with a password. Save it without one and upload it again.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST_UNPACKED or any(_is_bomb(entry) for entry in entries):
        raise Unfit("The file unpacks to far more than its size, so it is not let in.")
    first = min((entry.header_offset for entry in entries), default=1)
    # The directory's end is the file's: 22 bytes, where nothing is said after it.
    if first != 0 or packed.comment or not file[-22:].startswith(b"PK\x05\x06"):
        raise Unfit("Something stands before or after the document in the file. Save it again.")


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    path = PurePosixPath(name)
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return (
        path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name
    ) or is_link


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > LARGEST_PART or (
        entry.file_size > _WEIGHED and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1)
    )


def _check_parts(packed: zipfile.ZipFile) -> Kind:
    if _TYPES not in packed.namelist():
        raise Unfit(
            "The file is a zip, but neither a Word document nor an Excel workbook. Upload the "
            "documents in it one by one."
        )
    types = dict(_types(_xml(packed, _TYPES)))
    for entry in packed.infolist():
        _refuse_part(entry.filename, types)
    for name in packed.namelist():
        if name.lower().endswith(".rels"):
            _check_links(_xml(packed, name))
    mains = {name: _MAIN[kind] for name, kind in types.items() if kind in _MAIN}
    if len(mains) != 1:
        raise Unfit(
            "The file is neither a Word document nor an Excel workbook. Save it as .docx or .xlsx "
            "and upload it again."
        )
    kind = next(iter(mains.values()))
    refuse = refuse_in_word if kind == Kind.WORD else refuse_in_workbook
    for name in packed.namelist():
        if name.lower().endswith(".xml") and name != _TYPES:
            refuse(_xml(packed, name))
    return kind


def _types(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Each part, or ending of parts, with its type, as the file declares them."""
    for element in root:
        kind = element.get("ContentType", "")
        if element.tag == f"{_TYPES_TAG}Override":
            yield element.get("PartName", "").lstrip("/"), kind
        elif element.tag == f"{_TYPES_TAG}Default":
            yield f"*.{element.get('Extension', '').lower()}", kind


def _refuse_part(name: str, types: dict[str, str]) -> None:
    kind = types.get(name, types.get(f"*.{name.rpartition('.')[2].lower()}", ""))
    if _HARMLESS.search(name):
        return
    for pattern, sentence in _FORBIDDEN:
        if pattern.search(name) or pattern.search(kind):
            raise Unfit(sentence)
    if name != _TYPES and not name.endswith("/") and not kind.startswith(_KNOWN):
        raise Unfit(
            f"The file holds a part of an unknown kind (“{name[-60:]}”), so it is not let in. "
            "Save it again as .docx or .xlsx."
        )


def _check_links(root: etree._Element) -> None:
    """Links to other files are refused; those that a reader clicks on may lead to a web page."""
    for link in root.iter(_LINK_TAG):
        if link.get("TargetMode", "").lower() != "external":
            continue
        is_clicked = link.get("Type", "").lower().endswith("/hyperlink")
        if not is_clicked or not link.get("Target", "").lower().startswith(_ADDRESSES):
            raise Unfit(
                "The file is linked to another file: a template, a picture or an object that is "
                "not in it. Put in what is linked, or break the link, and upload it again."
            )


def _xml(packed: zipfile.ZipFile, name: str) -> etree._Element:
    """A part as XML, read to a bound, with nothing declared, expanded or fetched."""
    with packed.open(name) as part:
        text = part.read(LARGEST_PART + 1)
    if len(text) > LARGEST_PART:
        raise Unfit("The file unpacks to far more than its size, so it is not let in.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(text, parser)
    if root.getroottree().docinfo.doctype:
        raise Unfit("The file declares what no document needs to, so it is not let in.")
    return root
