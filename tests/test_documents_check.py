"""The last part of a document, by which anyone can check it: address, code, digest, seal, data."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pypdfium2
import segno
from django.conf import settings

from approvals.documents.check import in_groups, verify_address
from decisions.register.record import Record
from tests import records
from tests.document_shapes import third_edition
from tests.pdfs import pages, rendered
from tests.structure import opened, structure


def test_the_address_names_reference_and_digest_as_the_public_page_asks_for_them() -> None:
    record = records.pcd_1080()
    assert verify_address(record) == (
        f"{settings.PUBLIC_URL}/verify/?reference=PCD+1080&digest={record.digest[:16]}"
    )


def test_the_last_page_tells_how_to_check() -> None:
    record = records.pcd_1080()
    last = pages(rendered(records.pcd_1080))[-1]
    assert "How to check this document" in last
    assert verify_address(record) in last.replace("/verify/? ", "/verify/?")
    assert "Reference PCD 1080 Edition Edition 1, the first" in last
    assert f"Digest of this edition {in_groups(record.digest)}" in last
    assert "also attached to this file, as pcd-1080.json" in last
    assert "This file is sealed." in last


def test_a_digest_is_grouped_to_be_read_aloud() -> None:
    assert in_groups("0123456789abcdef") == "0123 4567 89ab cdef"


def test_a_corrected_edition_names_the_one_before_it() -> None:
    assert "Edition 2, which replaces edition 1 of 23 November 2021" in " ".join(
        pages(rendered(records.corrected))
    )
    found = " ".join(pages(rendered(third_edition)))
    assert "Edition 3, which replaces edition 2 of 14 January 2022" in found
    assert "It replaces the edition of 14 January 2022, edition 2, of PCD 1080." in found


def test_the_code_holds_the_address_and_has_words_that_stand_for_it() -> None:
    pdf = rendered(records.pcd_1080)
    with opened(pdf) as looked_into:
        (figure,) = structure(looked_into).all("Figure")
        assert str(figure.entry.Alt) == (
            "QR code that leads to the page on which this document can be checked. "
            "The same address stands beside it as text."
        )
        left, bottom, right, top = (float(edge) for edge in figure.entry.A.BBox)
    wanted = [list(row) for row in segno.make(verify_address(records.pcd_1080()), error="m").matrix]
    assert drawn_code(pdf, left, bottom, right, top, len(wanted)) == wanted


def drawn_code(
    pdf: bytes, left: float, bottom: float, right: float, top: float, side: int
) -> list[list[int]]:
    """The modules of the code on the last page as they are painted: 1 for dark."""
    scale, quiet = 6, 4
    document = pypdfium2.PdfDocument(pdf)
    page = document[len(document) - 1]
    image = page.render(scale=scale).to_pil().convert("L")
    height = page.get_height()
    page.close()
    document.close()
    module = (right - left) / (side + 2 * quiet)
    assert abs((right - left) - (top - bottom)) < 0.1
    return [
        [
            int(
                image.getpixel(
                    (
                        round((left + (quiet + column + 0.5) * module) * scale),
                        round((height - top + (quiet + row + 0.5) * module) * scale),
                    )
                )
                < 128
            )
            for column in range(side)
        ]
        for row in range(side)
    ]


def test_the_data_of_the_decision_are_attached_and_have_the_digest_that_is_printed() -> None:
    record = records.corrected()
    with opened(rendered(records.corrected)) as pdf:
        (file,) = pdf.Root.AF
        assert list(pdf.Root.Names.EmbeddedFiles.Names) == ["pcd-1080.json", file]
        assert (str(file.F), str(file.UF)) == ("pcd-1080.json", "pcd-1080.json")
        assert str(file.AFRelationship) == "/Source"
        assert str(file.Desc) == "The data of PCD 1080, edition 2, as JSON"
        content = file.EF.F.read_bytes()
        said = file.EF.F.Params
        assert str(file.EF.F.Subtype) == "/application/json"
        assert int(said.Size) == len(content)
        assert bytes(said.CheckSum) == hashlib.md5(content, usedforsecurity=False).digest()
        assert (str(said.CreationDate), str(said.ModDate)) == ("D:20211123104200Z", "D:20220114")
    assert Record.from_json(content.decode()) == record
    assert hashlib.sha256(content).hexdigest() == record.digest


def test_the_metadata_name_both_standards_once_and_can_be_read_without_a_reader() -> None:
    pdf = rendered(records.pcd_1080)
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in pdf
    assert b'pdfuaid:part="1"' in pdf
    assert pdf.count(b"<rdf:RDF") == 1
    with opened(pdf) as looked_into, looked_into.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
        assert metadata["dc:title"] == str(looked_into.docinfo["/Title"])
        assert metadata["xmp:CreateDate"] == "2021-11-23T10:42:00+00:00"
    draft = rendered(records.draft_of_pcd_1080, draft=True)
    assert b'pdfaid:part="2" pdfaid:conformance="A"' in draft
    assert BytesIO(draft).read(8) == b"%PDF-1.7"
