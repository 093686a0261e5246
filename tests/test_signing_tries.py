"""Wrong passwords at a signature stay counted until password and code were found right."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django.fixtures import Settings

from approvals.actions.signing import USED_ELSEWHERE
from approvals.ceremony import fallback
from approvals.models import Act, Signature
from approvals.views.signing import TOO_OFTEN
from decisions.models import Paper
from tests import stages
from tests.cast import Cast
from tests.ceremony import ALL_APPROVED
from tests.pages import errors
from tests.verb_pages import answers, signs

pytestmark = pytest.mark.django_db

WRONG = {"password": "not this one"}


@pytest.fixture
def dominic(cast: Cast, client: Client) -> Client:
    """The browser of the decision maker."""
    client.force_login(cast.dominic)
    return client


def sent(client: Client, cast: Cast, paper: Paper, **changed: Any) -> Any:
    """The decision, everything approved, with password and code unless changed."""
    address = f"/papers/{paper.slug}/decide/"
    said = answers(client.get(address), **ALL_APPROVED) | signs(cast.dominic)
    return client.post(address, said | changed)


def wrong_words(client: Client, cast: Cast, paper: Paper, times: int) -> None:
    """Type a wrong password so often; each is refused for that."""
    for _ in range(times):
        assert errors(sent(client, cast, paper, **WRONG)) == [fallback.WRONG_PASSWORD]


def test_right_words_clear_the_count_also_where_something_else_is_refused(
    cast: Cast, dominic: Client
) -> None:
    paper = stages.decision(cast)
    wrong_words(dominic, cast, paper, 4)
    assert sent(dominic, cast, paper, mark="0" * 64).status_code == 409
    wrong_words(dominic, cast, paper, 4)
    assert sent(dominic, cast, paper).status_code == 302
    wrong_words(dominic, cast, stages.decision(cast), 5)


def test_a_key_that_signed_elsewhere_does_not_clear_the_count(cast: Cast, dominic: Client) -> None:
    signed, paper = stages.decision(cast), stages.decision(cast)
    key = uuid4()
    assert sent(dominic, cast, signed, key=key).status_code == 302
    wrong_words(dominic, cast, paper, 4)
    elsewhere = sent(dominic, cast, paper, key=key, **WRONG)
    assert errors(elsewhere) == [USED_ELSEWHERE]
    refused = sent(dominic, cast, paper, **WRONG)
    assert (refused.status_code, errors(refused)) == (429, [TOO_OFTEN])


def test_a_form_that_signed_already_does_not_clear_the_count(cast: Cast, dominic: Client) -> None:
    signed, paper = stages.decision(cast), stages.decision(cast)
    address = f"/papers/{signed.slug}/decide/"
    said = answers(dominic.get(address), **ALL_APPROVED) | signs(cast.dominic)
    assert dominic.post(address, said).status_code == 302
    wrong_words(dominic, cast, paper, 5)
    receipt = dominic.post(address, said | WRONG)
    assert (receipt.status_code, receipt["Location"]) == (302, f"/papers/{signed.slug}/receipt/")
    assert sent(dominic, cast, paper, **WRONG).status_code == 429


def test_where_only_a_passkey_signs_a_wrong_password_stays_counted(
    cast: Cast, dominic: Client, settings: Settings
) -> None:
    paper = stages.decision(cast)
    wrong_words(dominic, cast, paper, 4)
    settings.SIGNING_FALLBACK = "refused"
    page = sent(dominic, cast, paper, **WRONG)
    assert errors(page) == [fallback.PASSKEY_ONLY[Act.DECIDE]]
    assert sent(dominic, cast, paper, **WRONG).status_code == 429
    assert not Signature.objects.filter(paper=paper, act=Act.DECIDE).exists()


def test_without_an_app_a_wrong_password_stays_counted(
    cast: Cast, dominic: Client, settings: Settings
) -> None:
    settings.SECOND_FACTOR_FOR = "nobody"  # or they would come no further than to setting one up
    paper = stages.decision(cast)
    wrong_words(dominic, cast, paper, 4)
    said = WRONG | signs(cast.dominic) | WRONG
    Authenticator.objects.filter(user=cast.dominic).delete()
    address = f"/papers/{paper.slug}/decide/"
    form = answers(dominic.get(address), **ALL_APPROVED) | said
    assert errors(dominic.post(address, form)) == [fallback.NO_APP]
    assert dominic.post(address, form).status_code == 429
