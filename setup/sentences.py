"""How set-up speaks: one sentence to the person at the terminal."""

from __future__ import annotations

import sys


class SetupError(Exception):
    """Set-up cannot go on. The message is the sentence a person reads: what, why, what to do."""


def say(sentence: str) -> None:
    """Tell the person at the terminal, at once, also through a pipe."""
    print(sentence, file=sys.stderr, flush=True)
