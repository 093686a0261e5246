"""What the documents say exists: links, variables, verbs and commands."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from approvals.workflow import ROWS, Row
from config.env import PROJECT
from tests.house.source import files, name

PAGES: Final = files(".md")
HOW_TO: Final = ("officer", "adviser", "chief-executive", "decision-maker", "secretariat")
# The functions of config/env.py that read one variable, with its name in quotation marks.
READS: Final = re.compile(r"""\b(?:text|flag|number|names)\(\s*["']([A-Z][A-Z_]+)["']""")
LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE: Final = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
TARGET: Final = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)


@cache
def text_of(path: Path) -> str:
    """A page without its blocks of code, in which brackets are no links."""
    return CODE.sub("", path.read_text())


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, made as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(text_of(page)):
        if re.match(r"[a-z]+:", link):
            continue
        address, _, anchor = link.partition("#")
        target = (page.parent / address).resolve() if address else page
        if not target.exists() or (
            anchor and (target.suffix != ".md" or anchor not in anchors(target))
        ):
            broken.append(link)
    assert broken == [], f"{name(page)} has links that lead nowhere: write the file or mend them."


def test_every_variable_is_explained_to_the_operator() -> None:
    config = PROJECT / "config"
    source = [config / "env.py", config / "sign_in.py", *(config / "settings").glob("*.py")]
    read = {variable for path in source for variable in READS.findall(path.read_text())}
    assert {"DATABASE_URL", "SECRET_KEY", "SEAL_KEY_FILE", "STAFF_PORT"} <= read
    rows = re.findall(r"^\| `([A-Z_]+)` \|", text_of(PROJECT / "docs/operations.md"), re.MULTILINE)
    missing = sorted(read - set(rows))
    assert missing == [], (
        "An operator can only set what docs/operations.md names: give each variable a row in the "
        "table “Every environment variable”."
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.verb)
def test_every_verb_is_explained_to_somebody(row: Row) -> None:
    pages = [PROJECT / "docs" / f"{who}.md" for who in HOW_TO]
    assert any(f"**{row.label}**" in text_of(page) for page in pages), (
        f"No how-to names the button “{row.label}” (in bold, as the page writes it). Say in "
        f"docs/ what {row.verb} asks and what happens next."
    )


@pytest.mark.parametrize("who", HOW_TO)
def test_every_how_to_stands_in_the_readme(who: str) -> None:
    assert f"(docs/{who}.md)" in text_of(PROJECT / "README.md")


def test_the_documents_name_only_commands_that_make_has() -> None:
    commands = set(TARGET.findall((PROJECT / "Makefile").read_text()))
    assert {"run", "test", "check", "bench"} <= commands
    said: dict[str, set[str]] = {}
    for page in PAGES:
        named = re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(), re.MULTILINE)
        said[name(page)] = set(named)
    unknown = {page: named - commands for page, named in said.items() if named - commands}
    assert unknown == {}, "A reader types these commands, and make does not have them."
    assert {"run", "test", "check"} <= said["README.md"], "README.md names what people need first."
