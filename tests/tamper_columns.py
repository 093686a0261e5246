"""Columns that the owner of a database can rewrite beside the texts, each in its own statement.

No event, digest or leaf is touched by any of them: only the witness's comparisons can tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.tamper_world import Owner

_PLACED: Final = (
    "reference, slug, edition, title, office, decision_maker, date_signed, outcome, summary, "
    "capital, revenue, income, sample, content, digest, pdf_digest, pdf_size, placed_at, search"
)
STATEMENTS: Final = {
    "outcome_on_the_list": "UPDATE register.register_live SET outcome = 'not_approved'",
    "summary_on_the_list": "UPDATE register.register_live SET summary = 'Another summary.'",
    "money_on_the_list": "UPDATE register.register_live SET capital = capital + 1",
    "income_on_the_list": "UPDATE register.register_live SET income = income + 1",
    "signatory_on_the_list": "UPDATE register.register_live SET decision_maker = 'Somebody Else'",
    "office_on_the_list": "UPDATE register.register_live SET office = 'Another office'",
    "day_on_the_list": "UPDATE register.register_live SET date_signed = date_signed - 1",
    "title_on_the_list": "UPDATE register.register_live SET title = 'Another title'",
    "reference_on_the_list": "UPDATE register.register_live SET reference = 'PCD 9999'",
    "slug_on_the_list": "UPDATE register.register_live SET slug = 'pcd-9999'",
    "moment_published": (
        "UPDATE register.register_live SET published_at = published_at - interval '1 day', "
        "first_published_at = first_published_at - interval '1 day'"
    ),
    "moment_first_published": (
        "UPDATE register.register_live SET first_published_at = first_published_at - "
        "interval '1 day'"
    ),
    "end_of_a_deferral": (
        "UPDATE register.register_embargo SET not_before = not_before - interval '1 day'"
    ),
    "first_moment_of_what_waits": (
        "UPDATE register.register_embargo SET first_published_at = first_published_at - "
        "interval '1 day'"
    ),
    "outcome_of_what_waits": "UPDATE register.register_embargo SET outcome = 'deferred'",
    "signer": (
        "UPDATE approvals_signature SET signer_id = "
        "(SELECT max(u.id) FROM accounts_user u WHERE u.id <> signer_id)"
    ),
    "name_of_a_signer": "UPDATE approvals_signature SET name = 'Somebody Else'",
    "title_of_a_signer": "UPDATE approvals_signature SET title = 'Another title'",
    "acting_of_a_signer": "UPDATE approvals_signature SET acting_for = 'Another office'",
    "identity_of_a_signer": "UPDATE approvals_signature SET identity = 'Known in person'",
    "interests_declared": "UPDATE approvals_signature SET interests = 'Shares.'",
    "statement_signed": "UPDATE approvals_signature SET statement = 'I do not sign.'",
    "moment_signed": (
        "UPDATE approvals_signature SET signed_at = signed_at - interval '1 microsecond'"
    ),
    "round_signed": "UPDATE approvals_signature SET round = round + 1",
    "commitment_signed": "UPDATE approvals_signature SET part_two_commitment = repeat('0', 64)",
    "key_of_a_signature": "UPDATE approvals_signature SET key = gen_random_uuid()",
    "outcome_given": "UPDATE approvals_outcome SET kind = 'deferred', words = 'Later.'",
    "outcome_taken_away": "DELETE FROM approvals_outcome",
    "commitment_of_a_version": "UPDATE decisions_version SET part_two_commitment = repeat('0', 64)",
    "commitment_everywhere_but_in_the_chain": (
        "WITH made AS (UPDATE conf.part_two_frozen SET content = '{}', "
        "commitment = encode(sha256(salt || convert_to('{}', 'UTF8')), 'hex') "
        "RETURNING version_id, commitment) "
        "UPDATE decisions_version v SET part_two_commitment = made.commitment "
        "FROM made WHERE made.version_id = v.id"
    ),
    "part_two_of_a_version": (
        "UPDATE conf.part_two_frozen SET content = '{}', "
        "commitment = encode(sha256(salt || convert_to('{}', 'UTF8')), 'hex')"
    ),
    "part_two_taken_away": "DELETE FROM conf.part_two_frozen",
    "taker_of_a_version": (
        "UPDATE decisions_version SET taken_by_id = "
        "(SELECT max(u.id) FROM accounts_user u WHERE u.id <> taken_by_id)"
    ),
    "state_of_a_paper": "UPDATE decisions_paper SET state = 'draft' WHERE state = 'withdrawn'",
    "round_of_a_paper": "UPDATE decisions_paper SET round = round + 1",
    "contributor_taken_away": "DELETE FROM decisions_contributor",
    "sealed_document": "UPDATE approvals_sealeddocument SET digest = repeat('0', 64)",
    "publication_taken_away": "DELETE FROM approvals_publication",
    "publication_by_another": (
        "UPDATE approvals_publication SET published_by_id = "
        "(SELECT max(u.id) FROM accounts_user u WHERE u.id <> published_by_id)"
    ),
    "moment_added_beside_the_one_that_was_set": (
        f"INSERT INTO register.register_embargo ({_PLACED}, first_published_at, not_before) "  # noqa: S608 - columns of ours
        f"SELECT {_PLACED}, now(), now() FROM register.register_embargo ORDER BY id LIMIT 1"
    ),
    "what_waits_shown_at_once": (
        f"INSERT INTO register.register_live ({_PLACED}, first_published_at, published_at) "  # noqa: S608 - columns of ours
        f"SELECT {_PLACED}, now(), now() FROM register.register_embargo ORDER BY id LIMIT 1"
    ),
    "earlier_of_two_moments_put_last": (
        "UPDATE register.register_embargo e SET placed_at = e.placed_at + interval '1 hour' "
        "WHERE not_before = (SELECT min(not_before) FROM register.register_embargo)"
    ),
    "publication_deferred": (
        "UPDATE approvals_publication SET not_before = not_before + interval '1 day'"
    ),
}


def _attack(name: str, statement: str) -> Callable[[Owner], None]:
    def attack(owner: Owner) -> None:
        changed = owner.execute(statement.encode())
        assert changed.rowcount >= 1, statement

    attack.__name__ = name
    return attack


COLUMNS: Final = tuple(_attack(name, statement) for name, statement in STATEMENTS.items())
