"""What a document says, as a tree of headings, paragraphs, lists and tables, read off its pages.

A typeset page is a tree of boxes: one for each line, and several for an element that runs over
pages. A reader who cannot see the pages wants the elements themselves, each whole and once. So the
boxes are read in the order of the pages, and everything that stems from one element of the HTML is
gathered in one node. What is not content but comes back on every page is told apart, as an
artifact: the running head and foot, and the repeated head of a table that runs on.

Works on WeasyPrint's boxes, which are private to it. It is pinned to the version that these lines
were written for, and whatever is not as expected stops the document (see `typeset`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from approvals.documents.refusal import unexpected

if TYPE_CHECKING:
    from collections.abc import Iterator

# What an element of the HTML is to a reader. Elements that are not named here pass their content
# on to the one around them: emphasis and wrappers have no meaning that PDF 1.7 could carry.
_TAGS: Final = {
    "section": "Sect",
    "blockquote": "BlockQuote",
    "p": "P",
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    "ul": "L",
    "ol": "L",
    "li": "LI",
    "table": "Table",
    "caption": "Caption",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
    "a": "Link",
    "{http://www.w3.org/2000/svg}svg": "Figure",
}
# Classes by which our templates say what an element is.
_LABELS: Final = frozenset({"number", "marker"})
FIELD_CLASS: Final = "seal-field"
# What stays although nothing stands in it: a table without its empty cells would not add up.
_KEPT_EMPTY: Final = frozenset({"TD", "TH", "Form"})


@dataclass(frozen=True)
class Content:
    """A piece of marked content: number `mcid` of the page (both counted from 0)."""

    page: int
    mcid: int


@dataclass(frozen=True, eq=False)
class Annotation:
    """A link or a field on a page, as an object of the PDF."""

    page: int
    object: Any


@dataclass(frozen=True, eq=False)
class Node:
    """One element of the document: its kind, what stands in it, and where that began.

    `element` is the element of the HTML, None for what only the PDF has.
    """

    tag: str
    page: int
    element: Any = None
    kids: list[Node | Content | Annotation] = field(default_factory=list)
    box: Any = None

    def nodes(self) -> Iterator[Node]:
        """The nodes directly below."""
        return (kid for kid in self.kids if isinstance(kid, Node))

    def below(self) -> Iterator[Node]:
        """This node and all below it, in reading order."""
        yield self
        for kid in self.nodes():
            yield from kid.below()


@dataclass(frozen=True)
class Artifact:
    """Content of a page that is not the document's: its number, and where it stands."""

    mcid: int
    place: str  # "Header", "Footer" or "" for the repeated head of a table


@dataclass(frozen=True)
class Tree:
    """The whole document, and the artifacts of each page."""

    root: Node
    artifacts: tuple[tuple[Artifact, ...], ...]


def read(pages: list[Any], marked: list[dict[Any, dict[str, Any]]]) -> Tree:
    """The tree of a typeset document.

    `marked` holds, for each page, the marked content of its boxes. Raises RenderingError when
    marked content is left that belongs to no box, or a box asks for some that is not there.
    """
    reading = _Reading()
    artifacts = []
    for number, (page, found) in enumerate(zip(pages, marked, strict=True)):
        artifacts.append(reading.page(number, page._page_box, found))  # noqa: SLF001 - no other way
        if found:
            raise unexpected("some of its content belongs to no part of it")
    _prune(reading.root)
    return Tree(reading.root, tuple(artifacts))


class _Reading:
    """Reads page after page; remembers the node of each element of the HTML."""

    def __init__(self) -> None:
        self.root = Node("Document", 0)
        self._of: dict[Any, Node] = {}
        self._bodies: dict[Node, Node] = {}

    def page(
        self, number: int, page_box: Any, marked: dict[Any, dict[str, Any]]
    ) -> tuple[Artifact, ...]:
        """Read one page into the tree. Returns its artifacts."""
        self._number, self._marked = number, marked
        self._artifacts: list[Artifact] = []
        for box in _children(page_box):
            place = str(getattr(box, "at_keyword", ""))
            if place:
                self._leave_out(box, "Header" if place.startswith("@top") else "Footer")
            else:
                self._read(box, self.root, None)
        return tuple(self._artifacts)

    def _read(self, box: Any, within: Node, item: Node | None) -> None:
        """Read a box and those in it. `item` is the list item around it."""
        if self._is_repeated(box):
            self._leave_out(box, "")
            return
        node = self._node(box, within, item)
        if node.tag == "LI":
            item, node = node, self._bodies[node]
        if box.link_annotation is not None:
            if node.tag != "Link":
                raise unexpected("a link stands outside the text that it belongs to")
            node.kids.append(Annotation(self._number, box.link_annotation))
        if box in self._marked:
            node.kids.append(Content(self._number, self._marked.pop(box)["mcid"]))
        elif hasattr(box, "text"):
            raise unexpected("some of its text is not marked as text")
        for child in _children(box):
            self._read(child, node, item)

    def _node(self, box: Any, within: Node, item: Node | None) -> Node:
        """The node in which the content of a box belongs: a known one, a new one, or `within`."""
        element = box.element
        if element is None:
            return within
        if element in self._of:
            known = self._of[element]
            return within if known.tag == "Lbl" and within is known else known
        tag = _tag(element)
        if not tag:
            return within
        made = Node(tag, self._number, element, box=box)
        self._of[element] = made
        if tag == "Lbl" and item is not None:
            item.kids.insert(0, made)
            return made
        within.kids.append(made)
        if tag == "LI":
            body = self._bodies[made] = Node("LBody", self._number)
            made.kids.append(body)
        return made

    def _is_repeated(self, box: Any) -> bool:
        """Whether a box is the head or foot of a table, printed again on a further page."""
        if not (getattr(box, "is_header", False) or getattr(box, "is_footer", False)):
            return False
        known = self._of.get(box.element)
        return known is not None and known.page < self._number

    def _leave_out(self, box: Any, place: str) -> None:
        """Make artifacts of all the content of a box."""
        if box in self._marked:
            self._artifacts.append(Artifact(self._marked.pop(box)["mcid"], place))
        for child in _children(box):
            self._leave_out(child, place)


def _children(box: Any) -> list[Any]:
    """The boxes in a box; those placed absolutely are unwrapped."""
    from weasyprint.layout.absolute import AbsolutePlaceholder

    return [
        child._box if isinstance(child, AbsolutePlaceholder) else child  # noqa: SLF001 - see above
        for child in box.children
    ]


def _tag(element: Any) -> str:
    """What an element is to a reader; "" where its content belongs to the element around it."""
    classes = set((element.get("class") or "").split())
    if FIELD_CLASS in classes:
        return "Form"
    if element.tag == "span":
        return "Lbl" if classes & _LABELS else ""
    if element.tag == "a" and not element.get("href"):
        return ""
    return _TAGS.get(element.tag, "")


def _prune(node: Node) -> None:
    """Take out what holds nothing."""
    for kid in node.nodes():
        _prune(kid)
    node.kids[:] = [
        kid for kid in node.kids if not isinstance(kid, Node) or kid.kids or kid.tag in _KEPT_EMPTY
    ]
