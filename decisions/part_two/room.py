"""The only way into the confidential room.

Whoever reads must be cleared for this paper, and each reading is an event. Nothing here hands out
the body or the rationale without both; `notice` and `commitment` give what may be public.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec

from accounts.models import User
from decisions.history import record
from decisions.models import Paper, Version
from decisions.part_two import passages, unread
from decisions.part_two.exemptions import BY_NUMBER
from decisions.part_two.models import (
    Clearance,
    Exemption,
    FrozenPartTwo,
    PartTwo,
    PartTwoFile,
)
from decisions.register.record import Exemption as PublicExemption
from decisions.register.record import PartTwoNotice


class NotCleared(PermissionError):
    """The person has no need to know this paper's Part 2."""


class DoesNotFit(Exception):
    """What is kept as Part 2 of a version is not what the version commits to; it is not shown."""


@dataclass(frozen=True)
class ExemptionText:
    """One exemption as drafted: `article` "2(2)(a)", `section` "43", `balance` confidential."""

    article: str
    section: str
    balance: str = ""


@dataclass(frozen=True)
class FileText:
    """A confidential file, named by its digest: SHA-256, `size` in bytes, `kind` its ending."""

    title: str
    name: str
    kind: str
    size: int
    digest: str


@dataclass(frozen=True)
class PartTwoText:
    """Part 2 whole, as read or written in this room."""

    body: str = ""
    rationale: str = ""
    marking: str = ""
    reason: str = ""
    ends_on: date | None = None
    ends_when: str = ""
    exemptions: tuple[ExemptionText, ...] = ()
    files: tuple[FileText, ...] = ()

    def canonical(self) -> str:
        """The text that is frozen and committed to. Without files it does not speak of any."""
        said = msgspec.to_builtins(self)
        if not self.files:
            del said["files"]
        return msgspec.json.encode(said, order="sorted").decode()


def clear(paper: Paper, person: User, *, by: User, reason: str) -> None:
    """Let somebody in who needs to know this paper. Doing it twice changes nothing."""
    _, new = Clearance.objects.get_or_create(
        paper=paper, person=person, defaults={"granted_by": by, "reason": reason}
    )
    if new:
        record(paper, "clear", by, person=person.pk)


def is_cleared(paper: Paper, person: User) -> bool:
    """Whether somebody may read this paper's Part 2."""
    return person.is_active and Clearance.objects.filter(paper=paper, person=person).exists()


def require_clearance(paper: Paper, person: User) -> None:
    """Raise NotCleared when the person has no need to know this paper."""
    if not is_cleared(paper, person):
        raise NotCleared(
            f"You are not cleared to see Part 2 of {paper.reference}. If you need it for your "
            "work on this paper, ask the secretariat."
        )


def read(paper: Paper, *, by: User) -> PartTwoText:
    """Part 2 as it stands, or an empty one. Records the reading.

    Raises NotCleared when the person has no need to know this paper.
    """
    require_clearance(paper, by)
    record(paper, "read_part_two", by)
    return _shown(paper)


@dataclass(frozen=True)
class Frozen:
    """Part 2 as it stood in a version, with what proves it later: commitment and salt, in hex."""

    text: PartTwoText
    commitment: str
    salt: str


def read_frozen(version: Version, *, by: User) -> Frozen | None:
    """Part 2 as it stood in a version, or None where there was none. Records the reading.

    Raises NotCleared when the person has no need to know this paper, and DoesNotFit.
    """
    require_clearance(version.paper, by)
    kept = FrozenPartTwo.objects.filter(version=version).first()
    if not _fits(kept, version):
        raise DoesNotFit(
            f"The Part 2 that is kept of {version.paper.reference} is not the one that its version "
            "commits to, so it is not shown and must not be signed. Tell whoever runs this service."
        )
    if kept is None:
        return None
    record(version.paper, "read_part_two", by, number=version.number)
    return Frozen(
        text=msgspec.json.decode(kept.content, type=PartTwoText),
        commitment=kept.commitment,
        salt=bytes(kept.salt).hex(),
    )


