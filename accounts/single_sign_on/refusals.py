"""Why somebody does not come in by single sign-on. Each is a sentence that a person reads."""

from __future__ import annotations

from typing import Final

AGAIN: Final = "Go back and sign in again. If it happens again, tell the secretariat."


class Refused(Exception):
    """Single sign-on did not let somebody in; the message is a sentence."""


def unreachable() -> Refused:
    """The provider does not answer, or answers with something else."""
    return Refused(
        "The single sign-on of your organisation did not answer as it should, so nobody was "
        "signed in. Wait a few minutes and try again, or sign in with your password."
    )


def not_ours() -> Refused:
    """The answer is not one to a question of this browser."""
    return Refused(
        "This answer of the single sign-on does not belong to a sign-in that you began in this "
        f"browser, so nobody was signed in. {AGAIN}"
    )


def not_believed(what: str) -> Refused:
    """The provider's statement does not hold; `what` says which part of it."""
    return Refused(
        f"The single sign-on of your organisation gave a statement that cannot be believed: {what}."
        f" Nobody was signed in. {AGAIN}"
    )


def too_old() -> Refused:
    """The person proved themselves there too long ago."""
    return Refused(
        "You proved who you are to the single sign-on of your organisation too long ago, so you "
        "were not signed in. Sign out there, then sign in again."
    )


def unknown() -> Refused:
    """Nobody here has this address, or it is not known to be theirs. The same for both."""
    return Refused(
        "Nobody who may sign in here has the e-mail address that your organisation gave for you. "
        "Ask the secretariat for an account, or to correct its address."
    )


def closed() -> Refused:
    """The account was closed."""
    return Refused(
        "You cannot sign in because your account was closed. If that is wrong, ask the "
        "secretariat to open it again."
    )
