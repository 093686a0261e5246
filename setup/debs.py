"""Debian's packages: installed by root, or unpacked into a folder by anyone.

An ordinary user may ask apt what a package needs and may download packages; only their
installation is root's. Unpacked, libraries and programs work where the loader is told of them.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from setup.sentences import SetupError

SYSTEM_LISTS: Final = Path("/var/lib/apt/lists")
OPTIONS: Final = ("-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=2")


def install(packages: list[str], tools: Path) -> None:
    """Install packages for the whole machine. Only root can. Raises SetupError."""
    command = ["apt-get", *OPTIONS, "install", "--yes", "--no-install-recommends", *packages]
    if _has_lists(SYSTEM_LISTS) and _apt(command, tools).returncode == 0:
        return
    _apt(["apt-get", *OPTIONS, "update"], tools)
    if _apt(command, tools).returncode != 0:
        raise SetupError(f"The packages could not be installed (see {tools / 'system.log'}).")


def unpack(packages: list[str], tools: Path) -> None:
    """Unpack packages, and all that they need and the machine lacks, into tools/debs.

    What was unpacked there before is fetched again along with them, because the two may share
    parts. Nothing outside `tools` is written. Raises SetupError.
    """
    kept = tools / "debs/packages"
    wanted = sorted({*packages, *(kept.read_text().split() if kept.exists() else ())})
    own = tools / "apt"
    draft = tools / "debs.new"
    shutil.rmtree(draft, ignore_errors=True)
    for folder in (own / "cache/archives/partial", own / "lists/partial", draft):
        folder.mkdir(parents=True, exist_ok=True)
    options = [*OPTIONS, "-o", f"Dir::Cache={own / 'cache'}"]
    own_lists = [*options, "-o", f"Dir::State::Lists={own / 'lists'}"]
    if not (_has_lists(SYSTEM_LISTS) and _download(wanted, options, draft, tools)):
        _apt(["apt-get", *own_lists, "update"], tools)
        if not _download(wanted, own_lists, draft, tools):
            raise SetupError(f"The packages could not be fetched (see {tools / 'system.log'}).")
    for archive in sorted(draft.glob("*.deb")):
        if _apt(["dpkg", "-x", str(archive), str(draft)], tools).returncode != 0:
            raise SetupError(f"{archive.name} could not be unpacked.")
        archive.unlink()
    (draft / "packages").write_text("\n".join(wanted) + "\n")
    shutil.rmtree(tools / "debs", ignore_errors=True)
    draft.rename(tools / "debs")
    shutil.rmtree(own)
    write_environment(tools)


def environment(tools: Path) -> dict[str, str]:
    """The environment of this process, with what tools/env adds to it."""
    extended = dict(os.environ)
    for name, folders in _folders(tools).items():
        already = extended.get(name, "").split(":") if extended.get(name) else []
        extended[name] = ":".join([*already, *(part for part in folders if part not in already)])
    return extended | _named(tools)


def _has_lists(folder: Path) -> bool:
    return any(folder.glob("*_Packages*"))


def _apt(
    command: list[str], tools: Path, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of apt's or dpkg's commands; keep what it says in tools/system.log."""
    environment = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "LC_ALL": "C.UTF-8",
        "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin",  # dpkg insists on ldconfig
    }
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    with (tools / "system.log").open("a") as log:
        log.write(f"$ {shlex.join(command)}\n{done.stdout}\n")
    return done


def _download(packages: list[str], options: list[str], folder: Path, tools: Path) -> bool:
    """Download packages and what they need beyond what is installed; whether that worked."""
    plan = _apt(
        ["apt-get", *options, "--simulate", "install", "--no-install-recommends", *packages], tools
    )
    names = [line.split()[1] for line in plan.stdout.splitlines() if line.startswith("Inst ")]
    if plan.returncode != 0 or not names:
        return False
    return _apt(["apt-get", *options, "download", *names], tools, cwd=folder).returncode == 0


def _library_folders(unpacked: Path) -> list[Path]:
    """Folders under usr/lib and lib that hold shared libraries for others to use."""
    folders = {
        library.parent
        for base in ("usr/lib", "lib")
        for pattern in ("*-linux-*/*.so.*", "*-linux-*/*/lib*.so*")
        for library in (unpacked / base).glob(pattern)
    }
    return sorted(folders, key=lambda folder: (len(folder.parts), folder))


def _folders(tools: Path) -> dict[str, list[str]]:
    """Search paths to be extended so that what was unpacked is found; {} where nothing was."""
    unpacked = tools / "debs"
    if not unpacked.is_dir():
        return {}
    return {
        "LD_LIBRARY_PATH": [str(folder) for folder in _library_folders(unpacked)],
        "PATH": [str(unpacked / "usr/bin")],
    }


def _named(tools: Path) -> dict[str, str]:
    """Variables that name one unpacked thing each."""
    named = {
        # Debian's /usr/bin/chromium starts a program by its absolute path: name the program.
        "CHROMIUM": tools / "debs/usr/lib/chromium/chromium",
        "FONTCONFIG_FILE": tools / "fonts.conf",
    }
    return {name: str(path) for name, path in named.items() if path.exists()}


def write_environment(tools: Path) -> None:
    """Write tools/env, which a shell reads, and a font configuration where the machine has none."""
    if not Path("/etc/fonts/fonts.conf").exists():
        (tools / "fonts.conf").write_text(_font_configuration(tools))
    lines = [
        f'export {name}="${{{name}:+${name}:}}"{shlex.quote(":".join(folders))}\n'
        for name, folders in _folders(tools).items()
    ]
    lines += [f"export {name}={shlex.quote(value)}\n" for name, value in _named(tools).items()]
    draft = tools / "env.new"
    draft.write_text("".join(lines))
    draft.rename(tools / "env")


def _font_configuration(tools: Path) -> str:
    folders = [Path("/usr/share/fonts"), tools / "debs/usr/share/fonts"]
    listed = "\n".join(f"  <dir>{escape(str(folder))}</dir>" for folder in folders)
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig>\n{listed}\n"
        f"  <cachedir>{escape(str(tools / 'fontcache'))}</cachedir>\n</fontconfig>\n"
    )