def _fits(kept: FrozenPartTwo | None, version: Version) -> bool:
    """PostgreSQL asked it when both were written; this asks it of what is there now."""
    if kept is None:
        return not version.part_two_commitment
    computed = commitment(bytes(kept.salt), kept.content)
    return computed == kept.commitment == version.part_two_commitment


def write(paper: Paper, text: PartTwoText, *, by: User) -> None:
    """Replace Part 2. The caller holds the paper's row lock and has checked that it is editable.

    Raises NotCleared when the person has no need to know this paper.
    """
    require_clearance(paper, by)
    fields: dict[str, Any] = {
        name: getattr(text, name)
        for name in ("body", "rationale", "marking", "reason", "ends_on", "ends_when")
    }
    row, new = PartTwo.objects.select_for_update().get_or_create(paper=paper, defaults=fields)
    if not new:
        for name, value in fields.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
    if _exemptions(row.exemptions.all()) == text.exemptions:
        return  # to write the same again would count as a change by whoever does
    row.exemptions.all().delete()
    Exemption.objects.bulk_create(
        Exemption(
            part_two=row,
            position=place,
            article=exemption.article,
            section=exemption.section,
            balance=exemption.balance,
        )
        for place, exemption in enumerate(text.exemptions, start=1)
    )


def files(paper: Paper, *, by: User) -> list[PartTwoFile]:
    """The confidential files, oldest first. Raises NotCleared.

    Whoever lists them has read Part 2 or is about to, and that is recorded by the reading.
    """
    require_clearance(paper, by)
    return list(PartTwoFile.objects.filter(paper=paper).select_related("added_by"))


def holds_file(paper: Paper, digest: str) -> bool:
    """Whether a file of this digest is among the confidential ones; told to who has that file."""
    return any(row.digest == digest for row in unread.files(paper))


def add_file(paper: Paper, said: FileText, *, by: User) -> None:
    """Put a file beside Part 2. The caller holds the paper's row lock and keeps the file itself.

    Raises NotCleared when the person has no need to know this paper.
    """
    require_clearance(paper, by)
    PartTwoFile.objects.create(
        paper=paper,
        title=said.title,
        name=said.name,
        kind=said.kind,
        size=said.size,
        digest=said.digest,
        added_by=by,
    )


def remove_file(paper: Paper, pk: int, *, by: User) -> PartTwoFile | None:
    """Take a file away; None when it is gone already. Under the same lock. Raises NotCleared."""
    require_clearance(paper, by)
    row = PartTwoFile.objects.filter(paper=paper, pk=pk).first()
    if row is not None:
        PartTwoFile.objects.filter(pk=row.pk).delete()
    return row


def open_file(paper: Paper, pk: int, *, by: User) -> PartTwoFile | None:
    """The row of a file that is about to be read; None when there is none. Records the reading.

    Raises NotCleared when the person has no need to know this paper.
    """
    require_clearance(paper, by)
    row = PartTwoFile.objects.filter(paper=paper, pk=pk).first()
    if row is not None:
        record(paper, "read_part_two_file", by, file=row.pk)
    return row


def froze_file(paper: Paper, digest: str) -> bool:
    """Whether some version of this paper has a file of this digest in its Part 2."""
    return any(digest in row.content for row in unread.frozen(*paper.versions.all()))


def notice(paper: Paper) -> PartTwoNotice | None:
    """What is published about Part 2: its marking, its exemptions, why, and until when."""
    row, exemptions = unread.part_two(paper)
    if row is None or not paper.has_part_two:
        return None
    return PartTwoNotice(
        marking=row.marking,
        exemptions=tuple(
            PublicExemption(
                article=exemption.article,
                section=exemption.section,
                name=BY_NUMBER[exemption.section].name if exemption.section in BY_NUMBER else "",
            )
            for exemption in exemptions
        ),
        reason=row.reason,
        ends_on=row.ends_on,
        ends_when=row.ends_when,
    )


