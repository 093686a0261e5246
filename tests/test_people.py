"""The pages about people: who reads them, who changes what stands there, and what they say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import Error, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import owner_letters
from accounts.models import Act, Appointment, Duty, DutyKind, Letter, Office, User, today
from accounts.people import acts
from accounts.people.keeping import Refused
from accounts.people.operating import break_glass
from accounts.people.pages.gate import CONFIRMERS, KEEPERS, ONESELF, READERS
from config import env
from config.database.acting import acting_as
from decisions.models import Event, Series
from tests.cast import Cast, assemble
from tests.pages import errors, notices, send, signed_in, soup, words
from tests.people import as_operator, run, second_secretary

FORMS = ("link", "duty", "propose", "deactivate", "reactivate")


def day(name: str, offset: int) -> dict[str, str]:
    """A date as its three boxes, so many days from today."""
    when = today() + timedelta(days=offset)
    return {
        f"{name}_day": str(when.day),
        f"{name}_month": str(when.month),
        f"{name}_year": str(when.year),
    }


@pytest.mark.django_db
def test_the_list_says_what_people_do_and_how_they_sign_in(cast: Cast) -> None:
    page = words(signed_in(cast.saba).get("/people/"))
    assert "12 people with an account" in page
    assert "Olu Adeyemi Originating officer Second factor: app. Never signed in." in page
    assert "Celia Marsh Chief Executive Officer" in page
    assert "Saba Rahman Secretariat Second factor: app. Last signed in on" in page


@pytest.mark.django_db
def test_the_list_takes_as_many_queries_for_many_as_for_few(cast: Cast) -> None:
    client = signed_in(cast.saba)
    client.get("/people/")
    with CaptureQueriesContext(connection) as few:
        client.get("/people/")
    for number in range(3):
        User.objects.create_user(f"more{number}@countersign.example", f"More {number}")
    with CaptureQueriesContext(connection) as many:
        client.get("/people/")
    assert len(few) == len(many)


@pytest.mark.django_db
def test_only_the_secretariat_and_the_auditor_read_about_people(cast: Cast) -> None:
    for name, person in cast.everybody.items():
        client = signed_in(person)
        for address in ("/people/", f"/people/{cast.olu.pk}/"):
            answer = client.get(address)
            if name in {"saba", "aud"}:
                assert answer.status_code == 200
            else:
                assert (answer.status_code, READERS in words(answer)) == (403, True)
        shown = soup(client.get("/")).find("nav", {"aria-label": "Menu"})
        assert shown is not None
        wanted = {"saba": "People", "aud": "People", "hal": "Appointments", "celia": "Appointments"}
        items = [" ".join(item.get_text(" ").split()) for item in shown.find_all("li")]
        found = [item for item in items if item in {"People", "Appointments"}]
        assert found == ([wanted[name]] if name in wanted else [])


@pytest.mark.django_db
def test_nobody_but_the_secretariat_opens_or_sends_a_form(cast: Cast) -> None:
    addresses = ["/people/invite/", *(f"/people/{cast.leo.pk}/{form}/" for form in FORMS)]
    addresses.append(f"/people/duties/{Duty.objects.get(person=cast.leo).pk}/end/")
    addresses.append(f"/people/appointments/{Appointment.objects.get(person=cast.celia).pk}/end/")
    before = Act.objects.count()
    for name, person in cast.everybody.items():
        client = signed_in(person)
        for address in addresses:
            for answer in (client.get(address), client.post(address)) if name != "saba" else ():
                assert (answer.status_code, KEEPERS in words(answer)) == (403, True), address
    assert Act.objects.count() == before
    assert signed_in(cast.saba).get(addresses[0]).status_code == 200


@pytest.mark.django_db
def test_strangers_are_asked_to_sign_in(cast: Cast, client: Client) -> None:
    for address in ("/people/", f"/people/{cast.olu.pk}/", "/people/invite/", "/people/proposals/"):
        assert client.get(address)["Location"] == f"/account/login/?next={address}"
    assert client.get("/people/999999/")["Location"].startswith("/account/login/")


@pytest.mark.django_db
def test_a_get_changes_nothing(cast: Cast) -> None:
    client = signed_in(cast.saba)
    for form in FORMS:
        assert client.get(f"/people/{cast.leo.pk}/{form}/").status_code == 200
    assert not Act.objects.exists()


@pytest.mark.django_db
def test_nobody_changes_themselves(cast: Cast) -> None:
    client = signed_in(cast.saba)
    for form in FORMS:
        for answer in (
            client.get(f"/people/{cast.saba.pk}/{form}/"),
            client.post(f"/people/{cast.saba.pk}/{form}/"),
        ):
            assert (answer.status_code, ONESELF in words(answer)) == (403, True)
    own = Duty.objects.get(person=cast.saba)
    assert client.post(f"/people/duties/{own.pk}/end/", day("ends", 0)).status_code == 403
    page = words(client.get(f"/people/{cast.saba.pk}/"))
    assert "This is you. Nobody changes their own account" in page
    with pytest.raises(Refused, match="Nobody changes their own account"):
        acts.deactivate(cast.saba, by=cast.saba)


@pytest.mark.django_db
def test_a_duty_is_given_from_a_day_on_and_ended_with_a_day(cast: Cast) -> None:
    client, address = signed_in(cast.saba), f"/people/{cast.leo.pk}/"
    done = send(client, f"{address}duty/", "Give this duty", kind="commercial", **day("starts", 0))
    assert notices(client, done)[0].startswith("Leo Grant has the duty “Commercial adviser” from")
    duty = Duty.objects.get(person=cast.leo, kind=DutyKind.COMMERCIAL)
    assert (duty.starts, duty.ends) == (today(), None)
    send(client, f"/people/duties/{duty.pk}/end/", "End it", **day("ends", 3))
    duty.refresh_from_db()
    assert duty.ends == today() + timedelta(days=3)
    page = words(client.get(address))
    assert page.index("Duty “Commercial adviser” ended") < page.index("Given the duty “Commercial")


@pytest.mark.django_db
def test_a_duty_that_has_not_begun_is_taken_away(cast: Cast) -> None:
    client = signed_in(cast.saba)
    send(
        client,
        f"/people/{cast.leo.pk}/duty/",
        "Give this duty",
        kind="commercial",
        **day("starts", 5),
    )
    duty = Duty.objects.get(person=cast.leo, kind=DutyKind.COMMERCIAL)
    send(client, f"/people/duties/{duty.pk}/end/", "End it", **day("ends", 0))
    assert not Duty.objects.filter(pk=duty.pk).exists()
    assert Act.objects.filter(person=cast.leo).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "commercial", **day("starts", -1)}, "A duty begins today or later"),
        ({"kind": "legal", **day("starts", 0)}, "Leo Grant has the duty “Legal adviser” already"),
        (
            {"kind": "commercial", **day("starts", 4), **day("ends", 3)},
            "The last day must be the first day or later",
        ),
        ({"kind": "", **day("starts", 0)}, "Select an answer to “Which duty?”"),
    ],
)
def test_a_duty_that_cannot_be_given_is_refused_in_words(
    cast: Cast, typed: dict[str, str], sentence: str
) -> None:
    client = signed_in(cast.saba)
    refused = send(client, f"/people/{cast.leo.pk}/duty/", "Give this duty", **typed)
    assert refused.status_code in {409, 422}
    assert errors(refused)[0].startswith(sentence)
    assert Duty.objects.filter(person=cast.leo).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("offset", "start"), [(-1, "The last day is today or later")])
def test_a_duty_does_not_end_in_the_past(cast: Cast, offset: int, start: str) -> None:
    duty = Duty.objects.get(person=cast.leo)
    refused = send(
        signed_in(cast.saba), f"/people/duties/{duty.pk}/end/", "End it", **day("ends", offset)
    )
    assert errors(refused)[0].startswith(start)
    duty.refresh_from_db()
    assert duty.ends is None


GIVES = "The secretariat gives duties, and nobody gives themselves one."
SAYS = "The secretariat says what people do and hold, and nobody says it of themselves."
ONLY = "Only the last day changes: to an earlier one, and to none that is past."
KEEPS = "The secretariat keeps the accounts of people, and nobody keeps their own."
SENDS = "The secretariat sends links, and nobody sends themselves one."
_DUTY = "INSERT INTO accounts_duty (person_id, kind, starts) VALUES ({}, 'finance', {})"
_LINK = (
    "INSERT INTO accounts_invitation (person_id, purpose, asked_by_id, asked_at) "
    "VALUES ({}, 'password', {}, now())"
)
_USER = (
    "INSERT INTO accounts_user (password, email, name, is_active, joined_at) "
    "VALUES ('', 'n@x.example', 'N', true, now())"
)
_ACT = (
    "INSERT INTO accounts_act (person_id, by_id, verb, facts) "
    "VALUES ({leo}, {saba}, 'deactivate', '{{}}')"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "statement", "refusal"),
    [
        ("olu", _DUTY.format("{leo}", "CURRENT_DATE"), GIVES),
        ("saba", _DUTY.format("{saba}", "CURRENT_DATE"), GIVES),
        ("saba", _DUTY.format("{leo}", "CURRENT_DATE - 2"), "A duty begins today or later."),
        ("aud", "UPDATE accounts_duty SET ends = CURRENT_DATE WHERE person_id = {leo}", SAYS),
        ("saba", "UPDATE accounts_duty SET ends = CURRENT_DATE WHERE person_id = {saba}", SAYS),
        ("saba", "UPDATE accounts_duty SET ends = CURRENT_DATE - 5 WHERE person_id = {leo}", ONLY),
        ("saba", "UPDATE accounts_duty SET kind = 'auditor' WHERE person_id = {leo}", ONLY),
        (
            "saba",
            "UPDATE accounts_appointment SET starts = '2019-01-01' WHERE person_id = {celia}",
            ONLY,
        ),
        (
            "saba",
            "DELETE FROM accounts_duty WHERE person_id = {leo}",
            "What has begun is ended, and never taken away.",
        ),
        ("olu", "UPDATE accounts_user SET is_active = false WHERE id = {leo}", KEEPS),
        ("saba", "UPDATE accounts_user SET email = 'x@x.example' WHERE id = {saba}", KEEPS),
        ("olu", _USER, KEEPS),
        ("olu", _LINK.format("{leo}", "{olu}"), SENDS),
        ("saba", _LINK.format("{saba}", "{saba}"), SENDS),
        (
            "olu",
            _ACT,
            "Somebody else does this than is named, so nothing was written to accounts_act.",
        ),
    ],
)
def test_the_database_asks_who_changes_people_and_what(
    cast: Cast, who: str, statement: str, refusal: str
) -> None:
    people = {name: person.pk for name, person in cast.everybody.items()}
    with (
        acting_as(people[who]),
        pytest.raises(Error, match=refusal),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(**people))


@pytest.mark.django_db
def test_what_is_written_down_about_people_never_changes(cast: Cast) -> None:
    with acting_as(cast.saba.pk):
        acts.give_duty(cast.leo, DutyKind.FINANCE, starts=today(), ends=None, by=cast.saba)
    assert Act.objects.exists()
    for statement in ("UPDATE accounts_act SET verb = 'x'", "DELETE FROM accounts_act"):
        with (
            pytest.raises(Error, match="permission denied for table accounts_act"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.django_db
def test_set_up_ends_with_the_first_thing_that_happens(cast: Cast) -> None:
    with acting_as(0), transaction.atomic():
        User.objects.create_user("one@more.example", "One More")
    with acting_as(cast.saba.pk):
        acts.give_duty(cast.leo, DutyKind.FINANCE, starts=today(), ends=None, by=cast.saba)
    assert Event.objects.exists()
    for write in (
        lambda: User.objects.create_user("two@more.example", "Two More"),
        lambda: Duty.objects.create(person=cast.oona, kind=DutyKind.SECRETARIAT),
        lambda: Appointment.objects.create(
            person=cast.oona, office=Office.objects.get(code="dmpc"), acting=True, legal_basis="x"
        ),
    ):
        with acting_as(0), pytest.raises(Error), transaction.atomic():
            write()


def test_unused_accounts_are_printed_and_told_to_the_secretariat(clone: str) -> None:
    cast = assemble()
    as_operator(clone)
    User.objects.update(joined_at=timezone.now() - timedelta(days=90), last_login=timezone.now())
    User.objects.filter(pk=cast.leo.pk).update(last_login=timezone.now() - timedelta(days=61))
    User.objects.filter(pk=cast.hal.pk).update(last_login=None)
    User.objects.filter(pk=cast.oona.pk).update(last_login=timezone.now() - timedelta(days=59))
    with acting_as(None):
        printed = run("unused_accounts")
    assert "hal@countersign.example\tnever" in printed
    assert "leo@countersign.example\t" in printed
    assert printed.endswith("Unused for 60 days: 2.\n")
    letter = Letter.objects.get()
    assert letter.recipient == cast.saba
    assert "Hal Osei: never signed in" in letter.body


def test_break_glass_unlocks_one_account_appoints_nobody_and_tells_the_secretariat(
    clone: str,
) -> None:
    cast = assemble()
    acts_before = (Duty.objects.count(), Appointment.objects.count())
    as_operator(clone)
    with acting_as(None):
        printed = run("break_glass", "SABA@countersign.example", lost_factors=True)
    assert "A link goes to saba@countersign.example" in printed
    act = Act.objects.get()
    assert (act.person, act.by, act.verb) == (cast.saba, None, "break_glass")
    event = Event.objects.get(verb="people.break_glass")
    assert (event.actor, event.db_role) == (cast.saba, env.OWNER)
    assert '"operator":true' in event.facts
    assert (Duty.objects.count(), Appointment.objects.count()) == acts_before
    subjects = set(Letter.objects.values_list("subject", flat=True))
    assert subjects == {
        "Choose a new password",
        "An account was unlocked by the operator",
        owner_letters.SUBJECT,
    }


def test_the_operators_commands_refuse_the_services_logins(clone: str) -> None:
    assemble()
    for name, args in (
        ("unused_accounts", ()),
        ("break_glass", ("saba@countersign.example",)),
        ("first_people", ("A <a@x.example>", "B <b@x.example>")),
    ):
        options = {"next_number": 1} if name == "first_people" else {}
        with pytest.raises(CommandError, match="This is for the operator"):
            run(name, *args, **options)
    with acting_as(None), pytest.raises(Error, match="Nobody is named who does this"):
        break_glass("saba@countersign.example", lost_factors=False)


def test_an_empty_system_begins_with_two_members_of_the_secretariat(clone: str) -> None:
    as_operator(clone)
    with acting_as(None):
        with pytest.raises(CommandError, match="Name two people or more"):
            run("first_people", "Jo Bloggs <jo@x.example>", next_number=7)
        assert not Office.objects.exists()
        run("first_people", "Jo Bloggs <jo@x.example>", "Sam Roe <sam@x.example>", next_number=7)
        with pytest.raises(CommandError, match="offices or a series already"):
            run("first_people", "Eve <eve@x.example>", "Mal <mal@x.example>", next_number=7)
    assert set(Duty.objects.values_list("person__name", "kind")) == {
        ("Jo Bloggs", "secretariat"),
        ("Sam Roe", "secretariat"),
    }
    assert Series.objects.get().office.code == "dmpc"
    assert Event.objects.filter(verb="people.first_people", db_role=env.OWNER).count() == 2
    assert not Appointment.objects.exists()
    assert Letter.objects.filter(invitation__isnull=False).count() == 2


@pytest.mark.django_db
def test_a_second_member_changes_the_first(cast: Cast) -> None:
    sven = second_secretary()
    client = signed_in(sven)
    assert client.get("/people/").status_code in {200, 302}
    acts.give_duty(cast.saba, DutyKind.FINANCE, starts=today(), ends=None, by=sven)
    assert Duty.objects.filter(person=cast.saba, kind=DutyKind.FINANCE).exists()


@pytest.mark.django_db
def test_proposals_are_not_for_everybody(cast: Cast) -> None:
    for name, person in cast.everybody.items():
        answer = signed_in(person).get("/people/proposals/")
        if name in {"saba", "aud", "hal", "celia"}:
            assert answer.status_code == 200
        else:
            assert (answer.status_code, CONFIRMERS in words(answer)) == (403, True)
