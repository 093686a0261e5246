"""Every way to misuse a passkey's signature is refused, with a sentence, and writes nothing.

Keys and signatures are real. Each attempt differs from a signature that is accepted in one thing;
the first test shows that it is accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone

from approvals import actions
from approvals.actions.decide import declared_by_deciding
from approvals.actions.signing import what_is_signed
from approvals.ceremony import OutcomeGiven, Signed, assertions, nonces
from approvals.ceremony import signing as ceremony
from approvals.models import Act, Signature
from decisions.models import Paper
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.ceremony import ALL_APPROVED, Ceremony, all_that_is_written, begin
from tests.pages import errors
from tests.passkeys import PRESENT, Authenticator, coded, decoded

pytestmark = pytest.mark.django_db

CHANGED: Final = (
    "PCD 1829 changed after you opened this page, so nothing was signed. "
    "The paper as it is now is shown; read it and sign again."
)


@pytest.fixture
def paper(cast: Cast) -> Paper:
    """A paper with a Part 2 that awaits the decision maker."""
    return stages.decision(cast, part_two=True)


@pytest.fixture
def passkey(cast: Cast) -> Authenticator:
    """The decision maker's."""
    return Authenticator.of(cast.dominic)


@pytest.fixture
def asked(cast: Cast, client: Client, paper: Paper, passkey: Authenticator) -> Ceremony:
    """The decision maker has filled in the form, and the page has asked what to sign."""
    client.force_login(cast.dominic)
    return begin(client, paper, "decide")


def what(paper: Paper, cast: Cast) -> Signed:
    """What the decision maker signs when everything is approved."""
    outcomes = [OutcomeGiven(1, "approved"), OutcomeGiven(2, "approved")]
    version = paper.versions.get()
    return what_is_signed(
        paper, "dmpc", Act.DECIDE, version, declared_by_deciding("None.", outcomes)
    )


def refused(answer: Any, sentence: str) -> bool:
    """Whether the answer is a page that says so, and nothing else."""
    return answer.status_code in {409, 422} and errors(answer) == [sentence]


@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519"])
def test_what_nobody_misused_is_accepted(
    cast: Cast, client: Client, paper: Paper, algorithm: str
) -> None:
    mine = Authenticator.of(cast.dominic, algorithm=algorithm)
    client.force_login(cast.dominic)
    assert begin(client, paper, "decide").sign(mine).status_code == 302
    assert stages.fresh(paper).state == State.DECIDED


def test_the_challenge_is_the_digest_of_what_is_signed(
    cast: Cast, paper: Paper, asked: Ceremony
) -> None:
    nonce = nonces.opened(asked.token, cast.dominic.pk, paper.pk, Act.DECIDE)
    assert decoded(asked.options["challenge"]) == what(paper, cast).challenge(nonce)
    assert asked.options["userVerification"] == "required"


DIFFERENT: Final[dict[str, Callable[[Signed], Signed]]] = {
    "Part 1": lambda signed: replace(signed, digest="0" * 64),
    "Part 2": lambda signed: replace(signed, commitment="0" * 64),
    "no Part 2": lambda signed: replace(signed, commitment=""),
    "another paper": lambda signed: replace(signed, reference="PCD 1830"),
    "another office": lambda signed: replace(signed, office="chief_executive"),
    "another act": lambda signed: replace(signed, act=Act.ENDORSE),
    "another version": lambda signed: replace(signed, number=2),
    "other interests": lambda signed: replace(
        signed, declared=replace(signed.declared, interests="A house in Hackney.")
    ),
    "another statement": lambda signed: replace(
        signed, declared=replace(signed.declared, statement="I agree.")
    ),
    "another outcome": lambda signed: replace(
        signed,
        declared=replace(
            signed.declared,
            outcomes=(OutcomeGiven(1, "approved"), OutcomeGiven(2, "not_approved", "No.")),
        ),
    ),
    "one outcome less": lambda signed: replace(
        signed, declared=replace(signed.declared, outcomes=signed.declared.outcomes[:1])
    ),
}


@pytest.mark.parametrize("difference", DIFFERENT)
def test_a_signature_over_something_else(
    cast: Cast, paper: Paper, passkey: Authenticator, asked: Ceremony, difference: str
) -> None:
    before = all_that_is_written(paper)
    nonce = nonces.opened(asked.token, cast.dominic.pk, paper.pk, Act.DECIDE)
    other = DIFFERENT[difference](what(paper, cast))
    assert other != what(paper, cast)
    answer = asked.sign(passkey, challenge=coded(other.challenge(nonce)))
    assert refused(answer, assertions.OTHER_TEXT)
    assert all_that_is_written(paper) == before


