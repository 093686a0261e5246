"""What any login may do by default and could stall the service with is refused to every role."""

from __future__ import annotations

from typing import Final

import psycopg
import pytest
from django.core.management import call_command

from approvals.backup.probes import STALLING, refused
from config import env
from config.guards import CONNECTIONS, STALLS
from tests import database
from tests.guards.sight import NEEDED


def test_a_superuser_can_do_all_of_it(clone: str) -> None:
    with database.superuser_of(clone) as superuser:
        for each in STALLING:
            with superuser.transaction(force_rollback=True):
                superuser.execute(each.encode())


@pytest.mark.parametrize("role", env.ROLES)
def test_no_service_can_stall_the_others(clone: str, role: str) -> None:
    with psycopg.connect(database.address(role, clone), autocommit=True) as login:
        able = [each for each in STALLING if not refused(login, each)]
    assert able == []


@pytest.mark.parametrize("role", env.ROLES)
def test_a_service_has_the_functions_that_it_needs_and_no_other_of_the_kind(
    clone: str, role: str
) -> None:
    with database.superuser_of(clone) as superuser:
        found = superuser.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p "
            "WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ %s "
            "AND has_function_privilege(%s, p.oid, 'EXECUTE')",
            [STALLS, role],
        ).fetchall()
    assert {name for (name,) in found} == {name for name, roles in NEEDED.items() if role in roles}


ACT: Final = "INSERT INTO decisions_event (actor_id, verb, facts) VALUES (%s, 'begin', '{}')"


def test_who_stops_in_the_middle_of_an_act_is_ended_and_the_others_go_on(clone: str) -> None:
    """Acts wait for each other: the next must not wait for ever for one that never ends."""
    with database.superuser_of(clone) as superuser:
        person = superuser.execute(
            "INSERT INTO accounts_user (email, name, password, is_active, joined_at) "
            "VALUES ('a@office.example', 'A', '!', true, now()) RETURNING id"
        ).fetchone()
    assert person is not None
    acting = f"SELECT set_config('countersign.person', '{person[0]}', false)"
    with (
        psycopg.connect(database.address(env.STAFF, clone)) as stopped,
        psycopg.connect(database.address(env.STAFF, clone), autocommit=True) as waiting,
    ):
        for login in (stopped, waiting):
            login.execute(acting.encode())
        stopped.commit()
        waiting.execute("SET lock_timeout = '100ms'")
        stopped.execute("SET idle_in_transaction_session_timeout = '2s'")
        stopped.execute(ACT, person)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            waiting.execute(ACT, person)
        waiting.execute("SET lock_timeout = 0")
        waiting.execute(ACT, person)
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            stopped.execute("SELECT 1")


@pytest.mark.parametrize("role", env.ROLES)
def test_no_service_may_stay_in_the_middle_of_something(clone: str, role: str) -> None:
    options = env.database(role, search_path="public")["OPTIONS"]["options"]
    with psycopg.connect(database.address(role, clone), options=options) as login:
        limit = login.execute("SHOW idle_in_transaction_session_timeout").fetchone()
    assert limit == ("2min",)


# Functions that change something or depend on more than their arguments, and that anyone may call:
# they tell the time, make random numbers, read what PostgreSQL says of itself, do what the caller's
# grants allow (sequences, indexes, queries as text), or refuse everyone but a superuser.
HARMLESS = (
    r"^(amvalidate|array_sample|array_shuffle|bernoulli|system|binary_upgrade_.*|.*handler"
    r"|brin_.*|gin_clean_pending_list|clock_timestamp|timeofday|currtid2?|currval|lastval|nextval"
    r"|setval|current_query|cursor_to_xml.*|query_to_xml.*|dsnowball_.*|gen_random_uuid|uuidv.*"
    r"|random.*|setseed|set_config|ts_rewrite|ts_stat|txid_.*|plpgsql_.*"
    r"|pg_available_wal_summaries|pg_wal_summary_contents|pg_(safe_snapshot_)?blocking_pids"
    r"|pg_(database_)?collation_actual_version|pg_control_.*|pg_current_wal_.*|pg_.*_size"
    r"|pg_extension_config_dump|pg_get_.*|pg_is_.*|pg_isolation_test_.*|pg_jit_available|pg_last_.*"
    r"|pg_(read_file|rotate_logfile)_old|pg_lock_status|pg_notification_queue_usage|pg_partition_.*|pg_prepared_xact"
    r"|pg_sequence_last_value|pg_stat_.*|pg_stop_making_pinned_objects|pg_xact_.*)$"
)


def test_every_function_that_anyone_may_call_has_been_judged(clone: str) -> None:
    with database.superuser_of(clone) as superuser:
        anyone = superuser.execute(
            "SELECT DISTINCT p.proname FROM pg_proc p, "
            "aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
            "WHERE a.grantee = 0 AND p.pronamespace = 'pg_catalog'::regnamespace "
            "AND p.provolatile = 'v' AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype "
            "AND p.proname !~ %s",
            [HARMLESS],
        ).fetchall()
    assert anyone == [], (
        "This version of PostgreSQL lets every login call these. Where one locks, writes, waits or "
        "signals, take it away in config/bootstrap.sql and config/guards.py; else name it here."
    )


def test_the_public_login_cannot_use_up_all_connections_or_the_disk(clone: str) -> None:
    with psycopg.connect(database.address(env.PUBLIC, clone), autocommit=True) as public:
        limits = public.execute(
            "SELECT rolconnlimit, current_setting('temp_file_limit') FROM pg_roles "
            "WHERE rolname = current_user"
        ).fetchone()
        assert limits == (CONNECTIONS, "256MB")
        with pytest.raises(psycopg.errors.ConfigurationLimitExceeded):
            public.execute(
                "SELECT count(*) FROM (SELECT n, repeat('x', 900) FROM "
                "generate_series(1, 400000) AS n ORDER BY 2, 1 DESC OFFSET 0) AS sorted"
            )


def check(capsys: pytest.CaptureFixture[str]) -> str:
    """What `check` tells the operator of the database."""
    call_command("check", databases=["default"])
    return capsys.readouterr().err


def test_the_operator_is_told_of_what_public_may_do(
    clone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(capsys) == ""
    with database.superuser_of(clone) as superuser:
        superuser.execute("GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC")
        superuser.execute("GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC")
        superuser.execute(f"GRANT TEMP ON DATABASE {clone} TO PUBLIC")
        superuser.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    told = check(capsys)
    assert "Every login may call pg_advisory_lock, run code in plpgsql." in told
    assert (
        "Every login of the server may make tables in the schema public, make temporary tables."
        in told
    )
    assert "Have a superuser of PostgreSQL run config/bootstrap.sql in this database" in told


def test_a_database_without_the_bootstrap_is_found_and_mended_by_it(
    clone: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = f"{clone}_bare"
    with database.owner_session() as owner:
        owner.execute(f"CREATE DATABASE {bare} TEMPLATE template0")
    try:
        database.connect("default", env.OWNER, bare)
        assert "Every login may call lo_close, call lo_creat, call lo_create, and " in check(capsys)
        with database.superuser_of(bare) as superuser:
            for _ in range(2):  # the second run changes nothing
                superuser.execute((env.PROJECT / "config" / "bootstrap.sql").read_bytes())
        told = check(capsys)
        assert "Every login may" not in told
        assert "connect to this database, make temporary tables" in told  # until it is migrated
    finally:
        database.connect("default", env.STAFF, clone)
        database.drop(bare)
