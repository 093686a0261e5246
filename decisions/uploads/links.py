"""How the parts of an Office file are joined to one another, and to what is outside of it.

Office opens a part for what its link says, not for its name: so the links that may be are listed.
The names are those of ISO/IEC 29500 in both of its forms, and of what Office 2007 and later add.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from decisions.uploads.kinds import Unfit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_NAMESPACE: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_KIND: Final = re.compile(
    r"http://(?:schemas\.openxmlformats\.org/(?:officedocument|package)/2006"
    r"|purl\.oclc\.org/ooxml/officedocument"
    r"|schemas\.microsoft\.com/office/\d{4}(?:/\d\d)?)/relationships/(?P<name>[a-z/-]+)"
)
DOCUMENT: Final = "officedocument"
_CLICKED: Final = "hyperlink"
_PICTURES: Final = frozenset({"image", "hdphoto", "metadata/thumbnail"})
_ALLOWED: Final = _PICTURES | {
    DOCUMENT,
    _CLICKED,
    # of any file
    *("metadata/core-properties", "extended-properties", "extendedproperties"),
    *("custom-properties", "customproperties", "customxml", "customxmlprops"),
    *("classificationlabels", "digital-signature/origin", "digital-signature/signature"),
    *("theme", "themeoverride", "styles", "person", "people", "printersettings"),
    # drawings
    *("drawing", "vmldrawing", "chart", "chartex", "chartstyle", "chartcolorstyle"),
    *("chartusershapes", "diagramdata", "diagramlayout", "diagramquickstyle"),
    *("diagramcolors", "diagramdrawing"),
    # of a Word document
    *("settings", "websettings", "styleswitheffects", "fonttable", "numbering"),
    *("footnotes", "endnotes", "header", "footer", "glossarydocument"),
    # of a workbook
    *("worksheet", "chartsheet", "sharedstrings", "calcchain", "table", "sheetmetadata"),
    "featurepropertybag",
}
_ADDRESSES: Final = ("http://", "https://", "mailto:")
_ELSEWHERE: Final = re.compile(r"[\\:]|//")
_DAMAGED: Final = "The file is damaged. Save it again and upload the new file."


@dataclass(frozen=True, slots=True)
class Link:
    """One link between two parts: what it is for, and the part that it leads to."""

    name: str
    target: str

    @property
    def is_picture(self) -> bool:
        """Whether what it leads to is drawn."""
        return self.name in _PICTURES


def links(root: etree._Element, part: str) -> Iterator[Link]:
    """The links to other parts that a part of links (`word/_rels/document.xml.rels`) holds.

    Raises Unfit for a link to another file; those that a reader clicks on may lead to a web page.
    """
    folder = posixpath.dirname(posixpath.dirname(part))
    if root.tag != f"{_NAMESPACE}Relationships":
        raise Unfit(_DAMAGED)
    for link in root:
        # An address that all others start from is as good as one that leads outside.
        if link.tag != f"{_NAMESPACE}Relationship" or _is_based(link) or _is_based(root):
            raise Unfit(_DAMAGED)
        kind, target = link.get("Type", "").strip().lower(), link.get("Target", "").strip()
        mode = link.get("TargetMode", "Internal").strip().lower()
        found = _KIND.fullmatch(kind)
        name = found["name"] if found else kind
        is_clicked = found is not None and name == _CLICKED
        if mode == "external":
            leads_out = not (is_clicked and target.lower().startswith(_ADDRESSES))
        elif mode == "internal":
            leads_out = bool(_ELSEWHERE.search(target)) and not (
                is_clicked and target.startswith("#")
            )
        else:
            raise Unfit(_DAMAGED)
        if leads_out:
            raise Unfit(
                "The file is linked to another file: a template, a picture or an object that is "
                "not in it. Put in what is linked, or break the link, and upload it again."
            )
        if mode == "internal":
            path = posixpath.normpath(posixpath.join("/", folder, target.partition("#")[0]))
            yield Link(name, path.strip("/").lower())


def check_name(name: str) -> None:
    """Raise Unfit for a link that no document needs."""
    if name not in _ALLOWED:
        raise Unfit(
            f"The file has a part for something that no document needs (“{name[-40:]}”). Take out "
            "what an add-in or another program put in, or copy the pages into a new document or "
            "workbook, and upload that."
        )


def _is_based(element: etree._Element) -> bool:
    return any(name.startswith("{") for name in map(str, element.attrib))
