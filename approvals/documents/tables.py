"""Which header cells of a table speak for which cell: what the eye sees by row and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from approvals.documents.tree import Node

# A cell of more columns or rows than this is none that we wrote.
_WIDEST: Final = 1000


@dataclass(frozen=True)
class Cell:
    """One cell: how far it reaches, which way it heads, its own name, and those of its headers."""

    node: Node
    columns: int
    rows: int
    scope: str  # "Column" or "Row" for a header, else ""
    name: str
    headers: tuple[str, ...]


def cells(table: Node, name: str) -> Iterator[Cell]:
    """The cells of a table, row by row. `name` is the table's, from which headers get theirs."""
    placed = list(_placed(table))
    heads = [at for at in placed if at.node.tag == "TH"]
    for at in placed:
        header = at.node.tag == "TH"
        yield Cell(
            node=at.node,
            columns=at.columns,
            rows=at.rows,
            scope=_scope(at.node) if header else "",
            name=at.name(name) if header else "",
            headers=() if header else tuple(h.name(name) for h in heads if _heads(h, at)),
        )


@dataclass(frozen=True)
class _Place:
    """A cell and where it lies on the grid, counted from 0."""

    node: Node
    row: int
    column: int
    rows: int
    columns: int

    def name(self, table: str) -> str:
        return f"{table}-{self.row}-{self.column}"


def _placed(table: Node) -> Iterator[_Place]:
    taken: set[tuple[int, int]] = set()
    rows = [node for node in table.below() if node.tag == "TR"]
    for row, line in enumerate(rows):
        column = 0
        for node in line.nodes():
            while (row, column) in taken:
                column += 1
            columns, deep = _span(node.element, "colspan"), _span(node.element, "rowspan")
            yield _Place(node, row, column, deep, columns)
            taken |= {(row + r, column + c) for r in range(deep) for c in range(columns)}
            column += columns


def _span(element: Any, name: str) -> int:
    said = str(element.get(name) or "1")
    return max(1, min(int(said), _WIDEST)) if said.isdecimal() else 1


def _scope(header: Node) -> str:
    return "Row" if header.element.get("scope") == "row" else "Column"


def _heads(header: _Place, cell: _Place) -> bool:
    """Whether a header speaks for a cell: it stands over it, or at the beginning of its row."""
    if _scope(header.node) == "Row":
        return header.row < cell.row + cell.rows and cell.row < header.row + header.rows
    return (
        header.column < cell.column + cell.columns and cell.column < header.column + header.columns
    )
