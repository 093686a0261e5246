"""PDF/A and PDF/UA, in one file, of every shape of document, before and after it is sealed."""

from __future__ import annotations

import pytest

from approvals import sealing
from approvals.documents import scan
from tests.document_shapes import DRAFTS, SHAPES
from tests.pdfs import attachment, rendered, text
from tests.verapdf import failures


@pytest.mark.parametrize("shape", SHAPES)
def test_a_document_keeps_both_standards_before_and_after_sealing(
    shape: str, seal_key: None
) -> None:
    base = rendered(SHAPES[shape])
    assert failures(base, "3a", "ua1") == []
    sealed = sealing.seal(base)
    assert sealed.startswith(base)
    assert failures(sealed, "3a", "ua1") == []
    assert scan.findings(sealed, attached=attachment(SHAPES[shape]())) == ()


@pytest.mark.parametrize("shape", DRAFTS)
def test_a_draft_keeps_both_standards_with_nothing_attached(shape: str) -> None:
    assert failures(rendered(DRAFTS[shape], draft=True), "2a", "ua1") == []


def test_the_validator_sees_what_a_document_would_lack() -> None:
    base = rendered(SHAPES["approved"])
    untitled = base.replace(b"/DisplayDocTitle true", b"/DisplayDocTitle null")
    assert untitled != base
    assert [rule[:9] for rule in failures(untitled, "ua1")] == ["ua1 7.1-1"]


def test_welsh_is_printed_as_it_was_written() -> None:
    assert "ŵyr, tŷ, ŷd, Ŵ, Ŷ" in text(rendered(SHAPES["Welsh"]))
