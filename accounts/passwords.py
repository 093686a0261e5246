"""Which passwords are taken: long ones that nobody would guess. No rules about kinds of letters.

Longer than fifteen characters, none of the words that everybody here would think of, and nothing
that is only a common password made longer. (NIST SP 800-63B and OWASP ASVS 5, chapter 6.2.)
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

SHORTEST: Final = 15
LONGEST: Final = 128
FEWEST_DIFFERENT: Final = 5
# Words that somebody who guesses at this service would try first.
HERE: Final = ("mopac", "pcd", "dmpc", "countersign")
# Shorter parts of a name stand in too many words to mean anything.
_LEAST_OF_A_NAME: Final = 3
_LIKE_LETTERS: Final = str.maketrans("013457@$", "oieastas")


class LongEnough:
    """Fifteen characters or more, and not so many that hashing them is an attack."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        if len(password) < SHORTEST:
            raise ValidationError(
                f"Use at least {SHORTEST} characters. Three or four words that have nothing to do "
                "with each other are easy to keep in mind."
            )
        if len(password) > LONGEST:
            raise ValidationError(f"Use no more than {LONGEST} characters.")

    def get_help_text(self) -> str:
        """The rule, for a form."""
        return f"At least {SHORTEST} characters. Any characters will do, spaces too."


class NoWordOfHere:
    """No word of this service, and no part of the person's own name or address."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError, which names the word."""
        typed = _plain(password)
        for word in (*HERE, *_of(user)):
            if word in typed:
                raise ValidationError(
                    f"It contains “{word}”, which whoever guesses would try first. Use words that "
                    "have nothing to do with you or this service."
                )

    def get_help_text(self) -> str:
        """The rule, for a form."""
        return "Not your name, and no word of this service."


class NotCommon:
    """No password of the list of common ones, also not made longer by figures or by repeating."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        typed = password.lower().strip()
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", typed)
        once = _repeated(typed)
        if len(set(typed)) < FEWEST_DIFFERENT or {typed, core, once} & _common():
            raise ValidationError(
                "Too many people use this password, or one much like it. Use three or four words "
                "that have nothing to do with each other."
            )

    def get_help_text(self) -> str:
        """The rule, for a form."""
        return "Not a common password, also not one with figures added."


def _plain(text: str) -> str:
    """Lower case, with figures that stand for letters read as those letters."""
    return text.lower().translate(_LIKE_LETTERS)


def _of(user: Any) -> list[str]:
    """The parts of somebody's name and address that a password may not contain."""
    parts = re.split(
        r"[\W_]+", f"{getattr(user, 'name', '')} {getattr(user, 'email', '').partition('@')[0]}"
    )
    return [part.lower() for part in parts if len(part) >= _LEAST_OF_A_NAME]


def _repeated(text: str) -> str:
    """The piece of which a text is several copies, or the text."""
    found = re.fullmatch(r"(.+?)\1+", text)
    return found[1] if found else text


@cache
def _common() -> frozenset[str]:
    """Django's list of twenty thousand common passwords."""
    return frozenset(CommonPasswordValidator().passwords)
