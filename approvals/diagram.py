"""Draw docs/workflow.md from the table, so that the page can never say something else."""

from __future__ import annotations

import inspect
from typing import Final

from approvals.workflow import ROWS, Row
from decisions.states import EDITABLE, TURN, State

HEAD: Final = """\
# The life of a decision

Drawn from `approvals/workflow.py` by `make docs`; do not edit it here.
"""


def workflow_page() -> str:
    """The whole page as Markdown: states, the table, and a diagram."""
    return f"{HEAD}\n{_states()}\n{_table()}\n{_diagram()}"


def _states() -> str:
    lines = ["| State | Whose turn it is | Can be edited |", "|---|---|---|"]
    lines += [
        f"| `{state.value}`: {state.label} | {TURN[state]} | "
        f"{'yes' if state in EDITABLE else 'no'} |"
        for state in State
    ]
    return "\n".join(["## States", "", *lines, ""])


def _table() -> str:
    lines = ["| From | Verb | Who | To | Needs |", "|---|---|---|---|---|"]
    lines += [_line(row) for row in ROWS]
    return "\n".join(["## Verbs", "", *lines, ""])


def _line(row: Row) -> str:
    starts = ", ".join(f"`{state.value}`" for state in row.starts)
    who = ", ".join(role.value for role in row.who)
    to = f"`{row.to.value}`" if row.to else "stays as it is"
    needs = " ".join(inspect.getdoc(need) or "" for need in row.needs) or "Nothing more."
    signed = " Signed, with a passkey or with password and code." if row.signs else ""
    return f"| {starts} | `{row.verb}`: {row.label} | {who} | {to} | {needs}{signed} |"


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> draft"]
    lines += [
        f"    {start.value} --> {(row.to or start).value}: {row.verb}"
        for row in ROWS
        for start in row.starts
    ]
    return "\n".join(["## Diagram", "", *lines, "```", ""])
