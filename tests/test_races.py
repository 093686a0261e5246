"""Two acts at the same moment that cannot both be true: exactly one is done, and nothing is lost.

Signing against signing and against a withdrawal is in test_endorse.py and test_decide_at_once.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError

from accounts.models import Appointment, Office, today
from approvals import actions
from approvals.actions import Refused
from approvals.models import Publication, Signature
from decisions.drafting.save import Conflict, NotEditable, saving, token_of
from decisions.models import Contributor, Event, Paper
from decisions.register.models import Live
from decisions.states import State
from tests import stages
from tests.cast import Cast, assemble
from tests.races import at_once

# A race is run so often in `make test`, and so often in `make test-long`.
ROUNDS = pytest.mark.parametrize(
    "rounds", [1, pytest.param(100, marks=pytest.mark.long)], ids=["once", "100 times"]
)


def tried(act: Callable[[], Any]) -> Callable[[], bool]:
    """Whether the act was done; a refusal in words is the other answer."""

    def whether() -> bool:
        try:
            act()
        except (Refused, Conflict, NotEditable, DatabaseError):
            return False
        return True

    return whether


@pytest.mark.parametrize(
    ("writers", "saves"), [(4, 5), pytest.param(8, 1250, marks=pytest.mark.long)]
)
def test_of_many_who_save_at_once_nobody_is_lost_in_silence(
    clone: str, writers: int, saves: int
) -> None:
    cast = assemble()
    paper = stages.blank(cast)
    before = stages.fresh(paper).version

    def write(who: int) -> int:
        """Add marks to the text as it stands, again and again; how many were told to look anew."""
        told = 0
        for number in range(saves):
            while True:
                now = stages.fresh(paper)
                token, text = token_of(now, "summary"), now.executive_summary
                try:
                    with saving(paper.pk, "summary", by=cast.olu, token=token) as held:
                        # The last marks of each writer, so that the text stays short.
                        held.executive_summary = f"{text} {who}.{number}"[-4000:]
                except Conflict:
                    told += 1
                else:
                    break
        return told

    at_once(
        [lambda who=who: write(who) for who in range(writers)],  # type: ignore[misc]
        patience=max(120, writers * saves),
    )
    saved = Event.objects.filter(paper=paper, verb="save", facts__contains='"summary"')
    assert saved.count() == writers * saves
    assert stages.fresh(paper).version == before + writers * saves
    last = stages.fresh(paper).executive_summary.split()
    wanted = {f"{who}.{number}" for who in range(writers) for number in range(saves)}
    if writers * saves < 400:
        assert sorted(last) == sorted(wanted)
    else:
        assert len(last) == len(set(last))
        assert set(last[1:]) <= wanted


@ROUNDS
def test_a_signature_and_a_sending_back_at_once(clone: str, rounds: int) -> None:
    cast = assemble()
    for _ in range(rounds):
        paper = stages.endorsement(cast)
        read = stages.mark_of(paper)

        def endorse(paper: Paper = paper, read: str = read) -> None:
            stages.endorse(paper, cast.celia, mark=read)

        signed, sent_back = at_once(
            [
                tried(endorse),
                tried(
                    lambda paper=paper: actions.send_back(  # type: ignore[misc]
                        paper.pk, by=cast.saba, reason="The sums do not add up."
                    )
                ),
            ]
        )
        now = stages.fresh(paper)
        # Signed first, it may still be sent back, and then the signature counts for nothing.
        assert signed or sent_back
        assert now.state == (State.DRAFT if sent_back else State.DECISION)
        assert Signature.objects.filter(paper=paper, round=now.round).count() == int(not sent_back)
        assert Signature.objects.filter(paper=paper).count() == int(signed)


@ROUNDS
def test_an_edit_and_a_submission_at_once_never_sign_what_was_not_read(
    clone: str, rounds: int
) -> None:
    cast = assemble()
    for _ in range(rounds):
        paper = stages.advised(cast)
        text = "This paper asks for something else."

        def edit(paper: Paper = paper, text: str = text) -> None:
            stages.change(paper, "summary", cast.olu, executive_summary=text)

        edited, submitted = at_once(
            [tried(edit), tried(lambda paper=paper: stages.submit(paper))]  # type: ignore[misc]
        )
        now = stages.fresh(paper)
        newest = now.versions.order_by("-number")[0]
        assert (edited, submitted) in {(True, False), (False, True)}
        assert now.state == (State.ENDORSEMENT if submitted else State.CONSULTATION)
        assert (text in newest.content) == edited


@ROUNDS
def test_whoever_becomes_a_contributor_at_that_moment_does_not_sign(
    clone: str, rounds: int
) -> None:
    cast = assemble()
    _acting_chief_executive(cast)
    for _ in range(rounds):
        paper = stages.advised(cast)

        def join(paper: Paper = paper) -> None:
            Contributor.objects.create(paper=paper, person=cast.aud)

        def submit_and_sign(paper: Paper = paper) -> None:
            stages.submit(paper)
            stages.endorse(paper, cast.aud)

        joined, signed = at_once([tried(join), tried(submit_and_sign)])
        assert (joined, signed) in {(True, False), (False, True)}
        assert Signature.objects.filter(paper=paper, signer=cast.aud).exists() == signed
        assert Contributor.objects.filter(paper=paper, person=cast.aud).exists() == joined


def _acting_chief_executive(cast: Cast) -> None:
    Appointment.objects.create(
        office=Office.objects.get(code="chief_executive"),
        person=cast.aud,
        acting=True,
        legal_basis="A letter of the Mayor",
        starts=today(),
    )


@ROUNDS
@pytest.mark.usefixtures("seal_key")
def test_of_two_who_publish_at_once_one_does(clone: str, rounds: int) -> None:
    cast = assemble()
    for _ in range(rounds):
        paper = stages.sealed(cast)
        publish = tried(lambda paper=paper: stages.publish(paper, cast.saba))  # type: ignore[misc]
        assert sorted(at_once([publish, publish])) == [False, True]
        assert Publication.objects.filter(edition__paper=paper).count() == 1
        assert Live.objects.filter(slug=paper.slug).count() == 1


@ROUNDS
@pytest.mark.usefixtures("seal_key")
def test_a_decided_paper_is_published_and_never_withdrawn(clone: str, rounds: int) -> None:
    cast = assemble()
    for _ in range(rounds):
        paper = stages.sealed(cast)
        came_to = at_once(
            [
                tried(lambda paper=paper: stages.publish(paper, cast.saba)),  # type: ignore[misc]
                tried(
                    lambda paper=paper: actions.withdraw(  # type: ignore[misc]
                        paper.pk, by=cast.saba, reason="Not needed."
                    )
                ),
            ]
        )
        assert came_to == [True, False]
        assert stages.fresh(paper).state == State.DECIDED
        assert Live.objects.filter(slug=paper.slug).count() == 1
