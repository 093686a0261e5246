"""Is Part 2 ready: a body, a marking, exemptions with their reasons, and an end?

Article 2(2) of the Elected Local Policing Bodies (Specified Information) Order 2011 and Part II of
the Freedom of Information Act 2000; a qualified exemption needs a public-interest balance.
"""

from __future__ import annotations

from collections.abc import Iterator

from decisions.checks.finding import Finding
from decisions.models import Paper
from decisions.part_two import room
from decisions.part_two.exemptions import BY_NUMBER


def check_part_two(paper: Paper) -> Iterator[Finding]:
    """Nothing when there is no Part 2; else what it lacks, and whether it leaks into Part 1."""
    if not paper.has_part_two:
        return
    has_body, has_rationale, exemptions = room.facts(paper)
    notice = room.notice(paper)
    if not has_body:
        yield _missing("Write Part 2, or say that there is none.")
    if not has_rationale:
        yield _missing("Give the legal rationale for keeping Part 2 from publication.")
    if not exemptions:
        yield _missing("Say which exemptions Part 2 relies on.")
    for section, balanced in exemptions:
        known = BY_NUMBER.get(section)
        if known is not None and known.qualified and not balanced:
            yield _missing(
                f"Section {section} is a qualified exemption: write its public-interest balance."
            )
    if notice is None or not notice.marking:
        yield _missing("Choose the security marking of Part 2.")
    if notice is None or not notice.reason.strip():
        yield _missing("Write the public reason why Part 2 is exempt.")
    if notice is None or not (notice.ends_on or notice.ends_when.strip()):
        yield _missing("Say when Part 2 ceases to be exempt: a date or an event.")
    yield from _leak(paper)


def _leak(paper: Paper) -> Iterator[Finding]:
    public = "\n".join(
        [
            paper.title,
            paper.executive_summary,
            *(row.text for row in paper.recommendations.all()),
            *(section.body for section in paper.sections.all() if section.included),
            *(row.label for row in paper.funding_lines.all()),
            *(file.title for file in paper.files.all()),
        ]
    )
    if room.shares_a_passage(paper, public):
        yield Finding(
            "part-two",
            "A passage of Part 2 also stands in Part 1, which is published. Take it out of one.",
        )


def _missing(sentence: str) -> Finding:
    return Finding("part-two", sentence, subject_incomplete=True)
