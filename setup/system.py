"""What the project needs of the machine that no Python or npm package carries.

    python -m setup.system run     libraries that draw documents
    python -m setup.system test    those, a browser for the journeys, tools that read PDF and check
                                   its seal, and a token in software to seal with

What is missing is installed where the machine allows it: as root by apt-get; for an ordinary user
by unpacking Debian's packages into .tools/, which is ignored by git, with what they need to be
found written to .tools/env for the Makefile. Elsewhere a sentence says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from setup import debs
from setup.locks import Lock
from setup.sentences import SetupError, say

PROJECT: Final = Path(__file__).resolve().parent.parent
TOOLS: Final = PROJECT / ".tools"
BROWSERS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


@dataclass(frozen=True)
class Need:
    """One thing needed of the machine: how it is called, and Debian's package of it."""

    name: str
    package: str
    libraries: tuple[str, ...] = ()  # file names by which it may be loaded; the first is Linux's
    program: str = ""

    def is_met(self, environment: Mapping[str, str]) -> bool:
        """Whether it is there: the library loads, or the program is found."""
        if self.libraries:
            return any(_loads(library, environment) for library in self.libraries)
        if self.program == "chromium":
            return browser(environment) is not None
        return shutil.which(self.program, path=environment.get("PATH")) is not None


RUN: Final = (
    Need("Pango", "libpango-1.0-0", ("libpango-1.0.so.0", "libpango-1.0.dylib")),
    Need("PangoFT2", "libpangoft2-1.0-0", ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib")),
    Need(
        "HarfBuzz Subset",
        "libharfbuzz-subset0",
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
    ),
    Need("Fontconfig", "fontconfig", ("libfontconfig.so.1", "libfontconfig.1.dylib")),
)
TEST: Final = (
    *RUN,
    Need("Chromium", "chromium", program="chromium"),
    Need("pdftotext (Poppler)", "poppler-utils", program="pdftotext"),
    Need("SoftHSM", "softhsm2", program="softhsm2-util"),
    Need("OpenSSL", "openssl", program="openssl"),
    # What drives the browser is linked against it on Linux alone.
    Need("libatomic", "libatomic1", ("libatomic.so.1", "libSystem.B.dylib")),
)


def browser(environment: Mapping[str, str]) -> str | None:
    """The program that the journeys drive: what CHROMIUM names, else the first one found."""
    asked = environment.get("CHROMIUM", "").strip()
    for name in [asked] if asked else BROWSERS:
        found = shutil.which(name, path=environment.get("PATH"))
        if found is not None:
            return found
    return None


def missing(needs: tuple[Need, ...], environment: Mapping[str, str]) -> list[Need]:
    """Those of the needs that the machine does not meet."""
    return [need for need in needs if not need.is_met(environment)]


def provide(needs: tuple[Need, ...]) -> None:
    """Meet every need, or raise SetupError with the sentence that says what to install."""
    if not missing(needs, debs.environment(TOOLS)):
        return
    TOOLS.mkdir(exist_ok=True)
    with Lock(TOOLS / "system.lock").exclusive():
        lacking = missing(needs, debs.environment(TOOLS))  # another set-up may have met them
        if not lacking:
            return
        if shutil.which("apt-get") is None:
            raise SetupError(_advice(lacking))
        try:
            _install([need.package for need in lacking])
        except SetupError as reason:
            raise SetupError(f"{reason} {_advice(lacking)}") from None
        left = missing(needs, debs.environment(TOOLS))
        if left:
            raise SetupError(_advice(left))


def _install(packages: list[str]) -> None:
    if os.geteuid() == 0:
        say(f"Installing {', '.join(packages)} for the whole machine.")
        debs.install(packages, TOOLS)
    else:
        say(f"Fetching {', '.join(packages)} into .tools (nothing else is changed).")
        debs.unpack(packages, TOOLS)


def _advice(lacking: list[Need]) -> str:
    names = ", ".join(need.name for need in lacking)
    packages = " ".join(need.package for need in lacking)
    how = f"apt-get install {packages}" if shutil.which("apt-get") else "the system's packages"
    if sys.platform == "darwin":
        how = "brew install pango poppler softhsm openssl, and Google Chrome or Chromium"
    return f"Please install what is missing ({names}) with {how}, then try again."


def _loads(library: str, environment: Mapping[str, str]) -> bool:
    """Whether a new process can load a library: paths are read when a process starts."""
    tried = subprocess.run(
        [sys.executable, "-S", "-c", f"import ctypes; ctypes.CDLL({library!r})"],
        env=dict(environment),
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0


def main(arguments: list[str]) -> int:
    """The command line described at the top of this file."""
    try:
        provide({"run": RUN, "test": TEST}[arguments[0]])
    except SetupError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
