"""What a process refuses to start with, and what `check` tells the operator of the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's name for the kind
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from config import env

# What config/roles.sql gives each role, where it is allowed to: PostgreSQL's own log says nothing.
SILENT: Final = {
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_lock_waits": "off",
}
# What config/bootstrap.sql takes from PUBLIC, by the same names.
STALLS: Final = (
    "^(lo_.*|loread|lowrite|pg_(try_)?advisory_.*|pg_sleep.*|pg_notify"
    "|pg_(terminate|cancel)_backend|pg_logical_.*|pg_export_snapshot|pg_.*replication_slot.*"
    "|pg_(clear|restore)_.*_stats|pg_import_system_collations|pg_nextoid)$"
)
_PUBLIC_MAY: Final = """
SELECT 'call ' || p.proname FROM pg_proc p,
  aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
WHERE a.grantee = 0 AND p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ %s
UNION
SELECT 'run code in ' || l.lanname FROM pg_language l,
  aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) a
WHERE a.grantee = 0 AND l.lanname = 'plpgsql'
ORDER BY 1
"""
# PUBLIC and a schema: whoever comes may make a table there, as in databases of old.
_DOORS: Final = """
SELECT CASE a.privilege_type WHEN 'CONNECT' THEN 'connect to this database'
         WHEN 'TEMPORARY' THEN 'make temporary tables' ELSE 'make schemas' END
FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
WHERE d.datname = current_database() AND a.grantee = 0
UNION
SELECT 'make tables in the schema ' || n.nspname FROM pg_namespace n,
  aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
WHERE a.grantee = 0 AND a.privilege_type = 'CREATE'
ORDER BY 1
"""
# A reader from outside may use up no more: connections, and kilobytes on the disk for sorting.
CONNECTIONS: Final = 30
_LIMITED: Final = """
SELECT r.rolconnlimit = %s AND EXISTS (
  SELECT FROM pg_db_role_setting d WHERE d.setrole = r.oid AND d.setdatabase = 0
    AND 'temp_file_limit=262144' = ANY (d.setconfig))
FROM pg_roles r WHERE r.rolname = %s
"""
_KEPT: Final = """
SELECT r.rolname, s FROM pg_roles r
LEFT JOIN pg_db_role_setting d ON d.setrole = r.oid AND d.setdatabase = 0
LEFT JOIN unnest(d.setconfig) AS s ON true
WHERE r.rolname = ANY (%s)
"""


def refuse_debug() -> None:
    """Raise ImproperlyConfigured where error pages for developers would meet real papers."""
    if settings.DEBUG and not env.is_development():
        raise ImproperlyConfigured(
            "DEBUG is on, and its error pages show what people write. Take it out of the settings, "
            "or set COUNTERSIGN_ENV to development on a developer's machine."
        )


def silent_log(
    app_configs: object, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """A warning for each role whose errors PostgreSQL would log with the rows that caused them."""
    return [
        Warning(
            f"PostgreSQL may write what people wrote into its own log: of the role {role}, "
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set.",
            hint="Have a superuser of PostgreSQL run config/bootstrap.sql, then migrate.",
            id="countersign.W001",
        )
        for alias in databases or ()
        for role, missing in _talkative(alias)
    ]


def quiet_public(
    app_configs: object, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """A warning where any login may do what could stall the service, or come in at all."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(_PUBLIC_MAY, [STALLS])
            stalling = [what for (what,) in cursor.fetchall()]
            cursor.execute(_DOORS)
            doors = [what for (what,) in cursor.fetchall()]
            cursor.execute(_LIMITED, [CONNECTIONS, env.PUBLIC])
            limited = cursor.fetchone()
        if stalling:
            found.append(_by_superuser("W002", f"Every login may {_listed(stalling)}."))
        if doors:
            found.append(
                Warning(
                    f"Every login of the server may {_listed(doors)}.",
                    hint="Migrate: roles are applied anew after it. A restore loses these, too.",
                    id="countersign.W003",
                )
            )
        if limited != (True,):
            sentence = "The public login may use up every connection, and the room on the disk."
            found.append(_by_superuser("W004", sentence))
    return found


def _by_superuser(number: str, sentence: str) -> CheckMessage:
    return Warning(
        sentence,
        hint="Have a superuser of PostgreSQL run config/bootstrap.sql in this database, then "
        "migrate.",
        id=f"countersign.{number}",
    )


def _listed(what: Sequence[str]) -> str:
    shown = ", ".join(what[:3])
    return f"{shown}, and {len(what) - 3} more such things" if len(what) > 3 else shown


def _talkative(alias: str) -> Iterator[tuple[str, list[str]]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(_KEPT, [list(env.ROLES)])
        kept: dict[str, set[str]] = {}
        for role, setting in cursor.fetchall():
            kept.setdefault(role, set()).add(setting)
    for role, found in sorted(kept.items()):
        missing = [name for name, value in SILENT.items() if f"{name}={value}" not in found]
        if missing:
            yield role, missing
