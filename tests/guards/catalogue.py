"""Every guard that stands in PostgreSQL's catalogue, and the statement that takes it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg

Connection = psycopg.Connection[Any]
# Tables of libraries: what guards them is theirs to test.
LIBRARIES: Final = r"^(public\.)?(auth|django|account|mfa|socialaccount|procrastinate)_"
# The rooms where people are invited, proposed and confirmed have rows in their own tests only
# (tests/test_people_guards.py), which take each of their guards away.
THEIRS: Final = rf"{LIBRARIES}|^(public\.)?accounts_(act|proposal|confirmation|invitation|letter)$"


@dataclass(frozen=True)
class Guard:
    """One guard. `definition` is PostgreSQL's own; `mutation` takes it away or weakens it."""

    kind: str
    table: str
    name: str
    definition: str
    mutation: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name} of {self.table}"


_TRIGGERS: Final = """
SELECT c.oid::regclass::text, t.tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.oid::regclass::text !~ %s ORDER BY 1, 2
"""
_CONSTRAINTS: Final = """
SELECT k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid), k.contype::text
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.contype IN ('c', 'u', 'f', 'x') AND k.conrelid <> 0
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND k.conrelid::regclass::text !~ %s ORDER BY 1, 2
"""
_INDEXES: Final = """
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
WHERE i.indisunique AND k.oid IS NULL AND n.nspname NOT LIKE 'pg\\_%%'
  AND i.indrelid::regclass::text !~ %s ORDER BY 1, 2
"""
_SECURED: Final = """
SELECT c.oid::regclass::text FROM pg_class c
WHERE c.relrowsecurity AND c.oid::regclass::text !~ %s ORDER BY 1
"""
_POLICIES: Final = """
SELECT p.polrelid::regclass::text, p.polname, p.polqual IS NOT NULL, p.polwithcheck IS NOT NULL,
  coalesce(pg_get_expr(p.polqual, p.polrelid), '')
FROM pg_policy p WHERE p.polrelid::regclass::text !~ %s ORDER BY 1, 2
"""
KINDS: Final = {"c": "check", "u": "unique", "f": "foreign key", "x": "exclusion"}


def triggers(connection: Connection, but: str = THEIRS) -> list[Guard]:
    """Each trigger gone, and each that a setting could silence; `but` those of some tables."""
    found = []
    for table, name, definition in connection.execute(_TRIGGERS.encode(), [but]).fetchall():
        drop = f"DROP TRIGGER {name} ON {table}"
        tamed = f"ALTER TABLE {table} ENABLE TRIGGER {name}"
        found += [
            Guard("trigger", table, name, definition, drop),
            Guard("always", table, name, definition, tamed),
        ]
    return found


def constraints(connection: Connection, but: str = THEIRS) -> list[Guard]:
    """Each CHECK, UNIQUE, FOREIGN KEY and EXCLUDE, and each unique index that is no constraint."""
    found = [
        Guard(KINDS[kind], table, name, definition, f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table, name, definition, kind in connection.execute(
            _CONSTRAINTS.encode(), [but]
        ).fetchall()
    ]
    found += [
        Guard("unique", table, name, definition, f"DROP INDEX {name}")
        for table, name, definition in connection.execute(_INDEXES.encode(), [but]).fetchall()
    ]
    return found


def policies(connection: Connection) -> list[Guard]:
    """Each table's row security switched off, and each policy dropped, or opened to every row."""
    found = [
        Guard("row security", table, "", "", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        for (table,) in connection.execute(_SECURED.encode(), [THEIRS]).fetchall()
    ]
    for table, name, has_using, has_check, rule in connection.execute(
        _POLICIES.encode(), [THEIRS]
    ).fetchall():
        opened = (" USING (true)" if has_using else "") + (
            " WITH CHECK (true)" if has_check else ""
        )
        found.append(Guard("policy", table, name, rule, f"DROP POLICY {name} ON {table}"))
        if rule != "true":
            found.append(
                Guard("policy", table, name, rule, f"ALTER POLICY {name} ON {table}{opened}")
            )
    return found
