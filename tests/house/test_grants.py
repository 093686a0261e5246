"""Who may read and write what, asked of PostgreSQL's own catalogue, in both directions."""

from __future__ import annotations

import pytest
from django.db import connection

from approvals.backup.rights import powers
from config.env import MAILER, PUBLIC, RENDERER, ROLES, STAFF, WITNESS
from tests import database

READ = frozenset({"SELECT"})
ADD = frozenset({"SELECT", "INSERT"})
WORK = frozenset({"SELECT", "INSERT", "UPDATE"})
KEEP = frozenset({"SELECT", "INSERT", "DELETE"})
ALL = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})

EXPECTED_STAFF = {
    "conf.part_two": WORK,
    "conf.part_two_clearance": ADD,
    "conf.part_two_exemption": ALL,
    "conf.part_two_file": KEEP,
    "conf.part_two_frozen": ADD,
    "pub.decision": READ,
    "public.account_emailaddress": WORK,
    "public.accounts_act": ADD,
    "public.accounts_appointment": ALL,  # what has not begun, as a trigger says
    "public.accounts_cache": ALL,
    "public.accounts_confirmation": ADD,
    "public.accounts_duty": ALL,  # the same
    "public.accounts_identity": ADD | {"DELETE"},
    "public.accounts_invitation": WORK,  # of UPDATE some columns, as a test below says
    "public.accounts_letter": ADD,
    "public.accounts_office": WORK,
    "public.accounts_proposal": ADD,
    "public.accounts_signin": ALL,
    "public.accounts_user": WORK,
    "public.approvals_advice": ADD,
    "public.approvals_archiveddocument": ADD,
    "public.approvals_assertion": ADD,
    "public.approvals_consultation": ADD,
    "public.approvals_documentrefusal": ADD,
    "public.approvals_edition": ADD,
    "public.approvals_notice": ADD,
    "public.approvals_outcome": ADD,
    "public.approvals_publication": ADD,
    "public.approvals_reason": ADD,
    "public.approvals_sealeddocument": ADD,
    "public.approvals_signature": ADD,
    "public.decisions_backgroundpaper": ALL,
    "public.decisions_contributor": ADD,
    "public.decisions_declaration": ALL,
    "public.decisions_event": ADD,
    "public.decisions_fileapproval": ADD,
    "public.decisions_fundingline": ALL,
    "public.decisions_paper": WORK,
    "public.decisions_reader": ADD,
    "public.decisions_recommendation": ALL,
    "public.decisions_section": ALL,
    "public.decisions_series": WORK,
    "public.decisions_supportingdocument": ALL,
    "public.decisions_supportingfile": KEEP,
    "public.decisions_version": ADD,
    "public.django_content_type": READ,
    "public.django_session": ALL,
    "public.mfa_authenticator": ALL,
    "public.procrastinate_events": ADD,
    "public.procrastinate_jobs": WORK,  # of UPDATE one column, as a test below says
    "register.register_embargo": ADD,
    "register.register_live": ADD,
}
EXPECTED_PUBLIC = {"pub.checkpoint": READ, "pub.decision": READ, "pub.log_entry": READ}
EXPECTED_RENDERER = {
    "public.approvals_archiveddocument": ADD,
    "public.approvals_documentrefusal": ADD,
    "public.approvals_edition": READ,
    "public.approvals_sealeddocument": ADD,
    "public.decisions_event": ADD,  # of SELECT some columns, as a test below says
    "public.procrastinate_events": ADD,
    "public.procrastinate_jobs": ALL,
    "public.procrastinate_periodic_defers": ALL,
    "public.procrastinate_workers": ALL,
}
EXPECTED_WITNESS = {
    "public.chain_checkpoint": ADD,
    "public.chain_evidence": READ,
    "public.chain_leaf": READ,
    "public.decisions_event": READ,
}
EXPECTED_MAILER = {
    "public.accounts_invitation": frozenset({"SELECT", "UPDATE"}),  # of UPDATE some columns
    "public.accounts_letter": frozenset({"SELECT", "UPDATE"}),  # of UPDATE some columns
    "public.accounts_user": READ,  # some columns, as a test below says
    "public.approvals_notice": frozenset({"SELECT", "UPDATE"}),  # of UPDATE some columns
}
EXPECTED = {
    STAFF: EXPECTED_STAFF,
    PUBLIC: EXPECTED_PUBLIC,
    RENDERER: EXPECTED_RENDERER,
    MAILER: EXPECTED_MAILER,
    WITNESS: EXPECTED_WITNESS,
}
# The functions of the jobs that a role may call; of our own, the worker may call one.
CALLS = {
    STAFF: {"procrastinate_defer_jobs_v1"},
    PUBLIC: {"opened_leaves"},
    RENDERER: {
        "procrastinate_defer_jobs_v1",
        "procrastinate_defer_periodic_job_v2",
        "procrastinate_fetch_job_v2",
        "procrastinate_finish_job_v1",
        "procrastinate_prune_stalled_workers_v1",
        "procrastinate_register_worker_v1",
        "procrastinate_retry_job_v2",
        "procrastinate_unregister_worker_v1",
        "procrastinate_update_heartbeat_v1",
        "move_due_decisions",
    },
    MAILER: set[str](),
    WITNESS: set[str](),
}
# Jobs are work and no evidence: what was done is told by the events of the paper.
NO_EVIDENCE = {"public.procrastinate_events"}

