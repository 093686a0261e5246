"""Add files to a paper and take them away; each is looked into before it is let in.

A file for the public is kept as it was handed in and as it may be published. A confidential one is
kept as it was handed in, in the room of Part 2.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from django.db import transaction

from accounts.models import User
from decisions.drafting.save import saving, token_of
from decisions.drafting.subjects import FILES, PART_TWO_FILES
from decisions.models import FileApproval, Paper, SupportingFile
from decisions.part_two import room
from decisions.uploads import Kind, Unfit, store
from decisions.uploads.apart import Looked, look_into
from decisions.uploads.names import clean_name

MOST: Final = 50


class Unwanted(Exception):
    """A file that is fit has no place on this paper; the message says why. Nothing was kept."""


def add_public_file(paper: Paper, *, title: str, name: str, file: bytes, by: User) -> None:
    """Put a PDF beside the paper, to be published with it once a second person approved it.

    Raises Unfit or Unwanted for the file, NotLookedInto or NotKept when the service could not, and
    NotEditable. Then nothing of the file is kept.
    """
    looked = look_into(file, name, title=title, public=True)
    if looked.kind != Kind.PDF:
        raise Unfit(
            "A Word document or an Excel workbook is never published, for the things that hide in "
            "it. Save it as a PDF and upload that."
        )
    kept = [(looked.digest, "pdf", file), (looked.public_digest, "pdf", looked.public)]
    with _holding(paper, FILES, by, kept) as held:
        _refuse_second(held, looked.digest)
        SupportingFile.objects.create(
            paper=held,
            title=title,
            name=clean_name(name, looked.kind),
            size=len(file),
            digest=looked.digest,
            public_size=len(looked.public),
            public_digest=looked.public_digest,
            words=looked.words,
            unread_pages=looked.unread_pages,
            taken_out=json.dumps(looked.taken_out),
            added_by=by,
        )
        _refuse_many(SupportingFile.objects.filter(paper=held).count())


def add_confidential_file(paper: Paper, *, title: str, name: str, file: bytes, by: User) -> None:
    """Put a file beside Part 2, for those alone who are cleared for it.

    Raises what `add_public_file` raises, and NotCleared.
    """
    room.require_clearance(paper, by)
    looked: Looked = look_into(file, name)
    said = room.FileText(
        title=title,
        name=clean_name(name, looked.kind),
        kind=looked.kind.value,
        size=len(file),
        digest=looked.digest,
    )
    with _holding(paper, PART_TWO_FILES, by, [(looked.digest, said.kind, file)]) as held:
        if not held.has_part_two:
            raise Unwanted("The paper does not say that there is a Part 2. Say so first.")
        _refuse_second(held, looked.digest)
        room.add_file(held, said, by=by)
        _refuse_many(len(room.files(held, by=by)))


def remove_public_file(paper: Paper, pk: int, *, by: User) -> bool:
    """Take a file from the paper; whether it was there. Raises NotEditable."""
    with _saving_whatever_stands(paper, FILES, by) as held:
        row = SupportingFile.objects.filter(paper=held, pk=pk).first()
        if row is not None:
            SupportingFile.objects.filter(pk=row.pk).delete()
    if row is not None:
        _forget(paper, [(row.digest, "pdf"), (row.public_digest, "pdf")])
    return row is not None


def remove_confidential_file(paper: Paper, pk: int, *, by: User) -> bool:
    """The same in the room of Part 2. Raises NotEditable, NotCleared."""
    with _saving_whatever_stands(paper, PART_TWO_FILES, by) as held:
        row = room.remove_file(held, pk, by=by)
    if row is not None:
        _forget(paper, [(row.digest, row.kind)])
    return row is not None


def approvals_of(file: SupportingFile) -> Iterator[FileApproval]:
    """Those that count for a file: of a second person, who neither uploaded it nor is the officer.

    What somebody approved, and then uploaded anew, is approved by nobody.
    """
    found = FileApproval.objects.filter(paper_id=file.paper_id, digest=file.public_digest)
    yield from (
        found.exclude(approved_by__in=[file.added_by_id, file.paper.officer_id])
        .select_related("approved_by")
        .order_by("pk")
    )


def unapproved(paper: Paper) -> list[SupportingFile]:
    """The files for the public that no second person has approved yet."""
    return [file for file in paper.files.all() if not any(approvals_of(file))]


@contextmanager
def _holding(
    paper: Paper, subject: str, by: User, files: Iterable[tuple[str, str, bytes]]
) -> Iterator[Paper]:
    """Hold the paper while a row is added, and keep its files with it, or neither."""
    files = list(files)
    try:
        with _saving_whatever_stands(paper, subject, by) as held:
            yield held
            for digest, ending, content in files:
                store.keep(held.pk, digest, ending, content)
    except BaseException:
        _forget(paper, [(digest, ending) for digest, ending, _ in files])
        raise


@contextmanager
def _saving_whatever_stands(paper: Paper, subject: str, by: User) -> Iterator[Paper]:
    """As `saving`, for one row that comes or goes, whatever else the list holds by now."""
    with transaction.atomic():
        Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
        with saving(paper.pk, subject, by=by, token=token_of(paper, subject)) as held:
            yield held


def _refuse_second(paper: Paper, digest: str) -> None:
    there = SupportingFile.objects.filter(paper=paper, digest=digest).first()
    if there is not None:
        raise Unwanted(
            f"This file is on the paper already, as “{there.title}”. To change its title, or to "
            "make it confidential, remove it there first."
        )
    if room.holds_file(paper, digest):
        raise Unwanted(
            "This file is already among the confidential files of Part 2. To change its title, or "
            "to publish it, remove it there first."
        )


def _refuse_many(count: int) -> None:
    if count > MOST:
        raise Unwanted(
            f"The paper has {MOST} files already. Put several documents into one, or remove one "
            "that is not needed."
        )


def _forget(paper: Paper, files: Iterable[tuple[str, str]]) -> None:
    """Take files away that nothing names: no row of the paper and no version of it.

    Under the paper's lock, so that nobody uploads the same file in the same moment.
    """
    with transaction.atomic():
        held = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
        for digest, ending in files:
            if not _is_named(held, digest):
                store.forget(held.pk, digest, ending)


def _is_named(paper: Paper, digest: str) -> bool:
    rows = paper.files.all()
    return (
        rows.filter(digest=digest).exists()
        or rows.filter(public_digest=digest).exists()
        or room.holds_file(paper, digest)
        or paper.versions.filter(content__contains=digest).exists()
        or room.froze_file(paper, digest)
    )
