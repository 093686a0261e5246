"""Who sees which rows, who may do what: asked as each login, and compared with what is meant."""

# ruff: noqa: S608 - every name in a statement here is one of PostgreSQL's own catalogue
from __future__ import annotations

from typing import Final

from config import env
from config.guards import STALLS
from tests.guards.attacks import outcome
from tests.guards.catalogue import Connection, Guard
from tests.house.test_grants import CALLS, EXPECTED, RIGHTS

# The schemas that a role may name something in. None may make anything in any.
SCHEMAS: Final = {
    env.STAFF: {"conf", "pub", "public", "register", "sight"},
    env.PUBLIC: {"pub"},
    env.RENDERER: {"public"},
    env.MAILER: {"public"},
    env.WITNESS: {"public"},
}
# The functions that all logins lost and single ones got back, in roles.sql.
NEEDED: Final = {
    "pg_notify(text,text)": {env.STAFF, env.RENDERER},
    "pg_advisory_xact_lock(bigint)": {env.STAFF},
    "pg_try_advisory_lock(bigint)": {env.STAFF, env.RENDERER},
    "pg_advisory_unlock(bigint)": {env.STAFF, env.RENDERER},
}
_OF_SCHEMAS: Final = """
SELECT n.nspname, has_schema_privilege(%s, n.oid, 'USAGE'),
  has_schema_privilege(%s, n.oid, 'CREATE')
FROM pg_namespace n WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
"""
_OF_FUNCTIONS: Final = """
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
WHERE d.objid IS NULL AND has_function_privilege(%s, p.oid, 'EXECUTE')
  AND (n.nspname IN ('public', 'conf', 'register', 'pub')
       OR (n.nspname = 'pg_catalog' AND p.proname ~ %s))
"""
_OF_THE_DATABASE: Final = """
SELECT has_database_privilege(%s, current_database(), 'CREATE'),
  has_database_privilege(%s, current_database(), 'TEMP'),
  has_language_privilege(%s, 'plpgsql', 'USAGE')
"""
_RELATIONS: Final = """
SELECT c.oid::regclass::text, n.nspname || '.' || c.relname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v') AND n.nspname NOT LIKE 'pg\\_%'
  AND n.nspname <> 'information_schema' AND c.oid::regclass::text !~ '^procrastinate_'
ORDER BY 1
"""


def unlisted(connection: Connection, role: str) -> str:
    """How what a role may do differs from the lists; "" where it does not."""
    found: dict[str, set[str]] = {}
    for relation, right in connection.execute(RIGHTS.encode(), [role, role]).fetchall():
        found.setdefault(relation, set()).add(right)
    wanted = {relation: set(rights) for relation, rights in EXPECTED[role].items()}
    schemas = connection.execute(_OF_SCHEMAS.encode(), [role, role]).fetchall()
    may_call = {
        name if name in NEEDED else _bare(name)
        for (name,) in connection.execute(_OF_FUNCTIONS.encode(), [role, STALLS]).fetchall()
    }
    calls = CALLS[role] | {name for name, roles in NEEDED.items() if role in roles}
    differences = [
        f"{name}: {have} instead of {want}"
        for name, have, want in (
            ("relations", _without(found, wanted), _without(wanted, found)),
            ("functions", may_call - calls, calls - may_call),
            ("schemas", {n for n, use, _ in schemas if use} ^ SCHEMAS[role], set()),
            ("new things in", {n for n, _, make in schemas if make}, set()),
        )
        if have or want
    ]
    at_large = connection.execute(_OF_THE_DATABASE.encode(), [role] * 3).fetchone()
    if at_large != (False, False, False):
        differences.append(f"the database: {at_large}")
    return "; ".join(differences)


def _without(some: dict[str, set[str]], others: dict[str, set[str]]) -> dict[str, set[str]]:
    return {name: rights for name, rights in some.items() if others.get(name) != rights}


