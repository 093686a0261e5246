"""Each guard of people in PostgreSQL is taken away in turn, and its attack then succeeds."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.models import Confirmation, Office, Proposal, today
from accounts.people import links, offices
from config import env
from tests import database
from tests.cast import Cast, assemble
from tests.guards.attacks import attacked, outcome
from tests.guards.catalogue import LIBRARIES, Guard, constraints, triggers
from tests.test_guard_mutation import survivors

_APPOINT = (
    "INSERT INTO accounts_appointment (office_id, person_id, acting, legal_basis, starts) "
    "SELECT id, {hal}, true, 'x', sight.today() FROM accounts_office WHERE code = 'chief_executive'"
)
_PROPOSE = (
    "INSERT INTO accounts_proposal "
    "(office_id, person_id, acting, legal_basis, starts, by_id, at) "
    "SELECT office_id, {leo}, acting, legal_basis, starts, {olu}, at FROM accounts_proposal"
)
_CONFIRM = (
    "INSERT INTO accounts_confirmation (proposal_id, agrees, by_id, at) "
    "SELECT id, true, {saba}, now() FROM accounts_proposal"
)
_WRITE = (
    "INSERT INTO accounts_letter (recipient_id, subject, body, written_at, due_at, attempts) "
    "VALUES ({leo}, 'x', 'x', now(), now(), 3)"
)
_ACT = (
    "INSERT INTO accounts_act (person_id, by_id, verb, facts) "
    "VALUES ({leo}, {saba}, 'invite', '{{}}')"
)
# Trigger, table, who attacks, the attack, and the refusal while the guard stands.
ATTACKS = [
    (
        "secretariat_keeps_people",
        "accounts_user",
        "olu",
        "UPDATE accounts_user SET is_active = false WHERE id = {leo}",
        "42501 The secretariat keeps the accounts of people, and nobody keeps their own.",
    ),
    (
        "dated_row_keeps_its_past",
        "accounts_duty",
        "saba",
        "DELETE FROM accounts_duty WHERE person_id = {leo}",
        "23000 What has begun is ended, and never taken away.",
    ),
    (
        "dated_row_keeps_its_past",
        "accounts_appointment",
        "saba",
        "UPDATE accounts_appointment SET starts = '2019-01-01' WHERE person_id = {celia}",
        "23000 Only the last day changes: to an earlier one, and to none that is past.",
    ),
    (
        "duty_is_given_by_secretariat",
        "accounts_duty",
        "olu",
        "INSERT INTO accounts_duty (person_id, kind, starts) VALUES ({olu}, 'legal', '2030-01-01')",
        "42501 The secretariat gives duties, and nobody gives themselves one.",
    ),
    (
        "proposal_by_secretariat",
        "accounts_proposal",
        "olu",
        _PROPOSE,
        "42501 The secretariat proposes who holds an office, and nobody proposes themselves.",
    ),
    (
        "confirmation_by_a_second_person",
        "accounts_confirmation",
        "saba",
        _CONFIRM,
        "42501 A second person confirms, who neither proposed it nor is to hold the office.",
    ),
    (
        "appointment_by_two",
        "accounts_appointment",
        "saba",
        _APPOINT,
        "23000 Nobody holds an office whom one person did not propose and another confirm.",
    ),
    (
        "link_is_used_once",
        "accounts_invitation",
        "saba",
        "UPDATE accounts_invitation SET used_at = now()",
        "23000 A link is used while it is good.",
    ),
    (
        "letter_stays_as_written",
        "accounts_letter",
        "saba",
        _WRITE,
        "23000 A letter begins unsent.",
    ),
]
ATTACKS += [
    (
        "office_stays",
        "accounts_office",
        "dominic",
        "UPDATE accounts_office SET code = 'a_former_office' WHERE code = 'chief_executive'",
        "42501 Offices are set up once, and the operator alone changes one.",
    ),
    *(
        (
            "series_stays",
            "decisions_series",
            "olu",
            f"UPDATE decisions_series SET {change}",  # noqa: S608 - the three below
            "42501 A series counts on, and the operator alone changes anything else of it.",
        )
        for change in (
            "office_id = (SELECT id FROM accounts_office WHERE code = 'chief_executive')",
            "pattern = pattern || ' x'",
            "next_number = next_number - 1",
        )
    ),
]
NEVER_CHANGED = ("accounts_act", "accounts_proposal", "accounts_confirmation")
NEVER_REMOVED = (*NEVER_CHANGED, "accounts_invitation", "accounts_letter")


def prepared() -> Cast:
    """The cast, with a row in every table about people."""
    cast = assemble()
    links.send_link(cast.olu, by=cast.saba)
    office = Office.objects.get(code="chief_executive")
    for person in (cast.oona, cast.hal):
        offices.propose(
            person,
            office,
            acting=True,
            legal_basis="A letter",
            starts=today(),
            ends=today(),
            by=cast.saba,
        )
    first, second = Proposal.objects.order_by("pk")
    offices.call_off(first, by=cast.saba)
    offices.confirm(second, by=cast.celia)
    assert Confirmation.objects.exists()
    return cast


def test_every_guard_of_people_is_missed_when_it_is_gone(clone: str) -> None:
    people = {name: person.pk for name, person in prepared().everybody.items()}
    with database.superuser_of(clone) as superuser:
        for trigger, table, who, attack, refusal in ATTACKS:

            def told(attack: str = attack, who: str = who) -> str:
                return outcome(
                    superuser, attack.format(**people), role=env.STAFF, person=people[who]
                )

            assert told() == refusal, trigger
            with superuser.transaction(force_rollback=True):
                superuser.execute(f"DROP TRIGGER {trigger} ON {table}".encode())
                assert told() != refusal, f"{trigger} on {table}: nothing missed it"


def test_what_is_written_about_people_stays_even_for_a_superuser(clone: str) -> None:
    prepared()
    with database.superuser_of(clone) as superuser:
        silent = "SET LOCAL session_replication_role = replica"
        for table in NEVER_REMOVED:
            refusal = f"23000 {table} is evidence: rows are added and never changed."
            attacks = [f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"]  # noqa: S608 - our own names
            if table in NEVER_CHANGED:
                attacks.append(f"UPDATE {table} SET id = id + 1")  # noqa: S608 - our own names
            for attack in attacks:
                assert outcome(superuser, silent, attack) == refusal, attack
            for trigger in ("record_never_changes", "record_never_emptied"):
                with superuser.transaction(force_rollback=True):
                    superuser.execute(f"DROP TRIGGER {trigger} ON {table}".encode())
                    told = {outcome(superuser, attack) for attack in attacks}
                    assert told != {refusal}, (trigger, table)


def test_no_act_is_without_its_event(clone: str) -> None:
    cast = prepared()
    add = _ACT.format(leo=cast.leo.pk, saba=cast.saba.pk)
    count = "SELECT count(*) FROM decisions_event WHERE verb = 'people.invite'"
    with database.superuser_of(clone) as superuser:
        assert outcome(superuser, add, count) == "[(1,)]"
        with superuser.transaction(force_rollback=True):
            superuser.execute(b"DROP TRIGGER chain_act_on_person ON accounts_act")
            assert outcome(superuser, add, count) == "[(0,)]"


def test_every_constraint_of_people_is_missed_and_nobody_writes_unnamed(clone: str) -> None:
    prepared()
    with database.superuser_of(clone) as superuser:
        superuser.execute("UPDATE accounts_invitation SET digest = repeat('a', 64)")
        every = (*triggers(superuser, LIBRARIES), *constraints(superuser, LIBRARIES))
        about = [
            guard
            for guard in every
            if guard.table in NEVER_REMOVED or guard.name == "accounts_appointment_proposal_id_key"
        ]
        listed = {(name, table) for name, table, *_ in ATTACKS}
        found = [guard for guard in about if guard.name == "actor_is_set" or not is_trigger(guard)]
        others = {(guard.name, guard.table) for guard in about if guard not in found}
        assert len(found) >= 2 * 5 + 15
        assert "\n".join(survivors(superuser, found, attacked, but=())) == ""
    # Every other trigger of these tables is taken away above.
    own = {("record_never_changes", table) for table in NEVER_REMOVED}
    own |= {("record_never_emptied", table) for table in NEVER_REMOVED}
    assert others - listed == own | {("chain_act_on_person", "accounts_act")}


def is_trigger(guard: Guard) -> bool:
    return guard.kind in {"trigger", "always"}


@pytest.mark.django_db
def test_every_guard_of_people_is_always_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgrelid::regclass::text ~ '^accounts_'"
        )
        found = cursor.fetchall()
    assert len(found) > 20
    assert {enabled for _, enabled in found} == {"A"}