RIGHTS = """
SELECT n.nspname || '.' || c.relname, p.name
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
                        'TRIGGER']) AS p (name)
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname NOT LIKE 'pg\\_%%'
  AND (has_table_privilege(%s, c.oid, p.name)
       OR (p.name IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
           AND has_any_column_privilege(%s, c.oid, p.name)))
"""


def _rights(role: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, [role, role])
        for relation, right in cursor.fetchall():
            found.setdefault(relation, set()).add(right)
    return {relation: frozenset(rights) for relation, rights in found.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_exactly_what_is_listed(role: str) -> None:
    assert _rights(role) == EXPECTED[role], (
        "A grant was added or lost. If it is meant, say so in config/roles.sql and in this list; "
        "a new table is invisible until both name it."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "relation", "right", "columns"),
    [
        (STAFF, "procrastinate_jobs", "UPDATE", {"scheduled_at"}),
        (
            RENDERER,
            "decisions_event",
            "SELECT",
            {"id", "seq", "at", "db_role", "prev", "hash"},
        ),
        (MAILER, "accounts_user", "SELECT", {"id", "name", "email", "is_active"}),
        (MAILER, "approvals_notice", "UPDATE", {"due_at", "attempts", "sent_at"}),
        (MAILER, "accounts_letter", "UPDATE", {"due_at", "attempts", "sent_at"}),
        (MAILER, "accounts_invitation", "UPDATE", {"digest", "expires_at"}),
        (STAFF, "accounts_invitation", "UPDATE", {"used_at", "revoked_at"}),
    ],
)
def test_a_right_to_single_columns_is_to_these_alone(
    role: str, relation: str, right: str, columns: set[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND has_column_privilege(%s, attrelid, attnum, %s)",
            [relation, role, right],
        )
        assert {row[0] for row in cursor.fetchall()} == columns


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_not_make_tables_and_calls_only_the_functions_listed(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%%' "
            "AND nspname <> 'information_schema' AND has_schema_privilege(%s, oid, 'CREATE')",
            [role],
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' "
            "WHERE n.nspname IN ('public', 'conf', 'register', 'pub') AND d.objid IS NULL "
            "AND has_function_privilege(%s, p.oid, 'EXECUTE')",
            [role],
        )
        assert {row[0] for row in cursor.fetchall()} == CALLS[role]
        cursor.execute(
            "SELECT has_database_privilege(%s, current_database(), 'CREATE'), "
            "has_database_privilege(%s, current_database(), 'TEMP')",
            [role, role],
        )
        assert cursor.fetchone() == (False, False)


def test_a_role_is_a_login_and_nothing_more(clone: str) -> None:
    with database.superuser_of(clone) as superuser:
        assert powers(superuser) == []
        with superuser.transaction(force_rollback=True):
            superuser.execute("ALTER ROLE countersign_public BYPASSRLS CREATEROLE")
            superuser.execute("ALTER ROLE countersign_mailer SUPERUSER")
            superuser.execute("GRANT countersign_staff TO countersign_witness")
            assert powers(superuser) == [
                "countersign_mailer: IS a superuser",
                "countersign_public: IS able to make roles",
                "countersign_public: IS above row policies",
                "countersign_witness: IS A MEMBER OF countersign_staff",
            ]


@pytest.mark.django_db
def test_the_tests_themselves_run_as_the_staff_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == (STAFF, STAFF)


@pytest.mark.django_db
def test_everything_that_is_only_added_to_is_guarded_by_triggers_too() -> None:
    added_to = {
        relation
        for rights_of in EXPECTED.values()
        for relation, rights in rights_of.items()
        if rights == ADD and relation not in NO_EVIDENCE
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname || '.' || c.relname, bool_or(t.tgtype & 16 > 0), "
            "bool_or(t.tgtype & 8 > 0), bool_or(t.tgtype & 32 > 0) "
            "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND t.tgtype & 2 > 0 GROUP BY 1"
        )
        guarded = {row[0] for row in cursor.fetchall() if row[1:] == (True, True, True)}
    assert added_to - guarded == set(), (
        "A table of evidence needs triggers, ENABLE ALWAYS, against UPDATE, DELETE and TRUNCATE."
    )