@pytest.mark.parametrize(
    "later",
    [
        {"outcome_2": "not_approved", "refused_2": "No."},
        {"has_interest": "yes", "interest": "A house in Hackney."},
        {"outcome_1": "approved_with_changes", "changed_1": "Approve capital spending of £1"},
    ],
)
def test_a_form_that_was_changed_after_the_passkey_signed(
    paper: Paper, passkey: Authenticator, asked: Ceremony, later: dict[str, str]
) -> None:
    before = all_that_is_written(paper)
    credential = passkey.sign(asked.options)
    assert refused(asked.send(credential, **later), assertions.OTHER_TEXT)
    assert all_that_is_written(paper) == before


@pytest.mark.parametrize("part", ["Part 1", "Part 2"])
def test_a_paper_that_was_changed_after_the_passkey_signed(
    cast: Cast, paper: Paper, passkey: Authenticator, asked: Ceremony, part: str
) -> None:
    credential = passkey.sign(asked.options)
    actions.send_back(paper.pk, by=cast.saba, reason="The summary is wrong.")
    if part == "Part 1":
        stages.change(paper, "summary", cast.olu, executive_summary="It asks for more money.")
    else:
        stages.write_part_two(paper, cast.olu, body="A wholly new price that nobody may know of.")
    stages.submit(stages.advise_all(stages.ask(stages.fresh(paper), cast)))
    stages.endorse(paper, cast.celia)
    before = all_that_is_written(paper)
    assert refused(asked.send(credential), CHANGED)
    # and whoever puts the new version's name into the form has not signed that version
    answer = asked.send(credential, mark=stages.mark_of(paper))
    assert refused(answer, assertions.OTHER_TEXT)
    assert all_that_is_written(paper) == before


def test_a_signature_sent_to_another_paper(
    cast: Cast, client: Client, passkey: Authenticator, asked: Ceremony
) -> None:
    other = stages.decision(cast)
    here = begin(client, other, "decide")
    before = all_that_is_written(other)
    credential = passkey.sign(asked.options)
    assert refused(here.send(credential, token=asked.token), ceremony.NOT_ASKED)
    assert refused(here.send(credential), assertions.OTHER_TEXT)
    assert all_that_is_written(other) == before


def test_a_token_for_another_act(
    cast: Cast, paper: Paper, passkey: Authenticator, asked: Ceremony
) -> None:
    before = all_that_is_written(paper)
    token = nonces.issue(cast.dominic.pk, paper.pk, Act.ENDORSE)
    answer = asked.send(passkey.sign(asked.options), token=token)
    assert refused(answer, ceremony.NOT_ASKED)
    assert all_that_is_written(paper) == before


def test_a_token_that_was_changed_or_made_by_somebody_else(
    cast: Cast, paper: Paper, passkey: Authenticator, asked: Ceremony
) -> None:
    before = all_that_is_written(paper)
    credential = passkey.sign(asked.options)
    for token in (
        "",
        "x",
        "\ud800",
        asked.token[:-1],
        nonces.issue(cast.celia.pk, paper.pk, Act.DECIDE),
    ):
        assert refused(asked.send(credential, token=token), ceremony.NOT_ASKED)
    assert all_that_is_written(paper) == before


def test_a_token_that_is_older_than_ten_minutes(
    cast: Cast, paper: Paper, passkey: Authenticator, asked: Ceremony
) -> None:
    before = all_that_is_written(paper)
    drawn = timezone.now() - nonces.LIFE - timedelta(seconds=1)
    token = nonces.issue(cast.dominic.pk, paper.pk, Act.DECIDE, at=drawn)
    assert refused(asked.send(passkey.sign(asked.options), token=token), ceremony.TOO_LATE)
    assert all_that_is_written(paper) == before


def test_the_same_signature_in_another_round(
    cast: Cast, client: Client, paper: Paper, passkey: Authenticator
) -> None:
    """The text is the same in both rounds, so only the nonce can tell that it was used."""
    actions.send_back(paper.pk, by=cast.saba, reason="Let us look at it once more.")
    paper = stages.submit(stages.advise_all(stages.ask(stages.fresh(paper), cast)))
    chief = Authenticator.of(cast.celia)
    client.force_login(cast.celia)
    first = begin(client, paper, "endorse")
    credential = chief.sign(first.options)
    assert first.send(credential).status_code == 302
    actions.send_back(paper.pk, by=cast.saba, reason="And once more.")
    stages.submit(stages.advise_all(stages.ask(stages.fresh(paper), cast)))
    again = begin(client, paper, "endorse")
    before = all_that_is_written(paper)
    assert refused(again.send(credential, token=first.token), ceremony.USED)
    assert all_that_is_written(paper) == before


