"""witness: verify the chain and the public log, and sign a checkpoint of what is new."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, connection

from config import env
from decisions.chain import rows
from decisions.chain.keeping import OwnCopy, WitnessError, load_key, make_key
from decisions.chain.notes import NotSigned, public_line
from decisions.chain.post import Post
from decisions.chain.witness import Witness

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
WHOLE_SECONDS: Final = 3600.0


class Command(BaseCommand):
    """Ends with 1 and every finding as a sentence when anything is wrong; then nothing is signed.

    With --watch it looks every second whether there is news, signs it, and verifies the whole
    chain when it starts and every hour. A database that goes away is waited for, so that the end of
    this program means one thing.
    """

    help = "Verify the chain and the public log, and sign a checkpoint of what is new."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """How much to verify, and what to do besides."""
        parser.add_argument("--watch", action="store_true", help="go on looking, until stopped")
        parser.add_argument("--whole", action="store_true", help="verify from the first event on")
        parser.add_argument("--make-key", action="store_true", help="make the key, and end")
        parser.add_argument(
            "--public-key", action="store_true", help="show the public key, and end"
        )
        parser.add_argument(
            "--adopt", action="store_true", help="copy what this key signed into an empty folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked. Raises CommandError, which ends with 1."""
        try:
            self._do(options)
        except (WitnessError, NotSigned) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _do(self, options: dict[str, Any]) -> None:
        place, development = env.witness(), env.is_development()
        file = place.key_file
        if options["make_key"] or (development and not file.exists()):
            make_key(file)
        elif not development and "development" in file.name:
            raise WitnessError(
                f"{file} is named as a key of a developer's machine. Make one with --make-key."
            )
        key = load_key(file)
        if options["make_key"] or options["public_key"]:
            print(public_line(place.origin, key.public_key()))
            return
        if connection.settings_dict["USER"] != env.WITNESS:
            raise WitnessError(
                f"The witness runs as {env.WITNESS}, which can change nothing that it looks at. "
                "Start it with --settings config.settings.witness."
            )
        witness = Witness(place.origin, key, OwnCopy(place.folder))
        if options["adopt"]:
            print(f"{witness.adopt()} checkpoints were copied. Now run it with --whole.")
            return
        told = env.names("WITNESS_MAIL_TO")
        if told:
            env.mail()  # a mail server that is not named is told of now, not with the first mail
        post = Post(place.origin, place.folder, told)
        seen = rows.newest_event()  # before the look, so that what comes meanwhile is still news
        self._look(witness, post, whole=options["whole"] or options["watch"])
        if options["watch"]:
            self._watch(witness, post, seen)

    def _look(self, witness: Witness, post: Post, *, whole: bool) -> None:
        looked = witness.look(whole=whole)
        if looked.findings:
            post.tell_refusal(looked.findings)
            said = "\n".join(f"- {finding}" for finding in looked.findings)
            raise WitnessError(f"NOT IN ORDER. Nothing was signed.\n{said}")
        if looked.signed is None:
            print("In order; nothing is new since the last checkpoint.")
        else:
            made = looked.signed
            print(f"In order; signed event {made.seq} and {made.size} leaves.", flush=True)
            post.tell_checkpoint(made, looked.note)

    def _watch(self, witness: Witness, post: Post, seen: int) -> None:
        """Look again as soon as there is an event that was not `seen`, and now and then wholly."""
        whole_at = time.monotonic()
        pause = threading.Event()
        while True:
            pause.wait(LOOK_SECONDS)
            now = time.monotonic()
            whole = now - whole_at > WHOLE_SECONDS
            try:
                newest = rows.newest_event()
                if whole or newest != seen:
                    self._look(witness, post, whole=whole)
            except (OperationalError, InterfaceError) as error:  # it comes back, and so does this
                log.warning("The database did not answer the witness: %s", type(error).__name__)
                connection.close()
                continue
            seen, whole_at = newest, now if whole else whole_at
