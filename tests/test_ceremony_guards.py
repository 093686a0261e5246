"""PostgreSQL itself asks that what a passkey returned is about this signature and no other.

Each refusal below differs in one thing from a signature that is accepted.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client

from approvals.ceremony import BY_PASSKEY, BY_PASSWORD_AND_CODE
from approvals.ceremony.publishing import signed_by
from approvals.models import Act, Assertion, Outcome, OutcomeKind, Signature
from decisions.models import Paper
from tests import stages
from tests.cast import Cast
from tests.ceremony import ALL_APPROVED, begin
from tests.passkeys import PRESENT, VERIFIED, Authenticator, coded
from tests.test_signing_guards import held, refused, signature

pytestmark = pytest.mark.django_db

NONE_OR_ONE: Final = "A signature by passkey has what the passkey returned, and no other has."
OTHER: Final = "What a passkey signed is the digest of this very signature."
UNVERIFIED: Final = "A passkey signs after it has verified who holds it."


def write(
    paper: Paper, cast: Cast, *, identity: str = BY_PASSKEY, assertion: bool = True, **bent: Any
) -> Callable[[], Signature]:
    """Write a decision's rows as somebody would who passes by the service."""

    def whole() -> Signature:
        made = signature(paper, Act.DECIDE, held(cast.dominic, "dmpc"), identity=identity)
        made.save()
        outcomes = [
            Outcome.objects.create(signature=made, number=number, kind=OutcomeKind.APPROVED)
            for number in (1, 2)
        ]
        nonce = bent.get("nonce", secrets.token_bytes(32))
        challenge = bent.get("challenge", coded(signed_by(made, outcomes).challenge(nonce)))
        client = {"type": bent.get("kind", "webauthn.get"), "challenge": challenge}
        flags = bent.get("flags", PRESENT | VERIFIED)
        if assertion:
            Assertion.objects.create(
                signature=made,
                credential_id=b"a credential",
                public_key=bent.get("public_key", b"a key"),
                authenticator_data=bent.get("data", bytes(32) + bytes([flags]) + bytes(4)),
                client_data=json.dumps(client).encode(),
                signature_bytes=b"a signature",
                nonce=nonce,
                counter=0,
            )
        for now in ("IMMEDIATE", "DEFERRED"):  # as at a commit, and ready for the next
            connection.cursor().execute(f"SET CONSTRAINTS ALL {now}")
        return made

    return whole


def test_rows_that_fit_are_taken(cast: Cast) -> None:
    made = write(stages.decision(cast, part_two=True), cast)()
    assert Assertion.objects.get(signature=made).counter == 0


@pytest.mark.parametrize(
    ("bent", "sentence"),
    [
        ({"assertion": False}, NONE_OR_ONE),
        ({"identity": BY_PASSWORD_AND_CODE}, NONE_OR_ONE),
        ({"challenge": coded(bytes(32))}, OTHER),
        ({"challenge": ""}, OTHER),
        ({"challenge": None}, OTHER),
        ({"kind": "webauthn.create"}, OTHER),
        ({"nonce": bytes(31)}, OTHER),
        ({"flags": PRESENT}, UNVERIFIED),
        ({"flags": VERIFIED}, UNVERIFIED),
        ({"data": bytes(36)}, UNVERIFIED),
    ],
)
def test_rows_that_do_not_fit_are_refused(cast: Cast, bent: dict[str, Any], sentence: str) -> None:
    assert refused(write(stages.decision(cast), cast, **bent)) == sentence


def test_what_was_signed_for_one_paper_fits_no_other(cast: Cast) -> None:
    one, other = stages.decision(cast), stages.decision(cast)
    nonce = secrets.token_bytes(32)
    made = write(one, cast, nonce=nonce)()
    challenge = coded(signed_by(made, made.outcomes.all()).challenge(nonce))
    fresh = secrets.token_bytes(32)
    assert refused(write(other, cast, nonce=fresh, challenge=challenge)) == OTHER


def test_a_nonce_is_used_once(cast: Cast) -> None:
    one, other = stages.decision(cast), stages.decision(cast)
    nonce = secrets.token_bytes(32)
    write(one, cast, nonce=nonce)()
    assert "approvals_assertion_nonce" in refused(write(other, cast, nonce=nonce))


def test_no_outcome_joins_a_signature_by_passkey_later(cast: Cast) -> None:
    made = write(stages.decision(cast), cast)()
    later = Outcome(signature=made, number=3, kind=OutcomeKind.NOT_APPROVED, words="No.")
    assert refused(later.save) == OTHER


@pytest.mark.parametrize(
    "said",
    [
        'She said “no” and "never"; back\\slash, slash/, <b>, &amp;',
        "Two\nlines, a\ttab",
        "Café, naïve, Ωmega, 日本語, 🗳️",
        "Before\u2028 after \u2029 and \u0085 too \u200b",
    ],
)
def test_this_service_and_postgresql_write_the_same_text(
    cast: Cast, client: Client, said: str
) -> None:
    paper = stages.decision(cast)
    mine = Authenticator.of(cast.dominic)
    client.force_login(cast.dominic)
    given = ALL_APPROVED | {"has_interest": "yes", "interest": said}
    given |= {"outcome_1": "not_approved", "refused_1": said}
    assert begin(client, paper, "decide", **given).sign(mine).status_code == 302
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    made = Signature.objects.get(paper=paper, act=Act.DECIDE)
    assert made.identity == BY_PASSKEY
    assert made.interests.split()[:2] == said.split()[:2]
