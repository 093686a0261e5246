"""Django's PostgreSQL engine, whose every error passes through `scrubbing` before anyone sees it.

An execute wrapper would miss what PostgreSQL says at COMMIT, where deferred constraints and
triggers speak, and while rows are fetched. Django sends all of these through one place, this one.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property

from config.database.scrubbing import scrubbed
from config.database.telling import TellingCursor


class ScrubbedErrors(DatabaseErrorWrapper):
    """Raises Django's errors from scrubbed ones of psycopg; the first one is not kept anywhere."""

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Turn an error of psycopg into Django's. Every other exception takes its usual way."""
        if not isinstance(exc_value, psycopg.Error):
            return super().__exit__(exc_type, exc_value, traceback)
        clean = scrubbed(exc_value)
        try:
            return super().__exit__(type(clean), clean, traceback)
        except Exception as error:
            # Python notes what was being handled when an error is raised: the one with the values.
            error.__context__ = None
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that raises scrubbed errors, and tells PostgreSQL who acts."""

    def get_connection_params(self) -> dict[str, Any]:
        """Django's own, with the cursor that tells."""
        params: dict[str, Any] = super().get_connection_params()
        return params | {"cursor_factory": TellingCursor}

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        """What Django runs every statement, fetch, commit and rollback in."""
        return ScrubbedErrors(self)
