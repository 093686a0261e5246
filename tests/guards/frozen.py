"""Attacks on what freezes papers and writes down who changed them, each for the trigger alone."""

# ruff: noqa: S608 - every name in a statement here is written in this file
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

_FROZEN: Final = "23000 The paper is frozen in its present state."
_STAYS: Final = "23000 A part stays with its paper."
_NOT_SAVED: Final = "23000 A part is changed by a save of its paper, and the paper was not saved."
_CHECKED: Final = "SET CONSTRAINTS ALL IMMEDIATE"
# Somebody who has changed no paper, and acts now.
_STRANGER: Final = (
    "SELECT max(u.id) FROM accounts_user u"
    " WHERE NOT EXISTS (SELECT FROM decisions_contributor c WHERE c.person_id = u.id)"
)
_ACTS: Final = f"SELECT set_config('countersign.person', ({_STRANGER})::text, true)"
_CONTRIBUTED: Final = (
    "SELECT count(*) > 0 FROM decisions_contributor"
    " WHERE person_id = current_setting('countersign.person')::bigint"
)
# The guards of other attacks, which would be the first to refuse.
_UNFROZEN: Final = (
    "ALTER TABLE {t} DISABLE TRIGGER part_of_an_editable_paper",
    "ALTER TABLE decisions_contributor DISABLE TRIGGER part_of_an_editable_paper",
)
_UNFROZEN_TWO: Final = (
    "ALTER TABLE {t} DISABLE TRIGGER part_two_of_an_editable_paper",
    _UNFROZEN[1],
)
_ANOTHER: Final = "(SELECT max(id) FROM decisions_paper p WHERE p.id <> {t}.paper_id)"

STATEMENTS: Final[dict[tuple[str, str], Sequence[Any]]] = {
    ("", "paper_text_is_frozen"): (
        "UPDATE {t} SET version = version + 1, executive_summary = 'x' WHERE state = 'decided'",
        _FROZEN,
    ),
    ("", "part_stays_with_its_paper"): (
        _UNFROZEN[0],
        f"UPDATE {{t}} SET paper_id = {_ANOTHER}",
        _STAYS,
    ),
    ("part_two", "part_stays_with_its_paper"): (
        _UNFROZEN_TWO[0],
        f"UPDATE {{t}} SET paper_id = {_ANOTHER}",
        _STAYS,
    ),
    ("part_two_exemption", "part_stays_with_its_paper"): (
        _UNFROZEN_TWO[0],
        (
            "UPDATE {t} SET part_two_id ="
            " (SELECT max(o.id) FROM conf.part_two o WHERE o.id <> {t}.part_two_id)"
        ),
        _STAYS,
    ),
    ("decisions_paper", "who_changes_contributes"): (
        _ACTS,
        "UPDATE {t} SET version = version + 1, title = 'x' WHERE state = 'draft'",
        _CONTRIBUTED,
        "[(True,)]",
    ),
    ("", "who_changes_contributes"): (
        _ACTS,
        *_UNFROZEN,
        "DELETE FROM {t}",
        _CONTRIBUTED,
        "[(True,)]",
    ),
    ("part_two", "who_changes_contributes"): (
        _ACTS,
        *_UNFROZEN_TWO,
        "UPDATE {t} SET body = 'x'",
        _CONTRIBUTED,
        "[(True,)]",
    ),
    ("part_two_exemption", "who_changes_contributes"): (
        _ACTS,
        *_UNFROZEN_TWO,
        "DELETE FROM {t}",
        _CONTRIBUTED,
        "[(True,)]",
    ),
    ("", "part_is_saved_with_its_paper"): (
        _UNFROZEN[0],
        "DELETE FROM {t}",
        _CHECKED,
        _NOT_SAVED,
    ),
    ("part_two", "part_is_saved_with_its_paper"): (
        _UNFROZEN_TWO[0],
        "UPDATE {t} SET body = 'x'",
        _CHECKED,
        _NOT_SAVED,
    ),
    ("part_two_exemption", "part_is_saved_with_its_paper"): (
        _UNFROZEN_TWO[0],
        "DELETE FROM {t}",
        _CHECKED,
        _NOT_SAVED,
    ),
    ("", "kept_as_its_version_says"): (
        "ALTER TABLE {t} DROP CONSTRAINT part_two_is_committed_to",
        "ALTER TABLE {t} DISABLE TRIGGER evidence_never_changes",
        "CREATE TEMP TABLE old ON COMMIT DROP AS SELECT * FROM {t} LIMIT 1",
        "DELETE FROM {t} WHERE id = (SELECT id FROM old)",
        (
            "INSERT INTO {t} (version_id, content, salt, commitment)"
            " SELECT version_id, content, salt, repeat('0', 64) FROM old"
        ),
        "23000 Part 2 is kept as its version commits to it.",
    ),
    ("", "version_keeps_its_part_two"): (
        "ALTER TABLE {t} DISABLE TRIGGER part_of_an_editable_paper",
        (
            "INSERT INTO {t} (paper_id, number, round, content, digest, part_two_commitment,"
            " taken_by_id, taken_at) SELECT paper_id, 77, round, content, digest, repeat('0', 64),"
            " taken_by_id, now() FROM {t} LIMIT 1"
        ),
        _CHECKED,
        "23000 A version keeps the Part 2 that it commits to.",
    ),
}
