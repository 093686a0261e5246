"""What the checks find wrong with a paper, as sentences."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from decisions.checks import Finding, findings
from decisions.drafting.save import saving, token_of
from decisions.models import Paper
from decisions.part_two import room
from decisions.register.words import long_date
from tests import stages
from tests.cast import Cast


def advice(paper: Paper) -> list[tuple[str, str]]:
    return [(f.subject, f.sentence) for f in findings(stages.fresh(paper)) if not f.blocking]


def blocking(paper: Paper) -> list[tuple[str, str]]:
    return [(f.subject, f.sentence) for f in findings(stages.fresh(paper)) if f.blocking]


@pytest.mark.django_db
def test_a_complete_paper_has_nothing_to_put_right(cast: Cast) -> None:
    assert findings(stages.draft(cast, part_two=True)) == ()


@pytest.mark.django_db
def test_blocking_findings_come_first(cast: Cast) -> None:
    found = findings(stages.blank(cast))
    kinds = [finding.blocking for finding in found]
    assert kinds == sorted(kinds, reverse=True)
    assert True in kinds
    assert False in kinds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("commercial", "Write the section “Commercial Issues”, or say that it does not apply."),
        ("legal", "Write the section “Legal Comments”."),
    ],
)
def test_only_some_sections_may_be_left_out(cast: Cast, kind: str, sentence: str) -> None:
    paper = stages.write_section(stages.draft(cast), kind, cast.olu, "")
    assert blocking(paper) == [(f"section-{kind}", sentence)]


@pytest.mark.django_db
def test_a_deferral_that_has_passed_blocks(cast: Cast) -> None:
    paper = stages.draft(cast, deferred_until=timezone.localdate())
    sentence = (
        f"Publication is deferred until {long_date(timezone.localdate())}, which has passed. "
        "Choose a later day, or say that publication is not deferred."
    )
    assert blocking(paper) == [("deferral", sentence)]
    tomorrow = timezone.localdate() + timedelta(days=1)
    stages.change(paper, "deferral", cast.olu, deferred_until=tomorrow)
    assert blocking(paper) == []


@pytest.mark.django_db
def test_an_exemption_that_has_ended_blocks(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    text = room.PartTwoText(
        body="Confidential words.",
        rationale="Why.",
        marking="OFFICIAL-SENSITIVE",
        reason="Why, for the public.",
        ends_on=timezone.localdate(),
        exemptions=(room.ExemptionText("2(2)(a)", "41"),),
    )
    with saving(paper.pk, "part-two", by=cast.olu, token=token_of(paper, "part-two")) as held:
        room.write(held, text, by=cast.olu)
    assert [subject for subject, _ in blocking(paper)] == ["part-two"]


@pytest.mark.django_db
def test_a_reference_that_was_never_drawn_is_pointed_out_where_it_stands(cast: Cast) -> None:
    paper = stages.draft(cast)
    stages.write_section(paper, "issues", cast.olu, "It follows PCD 1080 and PCD 9999.")
    assert advice(paper) == [
        (
            "section-issues",
            "The text names PCD 9999, but that reference has not been drawn yet.",
        )
    ]


@pytest.mark.django_db
def test_a_contingency_that_is_truncated_is_accepted_and_a_wrong_one_is_not(cast: Cast) -> None:
    paper = stages.draft(cast)
    lines = [
        {"label": "Labour", "amount": Decimal(321_267), "kind": "revenue"},
        {"label": "Consultancy", "amount": Decimal(540_000), "kind": "revenue"},
    ]
    contingency = {"label": "Contingency", "kind": "revenue", "contingency_percent": Decimal(10)}
    asked = [{"text": "the work", "amount": Decimal(947_393)}]
    stages.change_rows(paper, "recommendations", cast.olu, asked)
    rows = [*lines, {**contingency, "amount": Decimal(86_126)}]
    stages.change_rows(paper, "funding", cast.olu, rows)
    assert advice(paper) == []
    rows = [*lines, {**contingency, "amount": Decimal(90_000)}]
    stages.change_rows(paper, "funding", cast.olu, rows)
    total = (
        "The funding lines add up to £951,267, but the recommendations ask for £947,393. Make them "
        "agree, or explain the difference in the Financial Comments."
    )
    assert [sentence for _, sentence in advice(paper)] == [
        "“Contingency” is £90,000, but 10% of £861,267 is £86,126.70.",
        total,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("body", "Write Part 2, or say that there is none."),
        ("rationale", "Give the legal rationale for keeping Part 2 from publication."),
        ("marking", "Choose the security marking of Part 2."),
        ("reason", "Write the public reason why Part 2 is exempt."),
        ("ends_when", "Say when Part 2 ceases to be exempt: a date or an event."),
    ],
)
def test_part_two_says_what_it_lacks(cast: Cast, missing: str, sentence: str) -> None:
    paper = stages.draft(cast, part_two=True)
    words: dict[str, Any] = {
        "body": "Confidential words.",
        "rationale": "Why.",
        "marking": "OFFICIAL",
        "reason": "Why, for the public.",
        "ends_when": "the contract is complete",
    }
    text = room.PartTwoText(
        **{**words, missing: ""}, exemptions=(room.ExemptionText("2(2)(a)", "41"),)
    )
    with saving(paper.pk, "part-two", by=cast.olu, token=token_of(paper, "part-two")) as held:
        room.write(held, text, by=cast.olu)
    assert blocking(paper) == [("part-two", sentence)]
    assert Finding("part-two", sentence, subject_incomplete=True) in findings(stages.fresh(paper))