def facts(paper: Paper) -> tuple[bool, bool, tuple[tuple[str, bool], ...]]:
    """For the checks: body written, rationale written, and each exemption with whether balanced."""
    text = _text(paper)
    return (
        bool(text.body.strip()),
        bool(text.rationale.strip()),
        tuple((e.section, bool(e.balance.strip())) for e in text.exemptions),
    )


def shares_a_passage(paper: Paper, public_text: str) -> bool:
    """Whether eight words in a row of the body also stand in a public text: the leak check."""
    if not paper.has_part_two:
        return False
    return passages.share_words(_text(paper).body, public_text)


def letters_share_a_passage(paper: Paper, public_text: str) -> bool:
    """As `shares_a_passage`, for text that a program read off a page: words may be torn apart."""
    if not paper.has_part_two or not public_text:
        return False
    return passages.share_letters(_text(paper).body, public_text)


def changed_between(before: Version, after: Version) -> bool:
    """Whether two versions hold different Part 2s: yes or no, and not a word more."""
    kept = {row.version_id: row.content for row in unread.frozen(before, after)}
    return kept.get(before.pk) != kept.get(after.pk)


def readers(paper: Paper) -> list[Clearance]:
    """Who may read this paper's Part 2, why, and by whose word, in the order they were let in."""
    cleared = Clearance.objects.filter(paper=paper).select_related("person", "granted_by")
    return list(cleared.order_by("granted_at", "pk"))


def token(paper: Paper) -> str:
    """A digest of Part 2's text as it stands, for noticing a competing save."""
    text = replace(_text(paper), files=())
    return hashlib.sha256(f"{paper.pk}:{text.canonical()}".encode()).hexdigest()[:16]


def files_token(paper: Paper) -> str:
    """The same for its files: to add one disturbs nobody who writes."""
    said = msgspec.json.encode([paper.pk, *_text(paper).files])
    return hashlib.sha256(said).hexdigest()[:16]


def freeze(version: Version, text: str, salt: bytes) -> None:
    """Keep Part 2 as it stands in a version. Called once, by whoever takes it, cleared or not."""
    unread.freeze(version, text, salt, commitment(salt, text))


def material(paper: Paper) -> tuple[str, bytes] | None:
    """The text to freeze and a fresh salt, or None where the paper has no Part 2."""
    if not paper.has_part_two:
        return None
    return _text(paper).canonical(), secrets.token_bytes(32)


def commitment(salt: bytes, text: str) -> str:
    """SHA-256 of salt and text, in hexadecimal: proves the text later, tells nothing now."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def unchanged_since(version: Version) -> bool:
    """Whether Part 2 still says what it said in this version."""
    kept = next(iter(unread.frozen(version)), None)
    if kept is None:
        return not version.paper.has_part_two
    return bool(version.paper.has_part_two) and kept.content == _text(version.paper).canonical()


def _shown(paper: Paper) -> PartTwoText:
    """Part 2 as PostgreSQL shows it to whoever acts: empty to anybody who is not cleared."""
    row = PartTwo.objects.filter(paper=paper).first()
    exemptions = Exemption.objects.filter(part_two__paper=paper)
    return _as_text(row, exemptions, PartTwoFile.objects.filter(paper=paper))


def _text(paper: Paper) -> PartTwoText:
    """Part 2 as it stands, to be compared or committed to; shown to nobody."""
    return _as_text(*unread.part_two(paper), unread.files(paper))


def _as_text(
    row: PartTwo | None, exemptions: Iterable[Exemption], files: Iterable[PartTwoFile]
) -> PartTwoText:
    beside = tuple(
        FileText(title=f.title, name=f.name, kind=f.kind, size=f.size, digest=f.digest)
        for f in files
    )
    if row is None:
        return PartTwoText(files=beside)
    return PartTwoText(
        body=row.body,
        rationale=row.rationale,
        marking=row.marking,
        reason=row.reason,
        ends_on=row.ends_on,
        ends_when=row.ends_when,
        exemptions=_exemptions(exemptions),
        files=beside,
    )


def _exemptions(rows: Iterable[Exemption]) -> tuple[ExemptionText, ...]:
    return tuple(ExemptionText(e.article, e.section, e.balance) for e in rows)
