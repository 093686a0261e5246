"""Who is told of an act, in which words; and that nobody is told of an act that did not happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Duty, DutyKind
from approvals import actions
from approvals.models import Act, Notice, OutcomeKind, Reason, Signature
from approvals.notices.messages import MESSAGES
from approvals.work import REMINDER
from approvals.workflow import VERBS
from decisions.models import Event, Paper, Recommendation
from decisions.part_two.models import PartTwo
from decisions.register.words import long_time, pounds
from tests import stages
from tests.cast import Cast

pytestmark = pytest.mark.django_db

ADVISERS = ("farah", "leo", "esme", "cormac", "dita", "hal")
LETTER = """\
{happened}
{turn}

http://127.0.0.1:8000/papers/pcd-1829/

Countersign sent this by itself. What the paper says stands on its page alone, which asks you to \
sign in. Do not reply to this message.
"""
RECEIPT = """\
{happened}
{turn}

Act: {act}
Signed by: {name}
Office: {office}
Time: {time}, London time
Digest of Part 1 (SHA-256): {digest}
{commitment}Proof of identity: Password and code (weaker than a passkey)

http://127.0.0.1:8000/papers/pcd-1829/

Countersign sent this by itself. What the paper says stands on its page alone, which asks you to \
sign in. Do not reply to this message.
"""


def told(cast: Cast, verb: str) -> dict[tuple[str, str], tuple[str, str]]:
    """The messages of the newest act with this verb: (kind, first name) to subject and text."""
    event = Event.objects.filter(verb=verb).order_by("-seq").first()
    names = {person.pk: name for name, person in cast.everybody.items()}
    return {
        (row.kind, names[row.recipient_id]): (row.subject, row.body)
        for row in Notice.objects.filter(event=event)
    }


def letter(subject: str, happened: str, turn: str) -> tuple[str, str]:
    """A message as it should read."""
    return f"PCD 1829: {subject}", LETTER.format(happened=happened, turn=turn)


def receipt(act: Act, happened: str, turn: str) -> tuple[str, str]:
    """A receipt as it should read, by what the signature says."""
    signature = Signature.objects.get(act=act)
    commitment = signature.part_two_commitment
    return "PCD 1829: receipt for a signature", RECEIPT.format(
        happened=happened,
        turn=turn,
        act=act.label,
        name=signature.name,
        office=signature.title,
        time=long_time(signature.signed_at),
        digest=signature.digest,
        commitment=f"Commitment to Part 2: {commitment}\n" if commitment else "",
    )


def test_every_verb_has_its_messages_under_its_own_name() -> None:
    assert set(MESSAGES) == set(VERBS)


def test_consult_tells_every_adviser_and_asks_the_head_of_service_to_wait(cast: Cast) -> None:
    stages.consultation(cast)
    asked = letter(
        "you are asked for advice",
        "You were asked to advise on PCD 1829.",
        "It is your turn: read the paper and give your advice.",
    )
    last = letter(
        "you are asked for advice",
        "You were asked to review PCD 1829 as head of service.",
        "It is the turn of the other advisers. You will be told when all have advised.",
    )
    assert told(cast, "consult") == {
        ("consult", name): last if name == "hal" else asked for name in ADVISERS
    }


def test_somebody_asked_twice_gets_one_message(cast: Cast) -> None:
    Duty.objects.create(person=cast.farah, kind=DutyKind.LEGAL)
    stages.ask(stages.draft(cast), cast, cast.advisers | {"legal": cast.farah})
    assert sorted(told(cast, "consult")) == [
        ("consult", name) for name in sorted(set(ADVISERS) - {"leo"})
    ]


def test_advise_tells_nobody_while_advice_is_owed(cast: Cast) -> None:
    stages.advise_all(stages.consultation(cast), but=["legal", "head_of_service"])
    assert Event.objects.filter(verb="advise").count() == 4
    assert not Notice.objects.filter(kind="advise").exists()


def test_advise_tells_the_head_of_service_when_everybody_else_has_advised(cast: Cast) -> None:
    stages.advise_all(stages.consultation(cast), but=["head_of_service"])
    assert told(cast, "advise") == {
        ("advise", "hal"): letter(
            "your review is due",
            "Every other adviser has advised on PCD 1829.",
            "It is your turn: review the paper as head of service.",
        )
    }


def test_advise_tells_the_officer_when_everybody_has_advised(cast: Cast) -> None:
    stages.advised(cast)
    assert told(cast, "advise") == {
        ("advise", "olu"): letter(
            "all advice is given",
            "Everybody who was asked has advised on PCD 1829.",
            "It is your turn: submit the paper to the Chief Executive.",
        )
    }


def test_submit_tells_the_chief_executive(cast: Cast) -> None:
    stages.endorsement(cast)
    assert told(cast, "submit") == {
        ("submit", "celia"): letter(
            "waits for endorsement",
            "PCD 1829 was submitted to the Chief Executive.",
            "It is the turn of your office: endorse the paper or send it back.",
        )
    }


@pytest.mark.parametrize("part_two", [False, True])
def test_endorse_gives_receipts_and_tells_the_office_that_decides(
    cast: Cast, part_two: bool
) -> None:
    stages.decision(cast, part_two=part_two)
    signature = Signature.objects.get()
    assert bool(signature.part_two_commitment) is part_two
    turn = "It is the turn of the office that decides."
    assert told(cast, "endorse") == {
        ("receipt", "celia"): receipt(Act.ENDORSE, "You endorsed PCD 1829.", turn),
        ("receipt", "saba"): receipt(Act.ENDORSE, "PCD 1829 was endorsed.", turn),
        ("endorse", "dominic"): letter(
            "waits for a decision",
            "PCD 1829 was endorsed.",
            "It is the turn of your office: decide or send the paper back.",
        ),
    }


def test_decide_gives_receipts_and_tells_the_officer(cast: Cast) -> None:
    stages.decided(cast, part_two=True)
    turn = "It is the turn of the secretariat, to publish it."
    assert told(cast, "decide") == {
        ("receipt", "dominic"): receipt(Act.DECIDE, "You decided PCD 1829.", turn),
        ("receipt", "saba"): receipt(Act.DECIDE, "PCD 1829 was decided.", turn),
        ("decide", "olu"): letter("decided", "PCD 1829 was decided.", turn),
    }


def test_send_back_tells_the_officer_and_the_advisers_of_the_round(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    actions.send_back(paper.pk, by=cast.celia, reason="The second figure is missing.")
    happened = "PCD 1829 was sent back to draft."
    theirs = letter(
        "sent back to draft",
        happened,
        "It is the turn of the originating officer. You will be told if you are asked again.",
    )
    mine = letter(
        "sent back to draft",
        happened,
        "It is your turn: its page says why, and what you can do.",
    )
    assert told(cast, "send_back") == {("send_back", "olu"): mine} | {
        ("send_back", name): theirs for name in ADVISERS
    }


def test_an_adviser_who_sends_back_is_not_told_of_it(cast: Cast) -> None:
    paper = stages.consultation(cast)
    actions.send_back(paper.pk, by=cast.leo, reason="The law has changed.")
    assert sorted(name for _, name in told(cast, "send_back")) == sorted(
        {"olu", *ADVISERS} - {"leo"}
    )


def test_withdraw_tells_the_officer_and_the_advisers(cast: Cast) -> None:
    paper = stages.consultation(cast)
    actions.withdraw(paper.pk, by=cast.saba, reason="Not needed.")
    expected = letter(
        "withdrawn",
        "PCD 1829 was withdrawn.",
        "It is nobody’s turn: the paper goes no further.",
    )
    assert told(cast, "withdraw") == {("withdraw", name): expected for name in ("olu", *ADVISERS)}


def test_an_officer_who_withdraws_a_draft_is_told_nothing(cast: Cast) -> None:
    stages.withdrawn(cast)
    assert not Notice.objects.exists()


def test_publish_tells_the_officer_and_who_signed(cast: Cast, seal_key: None) -> None:
    stages.published(cast)
    expected = letter(
        "published",
        "PCD 1829 was published.",
        "It is nobody’s turn: nothing more has to be done.",
    )
    assert told(cast, "publish") == {("publish", name): expected for name in ("olu", "dominic")}


def test_a_deferral_reminds_who_answers_for_it_before_it_ends(cast: Cast, seal_key: None) -> None:
    paper = stages.sealed(cast)
    day = timezone.localdate() + timedelta(days=60)
    publication = stages.publish(
        paper, cast.saba, until=day, reason="The contract is open.", owner=cast.olu
    )
    deferred = letter(
        "publication deferred",
        "Publication of PCD 1829 was deferred.",
        "It is nobody’s turn: it is published by itself on the day that its page names.",
    )
    assert told(cast, "publish") == {
        ("publish", "olu"): deferred,
        ("publish", "dominic"): deferred,
        ("deferral", "olu"): letter(
            "a deferral ends soon",
            "The deferral of PCD 1829, for which you answer, ends within 14 days.",
            "It is your turn: if it must last longer, give the secretariat a fresh reason before "
            "then. Otherwise it is published by itself.",
        ),
    }
    assert publication.not_before is not None
    assert Notice.objects.get(kind="deferral").due_at == publication.not_before - REMINDER


def test_correct_tells_the_officer_and_who_signed(cast: Cast, seal_key: None) -> None:
    stages.correct(stages.published(cast), cast.saba)
    expected = letter(
        "corrected",
        "A corrected edition of PCD 1829 was made.",
        "It is the turn of the secretariat, to publish it.",
    )
    assert told(cast, "correct") == {("correct", name): expected for name in ("olu", "dominic")}


def test_an_act_that_fails_at_its_very_end_leaves_no_message(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    before = Notice.objects.count()
    with transaction.atomic():
        stages.endorse(paper, cast.celia)
        assert Notice.objects.count() == before + 3
        transaction.set_rollback(True)
    assert stages.fresh(paper).state == "endorsement"
    assert Notice.objects.count() == before


def test_an_act_that_is_refused_leaves_no_message(cast: Cast) -> None:
    paper = stages.endorsement(cast)
    before = Notice.objects.count()
    with pytest.raises(actions.Refused):
        actions.send_back(paper.pk, by=cast.celia, reason=" ")
    assert Notice.objects.count() == before


def test_nobody_is_told_of_what_sample_papers_date_years_ago(cast: Cast) -> None:
    paper = stages.draft(cast, sample=True)
    actions.consult(
        paper.pk, by=cast.olu, advisers=cast.advisers, at=timezone.now() - timedelta(days=900)
    )
    assert not Notice.objects.exists()


def test_no_message_of_a_whole_life_holds_a_word_of_the_paper(cast: Cast, seal_key: None) -> None:
    paper = stages.consultation(cast, part_two=True)
    actions.send_back(paper.pk, by=cast.leo, reason="Vermilion figures are missing.")
    paper = stages.advise_all(stages.ask(stages.fresh(paper), cast))
    stages.endorse(stages.submit(paper), cast.celia)
    words = {1: (OutcomeKind.APPROVED_WITH_CHANGES, "Saffron spending of £77,123 alone.")}
    stages.decide(paper, cast.dominic, words, interests="A cousin works at Marigold.")
    stages.seal(paper, cast.saba)
    until = {"until": timezone.localdate() + timedelta(days=3)}
    stages.publish(paper, cast.saba, **until, reason="Turquoise talks last.", owner=cast.olu)
    secrets = _there(paper)
    told_of = set(Notice.objects.values_list("event__verb", flat=True))
    assert told_of == {"consult", "advise", "send_back", "submit", "endorse", "decide", "publish"}
    for notice in Notice.objects.all():
        text = f"{notice.subject}\n{notice.body}"
        assert [secret for secret in secrets if secret in text] == []


def _there(paper: Paper) -> list[str]:
    """What no message may hold, each of it seen where it is kept."""
    held = stages.fresh(paper)
    assert held.title == stages.TITLE
    assert PartTwo.objects.get().body == stages.SECRET
    amounts = [row.amount for row in Recommendation.objects.filter(paper=paper) if row.amount]
    assert [pounds(amount) for amount in amounts] == ["£3,049,000", "£1,810,000"]
    assert Reason.objects.get().text == "Vermilion figures are missing."
    signed = Signature.objects.get(act=Act.DECIDE)
    assert "Marigold" in signed.interests
    assert "Saffron" in signed.outcomes.get(number=1).words
    assert "Turquoise" in signed.editions.get().publications.get().reason
    said = ["Vermilion", "Marigold", "Saffron", "77,123", "Turquoise", "3.049", "3,049", "1,810"]
    return [*said, "£", stages.TITLE, "platform", stages.SECRET, "Quillfeather", "1,337,042"]


@pytest.fixture
def notice(cast: Cast) -> Notice:
    """A message that was written."""
    stages.consultation(cast)
    found = Notice.objects.order_by("pk").first()
    assert found is not None
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda cast: {"attempts": 9},
        lambda cast: {"sent_at": timezone.now()},
        lambda cast: {"paper": stages.blank(cast)},  # and the event is another paper's
    ],
)
def test_a_message_begins_unsent_and_is_about_its_paper(
    notice: Notice, cast: Cast, change: Callable[[Cast], dict[str, Any]]
) -> None:
    fields: dict[str, Any] = {
        "paper": notice.paper,
        "event": notice.event,
        "kind": "another",
        "recipient": notice.recipient,
        "subject": "PCD 1829",
        "body": "Look.",
    }
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        Notice.objects.create(**fields | change(cast))
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.sqlstate == "23000"
    Notice.objects.create(**fields)


def test_nobody_is_told_twice_of_one_act(notice: Notice) -> None:
    with pytest.raises(DatabaseError, match="told_once_of_an_act"), transaction.atomic():
        Notice.objects.create(
            paper=notice.paper,
            event=notice.event,
            kind=notice.kind,
            recipient=notice.recipient,
            subject="Again",
            body="Again",
        )
