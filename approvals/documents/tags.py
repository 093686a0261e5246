"""Write a document's tree into its PDF as tags, by which a screen reader finds its way.

This takes the place of WeasyPrint's own tagging, which writes running heads as content, a
paragraph that runs over pages as several, and neither scopes nor labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pydyf

from approvals.documents import tables, tree
from approvals.documents.refusal import unexpected
from approvals.documents.tree import Annotation, Content, Node, Tree
from approvals.sealing.field import FIELD_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

# Points to one CSS pixel.
SCALE: Final = 0.75


def write(pdf: Any, document: Any, read: Tree, streams: list[Any]) -> None:
    """Write the tree: structure elements, their way back from the pages, and artifacts."""
    writing = _Writing(pdf, document, streams)
    for stream, artifacts in zip(streams, read.artifacts, strict=True):
        _mark_artifacts(stream, artifacts)
    writing.write(read.root)


class _Writing:
    """Makes the objects of the structure, element by element."""

    def __init__(self, pdf: Any, document: Any, streams: list[Any]) -> None:
        self._pdf, self._document = pdf, document
        # For each page, the element of each piece of marked content; artifacts have none.
        self._owners: list[list[bytes]] = [[b"null"] * _pieces(stream) for stream in streams]
        self._annotations: list[bytes] = []
        self._names: dict[str, bytes] = {}
        self._cells: dict[Node, tables.Cell] = {}
        self._tables = 0

    def write(self, top: Node) -> None:
        """Write the whole structure and name it in the catalog."""
        root = self._new({"Type": "/StructTreeRoot"})
        root["K"] = pydyf.Array([self._element(top, root)])
        numbers = pydyf.Array()
        for page, owners in enumerate(self._owners):
            numbers.extend((page, pydyf.Array(owners)))
        for at, owner in enumerate(self._annotations, len(self._owners)):
            numbers.extend((at, owner))
        root["ParentTree"] = self._new({"Nums": numbers}).reference
        root["ParentTreeNextKey"] = len(self._owners) + len(self._annotations)
        if self._names:
            names = pydyf.Array()
            for name, owner in sorted(self._names.items()):
                names.extend((pydyf.String(name), owner))
            root["IDTree"] = self._new({"Names": names}).reference
        catalog = self._pdf.catalog
        catalog["StructTreeRoot"] = root.reference
        catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
        catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})

    def _element(self, node: Node, parent: Any) -> bytes:
        """Write a node and all below it. Returns the reference to it."""
        page = self._pdf.page_references[node.page]
        element = self._new(
            {"Type": "/StructElem", "S": f"/{node.tag}", "P": parent.reference, "Pg": page}
        )
        if node.tag == "Table":
            self._tables += 1
            for cell in tables.cells(node, f"table-{self._tables}"):
                self._cells[cell.node] = cell
        self._describe(element, node)
        element["K"] = pydyf.Array(self._kid(kid, node, element) for kid in node.kids)
        return bytes(element.reference)

    def _kid(self, kid: Node | Content | Annotation, node: Node, element: Any) -> Any:
        """What stands in an element: another element, content of a page, or an annotation."""
        if isinstance(kid, Node):
            return self._element(kid, element)
        page = self._pdf.page_references[kid.page]
        if isinstance(kid, Annotation):
            kid.object["StructParent"] = len(self._owners) + len(self._annotations)
            self._annotations.append(element.reference)
            if node.tag == "Link":
                kid.object["Contents"] = pydyf.String(_link_words(node))
            return pydyf.Dictionary({"Type": "/OBJR", "Obj": kid.object.reference, "Pg": page})
        self._owners[kid.page][kid.mcid] = element.reference
        if kid.page == node.page:
            return kid.mcid
        return pydyf.Dictionary({"Type": "/MCR", "Pg": page, "MCID": kid.mcid})

    def _describe(self, element: Any, node: Node) -> None:
        """Say of an element what its kind asks for."""
        if node.tag == "L":
            numbering = "/Decimal" if node.element.tag == "ol" else "/Disc"
            self._attribute(element, "/List", {"ListNumbering": numbering})
        elif node.tag in {"TH", "TD"}:
            self._describe_cell(element, self._cells[node])
        elif node.tag == "Figure":
            element["Alt"] = pydyf.String(_alternative(node))
            box = rectangle(self._document.pages[node.page], node.box)
            self._attribute(element, "/Layout", {"BBox": pydyf.Array(box)})
        elif node.tag == "Form":
            element["Alt"] = pydyf.String(FIELD_NAME)

    def _describe_cell(self, element: Any, cell: tables.Cell) -> None:
        said: dict[str, Any] = {}
        if cell.scope:
            said["Scope"] = f"/{cell.scope}"
            element["ID"] = pydyf.String(cell.name)
            self._names[cell.name] = element.reference
        if cell.headers:
            said["Headers"] = pydyf.Array(pydyf.String(one) for one in cell.headers)
        if cell.columns > 1:
            said["ColSpan"] = cell.columns
        if cell.rows > 1:
            said["RowSpan"] = cell.rows
        if said:
            self._attribute(element, "/Table", said)

    def _attribute(self, element: Any, owner: str, said: dict[str, Any]) -> None:
        element["A"] = pydyf.Dictionary({"O": owner, **said})

    def _new(self, values: dict[str, Any]) -> Any:
        made = pydyf.Dictionary(values)
        self._pdf.add_object(made)
        return made


def rectangle(page: Any, box: Any) -> tuple[float, float, float, float]:
    """Where a box lies on a page, in points from the lower left corner."""
    left, top = box.border_box_x(), box.border_box_y()
    right, bottom = left + box.border_width(), top + box.border_height()
    return (
        round(left * SCALE, 3),
        round((page.height - bottom) * SCALE, 3),
        round(right * SCALE, 3),
        round((page.height - top) * SCALE, 3),
    )


def _link_words(node: Node) -> str:
    """What a link says of itself: where it leads, in words of its own or those it stands on."""
    address = str(node.element.get("href"))
    words = node.element.get("title") or " ".join("".join(node.element.itertext()).split())
    return address if words in {"", address} else f"{words} ({address})"


def _alternative(node: Node) -> str:
    """The words that stand for a figure. Raises RenderingError where it has none."""
    words = str(node.element.get("aria-label") or "").strip()
    if not words:
        raise unexpected("one of its figures has no text that stands for it")
    return words


def _pieces(stream: Any) -> int:
    """How many pieces of marked content a page has, artifacts included."""
    return sum(1 for _ in _properties(stream))


def _properties(stream: Any) -> Iterable[tuple[int, int]]:
    """The place and the number of each piece of marked content in a page's stream."""
    for at, item in enumerate(stream.stream):
        if isinstance(item, dict) and "MCID" in item:
            yield at, int(item["MCID"])


def _mark_artifacts(stream: Any, artifacts: tuple[tree.Artifact, ...]) -> None:
    """Turn the running head and foot of a page from content into artifacts."""
    places = {artifact.mcid: artifact.place for artifact in artifacts}
    if not places:
        return
    found = {mcid: at for at, mcid in _properties(stream)}
    for mcid, place in places.items():
        at = found.get(mcid)
        if at is None or stream.stream[at + 1] != b"BDC":
            raise unexpected("its running head is not where it belongs")
        kind = f" /Subtype /{place}" if place else ""
        stream.stream[at - 1] = "/Artifact"
        stream.stream[at] = f"<</Type /Pagination{kind}>>"
