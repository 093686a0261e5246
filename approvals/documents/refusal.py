"""The one way in which making a document fails."""

from __future__ import annotations


class RenderingError(Exception):
    """No document was made. `sentence` says what happened, why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def unexpected(what: str) -> RenderingError:
    """The refusal of a document that came out of the typesetter otherwise than it must."""
    return RenderingError(
        f"The document cannot be made because {what}. Nothing was stored. "
        "Tell whoever runs the service."
    )
