"""Files that people hand in: looked into before anything else is done with them.

Bytes in, a kind or a sentence out. No database, no network; nothing is unpacked to disk and nothing
in a file is ever run, followed or fetched. Pages ask `apart`, which looks in a process of its own.
"""

from __future__ import annotations

from decisions.uploads.inspect import inspect
from decisions.uploads.kinds import LARGEST, Kind, Unfit
from decisions.uploads.pdf import rewrite

__all__ = ["LARGEST", "Kind", "Unfit", "inspect", "rewrite"]
