"""Who owns the database can rewrite everything in it. The witness outside it notices each time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from config import env
from decisions.chain.notes import Checkpoint, sign
from tests import database, stages
from tests.tamper_columns import COLUMNS
from tests.tamper_world import (
    ORIGIN,
    History,
    Owner,
    digest,
    event,
    make_history,
    rehash,
    unguarded,
)

_names = itertools.count(1)


@pytest.fixture(scope="module")
def history(
    migrated: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[History]:
    name = f"{settings.TEST_DATABASE}_history"
    before = dict(connections["default"].settings_dict)
    with django_db_blocker.unblock():
        database.create(name, template=migrated)
        made = make_history(name, tmp_path_factory.mktemp("witness") / "kept")
        connections["default"].close()
        yield made
        connections.close_all()
        connections["default"].settings_dict.update(before)
        for each in (name, made.earlier):
            database.drop(each)


def edit_facts(owner: Owner) -> None:
    owner.execute("UPDATE decisions_event SET facts = '{}' WHERE verb = 'decide'")


def edit_facts_and_everything_after(owner: Owner) -> None:
    owner.execute('UPDATE decisions_event SET facts = \'{"subject":"summary"}\' WHERE seq = 2')
    rehash(owner)


def delete_an_event(owner: Owner) -> None:
    owner.execute("DELETE FROM decisions_event WHERE seq = 3")


def delete_and_renumber(owner: Owner) -> None:
    owner.execute("DELETE FROM decisions_event WHERE seq = 3")
    rehash(owner)


def swap_two_events(owner: Owner) -> None:
    owner.execute("UPDATE decisions_event SET seq = -3 WHERE seq = 3")
    owner.execute("UPDATE decisions_event SET seq = 3 WHERE seq = 4")
    owner.execute("UPDATE decisions_event SET seq = 4 WHERE seq = -3")


def swap_two_events_and_rehash(owner: Owner) -> None:
    swap_two_events(owner)
    rehash(owner)


def change_who_did_it(owner: Owner) -> None:
    owner.execute(
        "UPDATE decisions_event e SET actor_id = (SELECT min(id) FROM accounts_user "
        "WHERE id <> e.actor_id) WHERE verb = 'decide'"
    )


def change_who_did_it_and_rehash(owner: Owner) -> None:
    change_who_did_it(owner)
    rehash(owner)


def insert_a_back_dated_event(owner: Owner) -> None:
    owner.execute("UPDATE decisions_event SET seq = seq + 1000 WHERE seq > 3")
    owner.execute(
        "INSERT INTO decisions_event (seq, at, paper_id, actor_id, verb, facts, db_role, prev, "
        "hash) SELECT 4, at, paper_id, actor_id, 'save', '{}', db_role, '', '' "
        "FROM decisions_event WHERE seq = 3"
    )
    rehash(owner)


def change_a_version_with_its_digest(owner: Owner) -> None:
    owner.execute("UPDATE decisions_version SET content = 'other', digest = %s", [digest("other")])


def change_a_version_alone(owner: Owner) -> None:
    owner.execute("UPDATE decisions_version SET content = content || ' '")


def change_a_version_and_all_that_tells_of_it(owner: Owner) -> None:
    old = owner.execute("SELECT min(digest) FROM decisions_version").fetchone()
    assert old is not None
    new = digest("other")
    owner.execute("UPDATE decisions_version SET content = 'other', digest = %s", [new])
    owner.execute("UPDATE approvals_signature SET digest = %s", [new])
    owner.execute(
        "UPDATE decisions_event SET facts = regexp_replace(facts, "
        "'\"digest\":\"[0-9a-f]{64}\"', %s) WHERE verb IN ('version', 'endorse', 'decide')",
        [f'"digest":"{new}"'],
    )
    rehash(owner)


def drop_an_edition(owner: Owner) -> None:
    for child in ("publication", "sealeddocument"):
        owner.execute(
            f"DELETE FROM approvals_{child} d USING approvals_edition e "  # noqa: S608 - the two above
            "WHERE e.id = d.edition_id AND e.number = 2"
        )
    owner.execute("DELETE FROM approvals_edition WHERE number = 2")


def change_a_signature(owner: Owner) -> None:
    owner.execute("UPDATE approvals_signature SET digest = %s", [digest("other")])


def change_what_the_register_shows(owner: Owner) -> None:
    owner.execute("UPDATE register.register_live SET content = replace(content, 'money', 'gold')")


def point_the_register_at_another_document(owner: Owner) -> None:
    owner.execute("UPDATE register.register_live SET pdf_digest = %s", [digest("other")])


def empty_the_chain(owner: Owner) -> None:
    owner.execute("TRUNCATE decisions_event CASCADE")


def cut_the_tail(owner: Owner) -> None:
    owner.execute(
        "DELETE FROM approvals_reason USING decisions_event e WHERE e.id = event_id "
        "AND e.verb = 'withdraw'"
    )
    owner.execute(
        "DELETE FROM approvals_notice USING decisions_event e WHERE e.id = event_id "
        "AND e.verb = 'withdraw'"
    )
    owner.execute("DELETE FROM chain_leaf WHERE event = %s", [event(owner, "withdraw")])
    owner.execute("DELETE FROM decisions_event WHERE verb = 'withdraw'")


def cut_the_tail_and_its_checkpoint(owner: Owner) -> None:
    cut_the_tail(owner)
    owner.execute(
        "DELETE FROM chain_checkpoint WHERE seq = (SELECT max(seq) FROM chain_checkpoint)"
    )


def rewrite_and_sign_anew_with_another_key(owner: Owner) -> None:
    edit_facts_and_everything_after(owner)
    rows = owner.execute(
        "SELECT c.seq, c.size, e.hash FROM chain_checkpoint c JOIN decisions_event e USING (seq)"
    ).fetchall()
    for seq, size, last in rows:
        made = Checkpoint(ORIGIN, size, b"\0" * 32, seq, last, datetime.now(UTC))
        owner.execute(
            "UPDATE chain_checkpoint SET note = %s WHERE seq = %s",
            [sign(made, Ed25519PrivateKey.generate()), seq],
        )


def rewrite_and_delete_the_checkpoints(owner: Owner) -> None:
    edit_facts_and_everything_after(owner)
    owner.execute("DELETE FROM chain_checkpoint")


def change_a_checkpoint(owner: Owner) -> None:
    owner.execute("UPDATE chain_checkpoint SET note = replace(note, 'chain', 'Chain')")


def delete_the_first_checkpoint(owner: Owner) -> None:
    owner.execute(
        "DELETE FROM chain_checkpoint WHERE seq = (SELECT min(seq) FROM chain_checkpoint)"
    )


def change_a_leaf_with_its_commitment(owner: Owner) -> None:
    owner.execute(
        "UPDATE chain_leaf SET text = replace(text, 'decide', 'pub'), commitment = "
        "encode(sha256(decode(salt, 'hex') || convert_to(replace(text, 'decide', 'pub'), 'UTF8')), "
        "'hex') WHERE number = 1"
    )


def commit_to_a_leaf_anew(owner: Owner) -> None:
    owner.execute(
        "UPDATE chain_leaf SET salt = repeat('0', 64), commitment = encode(sha256("
        "decode(repeat('0', 64), 'hex') || convert_to(text, 'UTF8')), 'hex') WHERE number = 1"
    )


def delete_a_leaf(owner: Owner) -> None:
    owner.execute("DELETE FROM chain_leaf WHERE number = 2")


def delete_the_last_leaf(owner: Owner) -> None:
    owner.execute("DELETE FROM chain_leaf WHERE number = (SELECT max(number) FROM chain_leaf)")


def let_the_worker_decide_and_rehash(owner: Owner) -> None:
    owner.execute(
        "UPDATE decisions_event SET db_role = 'countersign_renderer' WHERE verb = 'decide'"
    )
    rehash(owner)


ATTACKS: list[Callable[[Owner], None]] = [
    edit_facts,
    edit_facts_and_everything_after,
    delete_an_event,
    delete_and_renumber,
    swap_two_events,
    swap_two_events_and_rehash,
    change_who_did_it,
    change_who_did_it_and_rehash,
    insert_a_back_dated_event,
    change_a_version_with_its_digest,
    change_a_version_alone,
    change_a_version_and_all_that_tells_of_it,
    drop_an_edition,
    change_a_signature,
    change_what_the_register_shows,
    point_the_register_at_another_document,
    empty_the_chain,
    cut_the_tail,
    cut_the_tail_and_its_checkpoint,
    rewrite_and_sign_anew_with_another_key,
    rewrite_and_delete_the_checkpoints,
    change_a_checkpoint,
    delete_the_first_checkpoint,
    change_a_leaf_with_its_commitment,
    commit_to_a_leaf_anew,
    delete_a_leaf,
    delete_the_last_leaf,
    *COLUMNS,
    let_the_worker_decide_and_rehash,
]


def test_a_history_in_order_gives_no_finding(history: History, tmp_path: Path) -> None:
    with history.copy(f"{history.name}_{next(_names)}") as copied:
        assert history.look(copied, tmp_path / "kept").findings == ()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_witness_finds_what_its_owner_rewrote_and_signs_nothing(
    history: History, tmp_path: Path, attack: Callable[[Owner], None]
) -> None:
    with history.copy(f"{history.name}_{next(_names)}") as copied:
        with unguarded(copied) as owner:
            attack(owner)
        looked = history.look(copied, tmp_path / "kept")
    assert looked.findings != ()
    assert looked.signed is None


def test_an_earlier_copy_of_the_database_is_noticed(history: History, tmp_path: Path) -> None:
    with history.copy(f"{history.name}_{next(_names)}", of=history.earlier) as copied:
        looked = history.look(copied, tmp_path / "kept")
    assert "an earlier copy of the database was put in its place." in " ".join(looked.findings)
    assert looked.signed is None


@pytest.mark.parametrize("whole", [True, False])
def test_another_history_from_an_earlier_copy_on_is_noticed(
    history: History, tmp_path: Path, whole: bool
) -> None:
    with history.copy(f"{history.name}_{next(_names)}", of=history.earlier) as copied:
        database.connect("default", env.STAFF, copied)
        stages.consultation(history.cast)
        looked = history.look(copied, tmp_path / "kept", whole=whole)
    assert "the chain was written anew." in " ".join(looked.findings)
    assert looked.signed is None


def test_an_event_written_while_its_trigger_was_off_is_noticed(
    history: History, tmp_path: Path
) -> None:
    with history.copy(f"{history.name}_{next(_names)}") as copied:
        with database.owner_of(copied) as owner:
            owner.execute("ALTER TABLE decisions_event DISABLE TRIGGER write_leaf")
            owner.execute(
                "INSERT INTO decisions_event (paper_id, actor_id, verb, facts) SELECT paper_id, "
                "actor_id, verb, facts FROM decisions_event WHERE verb = 'publish' LIMIT 1"
            )
            owner.execute("ALTER TABLE decisions_event ENABLE ALWAYS TRIGGER write_leaf")
        looked = history.look(copied, tmp_path / "kept", whole=False)
    assert "has no leaf in the public log." in " ".join(looked.findings)
    assert looked.signed is None
