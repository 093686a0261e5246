"""A token in software, which keeps keys as a hardware module does: SoftHSM2, by PKCS#11."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pytest_django import Settings

PIN: Final = "4711-quill"
LABEL: Final = "Office of Decisions"
_MISSING: Final = (
    "Sealing with a token cannot be tested because SoftHSM2 is not there ({what}). “make ready” "
    "installs it; by hand, install the package softhsm2."
)


@dataclass(frozen=True)
class SoftToken:
    """A token with a name and a PIN, and the library that speaks to it."""

    library: Path
    folder: Path

    def keep(self, key: Path, label: str) -> None:
        """Put a private key into the token, under a name."""
        number = f"{len(list(self.folder.glob('*/*.object'))) + 1:04x}"
        self._tool("--import", str(key), "--token", LABEL, "--label", label, "--id", number)

    def use(self, settings: Settings, label: str) -> None:
        """Settings with which the key of this name seals; no key in a file."""
        pin = self.folder.parent / "pin"
        pin.write_text(f"{PIN}\n")
        settings.SEAL_KEY_FILE = str(self.folder / "no key")
        settings.SEAL_PKCS11_LIB = str(self.library)
        settings.SEAL_PKCS11_TOKEN = LABEL
        settings.SEAL_PKCS11_KEY = label
        settings.SEAL_PKCS11_PIN_FILE = str(pin)

    def _tool(self, *words: str) -> None:
        command = [_program(), "--module", str(self.library), *words, "--pin", PIN]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"The token refused: {done.stdout}{done.stderr}")


def soft_token(folder: Path) -> SoftToken:
    """A new token in a folder. Raises RuntimeError with a sentence where SoftHSM2 is missing."""
    tokens = folder / "tokens"
    tokens.mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
    # Read once, when the library is loaded: by its tool, and by this process when it first seals.
    os.environ["SOFTHSM2_CONF"] = str(settings)
    token = SoftToken(_library(), tokens)
    token._tool("--init-token", "--free", "--label", LABEL, "--so-pin", f"{PIN}-officer")
    return token


def _program() -> str:
    found = shutil.which("softhsm2-util")
    if found is None:
        raise RuntimeError(_MISSING.format(what="no program softhsm2-util"))
    return found


def _library() -> Path:
    """The library beside the program, wherever that was put."""
    beside = Path(_program()).parents[1]
    found = sorted(
        library
        for base in (beside, beside / "usr", Path("/usr"), Path("/usr/local"))
        for pattern in ("lib/softhsm/libsofthsm2.so", "lib/*/softhsm/libsofthsm2.so")
        for library in base.glob(pattern)
    )
    if not found:
        raise RuntimeError(_MISSING.format(what="no library libsofthsm2.so"))
    near = [library for library in found if library.is_relative_to(beside)]
    return (near or found)[0]
