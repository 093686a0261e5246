from __future__ import annotations

from tests.house.source import files, name

LONGEST = 400


def test_no_file_outgrows_its_page() -> None:
    long = {
        name(path): lines
        for path in files(".py", ".html", ".css", ".scss", ".js", ".sql")
        if (lines := len(path.read_text().splitlines())) > LONGEST
        # a first migration lists every column and is written by Django
        and "/migrations/0001" not in name(path)
    }
    assert long == {}, (
        f"A file over {LONGEST} lines cannot be read in one go. Make it a folder of the same name, "
        "split by subject, and re-export what others import."
    )


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    odds = [name(p) for p in files(".py") if p.stem in {"utils", "helpers", "misc", "common"}]
    assert odds == [], "A module is named for what it is about; put each function with its subject."
