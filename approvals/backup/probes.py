"""What no login of the service may do, tried as each of them: a grant read is no wall felt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import psycopg

from config import env

# By default any login of PostgreSQL may do most of these; each could stall or mislead the others.
STALLING: Final = (
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_advisory_lock(1, 2)",
    "SELECT pg_advisory_lock_shared(1)",
    "SELECT pg_advisory_xact_lock_shared(1)",
    "SELECT pg_try_advisory_xact_lock(1)",
    "SELECT pg_try_advisory_lock(1, 2)",
    "SELECT pg_advisory_unlock_all()",
    "SELECT pg_sleep(0)",
    "SELECT pg_sleep_for('0 seconds')",
    "SELECT pg_sleep_until(now())",
    "SELECT pg_logical_emit_message(true, 'a', 'b')",
    "SELECT pg_logical_emit_message(false, 'a', 'b'::bytea)",
    "SELECT pg_export_snapshot()",
    "SELECT lo_create(0)",
    "SELECT lo_creat(-1)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT lo_unlink(lo_create(0))",
    "SELECT pg_cancel_backend(0)",
    "SELECT pg_terminate_backend(0)",
    "DO $$ BEGIN PERFORM 1; END $$",
    "CREATE TEMP TABLE mine (n int)",
    "CREATE TABLE public.mine (n int)",
    "CREATE SCHEMA mine",
    "LOCK TABLE public.event_gate",
    "SELECT * FROM public.event_gate FOR UPDATE",
    "LOCK TABLE public.decisions_event IN SHARE MODE",
    "SET temp_file_limit = -1",
)
# Each is asked of each table that a role was not given this right to.
_OF_A_TABLE: Final = {
    "SELECT": "SELECT count(*) FROM {}",
    "INSERT": "INSERT INTO {} DEFAULT VALUES",
    "DELETE": "DELETE FROM {} WHERE false",
    "TRUNCATE": "TRUNCATE {}",
}


def refused(login: psycopg.Connection[Any], statement: str) -> bool:
    """Whether a right is missing for it; any other error means that none is. Nothing stays."""
    try:
        with login.transaction(force_rollback=True):
            login.execute(statement.encode())
    except psycopg.errors.InsufficientPrivilege:
        return True
    except psycopg.Error:
        return False
    return False


def breaches(rights: list[str], tables: list[str]) -> Iterator[str]:
    """What a login could do that was not granted to it, as sentences.

    `rights` are those of the manifest: "role: RIGHT thing". A role with a right to some columns
    only is not asked about that table. A login that cannot be tried is a finding, too.
    """
    for role in env.ROLES:
        try:
            with psycopg.connect(env.database_url(role), autocommit=True) as login:
                yield from (
                    f"{role} could do what no login may: {statement}."
                    for statement in (*STALLING, *_withheld(role, rights, tables))
                    if not refused(login, statement)
                )
        except psycopg.OperationalError as error:
            yield (
                f"{role} could not sign in, so nothing was tried as it: "
                f"{str(error).strip().splitlines()[-1]}. Set its password and its address."
            )


def _withheld(role: str, rights: list[str], tables: list[str]) -> Iterator[str]:
    granted = [line.removeprefix(f"{role}: ") for line in rights if line.startswith(f"{role}: ")]
    for table in tables:
        for right, statement in _OF_A_TABLE.items():
            asked = f"{right} {table}"
            if not any(line == asked or line.startswith(f"{asked}.") for line in granted):
                yield statement.replace("{}", table)
