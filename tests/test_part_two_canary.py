"""A canary in Part 2: first shown to exist, then looked for wherever it must not be."""

from __future__ import annotations

import logging

import pytest
from django.contrib.sessions.models import Session

from decisions.drafting.save import saving, token_of
from decisions.drafting.subjects import subjects_of
from decisions.models import Event, Paper
from decisions.part_two import room
from decisions.states import State
from tests import pdfs, stages
from tests.cast import Cast
from tests.pages import press, send, signed_in, words

CANARY = "Zanderquist"
BODY = f"The firm {CANARY} named its lowest price."
RATIONALE = f"Rationale{CANARY} of the lawyers."
BALANCE = f"Balance{CANARY} weighed."


def planted(cast: Cast, state: State = State.DRAFT) -> Paper:
    """A paper in a state with the canary in every confidential field of its Part 2."""
    paper = stages.draft(cast, part_two=True)
    text = room.PartTwoText(
        body=BODY,
        rationale=RATIONALE,
        marking="OFFICIAL-SENSITIVE [COMMERCIAL]",
        reason="The information is commercially sensitive.",
        ends_when="the contract is complete",
        exemptions=(room.ExemptionText("2(2)(a)", "43", BALANCE),),
    )
    with saving(paper.pk, "part-two", by=cast.olu, token=token_of(paper, "part-two")) as held:
        room.write(held, text, by=cast.olu)
    paper = stages.fresh(paper)
    if state != State.DRAFT:
        paper = stages.advise_all(stages.ask(paper, cast))
    if state in {State.ENDORSEMENT, State.DECISION, State.DECIDED}:
        paper = stages.submit(paper)
    if state in {State.DECISION, State.DECIDED}:
        stages.endorse(paper, cast.celia)
    if state == State.DECIDED:
        stages.decide(paper, cast.dominic)
    return stages.fresh(paper)


def other_pages(paper: Paper) -> list[str]:
    """Every page of a paper outside the room, and the lists that name the paper."""
    own = f"/papers/{paper.slug}/"
    rows = [
        f"{own}save/recommendations/{row.pk}/{door}"
        for row in paper.recommendations.all()
        for door in ("", "remove/")
    ]
    subjects = [s.address(paper) for s in subjects_of(paper) if s.code != "part-two"]
    verbs = ("consult", "advise", "submit", "endorse", "decide", "send_back", "withdraw", "publish")
    return [
        "/",
        "/papers/",
        own,
        f"{own}history/",
        f"{own}preview/",
        f"{own}part-two/readers/",
        f"{own}versions/1/compare/",
        f"{own}correct/",
        *(f"{own}{verb}/" for verb in verbs),
        *subjects,
        *rows,
        *(f"{own}save/{subject}/add/" for subject in ("recommendations", "funding")),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.DRAFT, State.CONSULTATION, State.DECIDED])
def test_the_canary_is_in_the_room_and_on_no_other_page(
    cast: Cast, state: State, caplog: pytest.LogCaptureFixture
) -> None:
    paper = planted(cast, state)
    shown = signed_in(cast.olu).get(f"/papers/{paper.slug}/part-two/").content.decode()
    assert all(secret in shown for secret in (BODY, RATIONALE, BALANCE))
    caplog.set_level(logging.DEBUG)
    looked = 0
    for person in (cast.olu, cast.farah, cast.celia, cast.dominic, cast.saba, cast.aud):
        client = signed_in(person)
        for page in other_pages(paper):
            answer = client.get(page)
            assert CANARY.encode() not in answer.content, (person, page)
            assert CANARY not in str(answer.headers), (person, page)
            looked += answer.status_code == 200
    assert looked > 30
    assert CANARY not in caplog.text
    assert not Event.objects.filter(facts__contains=CANARY).exists()


@pytest.mark.django_db
def test_whoever_is_not_cleared_never_meets_the_canary(cast: Cast) -> None:
    paper = planted(cast, State.ENDORSEMENT)
    cleared = {r.person_id for r in room.readers(paper)}
    strangers = [p for p in cast.everybody.values() if p.pk not in cleared]
    assert {p.name for p in strangers} == {
        "Oona Petrie",
        "Dominic Vale",
        "Saba Rahman",
        "Aud Lindqvist",
    }
    for person in strangers:
        client = signed_in(person)
        for page in (*other_pages(paper), f"/papers/{paper.slug}/part-two/"):
            for answer in (client.get(page), client.post(page, {"body": "x"})):
                assert CANARY.encode() not in answer.content, (person, page)


@pytest.mark.django_db
def test_saving_and_conflicts_leave_no_word_in_messages_session_events_or_log(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    paper = planted(cast)
    room.clear(paper, cast.saba, by=cast.olu, reason="Works on the paper")
    olu, saba = signed_in(cast.olu), signed_in(cast.saba)
    address = f"/papers/{paper.slug}/part-two/"
    page = olu.get(address)
    send(saba, address, body=f"{BODY} More.")
    clash = press(olu, address, page, "Save", body=f"{BODY} Mine.")
    assert clash.status_code == 409
    assert CANARY in words(clash)
    saved = press(olu, address, clash, "Use mine")
    assert CANARY not in str(saved.headers)
    assert CANARY.encode() not in olu.get(saved["Location"]).content
    assert not any(CANARY in str(session.get_decoded()) for session in Session.objects.all())
    assert not Event.objects.filter(facts__contains=CANARY).exists()
    assert CANARY not in caplog.text


@pytest.mark.django_db
def test_events_about_part_two_carry_no_digest_that_confirms_a_guess(cast: Cast) -> None:
    paper = planted(cast)
    guess = token_of(paper, "part-two")
    events = Event.objects.filter(paper=paper)
    assert events.filter(verb="save", facts__contains='"subject":"part-two"').exists()
    assert not events.filter(facts__contains=guess).exists()


@pytest.mark.django_db
def test_the_draft_document_holds_no_word_of_part_two(cast: Cast) -> None:
    paper = planted(cast)
    answer = signed_in(cast.olu).get(f"/papers/{paper.slug}/preview.pdf")
    said = pdfs.text(answer.content)
    assert stages.TITLE in said
    assert "OFFICIAL-SENSITIVE [COMMERCIAL]" in said
    assert CANARY not in said
