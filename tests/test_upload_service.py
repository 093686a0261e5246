"""A file that the service itself could not take: a sentence, the words typed, and nothing kept."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_django.fixtures import Settings

from decisions.models import Paper
from decisions.register.verify.child import READY
from decisions.uploads import Unfit, apart
from decisions.uploads.apart import NotLookedInto, look_into
from tests import stages
from tests.cast import Cast
from tests.pages import errors, signed_in, soup
from tests.upload_corpus import pdf
from tests.uploading import TITLE, hand_in, kept, rows

NOT_NOW: Final = (
    "Files cannot be looked into at the moment. Try again in a few minutes; if it fails again, "
    "tell whoever runs the service."
)
TOO_MUCH: Final = (
    "To look into the file takes more time or memory than any document needs, so it is not let in. "
    "Save it again, or split it, and upload that."
)
NOT_KEPT: Final = (
    "The file could not be kept, because the place where documents are kept is full, refused it or "
    "did not answer. Nothing was changed. Tell whoever runs the service."
)
FAIR: Final = b'{"kind": "pdf", "size": 9, "words": "", "unread_pages": 0, "taken_out": []}\n'
# What a process says before it ends, taken over by the file or not: none of it is believed.
HALF_ANSWERS: Final[dict[str, bytes]] = {
    "nothing": b"",
    "half a line": FAIR[:30],
    "half a file": FAIR + b"%PDF-1.",
    "more than it said": FAIR + b"%PDF-1.7 and more",
    "a size below nothing": FAIR.replace(b"9", b"-1"),
    "a kind of its own": FAIR.replace(b'"pdf"', b'"html"') + b"%PDF-1.7\n",
    "a field of its own": FAIR.replace(b"{", b'{"approved": true, ') + b"%PDF-1.7\n",
    "words without end": b'{"kind": "pdf", "words": "' + b"x" * 3_000_000 + b'"}\n',
    "no words at all": b"\xff\xfe\x00\n",
}


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Another program in the place of the one that looks into files."""
    child = folder / "child.py"
    child.write_text(f"import os, signal, sys, time\nout = sys.stdout.buffer\n{program}\n")
    monkeypatch.setattr(apart, "_CHILD", child)


def says(answer: bytes) -> str:
    """A program that is ready, says this and kills itself."""
    done = "out.flush()\nos.kill(os.getpid(), signal.SIGKILL)"
    return f"out.write({READY!r})\nout.write({answer!r})\n{done}"


def assert_refused(answer: Any, paper: Paper, sentence: str) -> None:
    """The form again, with the sentence beside the file and the title that was typed."""
    assert answer.status_code == 422
    assert errors(answer) == [sentence]
    typed = soup(answer).select_one("#id_title")
    assert typed is not None
    assert typed["value"] == TITLE
    assert (rows(paper), kept(paper)) == (0, set())
    assert not paper.events.filter(verb="file_add").exists()


@pytest.mark.parametrize("answer", HALF_ANSWERS.values(), ids=HALF_ANSWERS.keys())
def test_a_process_that_dies_midway_lets_nothing_in(
    answer: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in(monkeypatch, tmp_path, says(answer))
    with pytest.raises(Unfit) as refusal:
        look_into(pdf(), "case.pdf", title=TITLE, public=True)
    assert refusal.value.sentence == TOO_MUCH


def test_what_such_a_process_says_to_the_end_is_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Else the half answers above would be refused for something else."""
    stand_in(monkeypatch, tmp_path, says(FAIR + b"%PDF-1.7\n"))
    assert look_into(pdf(), "case.pdf", public=True).public == b"%PDF-1.7\n"


def test_a_process_that_waits_for_ever_is_ended_by_the_clock(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ready = f"out.write({READY!r})\nout.flush()\ntime.sleep(600)"
    stand_in(monkeypatch, tmp_path, ready)
    monkeypatch.setattr(apart, "SECONDS", 1.0)
    with pytest.raises(Unfit) as refusal:
        look_into(pdf(), "case.pdf")
    assert refusal.value.sentence == TOO_MUCH


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("program", "sentence"),
    [("sys.exit(1)", NOT_NOW), (says(FAIR[:30]), TOO_MUCH)],
    ids=["before it began", "midway"],
)
def test_the_page_says_that_it_died_and_keeps_what_was_typed(
    program: str, sentence: str, cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paper = stages.draft(cast)
    stand_in(monkeypatch, tmp_path, program)
    assert_refused(hand_in(signed_in(cast.olu), paper, pdf()), paper, sentence)


@pytest.mark.django_db
def test_a_machine_without_room_for_a_folder_is_said(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paper = stages.draft(cast)
    with monkeypatch.context() as gone:
        gone.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
        answer = hand_in(signed_in(cast.olu), paper, pdf())
    assert_refused(answer, paper, NOT_NOW)
    assert hand_in(signed_in(cast.olu), paper, pdf()).status_code == 302


@pytest.mark.django_db
def test_a_store_that_takes_no_file_is_said(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    paper = stages.draft(cast)
    (tmp_path / "restricted").write_text("a file where a folder should be")
    settings.STORAGES = settings.STORAGES | {
        "restricted": {
            "BACKEND": "config.stores.folder.FolderStore",
            "OPTIONS": {"location": str(tmp_path / "restricted")},
        }
    }
    answer = hand_in(signed_in(cast.olu), paper, pdf())
    settings.STORAGES = settings.STORAGES | {"restricted": settings.STORAGES["archive"]}
    assert_refused(answer, paper, NOT_KEPT)


@pytest.mark.django_db
def test_a_full_disk_keeps_neither_half_a_file_nor_a_row(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is written, and only when the disk has to take it does it say that it is full."""
    paper = stages.draft(cast)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), descriptor)

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        answer = hand_in(signed_in(cast.olu), paper, pdf())
    assert_refused(answer, paper, NOT_KEPT)
    assert hand_in(signed_in(cast.olu), paper, pdf()).status_code == 302
    assert len(kept(paper)) == 2


def test_one_file_is_looked_into_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WAITS_FOR", 0.0)
    busy = pytest.raises(NotLookedInto, match="Other people’s files are being looked into")
    with apart._turn, busy:
        look_into(pdf(), "case.pdf")
    assert look_into(pdf(), "case.pdf").kind == "pdf"
