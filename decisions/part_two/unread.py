"""What the room needs of a Part 2 that the person who acts may not read; nobody is shown it.

PostgreSQL shows the tables of Part 2 to cleared people alone. What has to be compared, counted or
committed to on behalf of others comes through functions of config/rows.sql, for a paper that the
person may open.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from decisions.models import Paper, Version
from decisions.part_two.models import Exemption, FrozenPartTwo, PartTwo, PartTwoFile

_PART_TWO: Final = "SELECT * FROM sight.part_two_unread(%s)"
_EXEMPTIONS: Final = "SELECT * FROM sight.exemptions_unread(%s)"
_FILES: Final = "SELECT * FROM sight.files_unread(%s)"
_FROZEN: Final = "SELECT * FROM sight.frozen_unread(%s)"


def part_two(paper: Paper) -> tuple[PartTwo | None, list[Exemption]]:
    """Part 2 as it stands, and its exemptions in their order."""
    row = next(iter(PartTwo.objects.raw(_PART_TWO, [paper.pk])), None)
    return row, list(Exemption.objects.raw(_EXEMPTIONS, [paper.pk])) if row else []


def files(paper: Paper) -> list[PartTwoFile]:
    """The confidential files beside it."""
    return list(PartTwoFile.objects.raw(_FILES, [paper.pk]))


def frozen(*versions: Version) -> list[FrozenPartTwo]:
    """Part 2 as it stood in each of these versions that had one."""
    return list(FrozenPartTwo.objects.raw(_FROZEN, [[version.pk for version in versions]]))


def freeze(version: Version, text: str, salt: bytes, commitment: str) -> None:
    """Add the frozen text of a version without reading it back, as `create` would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO conf.part_two_frozen (version_id, content, salt, commitment) "
            "VALUES (%s, %s, %s, %s)",
            [version.pk, text, salt, commitment],
        )
