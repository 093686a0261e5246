"""What the pages about security name exists, and what they count is so."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from config.env import PROJECT
from tests.house.source import committed_files, name

SECURITY: Final = PROJECT / "docs/security.md"
ASVS: Final = PROJECT / "docs/asvs.md"
STATES: Final = ("met", "partly", "not met", "does not apply")
# The requirements that were chosen, by their numbers in version 5.0.0.
CHOSEN: Final = """
1.2.1 1.2.4 1.2.10 1.3.6 1.3.11 1.5.1
2.1.3 2.2.1-3 2.3.1-5 2.4.1
3.2.1 3.3.1-4 3.4.1 3.4.3-6 3.4.8 3.5.1 3.5.3 3.5.4 3.5.8 3.7.2
4.1.1 4.1.3 4.1.4
5.1.1 5.2.1-3 5.2.6 5.3.1 5.3.2 5.4.1-3
6.1.1-3 6.2.1-12 6.3.1-5 6.3.7 6.4.1-4 6.4.6 6.5.1 6.5.5 6.5.6 6.8.2 6.8.4
7.1.1-3 7.2.1-4 7.3.1 7.3.2 7.4.1-5 7.5.1-3 7.6.1
8.1.1 8.1.2 8.2.1-3 8.3.1-3
10.1.2 10.2.1 10.2.2 10.5.1-4
11.1.1 11.1.2 11.2.1-3 11.3.1-3 11.4.1-3 11.5.1
12.1.1 12.2.1 12.3.1
13.1.2 13.2.1-4 13.3.1 13.3.2 13.4.2 13.4.5 13.4.6
14.1.1 14.1.2 14.2.1-5 14.2.8 14.3.1-3
15.1.1-3 15.2.1-3 15.2.5 15.3.1 15.3.3 15.3.4 15.4.2 15.4.3
16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-4
"""
QUOTED: Final = re.compile(r"`([^`\n]+)`")
ROW: Final = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
PATH: Final = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|[\w-]+\.(?:txt|json|toml)")
# Words of the code and the database: with an underscore, a capital or a full stop in them.
WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+)+|[A-Z]{3,}")
THREATS: Final = [f"T{number}" for number in range(1, 21)]


def chosen() -> list[str]:
    """Every number, the ranges written out."""
    numbers = []
    for said in CHOSEN.split():
        first, _, last = said.partition("-")
        chapter, low = first.rsplit(".", 1)
        numbers += [f"{chapter}.{each}" for each in range(int(low), int(last or low) + 1)]
    return numbers


def rows() -> list[tuple[str, str, str]]:
    """Number, state and evidence of each row."""
    return [(found[1], found[3], found[4]) for found in ROW.finditer(ASVS.read_text())]


def quoted(page: Path) -> Iterator[str]:
    """What stands between back-ticks, commands left out."""
    for found in QUOTED.finditer(page.read_text()):
        if " " not in found[1]:
            yield found[1]


@cache
def functions(path: str) -> frozenset[str]:
    """The functions of a file."""
    file = PROJECT / path
    tree = ast.parse(file.read_text()) if file.is_file() else ast.parse("")
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def source() -> str:
    """Everything that is the service itself: no test, and no page of words."""
    ours = [
        path.read_text()
        for path in committed_files()
        if path.suffix in {".py", ".sql", ".toml", ".js"} and not name(path).startswith("tests/")
    ]
    return "\n".join(ours)


def is_there(word: str) -> bool:
    """Whether a test, a file or an object of the database or the code has this name."""
    path, _, test = word.partition("::")
    if test:
        return test in functions(path)
    if PATH.fullmatch(word):
        return (PROJECT / word).exists()
    if WORD.fullmatch(word):
        stem = word.partition("=")[0]
        return all(re.search(rf"\b{re.escape(part)}\b", source()) for part in stem.split("."))
    return True


@pytest.mark.parametrize("page", [SECURITY, ASVS], ids=name)
def test_whatever_is_named_is_there(page: Path) -> None:
    missing = sorted({word for word in quoted(page) if not is_there(word)})
    assert missing == [], (
        f"{name(page)} names these, and they are not there. A guard that was renamed is named "
        "anew; one that is gone is a promise that is not kept any more."
    )


def test_a_name_that_is_not_there_would_be_found() -> None:
    assert not is_there("tests/test_guards.py::test_nothing_of_this_name")
    assert not is_there("tests/test_nothing.py::test_evidence_can_only_be_added_to")
    assert not is_there("config/no_roles.sql")
    assert not is_there("evidence_sometimes_" + "changes")
    assert is_there("tests/test_guards.py::test_evidence_can_only_be_added_to")
    assert is_there("config/roles.sql")
    assert is_there("evidence_never_changes")


def test_each_threat_names_a_guard_and_a_test() -> None:
    text = SECURITY.read_text()
    told = re.findall(r"^### (T\d+) .+\n\n((?:.+\n)+)", text, re.MULTILINE)
    assert [threat for threat, _ in told] == THREATS
    for threat, words in told:
        assert "- **Guard.** " in words, threat
        assert re.search(r"`tests/[\w/]+\.py::test_\w+`", words), threat


def test_each_chosen_requirement_stands_once_with_its_state() -> None:
    found = Counter(number for number, _, _ in rows())
    assert [number for number, count in found.items() if count > 1] == []
    assert [number for number, _, _ in rows()] == chosen()
    assert {number: state for number, state, _ in rows() if state not in STATES} == {}


def test_what_is_met_names_what_shows_it() -> None:
    bare = [
        number
        for number, state, evidence in rows()
        if state == "met" and "`" not in evidence and "](" not in evidence
    ]
    assert bare == [], "Say which test, file or page shows that these are met."


def test_the_totals_are_those_of_the_rows() -> None:
    said = dict(re.findall(r"^\| (\w[\w ]+) \| (\d+) \|$", ASVS.read_text(), re.MULTILINE))
    count = Counter(state for _, state, _ in rows())
    assert said == {state: str(count[state]) for state in STATES} | {"in all": str(len(rows()))}


def test_those_that_are_not_met_stand_at_the_top_too() -> None:
    top = ASVS.read_text().partition("## The ones that are not met\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^- \*\*(\d+\.\d+\.\d+)\*\*", top, re.MULTILINE)
    assert listed == [number for number, state, _ in rows() if state == "not met"]


def test_what_is_counted_in_the_tests_is_at_least_that() -> None:
    from approvals.backup.probes import STALLING
    from tests import (
        test_canary_crawl,
        test_error_canaries,
        test_log_canaries,
        test_malformed_requests,
        test_outside_canaries,
        test_program_canaries,
        test_witness_tampering,
    )
    from tests.hostile_files import HOSTILE
    from tests.sql_probes import OF_A_TABLE, OF_THE_CLUSTER, WRITES
    from tests.test_sql_probes import CONFIDENTIAL

    forced = (
        *(test_log_canaries, test_error_canaries, test_program_canaries),
        *(test_malformed_requests, test_outside_canaries),
    )
    asked = (len(OF_A_TABLE) + len(WRITES)) * len(CONFIDENTIAL) + len(OF_THE_CLUSTER)
    text = SECURITY.read_text()
    for what, count in (
        ("Questions in SQL, asked as each of four logins", asked),
        ("Hostile files made by the tests", len(HOSTILE)),
        ("Errors forced with a canary in them", sum(len(each.FORCED) for each in forced)),
        ("Ways in which the owner rewrites history", len(test_witness_tampering.ATTACKS)),
        ("Ways in which a login could stall the others, tried as each", len(STALLING)),
    ):
        said = re.search(rf"^\| {re.escape(what)} \| ([\d,]+) \|$", text, re.MULTILINE)
        assert said, what
        assert count >= int(said[1].replace(",", "")), what
    crawl = f"{test_canary_crawl.SHORT:,} and {test_canary_crawl.LONG:,}"
    assert f"| Requests of a canary crawl, short and long | {crawl} |" in text
