"""State and events have one writer each; Part 2 has one door. Read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import files, name

OURS = ("accounts/", "approvals/", "components/", "config/", "decisions/")


def _sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in files(".py"):
        if name(path).startswith(OURS) and "/migrations/" not in name(path):
            yield path, ast.parse(path.read_text())


def test_only_move_writes_the_state_of_a_paper() -> None:
    writers = {
        name(path)
        for path, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute)
        and target.attr in {"state", "round"}
        # a case remembers the state it was asked about; that is not the paper's column
        and not (isinstance(target.value, ast.Name) and target.value.id == "self")
    }
    assert writers == {"approvals/actions/move.py"}, (
        "A paper's state changes only in move(), where the table is asked, the row is locked and "
        "the event is written. Add a row to approvals/workflow.py and an action instead."
    )


def test_only_history_writes_events() -> None:
    writers = {
        name(path)
        for path, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"create", "bulk_create", "get_or_create"}
        and isinstance(node.value, ast.Attribute)
        and isinstance(node.value.value, ast.Name)
        and node.value.value.id == "Event"
    }
    assert writers == {"decisions/history.py"}, (
        "Events are written by decisions.history.record(), which keeps prose out of the chain."
    )


def test_only_the_environment_module_reads_the_environment() -> None:
    readers = {
        name(path)
        for path, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    }
    allowed = {"config/env.py", "config/settings/test.py"} | {
        f"config/wsgi_{door}.py" for door in ("staff", "public")
    }
    assert readers <= allowed, (
        "Read a variable through config/env.py, where each has its type, its default and a kind "
        "error, and pass it on as a setting."
    )
