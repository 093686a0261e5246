"""One attack for each guard, in raw SQL: what comes of it says whether the guard stands.

An attack runs as a superuser, or in a session of a service's login, and leaves nothing behind.
"""

# ruff: noqa: S608 - every name in a statement here is one of PostgreSQL's own catalogue
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import psycopg

from config import env
from tests.guards import frozen
from tests.guards.catalogue import Connection, Guard

_PROVED: Final = "23000 A signature by passkey has what the passkey returned, and no other has."
_FROZEN: Final = "The paper is frozen in its present state."
_REGISTER: Final = (
    "What is in the register is never changed or removed. Publish a new edition instead."
)
# What each CHECK that is more than "not negative" refuses, as an UPDATE of any row.
CHECKS: Final = {
    "approvals_edition_number_check": "number = -1, note = 'x'",
    "acting_has_legal_basis": "acting = true, legal_basis = ''",
    "appointment_ends_after": "starts = '2026-01-02', ends = '2026-01-01'",
    "duty_ends_after": "starts = '2026-01-02', ends = '2026-01-01'",
    "a_correction_has_a_note": "number = 7, note = ''",
    "every_other_outcome_says_why": "kind = 'deferred', words = ''",
    "deferral_has_reason_and_owner": "not_before = now(), reason = ''",
    "document_begins_with_its_base": "base_size = size + 1",
    "decision_declares_interests": "act = 'decide', interests = ''",
    "signature_act_is_known": "act = 'seal'",
    "leaf_is_committed_to": "commitment = repeat('0', 64)",
    "part_two_is_committed_to": "commitment = repeat('0', 64)",
    "part_two_is_salted": (
        "salt = 'x', commitment = encode(sha256('x' || convert_to(content, 'UTF8')), 'hex')"
    ),
    "funding_not_negative": "amount = -1",
    "paper_state_is_known": "state = 'lost'",
    "event_gate_id_check": "id = 2",
    "proposal_ends_after": "starts = '2026-01-02', ends = '2026-01-01'",
    "proposed_acting_has_legal_basis": "acting = true, legal_basis = ''",
    "nobody_proposes_themselves": "by_id = person_id",
}
_NOT_NEGATIVE: Final = re.compile(r'CHECK \(\(("?\w+"?) >= 0\)\)')
_COLUMNS: Final = """
SELECT quote_ident(attname), atttypid::regtype::text FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""
_KEYS: Final = """
SELECT i.indexrelid::regclass::text, array_agg(quote_ident(a.attname) ORDER BY a.attnum)
FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indisunique AND i.indrelid = %s::regclass GROUP BY 1
"""


def outcome(
    connection: Connection,
    *statements: str,
    role: str = "",
    person: int | None = None,
) -> str:
    """What comes of these statements, which leave nothing behind: "done", rows, or the refusal.

    A refusal is told by SQLSTATE and by the constraint, or by the sentence of a trigger.
    """
    said = "done"
    try:
        with connection.transaction(force_rollback=True):
            if role:
                connection.execute(f"SET LOCAL SESSION AUTHORIZATION {role}".encode())
            named = "" if person is None else str(person)
            connection.execute("SELECT set_config('countersign.person', %s, true)", [named])
            for statement in statements:
                answer = connection.execute(statement.encode())
                said = str(answer.fetchall()) if answer.description else "done"
    except psycopg.Error as error:
        told = error.diag.constraint_name or error.diag.message_primary
        return f"{error.sqlstate} {told}"
    return said


def attacked(connection: Connection, guard: Guard) -> tuple[str, str]:
    """What comes of the attack, and what the guard, while it stands, makes of it."""
    if guard.kind in {"trigger", "always"}:
        return _trigger(connection, guard)
    one = f"WHERE ctid = (SELECT ctid FROM {guard.table} LIMIT 1)"
    quiet = f"ALTER TABLE {guard.table} DISABLE TRIGGER USER"
    if guard.kind == "check":
        simple = _NOT_NEGATIVE.fullmatch(guard.definition)
        change = CHECKS.get(guard.name) or (f"{simple[1]} = -1" if simple else None)
        if change is None:
            return "nothing attacks this CHECK: add it to CHECKS", "an attack"
        statement = f"UPDATE {guard.table} SET {change} {one}"
        return outcome(connection, quiet, statement), f"23514 {guard.name}"
    if guard.kind == "foreign key":
        column = re.match(r"FOREIGN KEY \(([^,)]+)\)", guard.definition)
        assert column is not None, guard
        statement = f"UPDATE {guard.table} SET {column[1]} = -999 {one}"
        checked = "SET CONSTRAINTS ALL IMMEDIATE"
        return outcome(connection, quiet, statement, checked), f"23503 {guard.name}"
    code = "23P01" if guard.kind == "exclusion" else "23505"
    bare = guard.name.rpartition(".")[2]
    return outcome(connection, quiet, *_twice(connection, guard)), f"{code} {bare}"


def _twice(connection: Connection, guard: Guard) -> list[str]:
    """The same row again, different in every key but the guard's own."""
    columns = connection.execute(_COLUMNS.encode(), [guard.table]).fetchall()
    kinds = dict(columns)
    keys = dict(connection.execute(_KEYS.encode(), [guard.table]).fetchall())
    qualified = {guard.name, f"{guard.table.rpartition('.')[0]}.{guard.name}"}
    own = {column for name, key in keys.items() if name in qualified for column in key}
    others = [key for name, key in keys.items() if name not in qualified]
    if guard.kind == "exclusion":
        own = {"office_id", "starts", "ends", "acting"}
    fresh: dict[str, str] = {}
    for key in others:
        if not set(key) & set(fresh):
            free = [column for column in key if column not in own]
            free.sort(key=lambda column: "int" not in kinds[column])
            fresh.update({column: _fresh(kinds[column]) for column in free[:1]})
    if guard.name == "user_email_any_case":
        fresh["email"] = "upper(email)"
    statements = []
    if guard.name == "accounts_appointment_proposal_id_key":
        fresh |= {"starts": "starts + 9000", "ends": "ends + 9000"}  # in no time that is taken
    if guard.name == "one_acting_holder_at_a_time":
        statements.append(
            f"UPDATE {guard.table} SET acting = true, legal_basis = 'A letter' WHERE NOT acting"
        )
    names = ", ".join(kinds)
    values = ", ".join(fresh.get(column, column) for column in kinds)
    where = _WHERE.get(guard.name, "true")
    statements.append(
        f"INSERT INTO {guard.table} ({names}) OVERRIDING SYSTEM VALUE "
        f"SELECT {values} FROM {guard.table} WHERE {where} LIMIT 1"
    )
    return statements


