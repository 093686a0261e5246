"""PostgreSQL takes a first edition that shows what is kept of its signatures and of its advice.

The rows of a decision are written by hand, and each edition that is refused differs from the one
that is taken in one thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import DatabaseError, transaction
from fido2 import cbor
from fido2.cose import ES256

from approvals.case import Case
from approvals.ceremony import BY_PASSKEY, BY_PASSWORD_AND_CODE, Declared, OutcomeGiven
from approvals.editions import first_edition
from approvals.models import Act, Edition, OutcomeKind, Signature
from decisions.register.record import Passkey, Record
from tests import stages
from tests.cast import Cast
from tests.test_ceremony_guards import write
from tests.test_published_as_signed import EDITION

pytestmark = pytest.mark.django_db

INVENTED = Passkey(
    signed=("A word of Part 2",),
    declared="{}",
    authenticator_data="AA",
    client_data="AA",
    signature="AA",
    public_key="AA",
    algorithm=-7,
    credential="0" * 64,
)


@dataclass(frozen=True)
class Decision:
    """A decision's signature, and the record that its first edition would be."""

    signature: Signature
    record: Record

    def kept(self, record: Record) -> str:
        """What PostgreSQL says of this record as the first edition; "" when it takes it."""
        try:
            with transaction.atomic():
                Edition.objects.create(
                    paper=self.signature.paper,
                    number=1,
                    signature=self.signature,
                    content=record.to_json(),
                    digest=record.digest,
                    made_by=self.signature.signer,
                )
                transaction.set_rollback(True)
        except DatabaseError as error:
            return str(getattr(error.__cause__, "diag").message_primary)  # noqa: B009 - psycopg's
        return ""

    def with_passkey(self, passkey: Passkey | msgspec.UnsetType) -> str:
        """The same of the record with this as what a passkey returned for the decision."""
        assert self.record.decision is not None
        decision = msgspec.structs.replace(self.record.decision, passkey=passkey)
        return self.kept(msgspec.structs.replace(self.record, decision=decision))


def decision(cast: Cast, identity: str) -> Decision:
    paper = stages.decision(cast, part_two=True)
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    made = write(
        paper,
        cast,
        identity=identity,
        assertion=identity == BY_PASSKEY,
        public_key=cbor.encode(dict(ES256.from_cryptography_key(public))),  # type: ignore[no-untyped-call]  # untyped upstream
    )()
    given = tuple(OutcomeGiven(number, OutcomeKind.APPROVED) for number in (1, 2))
    declared = Declared(made.statement, made.interests, given)
    endorsement = Signature.objects.get(paper=paper, act=Act.ENDORSE)
    with transaction.atomic():
        advised = Case(paper, cast.dominic).advised
        record = first_edition(endorsement, made, declared, advised, cast.dominic).record
        transaction.set_rollback(True)
    return Decision(made, record)


def test_a_signature_by_password_shows_no_answer_of_a_passkey(cast: Cast) -> None:
    made = decision(cast, BY_PASSWORD_AND_CODE)
    assert made.kept(made.record) == ""
    assert made.with_passkey(INVENTED) == EDITION


@pytest.mark.parametrize(
    "change",
    [
        {"signed": ("A word of Part 2",)},
        {"declared": "A word of Part 2"},
        {"authenticator_data": "AA"},
        {"client_data": "AA"},
        {"signature": "AA"},
        {"public_key": "A word of Part 2"},
        {"credential": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_signature_by_passkey_shows_what_is_kept_of_it(
    cast: Cast, change: dict[str, Any]
) -> None:
    made = decision(cast, BY_PASSKEY)
    assert made.kept(made.record) == ""
    assert made.record.decision is not None
    passkey = made.record.decision.passkey
    assert passkey is not msgspec.UNSET
    assert made.with_passkey(msgspec.structs.replace(passkey, **change)) == EDITION
    assert made.with_passkey(msgspec.UNSET) == EDITION


@pytest.mark.parametrize(
    "change",
    [
        {"adviser": "Somebody Else"},
        {"advised_on": date(2020, 1, 1)},
        {"advised_on": None},
        {"confirmed": False},
        {"statement": "I never said that."},
    ],
    ids=str,
)
def test_who_advised_is_named_as_they_advised(cast: Cast, change: dict[str, Any]) -> None:
    made = decision(cast, BY_PASSWORD_AND_CODE)
    at = next(n for n, row in enumerate(made.record.declarations) if row.adviser)
    rows = list(made.record.declarations)
    rows[at] = msgspec.structs.replace(rows[at], **change)
    assert made.kept(msgspec.structs.replace(made.record, declarations=tuple(rows))) == EDITION
