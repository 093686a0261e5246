"""Do the figures agree with each other?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from decisions.checks.finding import Finding
from decisions.models import FundingKind, FundingLine, Paper
from decisions.register.words import pounds


def check_money(paper: Paper) -> Iterator[Finding]:
    """Contingencies that are not their percentage, and totals that the recommendations miss."""
    lines = list(paper.funding_lines.all())
    yield from _contingencies(lines)
    yield from _total(paper, lines)


def _contingencies(lines: list[FundingLine]) -> Iterator[Finding]:
    costs = [
        line
        for line in lines
        if line.kind != FundingKind.INCOME and line.contingency_percent is None
    ]
    base = sum((line.amount for line in costs), Decimal(0))
    for line in lines:
        if line.contingency_percent is None:
            continue
        exact = (base * line.contingency_percent / 100).quantize(Decimal("0.01"))
        if abs(exact - line.amount) > Decimal(1):
            yield Finding(
                "funding",
                f"“{line.label}” is {pounds(line.amount)}, but {_percent(line)}% of "
                f"{pounds(base)} is {pounds(exact)}.",
                blocking=False,
            )


def _percent(line: FundingLine) -> str:
    share = line.contingency_percent or Decimal(0)
    return f"{share.normalize():f}"


def _total(paper: Paper, lines: list[FundingLine]) -> Iterator[Finding]:
    """Somewhere the recommendations must ask for what the table adds up to."""
    asked = [row.amount for row in paper.recommendations.all() if row.amount is not None]
    if not lines or not asked:
        return
    cost = sum((line.amount for line in lines if line.kind != FundingKind.INCOME), Decimal(0))
    if cost not in {*asked, sum(asked, Decimal(0))}:
        amounts = " and ".join(pounds(amount) for amount in asked)
        yield Finding(
            "funding",
            f"The funding lines add up to {pounds(cost)}, but the recommendations ask for "
            f"{amounts}. Make them agree, or explain the difference in the Financial Comments.",
            blocking=False,
        )
