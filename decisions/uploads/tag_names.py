"""The names of tags that every reader knows (ISO 32000-1, 14.8.4), and what others become."""

from __future__ import annotations

from typing import Any, Final

import pikepdf

PLAIN_TAG: Final = "/Span"
_GROUP: Final = "/NonStruct"
_KNOWN: Final = (
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 "
    "H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry "
    "Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form"
)
TAGS: Final = frozenset({f"/{name}" for name in (*_KNOWN.split(), "Artifact")})
# Tags of PDF 2.0, by those that readers of all versions know.
_NEWER: Final = {
    "/Title": "/P",
    "/Sub": "/Span",
    "/Em": "/Span",
    "/Strong": "/Span",
    "/FENote": "/Note",
    "/Aside": "/Div",
    "/DocumentFragment": "/Div",
}
_MOST_STEPS: Final = 10


def known_tag(name: Any, roles: Any) -> str:
    """The tag that stands for a tag, by what the document says itself of the names it made up."""
    said = str(name) if isinstance(name, pikepdf.Name) else ""
    for _ in range(_MOST_STEPS):
        if said in TAGS:
            return said
        role = roles.get(said) if said and isinstance(roles, pikepdf.Dictionary) else None
        if not isinstance(role, pikepdf.Name):
            break
        said = str(role)
    if said in _NEWER:
        return _NEWER[said]
    return "/H6" if said[:2] == "/H" and said[2:].isdigit() else _GROUP
