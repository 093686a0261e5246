"""Does the paper rely on the right paragraph of the scheme of delegation?

MOPAC Scheme of Delegation and Consent, paragraph 4.8: business cases for revenue or capital
expenditure of £500,000 or above are for the Deputy Mayor for Policing and Crime.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from decisions.checks.finding import Finding
from decisions.models import Paper
from decisions.register.words import pounds

THRESHOLD: Final = Decimal(500_000)
BUSINESS_CASES: Final = "4.8"


def check_delegation(paper: Paper) -> Iterator[Finding]:
    """Disagree when paragraph 4.8 is relied on and no figure reaches its threshold."""
    amounts = [row.amount for row in paper.recommendations.all() if row.amount is not None]
    if not paper.scheme_paragraph:
        yield Finding(
            "title",
            "The paper does not say which paragraph of the scheme of delegation it relies on.",
            blocking=False,
        )
    elif paper.scheme_paragraph == BUSINESS_CASES and amounts and max(amounts) < THRESHOLD:
        yield Finding(
            "title",
            f"Paragraph {BUSINESS_CASES} is for business cases of {pounds(THRESHOLD)} or above, "
            f"but the largest amount asked for is {pounds(max(amounts))}.",
            blocking=False,
        )
