"""What is wrong with a paper, as sentences: one small file per subject."""

from __future__ import annotations

from decisions.checks.completeness import check_completeness
from decisions.checks.dates import check_dates
from decisions.checks.finding import Finding
from decisions.checks.law import check_delegation
from decisions.checks.money import check_money
from decisions.checks.part_two import check_part_two
from decisions.checks.references import check_references
from decisions.models import Paper

__all__ = ["Finding", "findings"]

CHECKS = (
    check_completeness,
    check_money,
    check_delegation,
    check_part_two,
    check_dates,
    check_references,
)


def findings(paper: Paper) -> tuple[Finding, ...]:
    """Everything the checks find, blocking ones first."""
    found = [finding for check in CHECKS for finding in check(paper)]
    return tuple(sorted(found, key=lambda finding: not finding.blocking))
