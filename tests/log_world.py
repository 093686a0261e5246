"""A public log, a witness of the test's own, and the script with which an outsider checks it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import override_settings

from config import env
from decisions.chain.keeping import OwnCopy
from decisions.chain.notes import public_line
from decisions.chain.witness import Witness
from tests import database
from tests.register_world import Register
from tests.tamper_world import ORIGIN

SCRIPT = env.PROJECT / "docs" / "verifier" / "verify.py"


@contextmanager
def working(world: Register) -> Iterator[None]:
    """Work as the staff process does, with its addresses."""
    with world.staff(), override_settings(ROOT_URLCONF="config.urls_staff"):
        yield


class Signing:
    """A witness of the test's own."""

    def __init__(self, world: Register, folder: Path) -> None:
        self._world = world
        self._key = Ed25519PrivateKey.generate()
        self._witness = Witness(ORIGIN, self._key, OwnCopy(folder / "kept"))
        self.line = public_line(ORIGIN, self._key.public_key())

    def sign(self) -> None:
        """Look, as the witness, and sign."""
        database.connect("default", env.WITNESS, self._world.name, "public")
        looked = self._witness.look(whole=True)
        database.connect("default", env.PUBLIC, self._world.name, "pub")
        assert looked.findings == ()


def checked(*words: str) -> tuple[int, str]:
    """Run the outsider's script in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr
