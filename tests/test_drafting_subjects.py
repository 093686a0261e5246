from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from decisions.models import DeclarationKind, Event, Paper
from tests import stages
from tests.cast import Cast
from tests.pages import errors, fields_of, form_of, notices, save_page, send, signed_in, words


def typed_date(name: str, day: date) -> dict[str, str]:
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


def saves(paper: Paper) -> list[str]:
    return list(
        Event.objects.filter(paper=paper, verb="save")
        .order_by("seq")
        .values_list("facts", flat=True)
    )


@pytest.mark.django_db
def test_each_subject_is_saved_by_its_own_page(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    soon = timezone.localdate() + timedelta(days=40)
    pages: dict[str, dict[str, Any]] = {
        "title": {"title": "Fit for the future", "forum": "iam", "scheme_paragraph": "4.8"},
        "summary": {"executive_summary": "One.\n\nTwo."},
        "deferral": {
            "deferred": "yes",
            **typed_date("deferred_until", soon),
            "deferral_reason": "The tender is open.",
            "deferral_owner": cast.saba.pk,
        },
        "part-two-question": {"has_part_two": "yes"},
    }
    for subject, typed in pages.items():
        answer = send(olu, save_page(paper, subject), "Save and continue", **typed)
        assert answer.status_code == 302, (subject, errors(answer))
    paper.refresh_from_db()
    assert (paper.title, paper.forum, paper.scheme_paragraph) == (
        "Fit for the future",
        "iam",
        "4.8",
    )
    assert paper.executive_summary == "One.\n\nTwo."
    assert (paper.deferred, paper.deferred_until, paper.deferral_reason, paper.deferral_owner) == (
        True,
        soon,
        "The tender is open.",
        cast.saba,
    )
    assert paper.has_part_two is True
    assert len(saves(paper)) == len(pages)


@pytest.mark.django_db
def test_a_section_keeps_its_heading_text_and_whether_it_applies(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    page = save_page(paper, "section-commercial")
    send(olu, page, heading="Commercial", body="- one\n- two", left_out="on")
    section = paper.sections.get(kind="commercial")
    assert (section.heading, section.body, section.included) == (
        "Commercial",
        "- one\n- two",
        False,
    )
    assert "This section is left out of the paper." in words(olu.get(page))
    send(olu, page, left_out=None)
    section.refresh_from_db()
    assert (section.body, section.included) == ("- one\n- two", True)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["introduction", "issues", "financial", "legal", "equality"])
def test_a_section_that_every_paper_has_cannot_be_left_out(cast: Cast, kind: str) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    page = save_page(paper, f"section-{kind}")
    assert "left_out" not in fields_of(form_of(olu.get(page), "Save"))
    send(olu, page, left_out="on", body="Text.")
    assert paper.sections.get(kind=kind).included is True


@pytest.mark.django_db
def test_the_section_page_shows_the_numbers_of_the_saved_paragraphs(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    page = save_page(paper, "section-issues")
    send(olu, page, body="First paragraph.\n\nSecond paragraph.")
    assert "2. Issues for consideration 2.1 First paragraph. 2.2 Second paragraph." in words(
        olu.get(page)
    )


@pytest.mark.django_db
def test_the_editors_html_wins_and_is_cleaned(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    pasted = (
        "<style>p{color:red}</style><p class='MsoNormal' style='mso-x:1'>Kept <b>bold</b></p>"
        "<script>alert(1)</script><ul><li>one</li></ul><p onclick='x()'>Two</p>"
    )
    send(olu, save_page(paper, "section-issues"), body="ignored", body_html=pasted)
    assert paper.sections.get(kind="issues").body == "Kept **bold**\n\n- one\n\nTwo"


@pytest.mark.django_db
def test_declarations_are_saved_row_by_row(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    typed = {f"confirmed_{kind}": "on" for kind in DeclarationKind if kind != DeclarationKind.LEGAL}
    typed["statement_data_protection"] = "A DPIA is not required."
    answer = send(olu, save_page(paper, "declarations"), **typed)
    assert answer.status_code == 302
    rows = {row.kind: row for row in paper.declarations.all()}
    assert {kind: row.confirmed for kind, row in rows.items()} == {
        kind: kind != DeclarationKind.LEGAL for kind in DeclarationKind
    }
    assert rows["data_protection"].statement == "A DPIA is not required."
    assert rows["legal"].statement == "The MPS Directorate of Legal Services has been consulted."


@pytest.mark.django_db
def test_an_empty_statement_cannot_be_confirmed(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    answer = send(olu, save_page(paper, "declarations"), statement_legal="", confirmed_legal="on")
    assert errors(answer) == ["Write the statement “Legal Advice” that you confirm."]
    assert not paper.declarations.filter(confirmed=True).exists()


@pytest.mark.django_db
def test_a_deferral_needs_its_date_its_reason_and_its_owner(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    page = save_page(paper, "deferral")
    answer = send(olu, page, deferred="yes", deferral_owner="")
    assert errors(answer) == [
        "Enter the first day on which it is public",
        "Enter the reason",
        "Select who answers for the deferral",
    ]
    yesterday = timezone.localdate() - timedelta(days=1)
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = send(
        olu, page, deferred="yes", deferral_reason="Why", **typed_date("deferred_until", yesterday)
    )
    assert len(errors(answer)) == 1
    assert errors(answer)[0].startswith(
        f"The first day on which it is public must be on or after {tomorrow.day} "
    )
    assert "Why" in fields_of(form_of(answer, "Save"))["deferral_reason"]
    assert saves(paper) == []


@pytest.mark.django_db
def test_saying_no_to_a_deferral_forgets_its_date(cast: Cast) -> None:
    paper = stages.draft(cast, deferred_until=timezone.localdate() + timedelta(days=9))
    send(signed_in(cast.olu), save_page(paper, "deferral"), deferred="no")
    paper.refresh_from_db()
    assert (paper.deferred, paper.deferred_until, paper.deferral_reason, paper.deferral_owner) == (
        False,
        None,
        "",
        None,
    )


@pytest.mark.django_db
def test_the_deferral_page_shows_the_public_access_text(cast: Cast) -> None:
    page = signed_in(cast.olu).get(save_page(stages.blank(cast), "deferral"))
    assert "Deferral periods should be kept to the shortest length strictly necessary." in words(
        page
    )


@pytest.mark.django_db
def test_saving_goes_on_or_back_as_the_button_says(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    page = save_page(paper, "title")
    on = send(olu, page, then="continue")
    back = send(olu, page, then="return")
    assert on["Location"] == save_page(paper, "summary")
    assert back["Location"] == f"/papers/{paper.slug}/"
    assert notices(olu, back) == ["Saved: Title, board and power to decide."]
    last = send(olu, save_page(paper, "declarations"), then="continue")
    assert last["Location"] == f"/papers/{paper.slug}/"


@pytest.mark.django_db
def test_saving_without_a_change_is_no_event(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    send(olu, save_page(paper, "title"))
    assert saves(paper) == []


@pytest.mark.django_db
def test_an_empty_page_is_saved_and_the_paper_stays_incomplete(cast: Cast) -> None:
    paper, olu = stages.draft(cast), signed_in(cast.olu)
    answer = send(olu, save_page(paper, "summary"), executive_summary="")
    assert answer.status_code == 302
    paper.refresh_from_db()
    assert paper.executive_summary == ""
    assert "Write the executive summary." in words(olu.get(f"/papers/{paper.slug}/"))
