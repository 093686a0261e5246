"""A passkey that was added beside another factor signs no paper before its owner slept over it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa import models
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import sample_codes
from accounts.factors import rules
from accounts.models import Letter
from accounts.owner_letters import SUBJECT
from accounts.people import links
from approvals.ceremony import signing as ceremony
from approvals.models import Act, Signature
from components.words import long_time
from decisions.models import Paper
from tests import stages
from tests.cast import Cast
from tests.ceremony import ALL_APPROVED, begin, told
from tests.doors import SECURITY, afresh, set_up, sign_in_wholly
from tests.pages import errors, signed_in, words
from tests.passkeys import Authenticator
from tests.verb_pages import answers

pytestmark = pytest.mark.django_db

WAITS = "signs nothing for its first 12 hours"


@pytest.fixture
def paper(cast: Cast) -> Paper:
    """A paper that awaits the decision maker."""
    return stages.decision(cast)


@pytest.fixture
def old(cast: Cast) -> Authenticator:
    """The passkey that the decision maker set up first."""
    return Authenticator.of(cast.dominic)


@pytest.fixture
def dominic(cast: Cast, client: Client) -> Client:
    """The browser of the decision maker."""
    sign_in_wholly(client, cast.dominic)
    return client


def added(client: Client) -> Authenticator:
    """Another passkey of who is signed in, which answers the pages that sign too."""
    passkey = set_up(client)
    passkey.origin = None
    return passkey


def newest(cast: Cast) -> models.Authenticator:
    """The newest passkey of the decision maker, as sign-in keeps it."""
    return models.Authenticator.objects.filter(user=cast.dominic, type="webauthn").latest("pk")


def page_of(client: Client, paper: Paper) -> Any:
    return client.get(f"/papers/{paper.slug}/decide/")


def is_signed(paper: Paper) -> bool:
    return Signature.objects.filter(paper=paper, act=Act.DECIDE).exists()


def later(cast: Cast, hours: float) -> None:
    """Let so many hours pass for the newest passkey."""
    row = newest(cast)
    row.created_at -= timedelta(hours=hours)
    row.save(update_fields=["created_at"])


def test_a_second_passkey_signs_in_at_once_and_no_paper_for_twelve_hours(
    cast: Cast, dominic: Client, paper: Paper, old: Authenticator
) -> None:
    new = added(dominic)
    moment = long_time(newest(cast).created_at + timedelta(hours=12))
    page = words(page_of(dominic, paper))
    assert WAITS in page
    assert f"Your new one signs from {moment} on. Until then use an older one, or your" in page
    asked = begin(dominic, paper, "decide")
    assert len(asked.options["allowCredentials"]) == 1
    refused = asked.sign(new)
    assert errors(refused) == [ceremony.TOO_NEW.format(moment=moment)]
    assert not is_signed(paper)
    later(cast, 11.9)
    assert errors(begin(dominic, paper, "decide").sign(new))[0].startswith("That passkey is new")
    later(cast, 0.1)
    assert WAITS not in words(page_of(dominic, paper))
    assert begin(dominic, paper, "decide").sign(new).status_code == 302
    assert is_signed(paper)


def test_the_older_passkey_signs_meanwhile(
    cast: Cast, dominic: Client, paper: Paper, old: Authenticator
) -> None:
    set_up(dominic)
    assert begin(dominic, paper, "decide").sign(old).status_code == 302
    assert is_signed(paper)


def test_removing_the_older_one_does_not_make_the_new_one_the_first(
    cast: Cast, dominic: Client, paper: Paper, old: Authenticator
) -> None:
    added(dominic)
    for row in models.Authenticator.objects.filter(user=cast.dominic, type__in=rules.FACTORS):
        if row != newest(cast):
            dominic.post(afresh(dominic, f"{SECURITY}remove/{row.pk}/"))
            break
    assert old.row is not None
    old.row.delete()
    form = answers(page_of(dominic, paper), **ALL_APPROVED)
    challenge = dominic.post(f"/papers/{paper.slug}/decide/challenge/", form | {"passkey": "a"})
    assert challenge.json() == {"send": True}
    assert not is_signed(paper)


def test_a_first_passkey_beside_an_app_of_ones_own_waits_and_the_page_says_the_way_out(
    cast: Cast, client: Client, paper: Paper, settings: Settings
) -> None:
    sign_in_wholly(client, cast.dominic)
    settings.SAMPLE_DATA = False  # the app of the sample is then one like any other
    set_up(client)
    assert "Until then sign with your password and a code." in words(page_of(client, paper))
    settings.SIGNING_FALLBACK = "refused"
    assert (
        "Until then you cannot sign : this signature is taken only with a passkey, and you have no "
        "older one."
    ) in words(page_of(client, paper))


def test_beside_the_app_of_the_sample_whose_code_everybody_reads_a_passkey_is_the_first(
    cast: Cast, dominic: Client, paper: Paper
) -> None:
    assert sample_codes.hint(cast.dominic) != ""
    new = added(dominic)
    assert begin(dominic, paper, "decide").sign(new).status_code == 302


def test_after_factors_were_lost_the_next_one_is_the_first(
    cast: Cast, paper: Paper, old: Authenticator
) -> None:
    links.forget_factors(cast.dominic)
    client = signed_in(cast.dominic)
    new = added(client)
    assert begin(client, paper, "decide").sign(new).status_code == 302


def test_the_owner_reads_at_once_of_a_passkey_that_waits(
    cast: Cast, dominic: Client, old: Authenticator
) -> None:
    added(dominic)
    (letter,) = Letter.objects.filter(recipient=cast.dominic, subject=SUBJECT)
    moment = long_time(newest(cast).created_at + rules.SETTLES_IN)
    assert letter.body.startswith(
        f"A passkey was added to your account. It signs nothing before {moment}. That was on "
    )


def test_an_answer_of_a_passkey_that_waits_is_refused_whatever_asked_it(
    cast: Cast, dominic: Client, paper: Paper, old: Authenticator
) -> None:
    new = added(dominic)
    asked = begin(dominic, paper, "decide")
    sent = dominic.post(asked.address, asked.form | told(asked.token, new.sign(asked.options)))
    assert "That passkey is new" in errors(sent)[0]
    assert newest(cast).created_at > timezone.now() - timedelta(minutes=5)
    assert not is_signed(paper)
