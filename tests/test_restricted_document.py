"""The restricted document: Part 2 on request, for whoever is cleared, sealed and kept nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as given
from pytest_django import Settings

from approvals import sealing
from approvals.restricted import make_restricted_document
from decisions.models import Event, Paper
from decisions.part_two import room
from decisions.states import State
from tests import pdfs, stages
from tests.cast import Cast
from tests.pages import signed_in, words
from tests.test_part_two_canary import BALANCE, BODY, RATIONALE, planted
from tests.verapdf import failures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seal_key")]

MARKING = "OFFICIAL-SENSITIVE [COMMERCIAL]"


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/part-two/document/"


def events(paper: Paper) -> list[str]:
    return list(paper.events.order_by("seq").values_list("verb", flat=True))


@pytest.fixture
def decided(cast: Cast) -> Paper:
    """A decided paper whose Part 2 has the canary in every confidential field."""
    return planted(cast, State.DECIDED)


def test_it_says_part_two_as_signed_with_its_marking_on_every_page(
    cast: Cast, decided: Paper
) -> None:
    answer = signed_in(cast.olu).post(address(decided))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{decided.slug}-part-2-restricted.pdf"'
    )
    assert answer["Cache-Control"] == "no-store"
    said = " ".join(pdfs.text(answer.content).split())
    for wanted in (BODY, RATIONALE, BALANCE, "Article 2(2)(a), section 43", "Olu Adeyemi"):
        assert wanted in said
    for page in pdfs.pages(answer.content):
        assert page.count(MARKING) >= 2
        assert "Not for publication. Made for Olu Adeyemi." in page


def test_it_is_sealed_like_any_document(cast: Cast, decided: Paper) -> None:
    pdf = make_restricted_document(decided, by=cast.olu)
    assert sealing.verify(pdf).ok
    assert not sealing.verify(pdf.replace(b"/Title", b"/Titel", 1)).ok


def test_it_is_accessible_and_archival(cast: Cast, decided: Paper) -> None:
    assert failures(make_restricted_document(decided, by=cast.olu), "2a", "ua1") == []


def test_it_says_what_was_signed_and_not_what_was_written_since(cast: Cast, decided: Paper) -> None:
    version = decided.versions.get(signatures__act="decide")
    frozen = room.read_frozen(version, by=cast.olu)
    assert frozen is not None
    assert frozen.commitment == version.part_two_commitment
    said = pdfs.text(make_restricted_document(decided, by=cast.olu)).replace("\n", "")
    assert (frozen.commitment in said, frozen.salt in said) == (True, True)


def test_its_making_is_recorded_with_its_digest_and_no_word_of_it(
    cast: Cast, decided: Paper
) -> None:
    before = events(decided)
    make_restricted_document(decided, by=cast.olu)
    assert events(decided) == [*before, "read_part_two", "restricted_document"]
    made = Event.objects.filter(paper=decided).latest("seq")
    assert made.actor == cast.olu
    assert "Zanderquist" not in made.facts
    page = words(signed_in(cast.saba).get(f"/papers/{decided.slug}/history/"))
    assert "Made a restricted document: Part 2 of version" in page


def test_it_is_kept_in_no_store(cast: Cast, decided: Paper) -> None:
    def kept() -> set[str]:
        return {str(file) for file in Path(given.DATA_DIR).rglob("*") if file.is_file()}

    before = kept()
    make_restricted_document(decided, by=cast.olu)
    assert kept() == before


def test_whoever_is_not_cleared_gets_a_sentence_and_nothing_is_recorded(
    cast: Cast, decided: Paper
) -> None:
    before = events(decided)
    answer = signed_in(cast.saba).post(address(decided))
    assert answer.status_code == 403
    assert f"You are not cleared to see Part 2 of {decided.reference}." in words(answer)
    assert b"Zanderquist" not in answer.content
    assert events(decided) == before


def test_it_is_not_made_before_the_decision(cast: Cast) -> None:
    paper = planted(cast)
    answer = signed_in(cast.olu).post(address(paper))
    assert answer.status_code == 409
    assert "is not decided, so there is no restricted document." in words(answer)


def test_a_paper_without_part_two_has_none(cast: Cast) -> None:
    paper = stages.decided(cast)
    room.clear(paper, cast.olu, by=cast.saba, reason="Needs to know.")
    answer = signed_in(cast.olu).post(address(paper))
    assert answer.status_code == 409
    assert "has no Part 2, so there is no restricted document." in words(answer)


def test_without_a_key_nothing_is_handed_over(
    cast: Cast, decided: Paper, settings: Settings
) -> None:
    settings.SEAL_KEY_FILE = "/nowhere/key.pem"
    before = events(decided)
    answer = signed_in(cast.olu).post(address(decided))
    assert answer.status_code == 409
    assert "Nothing was sealed" in words(answer)
    assert events(decided) == [*before, "read_part_two"]


def test_a_get_changes_nothing(cast: Cast, decided: Paper) -> None:
    before = events(decided)
    assert signed_in(cast.olu).get(address(decided)).status_code == 405
    assert events(decided) == before


def test_the_page_of_part_two_offers_it_once_decided(cast: Cast, decided: Paper) -> None:
    page = words(signed_in(cast.olu).get(f"/papers/{decided.slug}/part-two/"))
    assert "Make the restricted document" in page
    assert "Make the restricted document" not in words(
        signed_in(cast.olu).get(f"/papers/{planted(cast).slug}/part-two/")
    )
