"""What may be said of a database error: its kind, its place, and sentences of our own.

PostgreSQL explains an error with the row that caused it, values and all. Whatever stands in an
exception ends in a log, a mail or a page sooner or later, so the text is dropped here, where errors
come in, and not where they go out.
"""

from __future__ import annotations

import re
from typing import Final

import psycopg
from psycopg.pq import DiagnosticField

# PostgreSQL's name for what runs RAISE: only triggers and functions of our own and of procrastinate
# do that, and none of them puts a column's free text into its sentence.
_RAISED: Final = "exec_stmt_raise"
# A refusal for want of a grant names a relation, a schema or a function: words of the code.
_NO_GRANT: Final = re.compile(
    r"permission denied for (table|view|sequence|schema|function|database) [a-z0-9_]+"
)
_UNKNOWN: Final = "The database refused."
# What is passed on beside the sentence. Each names a thing in the schema, never a value.
_NAMES: Final = {
    DiagnosticField.SCHEMA_NAME: "schema_name",
    DiagnosticField.TABLE_NAME: "table_name",
    DiagnosticField.COLUMN_NAME: "column_name",
    DiagnosticField.CONSTRAINT_NAME: "constraint_name",
}
# procrastinate reads there which lock a waiting job holds; ours are named by numbers alone.
_LOCK_OF_A_JOB: Final = "procrastinate_jobs_queueing_lock_idx_v1"


def scrubbed(error: psycopg.Error) -> psycopg.Error:
    """An error of the same class, SQLSTATE and constraint, without a value in it.

    It has no traceback, cause or context of its own, so that nothing leads back to the first one.
    """
    sentence = _sentence(error)
    if error.sqlstate is None:
        return type(error)(sentence)
    kept = {DiagnosticField.SQLSTATE: error.sqlstate, DiagnosticField.MESSAGE_PRIMARY: sentence}
    for field, name in _NAMES.items():
        if value := getattr(error.diag, name):
            kept[field] = value
    if error.diag.constraint_name == _LOCK_OF_A_JOB and error.diag.message_detail:
        kept[DiagnosticField.MESSAGE_DETAIL] = error.diag.message_detail
    told: dict[int, bytes | None] = {
        field: kept[field].encode() if field in kept else None for field in DiagnosticField
    }
    return type(error)(sentence, info=told)


def _sentence(error: psycopg.Error) -> str:
    said = error.diag.message_primary or ""
    if error.diag.source_function == _RAISED or _NO_GRANT.fullmatch(said):
        return said
    if error.sqlstate is None:
        # Without a word from the server: a connection that failed, or a value that no field holds.
        is_connection = isinstance(error, psycopg.OperationalError)
        return str(error) if is_connection else f"{_UNKNOWN} {type(error).__name__}."
    where = " ".join(
        f"{label} {value}"
        for label, value in (
            ("table", error.diag.table_name),
            ("column", error.diag.column_name),
            ("constraint", error.diag.constraint_name),
        )
        if value
    )
    return f"{_UNKNOWN} {type(error).__name__} ({error.sqlstate}){f', {where}' if where else ''}."
