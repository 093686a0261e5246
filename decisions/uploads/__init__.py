"""Files that people hand in: looked into before anything else is done with them.

Pure: bytes in, a kind or a sentence out. No setting, no database, no network; nothing is unpacked
to disk and nothing in a file is ever run, followed or fetched.
"""

from __future__ import annotations

from decisions.uploads.inspect import inspect
from decisions.uploads.kinds import LARGEST, Kind, Unfit
from decisions.uploads.pdf import rewrite

__all__ = ["LARGEST", "Kind", "Unfit", "inspect", "rewrite"]
