"""Withdrawn with a reason, after an adviser was not content: revenue over three years."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from approvals.sample import law
from approvals.sample.calendar import Calendar
from approvals.sample.cast import Cast
from approvals.sample.law import paragraphs
from approvals.sample.life import Life, Sample
from approvals.sample.writing import REVENUE, Ask, Line, Text
from decisions.models import SectionKind

SOURCE: Final = "Communications budget"


def sample(cast: Cast, calendar: Calendar) -> Sample:
    """PCD 1814, taken back by its officer."""
    ago = calendar.ago
    years = [calendar.year(offset) for offset in range(3)]
    text = Text(
        title="Sample: News and media monitoring subscription",
        summary=paragraphs(
            "The MPS subscribes to a service that collects what newspapers and broadcasters say "
            "about policing in London. The contract is about to end. This paper asks for £546,000 "
            "over three years for a new one.",
        ),
        asks=(
            Ask(
                f"revenue spending of £546,000 from {years[0]} to {years[2]} on a media monitoring "
                "service, and the award of a contract for it.",
                amount=Decimal(546_000),
                kind=REVENUE,
            ),
        ),
        lines=tuple(
            Line("Media monitoring", Decimal(182_000), REVENUE, year, SOURCE, "exclusive")
            for year in years
        ),
        sections={
            SectionKind.INTRODUCTION: (
                "The service has been used since 2019 and sends about 90 reports a month to 240 "
                "people."
            ),
            SectionKind.ISSUES: (
                "A survey of its readers found that most of them open fewer than half of the "
                "reports. A smaller service would cost less but would leave out local radio."
            ),
            SectionKind.FINANCIAL: (
                "Each of the three years costs £182,000 excluding VAT, which the communications "
                "budget holds. The total is £546,000."
            ),
            SectionKind.LEGAL: law.PARAGRAPH_4_8,
            SectionKind.COMMERCIAL: "Three suppliers offer such a service on a framework.",
            SectionKind.DATA_PROTECTION: (
                "The reports name people who are in the news. The supplier and the MPS each answer "
                "for what they do with them."
            ),
            SectionKind.EQUALITY: paragraphs(
                law.EQUALITY_DUTY, "Reports can be read with a screen reader."
            ),
        },
        scheme_paragraph="4.8",
    )

    def live(life: Life) -> None:
        life.consult(ago(51, 10, 50))
        life.advise("finance", ago(48, 14, 15))
        life.advise("legal", ago(47, 11, 35))
        life.advise(
            "commercial",
            ago(45, 16, 5),
            position="not_content",
            comments=(
                "The City Hall group has a contract for the same service that the MPS may join. A "
                "second contract would pay twice for the same reports."
            ),
        )
        life.withdraw(
            ago(43, 9, 30),
            "The commercial adviser pointed out a contract of the City Hall group that the MPS may "
            "join. It covers what is needed and costs less, so this request is no longer needed.",
        )

    return Sample(1814, cast.olu, ago(55, 9, 5), text, live)
