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
