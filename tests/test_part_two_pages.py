"""The pages of the confidential room: writing, reading, who is let in, and what never comes out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from decisions.models import Event, Paper
from decisions.part_two import room
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.pages import errors, fields_of, form_of, notices, press, send, signed_in, words

BODY = "The supplier Marrowby asked for £1,999,999 and will settle for less."
TYPED: dict[str, Any] = {
    "body": BODY,
    "rationale": "It would weaken the negotiation.",
    "marking": "OFFICIAL-SENSITIVE [COMMERCIAL]",
    "article": "2(2)(a)",
    "sections": ["43", "41"],
    "balance_43": "The public gains by a lower price.",
    "reason": "It is commercially sensitive.",
    "ends": "event",
    "ends_when": "the contract is complete",
}


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/part-two/"


def asked(cast: Cast) -> Paper:
    """A draft that says that there is a Part 2, with nothing in it."""
    return stages.change(stages.blank(cast), "part-two-question", cast.olu, has_part_two=True)


def readings(paper: Paper) -> list[str]:
    events = Event.objects.filter(paper=paper, verb="read_part_two").order_by("seq")
    return [event.actor.name for event in events.select_related("actor")]


@pytest.mark.django_db
def test_part_two_is_written_on_one_page(cast: Cast) -> None:
    paper, olu = asked(cast), signed_in(cast.olu)
    answer = send(olu, address(paper), **TYPED)
    assert answer.status_code == 302, errors(answer)
    assert notices(olu, answer) == ["Saved: Part 2."]
    assert room.read(paper, by=cast.olu) == room.PartTwoText(
        body=BODY,
        rationale="It would weaken the negotiation.",
        marking="OFFICIAL-SENSITIVE [COMMERCIAL]",
        reason="It is commercially sensitive.",
        ends_when="the contract is complete",
        exemptions=(
            room.ExemptionText("2(2)(a)", "43", "The public gains by a lower price."),
            room.ExemptionText("2(2)(a)", "41", ""),
        ),
    )
    shown = fields_of(form_of(olu.get(address(paper)), "Save"))
    assert (shown["body"], shown["balance_43"], sorted(shown["sections"])) == (
        BODY,
        "The public gains by a lower price.",
        ["41", "43"],
    )


@pytest.mark.django_db
def test_it_ends_on_a_date_or_with_an_event_never_both(cast: Cast) -> None:
    paper, olu = asked(cast), signed_in(cast.olu)
    send(olu, address(paper), **TYPED)
    day = timezone.localdate() + timedelta(days=400)
    until = {"ends_on_day": day.day, "ends_on_month": day.month, "ends_on_year": day.year}
    answer = send(olu, address(paper), ends="date", **until)
    assert answer.status_code == 302, errors(answer)
    text = room.read(paper, by=cast.olu)
    assert (text.ends_on, text.ends_when) == (day, "")
    past = {"ends_on_day": "1", "ends_on_month": "1", "ends_on_year": "2020"}
    answer = send(olu, address(paper), ends="date", **past)
    assert len(errors(answer)) == 1
    assert errors(answer)[0].startswith(
        "The date on which Part 2 ceases to be exempt must be on or"
    )


@pytest.mark.django_db
def test_what_a_chief_officer_keeps_back_needs_no_section(cast: Cast) -> None:
    paper, olu = asked(cast), signed_in(cast.olu)
    send(olu, address(paper), **{**TYPED, "article": "2(2)(b)", "sections": []})
    text = room.read(paper, by=cast.olu)
    assert text.exemptions == (room.ExemptionText("2(2)(b)", "", ""),)
    assert fields_of(form_of(olu.get(address(paper)), "Save"))["article"] == ["2(2)(b)"]


@pytest.mark.django_db
def test_an_unfinished_part_two_is_saved_and_the_task_list_says_what_is_missing(cast: Cast) -> None:
    paper, olu = asked(cast), signed_in(cast.olu)
    assert send(olu, address(paper), body=BODY).status_code == 302
    said = words(olu.get(f"/papers/{paper.slug}/"))
    assert "Give the legal rationale for keeping Part 2 from publication." in said
    assert "Write Part 2" not in said


@pytest.mark.django_db
def test_the_page_says_what_is_published_and_what_is_not(cast: Cast) -> None:
    said = words(signed_in(cast.olu).get(address(asked(cast))))
    assert said.index("Not published") < said.index("Confidential facts and advice")
    assert said.index("Legal rationale") < said.index("Published as a notice")
    assert said.index("Published as a notice") < said.index("Security marking")
    assert "It does not read the public-interest balance." in said


@pytest.mark.django_db
def test_every_look_is_recorded(cast: Cast) -> None:
    paper = stages.endorsement(cast, part_two=True)
    before = len(readings(paper))
    for name in ("olu", "farah", "celia"):
        assert stages.SECRET in words(signed_in(cast.everybody[name]).get(address(paper)))
    assert readings(paper)[before:] == ["Olu Adeyemi", "Farah Malik", "Celia Marsh"]


@pytest.mark.django_db
def test_whoever_is_not_cleared_is_refused_with_a_sentence(cast: Cast) -> None:
    paper = stages.endorsement(cast, part_two=True)
    before = readings(paper)
    for name in ("saba", "aud"):
        client = signed_in(cast.everybody[name])
        for answer in (client.get(address(paper)), client.post(address(paper), TYPED)):
            assert answer.status_code == 403
            assert "You are not cleared to see Part 2 of PCD 1829." in words(answer)
            assert stages.SECRET not in answer.content.decode()
    assert readings(paper) == before
    assert room.read(paper, by=cast.olu).body == stages.SECRET


@pytest.mark.django_db
def test_whoever_may_not_open_the_paper_gets_no_answer_at_all(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    for door in ("", "readers/"):
        answer = signed_in(cast.oona).get(f"{address(paper)}{door}")
        assert answer.status_code == 404
        assert "There is no paper “PCD 1829” that you can open." in words(answer)


@pytest.mark.django_db
def test_readers_who_do_not_edit_see_the_text_and_no_form(cast: Cast) -> None:
    paper = stages.consultation(cast, part_two=True)
    said = words(signed_in(cast.farah).get(address(paper)))
    for text in (
        stages.SECRET,
        "Publication would weaken the position in the negotiation.",
        "Article 2(2)(a), section 43: Trade secrets and prejudice to commercial interests",
        "The public gains by a lower price.",
        "OFFICIAL-SENSITIVE [COMMERCIAL]",
        "The contract is complete",
    ):
        assert text in said
    assert "Save" not in said
    answer = signed_in(cast.farah).post(address(paper), TYPED)
    assert answer.status_code == 403
    assert "Only the originating officer and the secretariat can edit PCD 1829." in words(answer)
    assert BODY in words(answer)
    assert room.read(paper, by=cast.farah).body == stages.SECRET


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.ENDORSEMENT, State.DECISION, State.DECIDED])
def test_a_frozen_part_two_is_only_read(cast: Cast, state: State) -> None:
    paper = stages.BY_STATE[state](cast, part_two=True)
    answer = signed_in(cast.olu).post(address(paper), TYPED)
    assert answer.status_code == 403
    assert "PCD 1829 cannot be edited because it is" in words(answer)
    assert room.read(paper, by=cast.olu).body == stages.SECRET


@pytest.mark.django_db
def test_a_paper_without_a_part_two_says_so(cast: Cast) -> None:
    paper = stages.blank(cast)
    said = words(signed_in(cast.olu).get(address(paper)))
    assert "PCD 1829 has no Part 2" in said
    assert "Answer that question first." in said
    assert readings(paper) == []


@pytest.mark.django_db
def test_answering_no_takes_part_two_out_of_the_paper_and_keeps_it(cast: Cast) -> None:
    paper, olu = stages.draft(cast, part_two=True), signed_in(cast.olu)
    send(olu, f"/papers/{paper.slug}/save/part-two-question/", has_part_two="no")
    answer = olu.get(address(paper))
    assert "PCD 1829 has no Part 2" in words(answer)
    assert stages.SECRET not in answer.content.decode()
    send(olu, f"/papers/{paper.slug}/save/part-two-question/", has_part_two="yes")
    assert stages.SECRET in words(olu.get(address(paper)))


@pytest.mark.django_db
def test_a_conflict_in_the_room_shows_both_texts_in_the_room(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    room.clear(paper, cast.saba, by=cast.olu, reason="Works on the paper")
    olu, saba = signed_in(cast.olu), signed_in(cast.saba)
    page = olu.get(address(paper))
    theirs, mine = "Their confidential words.", "My confidential words."
    send(saba, address(paper), body=theirs)
    before = len(readings(paper))
    answer = press(olu, address(paper), page, "Save", body=mine)
    assert answer.status_code == 409
    assert len(readings(paper)) == before + 1
    said = words(answer)
    assert "(only in the saved text: Their )" in said
    assert "(only in your text: My )" in said
    assert "Confidential. Both texts are Part 2." in said
    third = press(olu, address(paper), answer, "Use mine")
    assert third.status_code == 302
    assert room.read(paper, by=cast.olu).body == mine


@pytest.mark.django_db
def test_a_second_click_in_the_room_is_no_conflict(cast: Cast) -> None:
    paper, olu = asked(cast), signed_in(cast.olu)
    page = olu.get(address(paper))
    press(olu, address(paper), page, "Save", **TYPED)
    again = press(olu, address(paper), page, "Save", **TYPED)
    assert again.status_code == 302
    assert Event.objects.filter(paper=paper, verb="save", facts__contains='part-two"').count() == 1


@pytest.mark.django_db
def test_the_officer_and_the_secretariat_let_people_in(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    door = f"{address(paper)}readers/"
    olu = signed_in(cast.olu)
    answer = send(olu, door, "Let them", person=cast.cormac.pk, reason="Buys the platform")
    assert notices(olu, answer) == ["Cormac Byrne may now read Part 2 of PCD 1829."]
    assert "Cormac Byrne Buys the platform Let in by Olu Adeyemi" in words(olu.get(door))
    assert stages.SECRET in words(signed_in(cast.cormac).get(address(paper)))
    saba = signed_in(cast.saba)
    assert send(saba, door, "Let them", person=cast.leo.pk, reason="Advises").status_code == 302
    assert stages.SECRET in words(signed_in(cast.leo).get(address(paper)))


@pytest.mark.django_db
def test_nobody_lets_themselves_in(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    door = f"{address(paper)}readers/"
    answer = send(signed_in(cast.saba), door, "Let them", person=cast.saba.pk, reason="Curious")
    assert errors(answer) == ["Who is let in must be one of those listed"]
    assert not room.is_cleared(paper, cast.saba)


@pytest.mark.django_db
def test_readers_see_who_reads_and_let_nobody_in(cast: Cast) -> None:
    paper = stages.consultation(cast, part_two=True)
    door = f"{address(paper)}readers/"
    farah = signed_in(cast.farah)
    page = farah.get(door)
    assert "Olu Adeyemi Originating officer" in words(page)
    assert "Let somebody in" not in words(page)
    answer = farah.post(door, {"person": cast.oona.pk, "reason": "A friend"})
    assert answer.status_code == 403
    assert not room.is_cleared(paper, cast.oona)


@pytest.mark.django_db
def test_the_room_is_never_stored_by_a_browser(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    for name in ("olu", "saba"):
        answer = signed_in(cast.everybody[name]).get(address(paper))
        assert "no-store" in answer["Cache-Control"]
