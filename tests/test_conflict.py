"""Two people change the same part of a paper: both texts are shown and neither is lost."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from decisions.models import DeclarationKind, Event, Paper
from tests import stages
from tests.cast import Cast, assemble
from tests.pages import (
    fields_of,
    form_of,
    notices,
    press,
    save_page,
    send,
    signed_in,
    soup,
    words,
)

FIRST = "The platform is old.\n\nIt costs £320,000 a year."
THEIRS = "The platform is old and slow.\n\nIt costs £320,000 a year."
MINE = "The platform is old.\n\nIt costs £340,000 a year and rising."


def only(page: object, side: int) -> list[str]:
    """The words that only one of the two texts has, as the page marks them."""
    found = soup(page).select(f".app-compare > div:nth-of-type({side}) ins")
    return [" ".join(mark.find_all(string=True, recursive=False)).strip() for mark in found]


def side(page: object, number: int) -> str:
    """One of the two texts as it is seen, without the words for screen readers."""
    found = soup(page).select_one(f".app-compare > div:nth-of-type({number}) dd")
    assert found is not None
    for hidden in found.select(".govuk-visually-hidden"):
        hidden.extract()
    return found.get_text()


def in_conflict(cast: Cast) -> tuple[Paper, object]:
    """The page that Olu gets after Saba saved the summary that he was writing."""
    paper = stages.change(stages.blank(cast), "summary", cast.olu, executive_summary=FIRST)
    olu, address = signed_in(cast.olu), save_page(paper, "summary")
    page = olu.get(address)
    send(signed_in(cast.saba), address, executive_summary=THEIRS)
    answer = press(olu, address, page, "Save", executive_summary=MINE)
    assert answer.status_code == 409
    return paper, answer


@pytest.mark.django_db
def test_both_texts_are_shown_and_what_differs_is_marked(cast: Cast) -> None:
    paper, page = in_conflict(cast)
    paper.refresh_from_db()
    assert paper.executive_summary == THEIRS
    assert (side(page, 1), side(page, 2)) == (THEIRS, MINE)
    said = words(page)
    assert "Saba Rahman saved this part of the paper after you opened it" in said
    assert "Saved by Saba Rahman" in said
    assert "Yours, not saved yet" in said
    assert only(page, 1) == ["and slow", "320"]
    assert only(page, 2) == ["340", "and rising"]
    assert "(only in the saved text: and slow )" in said


@pytest.mark.django_db
def test_mine_can_be_used(cast: Cast) -> None:
    paper, page = in_conflict(cast)
    answer = press(signed_in(cast.olu), save_page(paper, "summary"), page, "Use mine")
    assert answer.status_code == 302
    paper.refresh_from_db()
    assert paper.executive_summary == MINE


@pytest.mark.django_db
def test_theirs_can_be_kept(cast: Cast) -> None:
    paper, page = in_conflict(cast)
    olu = signed_in(cast.olu)
    answer = press(olu, save_page(paper, "summary"), page, "Keep theirs")
    assert notices(olu, answer) == [
        "The text that was already saved is kept. Nothing of yours was saved."
    ]
    paper.refresh_from_db()
    assert paper.executive_summary == THEIRS


@pytest.mark.django_db
def test_both_can_be_combined(cast: Cast) -> None:
    paper, page = in_conflict(cast)
    form = fields_of(form_of(page, "Save and continue"))
    assert form["executive_summary"] == MINE
    both = f"{THEIRS}\n\n{MINE}"
    olu = signed_in(cast.olu)
    press(olu, save_page(paper, "summary"), page, "Save and continue", executive_summary=both)
    paper.refresh_from_db()
    assert paper.executive_summary == both


@pytest.mark.django_db
@pytest.mark.parametrize("button", ["Use mine", "Save and continue"])
def test_a_third_save_meanwhile_is_a_conflict_again(cast: Cast, button: str) -> None:
    paper, page = in_conflict(cast)
    third = "Somebody wrote all of it anew."
    send(signed_in(cast.saba), save_page(paper, "summary"), executive_summary=third)
    again = press(signed_in(cast.olu), save_page(paper, "summary"), page, button)
    assert again.status_code == 409
    assert (side(again, 1), side(again, 2)) == (third, MINE)
    assert fields_of(form_of(again, "Save and continue"))["executive_summary"] == MINE
    paper.refresh_from_db()
    assert paper.executive_summary == third


@pytest.mark.django_db
def test_different_parts_do_not_disturb_each_other(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    page = olu.get(save_page(paper, "summary"))
    send(signed_in(cast.saba), save_page(paper, "title"), title="Another title")
    answer = press(olu, save_page(paper, "summary"), page, "Save", executive_summary=MINE)
    assert answer.status_code == 302
    paper.refresh_from_db()
    assert (paper.title, paper.executive_summary) == ("Another title", MINE)


@pytest.mark.django_db
def test_a_second_click_and_a_second_tab_with_the_same_text_are_no_conflict(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    address = save_page(paper, "summary")
    page = olu.get(address)
    press(olu, address, page, "Save", executive_summary=MINE)
    again = press(olu, address, page, "Save", executive_summary=MINE)
    assert again.status_code == 302
    assert Event.objects.filter(paper=paper, verb="save").count() == 1


@pytest.mark.django_db
def test_ones_own_second_tab_with_another_text_is_a_conflict(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    address = save_page(paper, "summary")
    page = olu.get(address)
    press(olu, address, page, "Save", executive_summary=THEIRS)
    again = press(olu, address, page, "Save", executive_summary=MINE)
    assert again.status_code == 409
    assert "Saved by Olu Adeyemi" in words(again)


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["", "0" * 16, "x" * 5000])
def test_a_form_without_its_token_never_overwrites(cast: Cast, token: str) -> None:
    paper = stages.change(stages.blank(cast), "summary", cast.olu, executive_summary=THEIRS)
    olu = signed_in(cast.olu)
    answer = olu.post(save_page(paper, "summary"), {"executive_summary": MINE, "token": token})
    assert answer.status_code in {200, 409}
    assert MINE in words(answer).replace(". It", ".\n\nIt")
    paper.refresh_from_db()
    assert paper.executive_summary == THEIRS


@pytest.mark.django_db
def test_fields_of_other_kinds_face_each_other_in_words(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    address = save_page(paper, "deferral")
    page = olu.get(address)
    send(signed_in(cast.saba), address, deferred="no")
    soon = timezone.localdate().replace(year=timezone.localdate().year + 1, month=5, day=4)
    answer = press(
        olu,
        address,
        page,
        "Save",
        deferred="yes",
        deferred_until_day="4",
        deferred_until_month="5",
        deferred_until_year=str(soon.year),
        deferral_reason="The tender is open.",
    )
    assert answer.status_code == 409
    said = words(answer)
    assert "Saved by Saba Rahman (only in the saved text: No )" in said
    assert "Yours, not saved yet (only in your text: Yes )" in said
    assert f"(only in your text: 4 May {soon.year} )" in said
    answer = press(olu, address, answer, "Use mine")
    paper.refresh_from_db()
    assert (paper.deferred, paper.deferred_until) == (True, soon)


@pytest.mark.django_db
def test_declaration_rows_face_each_other(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    address = save_page(paper, "declarations")
    page = olu.get(address)
    send(signed_in(cast.saba), address, statement_legal="TfL Legal has been consulted.")
    answer = press(olu, address, page, "Save", confirmed_finance="on")
    assert answer.status_code == 409
    assert press(olu, address, answer, "Use mine").status_code == 302
    rows = {row.kind: row for row in paper.declarations.all()}
    assert rows[DeclarationKind.FINANCE].confirmed is True
    assert rows[DeclarationKind.LEGAL].statement.startswith("The MPS Directorate")


@pytest.mark.django_db
def test_a_row_that_was_changed_faces_mine_and_others_do_not_disturb(cast: Cast) -> None:
    paper = stages.draft(cast)
    olu, saba = signed_in(cast.olu), signed_in(cast.saba)
    first, second = paper.recommendations.all()
    listing = save_page(paper, "recommendations")
    mine, other = f"{listing}{first.pk}/", f"{listing}{second.pk}/"
    page = olu.get(mine)
    send(saba, other, "Save this", text="the other one, changed")
    assert press(olu, mine, page, "Save this", text="my words").status_code == 302

    page = olu.get(mine)
    send(saba, mine, "Save this", text="their words")
    answer = press(olu, mine, page, "Save this", text="my new words")
    assert answer.status_code == 409
    assert only(answer, 1) == ["their"]
    assert only(answer, 2) == ["my new"]
    press(olu, mine, answer, "Use mine")
    assert [row.text for row in paper.recommendations.all()] == [
        "my new words",
        "the other one, changed",
    ]


@pytest.mark.django_db
def test_a_row_that_was_removed_can_be_put_back(cast: Cast) -> None:
    paper = stages.draft(cast)
    olu, saba = signed_in(cast.olu), signed_in(cast.saba)
    first = paper.recommendations.all()[0]
    mine = f"{save_page(paper, 'recommendations')}{first.pk}/"
    page = olu.get(mine)
    send(saba, f"{mine}remove/", "Remove it")
    answer = press(olu, mine, page, "Save this", text="my words")
    assert answer.status_code == 409
    assert "Saved by Saba Rahman Nothing" in words(answer)
    press(olu, mine, answer, "Use mine")
    assert [row.text for row in paper.recommendations.all()][-1] == "my words"


@pytest.mark.django_db
def test_a_row_that_changed_is_shown_again_before_it_is_removed(cast: Cast) -> None:
    paper = stages.draft(cast)
    olu, saba = signed_in(cast.olu), signed_in(cast.saba)
    first = paper.recommendations.all()[0]
    mine = f"{save_page(paper, 'recommendations')}{first.pk}/"
    page = olu.get(f"{mine}remove/")
    send(saba, mine, "Save this", text="their words")
    answer = press(olu, f"{mine}remove/", page, "Remove it")
    assert answer.status_code == 409
    assert "Saba Rahman changed this recommendation after you opened it" in words(answer)
    assert "their words" in words(answer)
    assert paper.recommendations.count() == 2
    press(olu, f"{mine}remove/", answer, "Remove it")
    assert paper.recommendations.count() == 1


@pytest.mark.django_db
def test_adding_meets_no_conflict(cast: Cast) -> None:
    paper = stages.draft(cast)
    olu, saba = signed_in(cast.olu), signed_in(cast.saba)
    address = f"{save_page(paper, 'recommendations')}add/"
    page = olu.get(address)
    send(saba, address, "Save this", text="theirs")
    assert press(olu, address, page, "Save this", text="mine").status_code == 302
    assert [row.text for row in paper.recommendations.all()][2:] == ["theirs", "mine"]


def test_of_two_who_save_in_the_same_moment_one_is_told(clone: str) -> None:
    cast = assemble()
    paper = stages.blank(cast)
    address = save_page(paper, "summary")
    people = {"olu": signed_in(cast.olu), "saba": signed_in(cast.saba)}
    pages = {name: client.get(address) for name, client in people.items()}
    together = threading.Barrier(2)
    answers: dict[str, int] = {}

    def save(name: str) -> None:
        together.wait()
        text = f"The words of {name}."
        answer = press(people[name], address, pages[name], "Save", executive_summary=text)
        answers[name] = answer.status_code
        connection.close()

    threads = [threading.Thread(target=save, args=[name]) for name in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [302, 409]
    winner = next(name for name, status in answers.items() if status == 302)
    paper.refresh_from_db()
    assert paper.executive_summary == f"The words of {winner}."
