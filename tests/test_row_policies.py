"""The policies themselves, as PostgreSQL's catalogue has them: none missing, none too many."""

from __future__ import annotations

from typing import Final

import pytest

from config import env
from tests.house.test_grants import EXPECTED_STAFF
from tests.need_to_know_world import OF_CLEARED, WITH_ITS_PAPER, rows

# What staff read without a need to know, and why.
FOR_EVERYBODY: Final = {
    "public.accounts_act": "names no paper; the pages about people ask who asks",
    "public.accounts_confirmation": "who holds an office is no secret to staff",
    "public.accounts_invitation": "a link is used before there is a person",
    "public.accounts_letter": "names no paper, and holds no secret until it has left",
    "public.accounts_proposal": "who holds an office is no secret to staff",
    "public.accounts_identity": "sign-in happens before there is a person",
    "public.accounts_signin": "sign-in happens before there is a person",
    "public.accounts_appointment": "who holds an office is no secret to staff",
    "public.accounts_duty": "who does what is no secret to staff",
    "public.accounts_office": "an office is no secret",
    "public.accounts_user": "colleagues are chosen by name",
    "public.decisions_series": "a series is a counter",
    "register.register_live": "published",
    "pub.decision": "published",
    "public.django_content_type": "names of tables",
    "public.account_emailaddress": "sign-in happens before there is a person",
    "public.mfa_authenticator": "sign-in happens before there is a person",
    "public.accounts_cache": "counts of tries to sign in, before there is a person",
    "public.django_session": "is read to find out who the person is",
    "public.procrastinate_events": "jobs hold numbers alone",
    "public.procrastinate_jobs": "jobs hold numbers alone",
}


@pytest.mark.django_db
def test_every_table_that_staff_read_has_an_answer_to_who_sees_its_rows() -> None:
    protected = {
        str(row[0])
        for row in rows(
            "SELECT n.nspname || '.' || c.relname FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relrowsecurity"
        )
    }
    assert protected == WITH_ITS_PAPER.keys() | OF_CLEARED.keys(), (
        "Who sees the rows of a table is said in config/rows.sql and tried out here."
    )
    assert EXPECTED_STAFF.keys() - protected == FOR_EVERYBODY.keys()


@pytest.mark.django_db
def test_what_a_passkey_signed_is_seen_as_outcomes_are_with_their_signature() -> None:
    asked_of = "SELECT replace(qual, '{0}', ''), cmd FROM pg_policies WHERE tablename = '{0}'"
    assert rows(asked_of.format("approvals_assertion")) == rows(
        asked_of.format("approvals_outcome")
    )


@pytest.mark.django_db
def test_every_policy_is_for_one_login_and_staff_have_but_one_for_each_deed() -> None:
    found = rows(
        "SELECT policyname || ' on ' || schemaname || '.' || tablename, cmd, permissive, "
        "roles::text FROM pg_policies"
    )
    staff = {row for row in found if row[3] == "{countersign_staff}"}
    assert {row[0] for row in staff if not str(row[0]).startswith("need_to_know")} == {
        "frozen_with_its_version on conf.part_two_frozen"
    }
    assert {(row[0], row[3]) for row in found - staff} == {
        (f"for_{role} on public.{table}", f"{{{role}}}")
        for role, table in (
            (env.RENDERER, "approvals_edition"),
            (env.RENDERER, "approvals_sealeddocument"),
            (env.RENDERER, "approvals_archiveddocument"),
            (env.RENDERER, "approvals_documentrefusal"),
            (env.RENDERER, "decisions_event"),
            (env.MAILER, "approvals_notice"),
            (env.WITNESS, "decisions_event"),
        )
    }


@pytest.mark.django_db
def test_every_guard_of_a_protected_table_sees_every_row() -> None:
    assert (
        rows(
            "SELECT c.relname, t.tgname FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid AND c.relrowsecurity "
            "JOIN pg_proc f ON f.oid = t.tgfoid JOIN pg_namespace n ON n.oid = f.pronamespace "
            "WHERE NOT t.tgisinternal AND NOT f.prosecdef AND f.proname <> 'keep_in_sight' "
            "AND n.nspname <> 'register'"
        )
        == set()
    )


@pytest.mark.django_db
def test_staff_can_change_nothing_that_the_policies_ask() -> None:
    assert rows(
        "SELECT has_schema_privilege(current_user, 'sight', 'CREATE'), "
        "pg_has_role(current_user, 'countersign_owner', 'MEMBER'), rolbypassrls, rolsuper "
        "FROM pg_roles WHERE rolname = current_user"
    ) == {(False, False, False, False)}
    assert (
        rows(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'sight'::regnamespace "
            "AND prosecdef AND NOT coalesce(proconfig::text LIKE '%search_path=pg_catalog%', false)"
        )
        == set()
    )