# A partial guard is asked of a row that it is about.
_WHERE: Final = {
    "one_holder_at_a_time": "NOT acting",
    "accounts_appointment_proposal_id_key": "proposal_id IS NOT NULL",
}


def _fresh(kind: str) -> str:
    if kind in {"uuid", "bytea"}:
        return "gen_random_uuid()" if kind == "uuid" else "uuid_send(gen_random_uuid())"
    return "2000000000 + trunc(random() * 1000)::int" if "int" in kind else "'x' || random()"


def _trigger(connection: Connection, guard: Guard) -> tuple[str, str]:
    """A trigger that must always fire is attacked where ordinary ones are silent."""
    silent = ["SET LOCAL session_replication_role = replica"] if guard.kind == "always" else []
    table, plain = guard.table, guard.table.rpartition(".")[2]
    evidence = f"23000 {plain} is evidence: rows are added and never changed."
    if guard.name == "actor_is_set":
        told = f"42501 Nobody is named who does this, so nothing was written to {plain}."
        if silent:  # a login cannot ask for silence itself; a superuser could have given it
            return outcome(
                connection,
                *silent,
                f"SET LOCAL SESSION AUTHORIZATION {env.STAFF}",
                f"INSERT INTO {table} DEFAULT VALUES",
            ), told
        return outcome(connection, f"INSERT INTO {table} DEFAULT VALUES", role=env.STAFF), told
    if guard.name in {"evidence_never_changes", "refuse_change", "file_never_changes"}:
        refusal = f"23001 {_REGISTER}" if guard.name == "refuse_change" else evidence
        both = ["DELETE FROM {}"] if "DELETE" in guard.definition else []
        if "UPDATE" in guard.definition:
            column = connection.execute(_COLUMNS.encode(), [table]).fetchall()[-1][0]
            both.append(f"UPDATE {{}} SET {column} = {column}")
        said = {outcome(connection, *silent, each.format(table)) for each in both}
        return " and ".join(sorted(said)), refusal
    if guard.name in {"evidence_never_emptied", "refuse_truncate", "file_never_emptied"}:
        refusal = f"23001 {_REGISTER}" if guard.name == "refuse_truncate" else evidence
        return outcome(connection, *silent, f"TRUNCATE {table} CASCADE"), refusal
    statements = _STATEMENTS.get((plain, guard.name)) or _STATEMENTS.get(("", guard.name))
    if statements is None:
        return "nothing attacks this trigger: add it to _STATEMENTS", "an attack"
    *attack, refusal = statements
    return outcome(connection, *silent, *(_filled(each, connection, table) for each in attack)), (
        refusal
    )


def _filled(statement: str, connection: Connection, table: str) -> str:
    """A statement with {t} for the table and {columns} for all its columns but the first."""
    if "{columns}" in statement:
        found = connection.execute(_COLUMNS.encode(), [table]).fetchall()
        names = ", ".join(column for column, _ in found if column != "id")
        statement = statement.replace("{columns}", names)
    return statement.replace("{t}", table)


