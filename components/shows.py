"""How a field looks: what it is, not what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Width = Literal[
    2, 3, 4, 5, 10, 20, 30, "full", "three-quarters", "two-thirds", "one-half", "one-third",
    "one-quarter",
]  # fmt: skip
Size = Literal["", "s", "m", "l", "xl"]


@dataclass(frozen=True, slots=True)
class Shows:
    """Presentation of one field.

    `width` is a number of characters, or a share of the column. `prefix` and `suffix` stand beside
    the box and are not typed ("£", "%"). `inline` puts options side by side. `count` shows how many
    characters are left of the field's greatest length.
    """

    width: Width | None = None
    prefix: str = ""
    suffix: str = ""
    label_size: Size = "s"
    inline: bool = False
    small: bool = False
    rows: int = 5
    autocomplete: str = ""
    inputmode: str = ""
    count: bool = False
    spellcheck: bool | None = None

    @property
    def width_class(self) -> str:
        """The class that sets the width of a box, or ""."""
        if self.width is None:
            return ""
        if isinstance(self.width, int):
            return f"govuk-input--width-{self.width}"
        return f"govuk-!-width-{self.width}"


PLAIN: Final = Shows()
