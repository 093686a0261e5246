"""Somebody signs by passkey at the moment at which their passkeys are taken away."""

from __future__ import annotations

import threading

from allauth.mfa.models import Authenticator as Kept
from django.db import transaction

from accounts.people.keeping import hold
from accounts.people.links import forget_factors
from approvals.ceremony.passkeys import credentials_of
from approvals.models import Act
from tests import stages
from tests.cast import assemble
from tests.passkeys import Authenticator
from tests.races import at_once, wait_until_somebody_waits
from tests.test_signing_guards import held, signature


def test_whoever_comes_second_waits_and_both_are_done(clone: str) -> None:
    cast = assemble()
    paper = stages.decision(cast)
    Authenticator.of(cast.dominic)
    looked = threading.Event()

    def sign() -> int:
        with transaction.atomic():
            found = len(credentials_of(cast.dominic, hold=True))
            looked.set()
            wait_until_somebody_waits(clone)
            signature(paper, Act.DECIDE, held(cast.dominic, "dmpc")).save()
            transaction.set_rollback(True)  # of a decision this is only the beginning
        return found

    def lose() -> int:
        assert looked.wait(timeout=60)
        with transaction.atomic():
            return forget_factors(hold(cast.dominic, None))

    signed, lost = at_once([sign, lose])
    assert signed == 1
    assert lost >= 1
    assert not Kept.objects.filter(user=cast.dominic).exists()


def test_nor_do_they_wait_for_each_other_where_the_passkeys_go_first(clone: str) -> None:
    cast = assemble()
    Authenticator.of(cast.dominic)
    held = threading.Event()

    def sign() -> int:
        assert held.wait(timeout=60)
        with transaction.atomic():
            return len(credentials_of(cast.dominic, hold=True))

    def lose() -> int:
        with transaction.atomic():
            person = hold(cast.dominic, None)
            held.set()
            wait_until_somebody_waits(clone)
            return forget_factors(person)

    signs_with, lost = at_once([sign, lose])
    assert signs_with == 0
    assert lost >= 1
