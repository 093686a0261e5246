"""How anyone can check a document: the address, the digest, and the same address to scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from decisions.register.words import long_date

if TYPE_CHECKING:
    from datetime import date

    from decisions.register.record import Record

# As much of the digest as the address holds: nobody can make another text with the same 64 bits,
# and a person can still type it.
IN_ADDRESS: Final = 16
# White around a QR code, in modules, without which scanners do not find it.
_QUIET: Final = 4
_CODE_WORDS: Final = (
    "QR code that leads to the page on which this document can be checked. "
    "The same address stands beside it as text."
)


@dataclass(frozen=True)
class Check:
    """What the last part of a document gives a reader to compare."""

    address: str
    code: SafeString
    digest: str
    edition: str


def check(record: Record) -> Check:
    """How to check the document of this edition."""
    address = verify_address(record)
    return Check(
        address=address,
        code=qr_code(address),
        digest=in_groups(record.digest),
        edition=edition_words(record),
    )


def verify_address(record: Record) -> str:
    """The public page that says whether this edition is genuine and the one that counts."""
    asked = urlencode({"reference": record.reference, "digest": record.digest[:IN_ADDRESS]})
    return f"{settings.PUBLIC_URL.rstrip('/')}/verify/?{asked}"


def in_groups(digest: str) -> str:
    """A digest in groups of four, as one would read it aloud."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def edition_words(record: Record) -> str:
    """Which edition this is and, of a corrected one, which it replaces."""
    if record.edition == 1:
        return "Edition 1, the first"
    replaced = replaced_on(record)
    of = f" of {long_date(replaced)}" if replaced else ""
    return f"Edition {record.edition}, which replaces edition {record.edition - 1}{of}"


def replaced_on(record: Record) -> date | None:
    """The day of the edition that this one replaces: that of the decision, or of a correction."""
    before = record.edition - 1
    for correction in record.corrections:
        if correction.edition == before:
            return correction.corrected_on
    return record.decision.signed_at if before == 1 and record.decision else None


def qr_code(address: str) -> SafeString:
    """An address as a code to scan: one path of squares, with words that stand for it."""
    import segno

    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    side = len(rows) + 2 * _QUIET
    path = "".join(
        f"M{_QUIET + column} {_QUIET + row}h1v1h-1z"
        for row, modules in enumerate(rows)
        for column, module in enumerate(modules)
        if module
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="code" role="img" aria-label="{}" '
        'viewBox="0 0 {} {}"><path fill="#000000" d="{}"/></svg>',
        _CODE_WORDS,
        side,
        side,
        path,
    )
