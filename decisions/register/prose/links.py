"""Which addresses text may link to."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from decisions.register.prose import characters

_LONGEST: Final = 2_000
# No user name before the host: "https://www.gov.uk@example.org" is a way to deceive a reader.
_WEB: Final = re.compile(r"(https?)://([^/?#@\s]+)((?:[/?#]\S*)?)", re.IGNORECASE)
_MAIL: Final = re.compile(r"(mailto):([^\s@]+@[^\s@]+)()", re.IGNORECASE)
_SAFE: Final = "!#$%&'()*+,/:;=?@~"


def address(url: str) -> str:
    """The address in normal form, or "" for anything but http, https and mailto with a host."""
    url = characters.clean(url).strip().replace("\n", "")
    match = _WEB.fullmatch(url) or _MAIL.fullmatch(url)
    if match is None or len(url) > _LONGEST:
        return ""
    scheme, host, rest = match.groups()
    separator = ":" if scheme.lower() == "mailto" else "://"
    return f"{scheme.lower()}{separator}{quote(host + rest, safe=_SAFE)}"
