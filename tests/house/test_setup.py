"""Set-up from nothing, with stand-ins for Python and npm: what is fetched, and what is said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from setup import debs, packages, system
from setup.sentences import SetupError

PROJECT: Final = Path(__file__).resolve().parents[2]
COPIED: Final = ("setup", "static/src", "package.json", "package-lock.json", ".npmrc")

# A Python that makes an "environment" whose pip and uv only write down that they were called.
PYTHON: Final = f"""#!/bin/sh
case "$1 $2" in
"-m venv")
    echo venv >>"$CALLS"
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    printf '#!/bin/sh\\necho "uv $2" >>"$CALLS"\\nexit "${{UV_EXIT:-0}}"\\n' >"$3/bin/uv"
    chmod +x "$3/bin/uv" ;;
"-c import sys; print(sys.executable)") echo "$0" ;;
"-m pip") echo "pip $6" >>"$CALLS"; exit "${{PIP_EXIT:-0}}" ;;
*) exec "{sys.executable}" "$@" ;;
esac
"""
NPM: Final = """#!/bin/sh
case "$1" in
--version) echo 11 ;;
ci) echo "npm ci" >>"$CALLS"; exit "${CI_EXIT:-0}" ;;
run) echo "npm run $2" >>"$CALLS"; mkdir -p build; exit "${BUILD_EXIT:-0}" ;;
esac
"""
EVERYTHING: Final = ["venv", "pip requirements-uv.txt", "uv sync", "npm ci", "npm run build"]


def program(path: Path, text: str) -> Path:
    """Write a program that can be run."""
    path.write_text(text)
    path.chmod(0o755)
    return path


class Copy:
    """The files that set-up reads, in a folder of their own with a space in its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a copy"
        self.calls = folder / "calls"
        self._programs = folder / "programs"
        self._programs.mkdir(parents=True)
        for name in (*COPIED, *(path.name for path in PROJECT.glob("requirements*.txt"))):
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, target)
            else:
                shutil.copy(PROJECT / name, target)
        self.python = program(self._programs / "python3.13", PYTHON)
        program(self._programs / "npm", NPM)
        program(self._programs / "node", "#!/bin/sh\n")

    def start(self, **variables: str) -> subprocess.Popen[str]:
        """Start its set-up, as a user's shell would with nothing else in the environment."""
        return subprocess.Popen(
            ["/bin/sh", "setup/bootstrap.sh"],
            cwd=self.folder,
            env={
                "PATH": f"{self._programs}:/usr/bin:/bin",
                "PYTHON": str(self.python),
                "CALLS": str(self.calls),
                **variables,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def set_up(self, **variables: str) -> tuple[int, str]:
        """Its exit code, and what it said."""
        process = self.start(**variables)
        said, _ = process.communicate(timeout=60)
        return process.returncode, said

    def called(self) -> list[str]:
        """What was called since the last time this was asked."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_the_first_run_sets_up_everything_and_the_second_nothing(copy: Copy) -> None:
    assert copy.set_up()[0] == 0
    assert copy.called() == EVERYTHING
    assert copy.set_up() == (0, "")
    assert copy.called() == []


def test_a_changed_style_builds_the_front_end_alone(copy: Copy) -> None:
    copy.set_up()
    copy.called()
    sheet = next((copy.folder / "static/src").rglob("*.scss"))
    sheet.write_text(sheet.read_text() + "\n// changed\n")
    assert copy.set_up()[0] == 0
    assert copy.called() == ["npm ci", "npm run build"]


def test_a_changed_requirement_keeps_the_environment_and_fetches_again(copy: Copy) -> None:
    copy.set_up()
    copy.called()
    pins = copy.folder / "requirements-dev.txt"
    pins.write_text(pins.read_text() + "\n# changed\n")
    assert copy.set_up()[0] == 0
    assert copy.called() == ["pip requirements-uv.txt", "uv sync"]


def test_a_moved_folder_is_set_up_again(copy: Copy) -> None:
    copy.set_up()
    copy.called()
    copy.folder = copy.folder.rename(copy.folder.with_name("moved"))
    assert copy.set_up()[0] == 0
    assert copy.called() == ["pip requirements-uv.txt", "uv sync", "npm ci", "npm run build"]


def test_an_environment_without_its_stamp_is_half_made_and_made_anew(copy: Copy) -> None:
    copy.set_up()
    copy.called()
    (copy.folder / ".venv/.countersign-stamp").unlink()
    (copy.folder / ".venv/left-over").touch()
    assert copy.set_up()[0] == 0
    assert copy.called() == EVERYTHING[:3]
    assert not (copy.folder / ".venv/left-over").exists()


def test_two_at_once_set_up_once(copy: Copy) -> None:
    both = [copy.start(), copy.start()]
    for process in both:
        process.communicate(timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    assert copy.called() == EVERYTHING


def test_where_uv_fails_pip_does_the_work(copy: Copy) -> None:
    assert copy.set_up(UV_EXIT="2")[0] == 0
    assert copy.called()[:4] == [*EVERYTHING[:3], "pip requirements-dev.txt"]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PIP_EXIT": "1"}, "The Python packages could not be fetched: check that this machine"),
        ({"CI_EXIT": "1"}, "The front end's packages could not be fetched: check that this"),
        ({"BUILD_EXIT": "1"}, "The front end could not be built: the reason is at the end of"),
    ],
)
def test_a_failure_is_a_sentence_and_the_next_run_mends_it(
    copy: Copy, variables: dict[str, str], sentence: str
) -> None:
    code, said = copy.set_up(**variables)
    assert code == 1
    assert said.splitlines()[-1].startswith(sentence)
    assert copy.set_up()[0] == 0
    assert copy.set_up() == (0, "")


def fake_python(folder: Path, *, fits: bool) -> Path:
    """A Python that is too old, or that lacks venv."""
    answers = "*venv*) exit 1 ;; *) exit 0 ;;" if fits else "*) exit 1 ;;"
    return program(folder / "python3.9", f'#!/bin/sh\ncase "$2" in {answers} esac\n')


def test_an_unfit_python_is_refused_in_a_sentence(copy: Copy, tmp_path: Path) -> None:
    old = fake_python(tmp_path, fits=False)
    code, said = copy.set_up(PYTHON=str(old))
    assert code == 1
    assert said == (
        f"PYTHON is {old}, which is not a Python 3.11, 3.12, 3.13 or 3.14 that runs: "
        "name another, or leave PYTHON unset to have one looked for.\n"
    )


def test_a_python_without_venv_is_refused_in_a_sentence(copy: Copy, tmp_path: Path) -> None:
    bare = fake_python(tmp_path, fits=True)
    code, said = copy.set_up(PYTHON=str(bare))
    assert code == 1
    assert said == (
        f"{bare} has no venv module: install it (on Debian and Ubuntu: "
        "apt-get install python3-venv) and try again.\n"
    )


def test_help_lists_every_command() -> None:
    rules = (PROJECT / "Makefile").read_text()
    said = subprocess.run(
        ["make", "--no-print-directory"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    listed = re.findall(r"^  make (\S+)", said, re.MULTILINE)
    targets = re.findall(r"^([a-z][a-z-]*):", rules, re.MULTILINE)
    inner = {"ready", "ready-test"}
    assert listed == [target for target in targets if target not in inner], (
        "Every target of the Makefile but those inner ones says after ## what it does."
    )
    checks = re.search(r"^CHECKS := (.*)$", rules, re.MULTILINE)
    assert checks is not None
    assert {f"check-{name}" for name in checks[1].split()} == {
        target for target in targets if target.startswith("check-")
    }, "make check runs every check there is."


def test_what_is_pinned_carries_a_hash_and_answers_what_is_asked() -> None:
    pins = "django==5.2.19 \\\n    --hash=sha256:aa\nnh3==0.3.8\n"
    assert list(packages.faults_of_pins(pins, ["Django==5.2.19", "nh3>=1", "uv"])) == [
        "nh3 is pinned without a hash.",
        "pyproject.toml asks for nh3>=1; pinned is 0.3.8.",
        "pyproject.toml asks for uv; pinned is nothing.",
    ]


def test_a_lock_file_with_an_address_is_a_fault() -> None:
    entries = '"": {}, "node_modules/sass": {"resolved": "x", "integrity": "sha512-x"}'
    assert list(packages.faults_of_lock(f'{{"packages": {{{entries}}}}}')) == [
        "node_modules/sass carries an address; .npmrc says omit-lockfile-registry-resolved."
    ]


def test_a_named_host_would_be_found() -> None:
    for host in ("py" + "pi.org", "registry.npm" + "js.org", "files.python" + "hosted.org"):
        assert re.search(packages.HOSTS, f"https://{host}/simple")


def test_unpacked_packages_are_found_from_any_folder(tmp_path: Path) -> None:
    tools = tmp_path / "it's a folder"
    library = tools / "debs/usr/lib/x86_64-linux-gnu/libpango-1.0.so.0"
    library.parent.mkdir(parents=True)
    library.touch()
    debs.write_environment(tools)
    said = subprocess.run(
        ["/bin/sh", "-c", '. "$0/env"; echo "$LD_LIBRARY_PATH"; echo "$PATH"', tools],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert said == [str(library.parent), f"/usr/bin:/bin:{tools}/debs/usr/bin"]


def test_a_machine_without_apt_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    need = system.Need("Chromium", "chromium", program="no-such-browser")
    with pytest.raises(SetupError, match=re.escape("what is missing (Chromium) with ")):
        system.provide((need,))


def test_a_browser_is_what_chromium_names(tmp_path: Path) -> None:
    own = program(tmp_path / "my browser", "#!/bin/sh\n")
    assert system.browser({"CHROMIUM": str(own), "PATH": os.defpath}) == str(own)
    assert system.browser({"CHROMIUM": f"{own}-not", "PATH": os.defpath}) is None