def test_a_passkey_of_somebody_else(
    cast: Cast, paper: Paper, passkey: Authenticator, asked: Ceremony
) -> None:
    before = all_that_is_written(paper)
    hers = Authenticator.of(cast.celia)
    assert refused(asked.sign(hers), ceremony.NOT_YOURS)
    # her key, under the name of his
    assert refused(asked.sign(hers, id=passkey.id), assertions.NOT_HELD)
    assert all_that_is_written(paper) == before


def test_a_passkey_that_was_removed(paper: Paper, passkey: Authenticator, asked: Ceremony) -> None:
    before = all_that_is_written(paper)
    assert passkey.row is not None
    passkey.row.delete()
    assert refused(asked.sign(passkey), ceremony.NOT_YOURS)
    assert all_that_is_written(paper) == before


@pytest.mark.parametrize(
    ("bent", "sentence"),
    [
        ({"origin": "https://countersign.example.attacker.example"}, assertions.OTHER_SITE),
        ({"origin": "http://localhost:1"}, assertions.OTHER_SITE),
        ({"origin": "http://localhost"}, assertions.OTHER_SITE),
        ({"party": "attacker.example"}, assertions.OTHER_SITE),
        ({"crossed": True}, assertions.OTHER_SITE),
        ({"flags": PRESENT}, assertions.NOT_VERIFIED),
        ({"flags": 0}, assertions.NOT_VERIFIED),
        ({"kind": "webauthn.create"}, assertions.UNREADABLE),
        ({"counter": 1}, assertions.COPIED),
        ({"counter": 0}, assertions.COPIED),
    ],
)
def test_a_signature_made_elsewhere_or_otherwise(
    paper: Paper,
    passkey: Authenticator,
    asked: Ceremony,
    bent: dict[str, Any],
    sentence: str,
) -> None:
    before = all_that_is_written(paper)
    assert refused(asked.sign(passkey, **bent), sentence)
    assert all_that_is_written(paper) == before


@pytest.mark.parametrize("part", ["signature", "authenticatorData"])
@pytest.mark.parametrize("place", [0, 8, -1])
def test_one_bit_that_was_flipped(
    paper: Paper, passkey: Authenticator, asked: Ceremony, part: str, place: int
) -> None:
    before = all_that_is_written(paper)
    credential = passkey.sign(asked.options)
    changed = bytearray(decoded(credential["response"][part]))
    changed[place] ^= 1
    credential["response"][part] = coded(bytes(changed))
    about_the_site = part == "authenticatorData" and place >= 0
    sentence = assertions.OTHER_SITE if about_the_site else assertions.NOT_HELD
    assert refused(asked.send(credential), sentence)
    assert all_that_is_written(paper) == before


@pytest.mark.parametrize(
    "nonsense",
    [
        "asked",
        "[]",
        "{}",
        '{"token": 1, "credential": {}}',
        '{"token": "x", "credential": {"rawId": "!", "response": {}}}',
        '{"token": "x", "credential": {"rawId": "AA", "response": null}}',
        '{"token": "x", "credential": null}',
        "[" * 19_000,
    ],
)
def test_what_no_passkey_returns(paper: Paper, asked: Ceremony, nonsense: str) -> None:
    before = all_that_is_written(paper)
    answer = asked.client.post(asked.address, asked.form | {"passkey": nonsense})
    assert refused(answer, assertions.UNREADABLE)
    assert all_that_is_written(paper) == before


def test_a_counter_that_stands_still_from_one_signature_to_the_next(
    cast: Cast, client: Client, paper: Paper, passkey: Authenticator, asked: Ceremony
) -> None:
    assert asked.sign(passkey, counter=7).status_code == 302
    other = stages.decision(cast)
    before = all_that_is_written(other)
    assert refused(begin(client, other, "decide").sign(passkey, counter=7), assertions.COPIED)
    assert all_that_is_written(other) == before
    assert begin(client, other, "decide").sign(passkey, counter=8).status_code == 302


def test_a_passkey_that_does_not_count_signs_as_often_as_it_likes(
    cast: Cast, client: Client, paper: Paper
) -> None:
    mine = Authenticator.of(cast.dominic, counter=None)
    client.force_login(cast.dominic)
    for each in (paper, stages.decision(cast)):
        assert begin(client, each, "decide").sign(mine).status_code == 302
    assert Signature.objects.filter(signer=cast.dominic).count() == 2


def test_a_stolen_session_cannot_sign_with_what_it_saw_of_another_form(
    cast: Cast, client: Client, paper: Paper, passkey: Authenticator, asked: Ceremony
) -> None:
    """Whoever holds the session can draw nonces and send forms; the key they have not."""
    before = all_that_is_written(paper)
    seen = passkey.sign(asked.options)
    anew = begin(client, paper, "decide", **ALL_APPROVED | {"outcome_2": "approved"})
    assert refused(anew.send(seen), assertions.OTHER_TEXT)
    assert all_that_is_written(paper) == before