def grants(connection: Connection) -> list[Guard]:
    """Every right that a role was not given, as a mutant that gives it."""
    relations = connection.execute(_RELATIONS.encode()).fetchall()
    found = []
    for role in env.ROLES:
        for relation, full in relations:
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                if right not in EXPECTED[role].get(full, frozenset()):
                    what = f"GRANT {right} ON {relation} TO {role}"
                    found.append(Guard("grant", relation, f"{right} to {role}", role, what))
        for schema in ("conf", "pub", "public", "register", "sight"):
            rights = ["CREATE"] if schema in SCHEMAS[role] else ["USAGE", "CREATE"]
            for right in rights:
                what = f"GRANT {right} ON SCHEMA {schema} TO {role}"
                found.append(Guard("grant", schema, f"{right} to {role}", role, what))
        found += [
            _to_all(role, function)
            for function in _functions(connection)
            if not _may_call(role, function)
        ]
        database = connection.info.dbname
        for what in (
            f"GRANT TEMP ON DATABASE {database} TO PUBLIC",
            f"GRANT CREATE ON DATABASE {database} TO {role}",
            "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC",
        ):
            found.append(Guard("grant", "the database", f"{what} as {role}", role, what))
    return found


def _functions(connection: Connection) -> list[str]:
    """Every function of ours, and those of PostgreSQL's that bootstrap.sql takes away."""
    rows = connection.execute(
        b"SELECT p.oid::regprocedure::text FROM pg_proc p "
        b"JOIN pg_namespace n ON n.oid = p.pronamespace "
        b"LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' WHERE d.objid IS NULL "
        b"AND (n.nspname IN ('public', 'conf', 'register', 'pub') "
        b"OR (n.nspname = 'pg_catalog' AND p.proname ~ %s)) ORDER BY 1",
        [STALLS],
    ).fetchall()
    return [name for (name,) in rows]


def _may_call(role: str, function: str) -> bool:
    """Whether the lists give a role this function anyway."""
    return _bare(function) in CALLS[role] or role in NEEDED.get(function, ())


def _bare(function: str) -> str:
    """A function's name as the lists have it: without its schema and what it takes."""
    return function.partition("(")[0].rpartition(".")[2]


def _to_all(role: str, function: str) -> Guard:
    what = f"GRANT EXECUTE ON FUNCTION {function} TO PUBLIC"
    return Guard("grant", function, f"EXECUTE as {role}", role, what)


def granted(connection: Connection, guard: Guard) -> tuple[str, str]:
    """What the lists miss of a role, and that they miss nothing."""
    return unlisted(connection, guard.definition), ""


def seen(connection: Connection, guard: Guard) -> tuple[str, str]:
    """How a table looks to nobody, to a stranger, and to whoever of all sees most of it."""
    table = guard.table
    if guard.name.startswith("for_"):
        role = guard.name.removeprefix("for_")
        return outcome(connection, f"SELECT count(*) > 0 FROM {table}", role=role), "[(True,)]"
    if guard.name == "frozen_with_its_version":
        return _frozen(connection), "42501 and 23505"
    count = f"SELECT count(*) FROM {table}"
    nobody = outcome(connection, count, role=env.STAFF)
    stranger = outcome(connection, count, role=env.STAFF, person=0)
    people = connection.execute(b"SELECT id FROM accounts_user ORDER BY id").fetchall()
    told = {outcome(connection, count, role=env.STAFF, person=person) for (person,) in people}
    somebody = any(each not in {"[(0,)]", nobody} for each in told)
    return f"{nobody} {stranger} {somebody}", "[(0,)] [(0,)] True"


def _frozen(connection: Connection) -> str:
    """What comes of freezing a Part 2 again: by a stranger, and by whoever may most of all."""
    row = connection.execute(b"SELECT max(version_id) FROM conf.part_two_frozen").fetchone()
    assert row is not None
    salt = "repeat('s', 32)::bytea"
    values = f"({row[0]}, 'x', {salt}, encode(sha256({salt} || 'x'), 'hex'))"
    attack = (
        "ALTER TABLE conf.part_two_frozen DISABLE TRIGGER USER",
        f"SET LOCAL SESSION AUTHORIZATION {env.STAFF}",
        f"INSERT INTO conf.part_two_frozen (version_id, content, salt, commitment) VALUES {values}",
    )
    people = connection.execute(b"SELECT id FROM accounts_user").fetchall()
    told = {outcome(connection, *attack, person=person)[:5] for (person,) in people}
    return f"{outcome(connection, *attack, person=0)[:5]} and {min(told)}"
