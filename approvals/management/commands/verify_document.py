"""Check sealed documents as an operator: the seal, and whether this service made the file."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.core.management.base import BaseCommand, CommandError

from accounts.people.keeping import Refused
from accounts.people.operating import require_operator
from approvals.models import ArchivedDocument, SealedDocument
from decisions.models import Event
from decisions.register.models import Decision
from decisions.register.verify.apart import judge_apart
from decisions.register.verify.archive import judge_archived
from decisions.register.verify.trust import CannotJudge, trusted
from decisions.register.words import long_time

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from decisions.register.verify.verdict import Verdict

GENUINE: Final = 0
OTHERWISE: Final = 1
CANNOT_JUDGE: Final = 2


@dataclass(frozen=True)
class Found:
    """What is known of one file: its seal, and which document of this service it is, if any."""

    file: str
    digest: str
    verdict: Verdict
    edition: str = ""
    state: str = ""

    @property
    def genuine(self) -> bool:
        """Both decide: the seal holds, and the file is byte for byte one that was kept."""
        return self.verdict.ok and bool(self.edition)

    @property
    def sentence(self) -> str:
        """What the seal shows, and, where it holds on an unknown file, that this is not enough."""
        if self.verdict.ok and not self.edition:
            return (
                f"{self.verdict.sentence} But no document with this digest was kept, so it is not "
                "a document that this service gave out."
            )
        return self.verdict.sentence

    def facts(self) -> dict[str, str | bool | None]:
        """The same for machines."""
        at = self.verdict.sealed_at
        return {
            "file": self.file,
            "genuine": self.genuine,
            "verdict": self.verdict.kind,
            "reason": self.verdict.reason,
            "sentence": self.sentence,
            "signer": self.verdict.signer or None,
            "sealed_at": at.isoformat() if at else None,
            "digest": self.digest,
            "edition": self.edition or None,
            "state": self.state or None,
        }

    def lines(self) -> list[str]:
        """The same for people."""
        at = self.verdict.sealed_at
        told = {
            "Verdict": f"{'genuine' if self.genuine else 'NOT GENUINE'}: {self.sentence}",
            "Signer": self.verdict.signer,
            "Sealed": long_time(at) if at else "",
            "SHA-256": self.digest,
            "Edition": f"{self.edition}, {self.state}" if self.edition else "",
        }
        return [self.file, *(f"  {name:8} {said}" for name, said in told.items() if said)]


class Command(BaseCommand):
    """Ends with 0 when every file is genuine, 1 when one is not, 2 when nothing can be judged."""

    help = "Say whether sealed documents are genuine: 0 yes, 1 no, 2 cannot judge."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Any number of files; `--json` for a list that a program reads."""
        parser.add_argument("files", nargs="+", metavar="FILE", help="A PDF file to check.")
        parser.add_argument("--json", action="store_true", help="Print a list as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with code 2 when a file cannot be opened or no seal be judged.

        So it does under any login but the owner's: where nobody acts, the others see no document,
        and each would be called unknown.
        """
        try:
            require_operator()
            found = [_check(name) for name in options["files"]]
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=CANNOT_JUDGE) from refusal
        except CannotJudge as refusal:
            raise CommandError(refusal.sentence, returncode=CANNOT_JUDGE) from refusal
        except OSError as error:
            raise CommandError(
                f"{error.filename} cannot be read: {error.strerror}. Nothing was judged.",
                returncode=CANNOT_JUDGE,
            ) from error
        if options["json"]:
            told = [one.facts() for one in found]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(line for one in found for line in one.lines()))
        if not all(one.genuine for one in found):
            sys.exit(OTHERWISE)


def _check(name: str) -> Found:
    pdf = Path(name).read_bytes()
    digest = hashlib.sha256(pdf).hexdigest()
    kept = SealedDocument.objects.filter(digest=digest).select_related("edition__paper").first()
    if kept is not None:
        return Found(name, digest, judge_apart(pdf), str(kept.edition), _state(digest))
    renewed = ArchivedDocument.objects.filter(digest=digest).first()
    if renewed is None:
        return Found(name, digest, judge_apart(pdf), *_handed_over(digest))
    # Its digest is known, so it is no hostile file, and may be judged here by the archive's rules.
    known = trusted()
    archived = judge_archived(pdf, known.seals, known.tsa)
    return Found(name, digest, archived, str(renewed.document.edition), "renewed for the archive")


def _handed_over(digest: str) -> tuple[str, str]:
    """A restricted document is kept nowhere, but its making is an event with its digest."""
    made = (
        Event.objects.filter(verb="restricted_document", facts__contains=f'"{digest}"')
        .select_related("paper", "actor")
        .first()
    )
    if made is None or made.paper is None:
        return "", ""
    return (
        f"Restricted document of {made.paper.reference}",
        f"made for {made.actor.name}, {long_time(made.at)}",
    )


def _state(digest: str) -> str:
    row = Decision.objects.filter(pdf_digest=digest).first()
    if row is None:
        return "not public"
    return "public and current" if row.current else "public, replaced by a later edition"
