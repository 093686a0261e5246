"""Papers with a file for the public, and a file in which a word hides wherever one can."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

import pikepdf
from django.test import override_settings

from config.settings import public
from decisions.models import Paper, SupportingFile
from tests import stages
from tests.cast import Cast
from tests.register_world import Reader
from tests.upload_corpus import annotation, pdf
from tests.uploading import approve, with_file

_numbers = itertools.count(1)
CANARY: Final = "Zanderquist"


def says(*lines: str) -> bytes:
    """A PDF of one page with these lines on it, unlike any other."""

    def change(document: pikepdf.Pdf) -> None:
        shown = " T* ".join(f"({line}) Tj" for line in (*lines, f"No {next(_numbers)}"))
        document.pages[0].obj.Contents = document.make_stream(
            f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode()
        )

    return pdf(change)


def stuffed() -> bytes:
    """A PDF with the canary everywhere but on its page."""

    def change(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = CANARY
        with document.open_metadata() as metadata:
            metadata["dc:creator"] = [CANARY]
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(CANARY, 0))
        annotation(document, Subtype=pikepdf.Name.Text, Contents=pikepdf.String(CANARY), T=CANARY)
        page = document.pages[0].obj
        page.PieceInfo = pikepdf.Dictionary(X=pikepdf.String(CANARY))
        drawn = page.Contents.read_bytes()
        behind = b"/Span <</ActualText (" + CANARY.encode() + b")>> BDC % " + CANARY.encode()
        page.Contents = document.make_stream(behind + b"\n" + drawn + b" EMC")
        jpeg = (
            b"\xff\xd8\xff\xe1\x00\x15Exif\0\0"
            + CANARY.encode()
            + b"\0\0\xff\xfe\x00\x0d"
            + CANARY.encode()
            + b"\xff\xda\x00\x02data\xff\xd9"
            + CANARY.encode()
        )
        picture = document.make_stream(jpeg)
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width = picture.Height = 1
        picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        picture.Filter = pikepdf.Name.DCTDecode
        page.Resources.XObject = pikepdf.Dictionary(P=picture)

    first = pdf(change)
    with pikepdf.open(BytesIO(first)) as document:
        assert "/Outlines" in document.Root
    return first


def ready(cast: Cast, file: bytes | None = None, **options: Any) -> tuple[Paper, SupportingFile]:
    """A paper out for advice with a file for the public."""
    paper = stages.draft(cast, **options)
    row = with_file(paper, cast.olu, file or says("The fleet"))
    return stages.ask(stages.fresh(paper), cast), row


def decided(cast: Cast, file: bytes | None = None, **options: Any) -> tuple[Paper, SupportingFile]:
    """A decided paper with its sealed document and an approved file."""
    paper, row = ready(cast, file, **options)
    assert approve(row, cast.saba).status_code == 302
    paper = stages.submit(stages.advise_all(paper))
    stages.endorse(paper, cast.celia)
    stages.decide(stages.fresh(paper), cast.dominic)
    stages.seal(paper, cast.saba)
    return stages.fresh(paper), row


@contextmanager
def public_site() -> Iterator[Reader]:
    """The public process's own pages, on what this test has published."""
    with override_settings(ROOT_URLCONF=public.ROOT_URLCONF, MIDDLEWARE=public.MIDDLEWARE):
        yield Reader()
