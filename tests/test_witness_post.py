"""The witness writes to those who keep an eye on it: a checkpoint once a day, a refusal at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from config import env
from decisions.history import record
from tests import database, stages
from tests.cast import assemble
from tests.post_office import PATIENCE, PostOffice, open_for_mail
from tests.tamper_world import unguarded
from tests.test_witness import run, surroundings

TO = "board@office.example,press@paper.example"


def look(name: str, folder: Path, office: PostOffice, *options: str) -> str:
    """Start the witness with a mail server; everything that it said."""
    url = f"smtp://127.0.0.1:{office.port}"
    told = run(name, folder, *options, WITNESS_MAIL_TO=TO, EMAIL_URL=url)
    return told.stdout + told.stderr


def test_a_checkpoint_leaves_by_mail_once_a_day(clone: str, tmp_path: Path) -> None:
    cast = assemble()
    stages.withdrawn(cast)
    with open_for_mail() as office:
        assert "In order; signed event" in look(clone, tmp_path, office)
        (first,) = office.taken
        assert first["To"] == "board@office.example, press@paper.example"
        (kept,) = (tmp_path / "kept").glob("*.checkpoint")
        assert kept.read_text() in first.get_content().replace("\r\n", "\n")
        record(None, "begin", cast.olu)
        assert "In order; signed event" in look(clone, tmp_path, office)
        assert len(office.taken) == 1
        mailed = tmp_path / "kept" / "mailed"
        day_before = datetime.fromisoformat(mailed.read_text()) - timedelta(days=1)
        mailed.write_text(day_before.isoformat())
        record(None, "begin", cast.olu)
        look(clone, tmp_path, office)
        assert len(office.taken) == 2


def test_a_refusal_leaves_at_once_and_once(clone: str, tmp_path: Path) -> None:
    paper = stages.withdrawn(assemble())
    with open_for_mail() as office:
        look(clone, tmp_path, office)
        with unguarded(clone) as owner:
            owner.execute(
                "UPDATE decisions_event SET verb = 'publish' WHERE id ="
                " (SELECT max(id) FROM decisions_event WHERE paper_id = %s)",
                [paper.pk],
            )
        for _ in range(2):
            assert "NOT IN ORDER. Nothing was signed." in look(clone, tmp_path, office, "--whole")
        _, refusal = office.taken
        assert refusal["Subject"].startswith("NOT IN ORDER")
        assert "Keep the database as it is" in refusal.get_content()


def test_without_a_mail_server_it_signs_all_the_same_and_tells_the_next_time(
    clone: str, tmp_path: Path
) -> None:
    cast = assemble()
    stages.withdrawn(cast)
    with open_for_mail() as office:
        office.refused = set(TO.split(","))
        said = look(clone, tmp_path, office)
        assert "In order; signed event" in said
        assert "No mail left: SMTPRecipientsRefused. It is tried again." in said
        office.refused = set()
        record(None, "begin", cast.olu)
        look(clone, tmp_path, office)
        assert len(office.taken) == 1


@contextmanager
def watching(clone: str, folder: Path) -> Iterator[Callable[[], str]]:
    """A witness that goes on looking; what is given reads its next line, "" if it has ended."""
    with (
        (folder / "said").open("w") as said,
        subprocess.Popen(
            [sys.executable, "-u", "manage.py", "witness", "--watch"],
            cwd=env.PROJECT,
            env=surroundings(clone, folder),
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        ) as witness,
    ):
        assert witness.stdout is not None
        patience = threading.Timer(PATIENCE, witness.kill)
        patience.start()
        try:
            yield witness.stdout.readline
        finally:
            patience.cancel()
            witness.terminate()


def test_it_goes_on_looking_and_signs_what_comes(clone: str, tmp_path: Path) -> None:
    cast = assemble()
    stages.withdrawn(cast)
    with watching(clone, tmp_path) as line:
        assert line().startswith("In order; signed event")
        record(None, "begin", cast.olu)
        assert line().startswith("In order; signed event")
    assert len(sorted((tmp_path / "kept").glob("*.checkpoint"))) == 2


def test_a_database_that_goes_away_is_waited_for(clone: str, tmp_path: Path) -> None:
    cast = assemble()
    stages.withdrawn(cast)
    with watching(clone, tmp_path) as line:
        assert line().startswith("In order; signed event")
        with database.superuser_of(clone) as superuser:
            ended = superuser.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE usename = %s AND datname = %s",
                [env.WITNESS, clone],
            ).fetchall()
        assert ended == [(True,)]
        record(None, "begin", cast.olu)
        assert line().startswith("In order; signed event")
    assert (tmp_path / "said").read_text().count("The database did not answer the witness") == 1
    assert len(sorted((tmp_path / "kept").glob("*.checkpoint"))) == 2
