"""The validator itself: it passes what is right, and names what is wrong."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from approvals import documents
from tests.records import pcd_1080
from tests.verapdf import failures


def without(pdf: bytes, *path: str) -> bytes:
    """The document without one entry of its catalogue."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        del opened.Root[path[0]]
        saved = BytesIO()
        opened.save(saved)
    return saved.getvalue()


def test_a_document_of_ours_keeps_every_rule_of_accessibility() -> None:
    assert failures(documents.render(pcd_1080()), "ua1") == []


def test_a_document_without_its_language_is_caught() -> None:
    found = failures(without(documents.render(pcd_1080()), "/Lang"), "ua1")
    assert {rule.split("-")[0] for rule in found} == {"ua1 7.2"}  # the clause on language


def test_a_document_without_its_metadata_is_caught_by_each_set_of_rules() -> None:
    found = failures(without(documents.render(pcd_1080()), "/Metadata"), "2a", "3a", "ua1")
    assert {rule.split()[0] for rule in found} == {"2a", "3a", "ua1"}


def test_what_is_no_document_has_not_passed() -> None:
    assert failures(b"This is no PDF.", "ua1")[0].startswith("ua1: the validator cannot read")