def _copied(**changes: str) -> str:
    """A new row like an old one, with these changes, where the last says which old one."""
    where = changes.pop("where", "true")
    names = ", ".join(changes)
    values = ", ".join(changes.values())
    return (
        f"WITH old AS (SELECT {{columns}} FROM {{t}} WHERE {where} LIMIT 1), "
        "new AS (SELECT jsonb_populate_record(NULL::{t}, to_jsonb(old) || to_jsonb(changed)) AS r "
        f"FROM old, LATERAL (SELECT {values}) AS changed ({names})) "
        "INSERT INTO {t} ({columns}) SELECT {columns} FROM (SELECT (r).* FROM new) AS row"
    )


_DECIDED: Final = "(SELECT max(id) FROM decisions_paper WHERE state = 'decided')"
_ALL_DECIDED: Final = "SELECT id FROM decisions_paper WHERE state = 'decided'"
_CHECKS: Final = ("check_1_text", "check_2_order", "check_3_signed")
_WAITING: Final = "(SELECT max(id) FROM decisions_paper WHERE state = 'decision')"
# Attacks by the trigger's name, for one table or for each that has it; the refusal comes last.
_STATEMENTS: Final[dict[tuple[str, str], Sequence[Any]]] = {
    **frozen.STATEMENTS,
    ("", "part_of_an_editable_paper"): (
        _copied(paper_id=_DECIDED),
        f"23000 {_FROZEN}",
    ),
    ("part_two", "part_two_of_an_editable_paper"): (
        f"UPDATE {{t}} SET body = 'x' WHERE paper_id IN ({_ALL_DECIDED})",
        f"23000 {_FROZEN}",
    ),
    ("part_two_exemption", "part_two_of_an_editable_paper"): (
        f"DELETE FROM {{t}} USING conf.part_two p WHERE p.paper_id IN ({_ALL_DECIDED})",
        f"23000 {_FROZEN}",
    ),
    ("", "version_digest_is_true"): (
        _copied(
            where="paper_id IN (SELECT id FROM decisions_paper WHERE state = 'draft')",
            number="77",
            content="'{}'",
        ),
        "23000 The digest is not that of the text.",
    ),
    ("", "edition_digest_is_true"): (
        _copied(number="77", note="'x'", content="'{}'"),
        "23000 The digest is not that of the text.",
    ),
    ("", "paper_carries_next_version"): (
        "UPDATE {t} SET title = 'x'",
        "40001 The paper was changed by somebody else meanwhile.",
    ),
    ("", "paper_takes_a_step_of_the_table"): (
        "UPDATE {t} SET version = version + 1, state = 'draft' WHERE state = 'decided'",
        "23000 No verb leads from decided to draft.",
    ),
    ("", "paper_state_is_earned"): (
        "UPDATE {t} SET version = version + 1, state = 'decided' WHERE state = 'decision'",
        "SET CONSTRAINTS ALL IMMEDIATE",
        "23000 Nothing is decided without a signature on this version.",
    ),
    ("", "keep_in_sight"): (
        "SELECT set_config('countersign.person', '7', true)",
        "UPDATE {t} SET version = version + 1, state = 'withdrawn' WHERE state = 'decision'",
        "SELECT current_setting('countersign.moved', true) LIKE '7:%'",
        "[(True,)]",
    ),
    ("", "signature_signs_its_version"): (
        "ALTER TABLE {t} DISABLE TRIGGER signer_may_sign",
        _copied(
            where="act = 'endorse'",
            act="'decide'",
            key="gen_random_uuid()",
            digest="repeat('0', 64)",
        ),
        "23000 A signature must name the digest of a version of this round.",
    ),
    ("", "signer_may_sign"): (
        _copied(
            where=f"act = 'endorse' AND paper_id = {_WAITING}",
            act="'decide'",
            key="gen_random_uuid()",
            signed_at="now()",
        ),
        "23000 Who signs holds, or acts in, the office that signs this, on that day.",
    ),
    # Whoever signs is held meanwhile: PostgreSQL writes into the row who locks it.
    ("", "signer_is_held"): (
        "ALTER TABLE {t} DISABLE TRIGGER signer_may_sign",
        "CREATE TEMP TABLE before ON COMMIT DROP AS SELECT id, xmax::text AS x FROM accounts_user",
        _copied(
            where=f"act = 'endorse' AND paper_id = {_WAITING}",
            act="'decide'",
            key="gen_random_uuid()",
            interests="'None.'",
        ),
        "SELECT count(*) FROM accounts_user u JOIN before b USING (id) WHERE u.xmax::text <> b.x",
        "[(1,)]",
    ),
    ("approvals_signature", "signature_is_proved"): (
        "ALTER TABLE {t} DISABLE TRIGGER signer_may_sign",
        _copied(
            where=f"act = 'endorse' AND paper_id = {_WAITING}",
            act="'decide'",
            key="gen_random_uuid()",
            interests="'None.'",
            identity="'Passkey, which signed this very text'",
        ),
        "SET CONSTRAINTS ALL IMMEDIATE",
        _PROVED,
    ),
    ("approvals_assertion", "signature_is_proved"): (
        _copied(
            signature_id="(SELECT max(id) FROM approvals_signature)",
            nonce="uuid_send(gen_random_uuid())",
        ),
        "SET CONSTRAINTS ALL IMMEDIATE",
        _PROVED,
    ),
    # The signature that the only assertion here hangs on was made by password.
    ("approvals_outcome", "signature_is_proved"): (
        _copied(signature_id="(SELECT signature_id FROM approvals_assertion)", number="77"),
        "SET CONSTRAINTS ALL IMMEDIATE",
        _PROVED,
    ),
    ("", "approved_by_a_second_person"): (
        _copied(digest="repeat('b', 64)"),
        "23000 A file is approved by a second person, and only one that is on the paper.",
    ),
    ("", "chain_event"): (
        _copied(seq="9999999", prev="'x'", hash="'x'", at="'2001-01-01'::timestamptz"),
        "SELECT max(seq) < 9999999, min(at) > '2002-01-01', bool_and(length(hash) = 64) FROM {t}",
        "[(True, True, True)]",
    ),
    ("", "write_leaf"): (
        "CREATE TEMP TABLE before ON COMMIT DROP AS SELECT count(*) AS n FROM chain_leaf",
        _copied(where="verb = 'publish'", seq="9999999"),
        "SELECT (SELECT count(*) FROM chain_leaf) - n FROM before",
        "[(1,)]",
    ),
    ("", "check_1_text"): (
        "ALTER TABLE {t} DISABLE TRIGGER check_2_order",
        _copied(slug="'pcd-77'", edition="77", content="'{}'"),
        "23514 The digest is not that of the text placed in the register.",
    ),
    ("register_live", "check_2_order"): (
        "ALTER TABLE {t} DISABLE TRIGGER check_1_text",
        _copied(edition="0"),
        "23514 A later edition is in the register already, so this one cannot follow it.",
    ),
    ("register_embargo", "check_2_order"): (
        "ALTER TABLE {t} DISABLE TRIGGER check_1_text",
        _copied(edition="0"),
        "23514 A later edition is in the register already, so this one cannot follow it.",
    ),
    # A deferred edition whose day has come, and a copy of it placed beside it by hand.
    ("", "not_twice"): (
        "ALTER TABLE register.register_embargo DISABLE TRIGGER USER",
        "UPDATE register.register_embargo SET not_before = now() - interval '1 hour'",
        "ALTER TABLE {t} DISABLE TRIGGER check_1_text",
        "ALTER TABLE {t} DISABLE TRIGGER check_2_order",
        "ALTER TABLE {t} DISABLE TRIGGER check_3_signed",
        _copied(
            slug="(SELECT max(slug) FROM register.register_embargo)",
            edition="(SELECT edition FROM register.register_embargo ORDER BY slug DESC LIMIT 1)",
        ),
        "SET CONSTRAINTS ALL IMMEDIATE",
        "23505 This edition is public already. What is published is never placed again.",
    ),
    # A document that nobody sealed; and a row of which no event tells.
    ("", "check_3_signed"): (
        "ALTER TABLE {t} DISABLE TRIGGER check_2_order",
        _copied(pdf_digest="repeat('0', 64)"),
        "23000 Only an edition of a decided paper is published, with its sealed document.",
    ),
    ("", "placing_is_told"): (
        *(f"ALTER TABLE {{t}} DISABLE TRIGGER {each}" for each in _CHECKS),
        _copied(edition="77"),
        "SET CONSTRAINTS ALL IMMEDIATE",
        "23000 Nothing is published without an event that tells of it.",
    ),
    ("", "edition_is_as_signed"): (
        _copied(number="77", note="'x'"),
        "23000 An edition says what was signed; a later one adds what its note is about.",
    ),
    ("", "event_is_of_its_login"): (
        "SET LOCAL SESSION AUTHORIZATION countersign_renderer",
        "INSERT INTO {t} (actor_id, verb, facts) VALUES (1, 'decide', '{}')",
        "42501 This login may not tell of that, so no event was written.",
    ),
    ("", "notice_begins_unsent"): (
        _copied(kind="'odd'", sent_at="now()"),
        "23000 A notice begins unsent.",
    ),
    ("", "notice_stays_as_written"): (
        "UPDATE {t} SET body = 'x'",
        "23000 What a notice says, and to whom, never changes.",
    ),
}
