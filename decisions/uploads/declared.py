"""What the parts of an Office file are, as the file declares them, and which of them may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from decisions.uploads.kinds import Kind, Unfit
from decisions.uploads.media import PICTURES, PRINTER, PRINTER_NAME, SVG

if TYPE_CHECKING:
    from lxml import etree

NAME: Final = "[Content_Types].xml"
_NAMESPACE: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OPEN: Final = "application/vnd.openxmlformats-officedocument."
MAIN: Final = {
    f"{_OPEN}wordprocessingml.document.main+xml": Kind.WORD,
    f"{_OPEN}spreadsheetml.sheet.main+xml": Kind.EXCEL,
}
LINKS: Final = "application/vnd.openxmlformats-package.relationships+xml"
VML: Final = f"{_OPEN}vmldrawing"
_SIGNED: Final = "application/vnd.openxmlformats-package.digital-signature-origin"
# XML of these kinds is let in, and each part of it is read.
_KNOWN: Final = (
    _OPEN,
    "application/vnd.openxmlformats-package.",
    "application/vnd.ms-office.chartcolorstyle+xml",
    "application/vnd.ms-office.chartex+xml",
    "application/vnd.ms-office.chartstyle+xml",
    "application/vnd.ms-office.classificationlabels+xml",
    "application/vnd.ms-office.drawingml.diagramdrawing+xml",
    "application/vnd.ms-excel.featurepropertybag+xml",
    "application/vnd.ms-excel.person+xml",
    "application/vnd.ms-word.",
    "application/xml",
)

# What a part's name, its type or the link to it says of it, and the sentence for it. The first that
# fits is told. All three are compared in small letters.
_FORBIDDEN: Final = (
    (
        re.compile(
            r"vba|macro|customui|ui/|attachedtoolbars|keymapcustom|word/customizations|"
            r"xlmacrosheet|dialogsheet"
        ),
        "The file holds macros. Save it as .docx or .xlsx without macros and upload it again.",
    ),
    (
        re.compile(
            r"activex|oleobject|embeddings/|embeddedpackage|^package$|afchunk|subdocument|"
            r"webextension|\.bin$|control|ctrlprop"
        ),
        (
            "The file holds another file or an active object inside it. Take it out, or put in a "
            "picture of it, and upload it again."
        ),
    ),
    (
        re.compile(
            r"externallink|connections|querytable|datamodel|/model/|volatiledependencies|"
            r"recipientdata|mailmerge"
        ),
        (
            "The file takes data from another file or a database. Break its links (in Excel: Data, "
            "Edit Links; paste as values) and upload it again."
        ),
    ),
    (
        re.compile(r"pivot"),
        (
            "The workbook has a pivot table, which keeps a hidden copy of all its data. Paste the "
            "table as values and upload the workbook again."
        ),
    ),
    (
        re.compile(r"revisionheaders|revisionlog|revisions/|usernames"),
        (
            "The workbook is shared and keeps what its cells said before. Stop sharing it (in "
            "Excel: Review, Unshare Workbook), save it and upload it again."
        ),
    ),
    (
        re.compile(r"richdata|richvalue|rdarray|rdsupporting"),
        (
            "The workbook has cells that Excel fills from the web, or pictures inside cells. Paste "
            "their values in their place, put pictures over the cells, and upload it again."
        ),
    ),
    (
        re.compile(r"obfuscatedfont|\.odttf$|\.ttf$|\.fntdata$|^font$|x-font"),
        (
            "The file carries its own fonts, which nobody can look into. In Word, clear “Embed "
            "fonts in the file” under File, Options, Save; save it and upload it again."
        ),
    ),
    (
        re.compile(r"comments"),
        "The file has comments. Delete them and upload it again.",
    ),
)


class Types:
    """The type of each part, by its name or by the ending of it; case does not matter in either."""

    def __init__(self, root: etree._Element) -> None:
        """Raises Unfit for types that two programs could read differently, or that may not be."""
        self._of_parts: Final[dict[str, str]] = {}
        self._of_endings: Final[dict[str, str]] = {}
        for element in root:
            kind = element.get("ContentType", "").partition(";")[0].strip().lower()
            if element.tag == f"{_NAMESPACE}Override":
                known, key = self._of_parts, element.get("PartName", "").lower().removeprefix("/")
            elif element.tag == f"{_NAMESPACE}Default":
                known, key = self._of_endings, element.get("Extension", "").lower()
            else:
                raise Unfit("The file is damaged. Save it again and upload the new file.")
            if known.setdefault(key, kind) != kind:
                raise Unfit(
                    "The file has two parts of one name, so it is not let in. Save it again."
                )
            refuse(kind)

    def of(self, name: str) -> str:
        """The type of a part, or nothing."""
        name = name.lower()
        return self._of_parts.get(name) or self._of_endings.get(_ending(name), "")


def refuse(said: str) -> None:
    """Raise Unfit for a name, a type or a link that says of a part what may not be in a file."""
    for pattern, sentence in _FORBIDDEN:
        if pattern.search(said):
            raise Unfit(sentence)


def check_part(name: str, kind: str) -> None:
    """Raise Unfit for a part that may not be, or is not called what its type says."""
    name = name.lower()
    if kind in PRINTER and PRINTER_NAME.fullmatch(name):
        return
    refuse(name)
    if not name.endswith(_endings(kind, name)):
        raise Unfit(
            f"The file holds a part of an unknown kind (“{name[-60:]}”), so it is not let in. "
            "Save it again as .docx or .xlsx."
        )


def is_xml(kind: str) -> bool:
    """Whether a part of this type is read as XML."""
    return kind.endswith("xml") or kind == VML


def _endings(kind: str, name: str) -> tuple[str, ...]:
    """The endings that the name of a part of this type may have; none, if it may not be at all."""
    is_links = "_rels" in name.split("/")[:-1]
    if kind == LINKS or is_links:
        return (".rels",) if kind == LINKS and is_links else ()
    if kind == _SIGNED:
        return (".sigs",)
    if kind == VML:
        return (".vml",)
    if kind == SVG:
        return (".svg",)
    if kind in PICTURES:
        return tuple(f".{ending}" for ending in PICTURES[kind])
    return (".xml",) if kind.endswith("xml") and kind.startswith(_KNOWN) else ()


def _ending(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2]
