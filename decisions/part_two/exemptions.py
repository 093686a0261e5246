"""The exemptions of the Freedom of Information Act 2000 that a Part 2 can rely on.

Part II of the Act; section 35 is left out because it belongs to central government and Wales.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class FoiaSection:
    """A section of Part II. A qualified one needs a public-interest balance."""

    number: str
    name: str
    qualified: bool


FOIA_SECTIONS: Final = tuple(
    FoiaSection(*row)
    for row in (
        ("21", "Information accessible by other means", False),
        ("22", "Information intended for future publication", True),
        ("23", "Bodies dealing with security matters", False),
        ("24", "National security", True),
        ("30", "Investigations and proceedings", True),
        ("31", "Law enforcement", True),
        ("32", "Court records", False),
        ("33", "Audit functions", True),
        ("36", "Prejudice to the effective conduct of public affairs", True),
        ("38", "Health and safety", True),
        ("39", "Environmental information", True),
        ("40", "Personal information", False),
        ("41", "Information provided in confidence", False),
        ("42", "Legal professional privilege", True),
        ("43", "Trade secrets and prejudice to commercial interests", True),
        ("44", "Prohibitions on disclosure", False),
    )
)
BY_NUMBER: Final = {section.number: section for section in FOIA_SECTIONS}

# Article 2(2) of the Elected Local Policing Bodies (Specified Information) Order 2011.
ARTICLES: Final = {
    "2(2)(a)": "Information that could be refused under the Freedom of Information Act 2000",
    "2(2)(b)": "Information that, in the chief officer’s view, would harm security or justice",
}

MARKINGS: Final = (
    "OFFICIAL",
    "OFFICIAL-SENSITIVE",
    "OFFICIAL-SENSITIVE [COMMERCIAL]",
    "OFFICIAL-SENSITIVE [PERSONAL DATA]",
    "OFFICIAL-SENSITIVE [LEGAL PROFESSIONAL PRIVILEGE]",
    "SECRET",
    "TOP SECRET",
)
