"""Signing: what is kept of it, what the fallback asks, and what the settings forbid."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import pytest
from allauth.mfa import models
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import User
from approvals import actions
from approvals.ceremony import BY_PASSKEY, BY_PASSWORD_AND_CODE, fallback
from approvals.models import Act, Assertion, Edition, Notice, Signature
from decisions.models import Event, Paper
from decisions.states import State
from tests import stages
from tests.cast import PASSWORD, Cast, assemble, code_of
from tests.ceremony import ALL_APPROVED, all_that_is_written, begin, told
from tests.pages import errors, signed_in, soup, words
from tests.passkeys import Authenticator, decoded
from tests.races import at_once
from tests.verb_pages import answers, signs

# What one signature asks of PostgreSQL in all, and in the transaction that signs, with BEGIN and
# COMMIT.
PASSKEY_QUERIES: Final = (20, 15)
CODE_QUERIES: Final = (26, 14)


def address(paper: Paper, verb: str = "decide") -> str:
    return f"/papers/{paper.slug}/{verb}/"


def sent(client: Client, paper: Paper, person: User, **changed: str) -> Any:
    """The decision, everything approved, with password and code unless changed."""
    page = client.get(address(paper))
    return client.post(address(paper), answers(page, **ALL_APPROVED, **signs(person) | changed))


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["endorse", "decide"])
def test_what_the_passkey_returned_is_kept_and_the_signature_says_so(
    cast: Cast, client: Client, verb: str
) -> None:
    paper = stages.endorsement(cast) if verb == "endorse" else stages.decision(cast)
    person = cast.celia if verb == "endorse" else cast.dominic
    mine = Authenticator.of(person)
    client.force_login(person)
    ceremony = begin(client, paper, verb)
    credential = mine.sign(ceremony.options)
    done = ceremony.send(credential)
    assert (done.status_code, done["Location"]) == (302, f"/papers/{paper.slug}/receipt/")
    signature = Signature.objects.get(paper=paper, act=verb)
    assert signature.identity == BY_PASSKEY
    kept = signature.assertion
    response = credential["response"]
    assert bytes(kept.credential_id) == mine.id
    assert bytes(kept.client_data) == decoded(response["clientDataJSON"])
    assert bytes(kept.authenticator_data) == decoded(response["authenticatorData"])
    assert bytes(kept.signature_bytes) == decoded(response["signature"])
    assert (kept.counter, len(bytes(kept.nonce))) == (2, 32)
    event = Event.objects.filter(paper=paper, verb=verb).get()
    returned = bytes(kept.authenticator_data) + bytes(kept.client_data)
    digest = hashlib.sha256(returned + bytes(kept.signature_bytes)).hexdigest()
    assert json.loads(event.facts)["assertion"] == digest


@pytest.mark.django_db
def test_receipt_and_letters_say_how_it_was_signed(cast: Cast, client: Client) -> None:
    by_code, by_passkey = stages.decision(cast), stages.decision(cast)
    client.force_login(cast.dominic)
    sent(client, by_code, cast.dominic)
    mine = Authenticator.of(cast.dominic)
    begin(client, by_passkey, "decide").sign(mine)
    for paper, said in ((by_code, BY_PASSWORD_AND_CODE), (by_passkey, BY_PASSKEY)):
        assert said in words(client.get(f"/papers/{paper.slug}/receipt/"))
        letters = Notice.objects.filter(paper=paper, kind="receipt", event__verb="decide")
        assert letters.count() == 2
        assert all(f"Proof of identity: {said}" in letter.body for letter in letters)


@pytest.mark.django_db
def test_asking_what_to_sign_writes_nothing_and_is_only_for_who_may_sign(
    cast: Cast, client: Client
) -> None:
    paper = stages.decision(cast)
    Authenticator.of(cast.dominic)
    client.force_login(cast.dominic)
    form = answers(client.get(address(paper)), **ALL_APPROVED) | {"passkey": "asked"}
    before = all_that_is_written(paper)
    asking = f"{address(paper)}challenge/"
    assert client.post(asking, form).json()["options"]["rpId"] == "localhost"
    assert client.get(asking).status_code == 405
    assert Client(enforce_csrf_checks=True).post(asking, form).status_code == 403
    client.force_login(cast.celia)
    assert client.post(asking, form).json() == {"send": True}
    client.force_login(cast.oona)
    assert client.post(asking, form).status_code == 404
    assert all_that_is_written(paper) == before


@pytest.mark.django_db
def test_a_form_with_errors_is_sent_first_and_asks_for_no_password(
    cast: Cast, client: Client
) -> None:
    paper = stages.decision(cast)
    Authenticator.of(cast.dominic)
    client.force_login(cast.dominic)
    given = ALL_APPROVED | {"outcome_2": "deferred"}
    form = answers(client.get(address(paper)), **given) | {"passkey": "asked"}
    assert client.post(f"{address(paper)}challenge/", form).json() == {"send": True}
    page = client.post(address(paper), form)
    assert errors(page) == ["Enter why recommendation 2 is deferred"]
    assert answers(page)["passkey"] == ""


@pytest.mark.django_db
def test_who_has_no_passkey_is_not_asked_for_one(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    page = client.get(address(paper))
    assert soup(page).select("[data-signs-with-passkey]") == []
    assert "You have no passkey yet, which is the safer way to sign." in words(page)
    form = answers(page, **ALL_APPROVED) | {"passkey": "asked"}
    assert client.post(f"{address(paper)}challenge/", form).json() == {"send": True}


@pytest.mark.django_db
def test_who_has_neither_passkey_nor_app_is_told_where_to_set_one_up(
    cast: Cast, client: Client, settings: Settings
) -> None:
    settings.SECOND_FACTOR_FOR = "nobody"  # or they would come no further than to setting one up
    paper = stages.decision(cast)
    typed = signs(cast.dominic)
    models.Authenticator.objects.filter(user=cast.dominic).delete()
    client.force_login(cast.dominic)
    page = client.get(address(paper))
    assert "You cannot sign yet : you have neither a passkey nor" in words(page)
    assert "password" not in answers(page)
    (link,) = soup(page).select('main a[href="/account/security/"]')
    assert link.get_text() == "Set one up"
    refused = client.post(address(paper), answers(page, **ALL_APPROVED, **typed))
    assert errors(refused) == [fallback.NO_APP]
    assert not Signature.objects.filter(act=Act.DECIDE).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["000000", "12345", "abcdef", "1" * 20])
def test_a_wrong_code_signs_nothing_and_keeps_everything_else(
    cast: Cast, client: Client, wrong: str
) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    before = all_that_is_written(paper)
    refused = sent(client, paper, cast.dominic, code=wrong)
    assert refused.status_code == 422
    assert errors(refused) == [fallback.WRONG_CODE]
    assert answers(refused)["outcome_1"] == ["approved"]
    assert answers(refused)["code"] == ""
    assert wrong not in refused.content.decode()
    assert all_that_is_written(paper) == before


@pytest.mark.django_db
def test_a_code_signs_once_with_or_without_spaces(cast: Cast, client: Client) -> None:
    first, second = stages.decision(cast), stages.decision(cast)
    client.force_login(cast.dominic)
    code = code_of(cast.dominic)
    spaced = f" {code[:3]} {code[3:]} "
    assert sent(client, first, cast.dominic, code=spaced).status_code == 302
    page = client.get(address(second))
    typed = {"password": PASSWORD, "code": code}
    refused = client.post(address(second), answers(page, **ALL_APPROVED, **typed))
    assert errors(refused) == [fallback.USED_CODE]
    assert stages.fresh(second).state == State.DECISION


@pytest.mark.django_db
def test_a_refusal_costs_no_code(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    typed = signs(cast.dominic)
    page = client.get(address(paper))
    stale = answers(page, **ALL_APPROVED, **typed, mark=f"{'0' * 64}.")
    assert client.post(address(paper), stale).status_code == 409
    again = answers(page, **ALL_APPROVED, **typed)
    assert client.post(address(paper), again).status_code == 302


@pytest.mark.django_db
def test_a_recovery_code_does_not_sign_and_is_not_used_up(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    codes = RecoveryCodes.activate(cast.dominic)
    (code, *_) = unused = codes.get_unused_codes()
    client.force_login(cast.dominic)
    assert errors(sent(client, paper, cast.dominic, code=code)) == [fallback.WRONG_CODE]
    row = models.Authenticator.objects.get(user=cast.dominic, type="recovery_codes")
    assert RecoveryCodes(row).get_unused_codes() == unused


@pytest.mark.django_db
def test_wrong_passwords_and_wrong_codes_are_counted_together(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    client.force_login(cast.dominic)
    for wrong in ({"password": "wrong"}, {"code": "000000"}) * 2 + ({"code": "000001"},):
        assert sent(client, paper, cast.dominic, **wrong).status_code == 422
    refused = sent(client, paper, cast.dominic)
    assert refused.status_code == 429
    assert errors(refused)[0].startswith("You have typed a wrong password or code too often")
    assert stages.fresh(paper).state == State.DECISION


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "endorses", "decides"),
    [
        ("allowed", True, True),
        ("endorsement-only", True, False),
        ("refused", False, False),
    ],
)
def test_the_fallback_can_be_forbidden(
    cast: Cast, client: Client, settings: Settings, setting: str, endorses: bool, decides: bool
) -> None:
    endorsed, decided = stages.endorsement(cast), stages.decision(cast)
    settings.SIGNING_FALLBACK = setting
    for paper, verb, person, allowed in (
        (endorsed, "endorse", cast.celia, endorses),
        (decided, "decide", cast.dominic, decides),
    ):
        client.force_login(person)
        page = client.get(address(paper, verb))
        assert ("code" in answers(page)) is allowed
        assert ("this signature is taken only with a passkey" in words(page)) is not allowed
        said = ALL_APPROVED if verb == "decide" else {}
        answer = client.post(address(paper, verb), answers(page, **said, **signs(person)))
        signed = Signature.objects.filter(paper=paper, act=verb).exists()
        assert signed is allowed
        if not allowed:
            assert errors(answer) == [fallback.PASSKEY_ONLY[verb]]
            mine = Authenticator.of(person)
            assert begin(client, paper, verb).sign(mine).status_code == 302


@pytest.mark.django_db
def test_the_same_form_sent_twice_gets_the_same_receipt(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    mine = Authenticator.of(cast.dominic)
    client.force_login(cast.dominic)
    ceremony = begin(client, paper, "decide")
    credential = mine.sign(ceremony.options)
    first = ceremony.send(credential)
    before = all_that_is_written(paper)
    again = ceremony.send(credential)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert all_that_is_written(paper) == before


@pytest.mark.django_db
def test_of_two_tabs_the_second_is_told_what_the_first_did(cast: Cast, client: Client) -> None:
    paper = stages.decision(cast)
    mine = Authenticator.of(cast.dominic)
    client.force_login(cast.dominic)
    one, two = begin(client, paper, "decide"), begin(client, paper, "decide")
    assert two.sign(mine).status_code == 302
    refused = one.sign(mine)
    assert refused.status_code == 409
    assert "PCD 1829 was decided by Dominic Vale on" in words(refused)
    assert Assertion.objects.count() == 1


def test_four_clicks_at_once_with_one_passkey_make_one_decision(clone: str) -> None:
    cast = assemble()
    paper = stages.decision(cast)
    mine = Authenticator.of(cast.dominic)
    ceremony = begin(signed_in(cast.dominic), paper, "decide")
    credential = mine.sign(ceremony.options)

    def click() -> Any:
        ceremony_of_its_own = begin(signed_in(cast.dominic), paper, "decide")
        ceremony_of_its_own.form = ceremony.form
        return lambda: ceremony_of_its_own.send(credential, token=ceremony.token)

    came_to = at_once([click() for _ in range(4)])
    assert [(answer.status_code, answer.get("Location")) for answer in came_to] == [
        (302, f"/papers/{paper.slug}/receipt/")
    ] * 4
    assert Signature.objects.filter(paper=paper, act=Act.DECIDE).count() == 1
    assert Assertion.objects.count() == 1


@pytest.mark.django_db
def test_a_record_that_nobody_signed_with_a_passkey_does_not_speak_of_them(cast: Cast) -> None:
    paper = stages.decided(cast)
    content = Edition.objects.get(paper=paper).content
    assert "passkey" not in json.loads(content)["decision"]
    assert "signed_declarations" not in content
    assert Edition.objects.get(paper=paper).record.to_json() == content


@pytest.mark.django_db
def test_the_actions_refuse_as_the_page_does(cast: Cast, settings: Settings) -> None:
    paper = stages.endorsement(cast)
    settings.SIGNING_FALLBACK = "refused"
    with pytest.raises(actions.Refused, match="takes a signature only with a passkey"):
        stages.endorse(paper, cast.celia)


@pytest.mark.parametrize(("way", "queries"), [("passkey", PASSKEY_QUERIES), ("code", CODE_QUERIES)])
def test_a_decision_is_signed_in_a_fixed_number_of_queries(
    clone: str, way: str, queries: tuple[int, int]
) -> None:
    """Before: session, person, duties, offices, the paper with its version.

    With password and code besides: four that count the try, one that forgets it when all is signed,
    the app, and whether the code was used.

    Then BEGIN, the paper's lock, what only then can be asked (one), the signatures, the passkey and
    its count (or the app again, and the code used up); what is written, one each: signature,
    outcomes, the passkey's answer, edition, job, paper, event, notices; COMMIT.
    """
    cast = assemble()
    paper = stages.decision(cast)
    mine = Authenticator.of(cast.dominic)
    client = signed_in(cast.dominic)
    ceremony = begin(client, paper, "decide")
    proof = told(ceremony.token, mine.sign(ceremony.options))
    if way == "code":
        proof = signs(cast.dominic)
    with CaptureQueriesContext(connection) as asked:
        assert client.post(address(paper), ceremony.form | proof).status_code == 302
    statements = [each["sql"] for each in asked.captured_queries]
    signing = statements[statements.index("BEGIN") : statements.index("COMMIT") + 1]
    assert (len(statements), len(signing)) == queries
