"""References as people write them, and the one address each has."""

from __future__ import annotations

import re
from typing import Final

SPELLING: Final = re.compile(r"([a-z]{2,10})((?:[\s_./\u2010-\u2015-]*[0-9]{1,9}){1,3})", re.ASCII)
LONGEST: Final = 60


def slug_of(text: str) -> str | None:
    """The slug meant by a reference in any spelling, or None when the text is no reference.

    "PCD 1828", "pcd1828", "PCD-1828" and "Pcd_1828" all mean pcd-1828; "CEOD 35-2024" means
    ceod-35-2024. Digits typed without anything between them stay one number.
    """
    match = SPELLING.fullmatch(text.strip().lower()) if len(text) <= LONGEST else None
    if match is None:
        return None
    return "-".join((match[1], *re.findall(r"[0-9]+", match[2])))
