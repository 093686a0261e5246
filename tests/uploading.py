"""Handing in files as people do, and looking at what was kept."""

from __future__ import annotations

from typing import Any, Final

from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from decisions.drafting.files import add_confidential_file, add_public_file
from decisions.models import Paper, SupportingFile
from decisions.part_two.models import PartTwoFile
from tests.pages import signed_in
from tests.upload_corpus import pdf

TITLE: Final = "Business case"


def address(paper: Paper, rest: str = "") -> str:
    """A page of the paper's files."""
    return f"/papers/{paper.slug}/files/{rest}"


def hand_in(
    client: Client,
    paper: Paper,
    file: bytes,
    name: str = "case.pdf",
    *,
    title: str = TITLE,
    audience: str = "public",
) -> Any:
    """Send the form with a file."""
    sent = {"title": title, "audience": audience, "file": SimpleUploadedFile(name, file)}
    return client.post(address(paper, "add/"), sent)


def with_file(paper: Paper, by: User, file: bytes | None = None) -> SupportingFile:
    """The paper's newest file for the public, added by this person."""
    add_public_file(paper, title=TITLE, name="case.pdf", file=file or pdf(), by=by)
    found = paper.files.order_by("-pk").first()
    assert found is not None
    return found


def with_confidential_file(paper: Paper, by: User, file: bytes, name: str) -> None:
    """A confidential file, added by this person."""
    add_confidential_file(paper, title="Price list", name=name, file=file, by=by)


def approve(file: SupportingFile, by: User) -> Any:
    """Open the page of the second person, tick the box and press the button."""
    where = address(file.paper, f"{file.pk}/approve/")
    return signed_in(by).post(where, {"digest": file.public_digest, "looked": "on"})


def kept(paper: Paper) -> set[str]:
    """The names of the files that are kept of a paper's uploads."""
    folder = storages["restricted"]
    if not folder.exists(""):
        return set()
    return {name for name in folder.listdir("")[1] if f"-{paper.pk}." in name}


def rows(paper: Paper) -> int:
    """How many files the paper has, of both kinds."""
    return paper.files.count() + PartTwoFile.objects.filter(paper=paper).count()
