"""What the witness keeps outside the database: its key, and a copy of every checkpoint."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


class WitnessError(Exception):
    """The witness does not sign. Its text is a sentence for whoever runs it."""


def make_key(file: Path) -> None:
    """Make a key in a new file that its owner alone may read. Raises WitnessError."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(pem)
    except OSError as error:
        raise WitnessError(f"No key could be made in {file}: {error.strerror}.") from error


def load_key(file: Path) -> Ed25519PrivateKey:
    """The witness's key. Raises WitnessError when it is missing, open to others, or no such key."""
    try:
        open_to = file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise WitnessError(
            f"The witness's key cannot be read from {file}: {error.strerror}. Set WITNESS_KEY_FILE."
        ) from error
    except (ValueError, TypeError) as error:
        raise WitnessError(f"{file} holds no private key that can be read.") from error
    if open_to:
        raise WitnessError(f"Others may read {file}. Let its owner alone read it (chmod 600).")
    if not isinstance(key, Ed25519PrivateKey):
        raise WitnessError(f"The key in {file} is not an Ed25519 key.")
    return key


class OwnCopy:
    """The folder of signed notes, one file for each, named by the event it was signed at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def notes(self, *, newest: bool = False) -> dict[int, str]:
        """Every note kept, oldest first, by the number of its event; or the newest alone."""
        if not self._folder.is_dir():
            return {}
        files = sorted(self._folder.glob("*.checkpoint"))
        return {int(file.stem): file.read_text() for file in (files[-1:] if newest else files)}

    def keep(self, seq: int, note: str) -> None:
        """Add one, whole or not at all, and on the disc before this returns. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{seq:012}.checkpoint"
        draft = file.with_suffix(f".{os.getpid()}")
        with draft.open("w") as out:
            out.write(note)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)  # refuses to replace what is kept already
        finally:
            draft.unlink()
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
