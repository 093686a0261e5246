"""What every login may do in this database, and what guards its rows, as lines to compare."""

from __future__ import annotations

import re
from typing import Any, Final

import psycopg

# Whose rights are told: PUBLIC, which is everybody, and each role that anything was granted to.
_RIGHTS: Final = """
WITH ours AS (
  SELECT oid, nspname, nspacl, nspowner FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
), granted AS (
  SELECT 'the database' AS what, a.* FROM pg_database d,
    aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
  WHERE d.datname = current_database()
  UNION ALL
  SELECT 'schema ' || n.nspname, a.* FROM ours n,
    aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
  UNION ALL
  SELECT n.nspname || '.' || c.relname, a.* FROM pg_class c JOIN ours n ON n.oid = c.relnamespace,
    aclexplode(coalesce(c.relacl,
      acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) a
  WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S')
  UNION ALL
  SELECT n.nspname || '.' || c.relname || '.' || t.attname, a.* FROM pg_attribute t
    JOIN pg_class c ON c.oid = t.attrelid JOIN ours n ON n.oid = c.relnamespace,
    aclexplode(t.attacl) a
  UNION ALL
  SELECT p.oid::regprocedure::text, a.* FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace,
    aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  UNION ALL
  SELECT 'language ' || l.lanname, a.* FROM pg_language l,
    aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a WHERE l.lanpltrusted
  UNION ALL
  SELECT p.oid::regprocedure::text, a.* FROM pg_proc p
    LEFT JOIN pg_init_privs i ON i.objoid = p.oid AND i.classoid = 'pg_proc'::regclass,
    aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  WHERE p.pronamespace = 'pg_catalog'::regnamespace
    AND p.proacl IS NOT NULL AND p.proacl IS DISTINCT FROM i.initprivs
)
SELECT coalesce(r.rolname, 'PUBLIC') || ': ' || g.privilege_type || ' ' || g.what
FROM granted g LEFT JOIN pg_roles r ON r.oid = g.grantee
WHERE g.grantee = 0 OR (NOT r.rolsuper AND r.oid <> (
  SELECT datdba FROM pg_database WHERE datname = current_database()))
ORDER BY 1
"""
# What a service's login is, besides what was granted: nothing of this, and nobody else.
_ROLES: Final = """
SELECT r.rolname || ': IS ' || said.what FROM pg_roles r, LATERAL (VALUES
  (r.rolsuper, 'a superuser'), (r.rolbypassrls, 'above row policies'),
  (r.rolcreaterole, 'able to make roles'), (r.rolcreatedb, 'able to make databases'),
  (r.rolreplication, 'able to replicate')
) AS said(holds, what)
WHERE r.rolname LIKE 'countersign\\_%' AND r.rolname <> 'countersign_owner' AND said.holds
UNION ALL
SELECT r.rolname || ': IS A MEMBER OF ' || m.roleid::regrole FROM pg_auth_members m
  JOIN pg_roles r ON r.oid = m.member
WHERE r.rolname LIKE 'countersign\\_%' AND r.rolname <> 'countersign_owner'
ORDER BY 1
"""
_GUARDS: Final = """
WITH ours AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
)
SELECT 'trigger ' || t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN ours n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal
UNION ALL
SELECT 'constraint ' || k.conrelid::regclass || ' ' || k.conname || ' ' || k.convalidated || ' '
  || pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN ours n ON n.oid = k.connamespace WHERE k.conrelid <> 0
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid JOIN ours n ON n.oid = c.relnamespace
WHERE i.indisunique
UNION ALL
SELECT 'policy ' || p.polrelid::regclass || ' ' || p.polname || ' ' || p.polcmd::text || ' '
  || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' / '
  || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
FROM pg_policy p
UNION ALL
SELECT 'row security ' || c.oid::regclass || ' ' || c.relrowsecurity || ' ' || c.relforcerowsecurity
FROM pg_class c JOIN ours n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.relrowsecurity
UNION ALL
SELECT 'view ' || c.oid::regclass || ' ' || coalesce(c.reloptions::text, '') || ' '
  || pg_get_viewdef(c.oid)
FROM pg_class c JOIN ours n ON n.oid = c.relnamespace WHERE c.relkind = 'v'
UNION ALL
SELECT 'function ' || p.oid::regprocedure || ' ' || p.prosecdef || ' '
  || coalesce(p.proconfig::text, '') || ' '
  || encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex')
FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace
LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' WHERE d.objid IS NULL
ORDER BY 1
"""
_TABLES: Final = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
ORDER BY 1
"""
# PostgreSQL writes a list of words otherwise once it has read its own way of writing it.
_ARRAY: Final = re.compile(r"\(ARRAY\[([^\]]*)\]\)::text\[\]")
_TYPED: Final = re.compile(r"\(('[^']*'::character varying)\)::text")
Connection = psycopg.Connection[Any]


def rights(owner: Connection) -> list[str]:
    """What each login but the owner and superusers may do, PUBLIC included: "role: RIGHT thing".

    And what a service's login is: "role: IS something", which it should never be.
    """
    return _column(owner, _RIGHTS) + powers(owner)


def powers(owner: Connection) -> list[str]:
    """What a service's login is or belongs to beyond a login: nothing, where all is well."""
    return _column(owner, _ROLES)


def guards(owner: Connection) -> list[str]:
    """Every trigger, constraint, unique index, policy, view and function, as it is defined."""
    return [_TYPED.sub(r"\1", _ARRAY.sub(r"ARRAY[\1]", line)) for line in _column(owner, _GUARDS)]


def tables(owner: Connection) -> list[str]:
    """Every table of the service, with its schema."""
    return _column(owner, _TABLES)


def counts(owner: Connection) -> dict[str, int]:
    """How many rows each table has. Raises psycopg.Error where a policy would hide some."""
    owner.execute("SET LOCAL row_security = off")
    found: dict[str, int] = {}
    for table in tables(owner):
        # The name comes from PostgreSQL's own catalogue, and ours need no quotation marks.
        found[table] = one(owner, f"SELECT count(*) FROM {table}")  # noqa: S608
    return found


def difference(before: list[str], after: list[str]) -> list[str]:
    """What was lost and what was added, as sentences."""
    lost, added = sorted(set(before) - set(after)), sorted(set(after) - set(before))
    return [f"Gone since the backup: {line}." for line in lost] + [
        f"Not in the backup: {line}." for line in added
    ]


def one(owner: Connection, statement: str) -> Any:
    """The one value that a statement gives."""
    (row,) = owner.execute(statement.encode()).fetchall()
    return row[0]


def _column(owner: Connection, statement: str) -> list[str]:
    return [line for (line,) in owner.execute(statement.encode()).fetchall()]
