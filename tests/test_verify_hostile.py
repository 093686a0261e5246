"""Files made to harm: each is judged in a process apart, which ends within its limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from django.test import override_settings

from approvals import sealing
from config import env
from decisions.register.verify import apart, child, process
from decisions.register.verify.apart import LARGEST, judge_apart
from decisions.register.verify.trust import CannotJudge
from tests import hostile, tampering
from tests.seal_world import small

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.usefixtures("seal_key")
TOO_MUCH: Final = (
    "This file takes more work to read than a document of ours ever does, so it was not judged."
)


@pytest.mark.parametrize("make", hostile.ALL)
def test_a_hostile_file_ends_in_a_sentence(make: Callable[[], bytes]) -> None:
    pdf = make()
    assert len(pdf) <= LARGEST
    verdict = judge_apart(pdf, cpu_seconds=3)
    assert verdict.kind in {"unreadable", "not_ours"}
    assert verdict.sentence


def test_who_takes_too_much_time_is_stopped() -> None:
    verdict = judge_apart(hostile.million_fields(), cpu_seconds=2)
    assert (verdict.kind, verdict.sentence) == ("unreadable", TOO_MUCH)


def test_who_does_not_end_by_the_clock_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The time of the processor does not pass for somebody who only waits."""
    waiting = tmp_path / "waiting.py"
    waiting.write_text(
        "import sys, time\n"
        f"sys.stdout.buffer.write({child.READY!r})\n"
        "sys.stdout.buffer.flush()\n"
        "time.sleep(600)\n"
    )
    monkeypatch.setattr(apart, "_CHILD", waiting)
    monkeypatch.setattr(apart, "SECONDS", 2.0)
    assert judge_apart(small()).sentence == TOO_MUCH


def test_whoever_it_started_is_stopped_with_it(tmp_path: Path) -> None:
    """No limit of processes binds a superuser: a parser that was taken over could leave one."""
    leaving = tmp_path / "leaving.py"
    leaving.write_text(
        "import os, sys, time\n"
        f"sys.stdout.buffer.write({child.READY!r} + b'first')\n"
        "sys.stdout.buffer.flush()\n"
        "if os.fork() == 0:\n"
        "    time.sleep(20)\n"
        "    os.write(1, b' and the other, much later')\n"
    )
    assert process.ask(leaving, {}, b"%PDF", seconds=2, longest=100_000) == b"first"


def test_a_process_that_does_not_start_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_CHILD", Path("/nowhere/child.py"))
    with pytest.raises(CannotJudge) as refusal:
        judge_apart(small())
    assert refusal.value.sentence.startswith(
        "The process that judges sealed documents did not start."
    )


def test_a_file_beyond_the_largest_is_not_even_passed_on() -> None:
    assert judge_apart(bytes(LARGEST + 1)).sentence == TOO_MUCH


def test_the_verdict_comes_back_whole() -> None:
    pdf = sealing.seal(small())
    verdict = judge_apart(pdf)
    assert verdict == sealing.verify(pdf)
    assert verdict.ok is True
    changed = judge_apart(tampering.append(pdf))
    assert (changed.reason, changed.sealed_bytes) == ("appended", len(pdf))


def test_without_certificates_nothing_is_judged() -> None:
    with override_settings(SEAL_CERT_FILE="", SEAL_TRUST_FILE=""), pytest.raises(CannotJudge):
        judge_apart(small())


def test_a_file_of_certificates_that_holds_none_is_a_sentence(tmp_path: Path) -> None:
    wrong = tmp_path / "trust.pem"
    wrong.write_text("no certificate")
    with override_settings(SEAL_TRUST_FILE=str(wrong)), pytest.raises(CannotJudge) as refusal:
        judge_apart(small())
    assert refusal.value.sentence == (
        "The file in SEAL_TRUST_FILE cannot be read as certificates in PEM form. Set it to one "
        "that can."
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}",
        b"genuine",
        b'{"reason":"whole","signer":"us","sealed_at":null,"sealed_bytes":-1}',
        b'{"reason":"whole","signer":"us","sealed_at":null,"sealed_bytes":11}',
        b'{"reason":"whole","signer":"us","sealed_at":"2026-01-01T00:00:00","sealed_bytes":1}',
        b'{"reason":"better","signer":"us","sealed_at":null,"sealed_bytes":1}',
        b'{"reason":"whole","signer":"' + b"x" * 201 + b'","sealed_at":null,"sealed_bytes":1}',
        b'{"reason":"whole","signer":"us","sealed_at":null,"sealed_bytes":1,"kind":"genuine"}',
    ],
)
def test_what_the_process_says_is_checked(answer: bytes) -> None:
    """It may have been taken over by the file: only what makes sense is believed."""
    assert apart._verdict(answer, size=10).kind == "unreadable"


def test_an_answer_that_makes_sense_is_believed() -> None:
    answer = b'{"reason":"page","signer":"","sealed_at":null,"sealed_bytes":7}'
    verdict = apart._verdict(answer, size=10)
    assert (verdict.kind, verdict.reason, verdict.sealed_bytes) == ("altered", "page", 7)


TRIED: Final = {
    "reading a secret": "open('/etc/passwd')",
    "reading the key": "open({key!r})",
    "writing a file": "open('left-behind', 'w')",
    "adding to a module": "open(child.__file__, 'a')",
    "the network": "socket.create_connection(('127.0.0.1', 9), timeout=1)",
    "a name on the network": "socket.getaddrinfo('localhost', 80)",
    "a server": "socket.socket(socket.AF_INET)",
    "another program": "subprocess.run(['/bin/true'])",
    "a shell": "os.system('true')",
    "a process": "os.fork()",
}


def inside(statement: str, key: str = "") -> str:
    """What comes of a statement where files are judged, after the walls are up."""
    program = (
        "import os, socket, subprocess, sys\n"
        f"sys.path.insert(0, {str(env.PROJECT)!r})\n"
        "from decisions.register.verify import child\n"
        "sys.addaudithook(child.refuse)\n"
        "child.limit(5)\n"
        f"try:\n    {statement.format(key=key)}\n"
        "except BaseException as error:\n    print(type(error).__name__)\n"
        "else:\n    print('done')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False
    )
    return ran.stdout.strip()


@pytest.mark.parametrize("statement", TRIED.values(), ids=TRIED.keys())
def test_where_files_are_judged_there_is_nothing_to_take_and_nowhere_to_take_it(
    statement: str, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    key.write_text("secret")
    assert inside("pass") == "done"
    assert inside(statement, str(key)) == "PermissionError"


def test_the_process_sees_no_secret_of_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its environment and its folder, told by itself."""
    monkeypatch.setenv("SECRET_KEY", "the canary")
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import json, os, sys\n"
        "told = [dict(os.environ), os.listdir('.'), os.listdir('/proc/self/fd'), sys.argv[1:]]\n"
        f"sys.stdout.buffer.write({child.READY!r} + json.dumps(told).encode())\n"
    )
    said = process.ask(spy, {}, b"%PDF", seconds=30, longest=100_000)
    environment, folder, files, arguments = json.loads(said)
    assert set(environment) <= {"PATH", "LC_ALL", "LC_CTYPE"}
    assert os.environ["SECRET_KEY"] == "the canary"
    assert folder == []
    # Its three lines, and the list itself while it is read: no socket and no file of ours.
    assert len(files) == 4
    assert arguments == [str(env.PROJECT)]
