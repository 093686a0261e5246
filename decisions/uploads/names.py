"""The name that a file was given, made fit to be shown and to be saved under."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from decisions.register.prose import tidy

if TYPE_CHECKING:
    from decisions.uploads.kinds import Kind

LONGEST: Final = 100  # characters, the ending not counted
_ODD: Final = re.compile(r"[^\w .,()&+’'–-]")


def clean_name(given: str, kind: Kind) -> str:
    """One line of letters, digits and common marks that ends in what the file is.

    Folders before the name go, and so do control, invisible and direction-changing characters, with
    which a name can be made to look as if it ended otherwise.
    """
    last = tidy(given).replace("\\", "/").rpartition("/")[2]
    ending = f".{kind}"
    stem = last[: -len(ending)] if last.lower().endswith(ending) else last
    stem = " ".join(_ODD.sub(" ", stem).split()).strip(". ")[:LONGEST].rstrip(". ")
    return f"{stem or 'file'}.{kind}"
