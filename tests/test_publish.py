from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from approvals.models import Edition, Publication
from decisions.models import Paper
from decisions.register import shelf
from tests import stages
from tests.cast import Cast
from tests.pages import errors, words
from tests.records import by_other_hands
from tests.verb_pages import answers, as_it_stands, banner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seal_key")]

LONDON = ZoneInfo("Europe/London")


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/publish/"


def later(cast: Cast, day: date, reason: str = "The contract is open.") -> dict[str, str]:
    """The answers of somebody who defers publication."""
    return {
        "when": "later",
        "until_day": str(day.day),
        "until_month": str(day.month),
        "until_year": str(day.year),
        "reason": reason,
        "owner": str(cast.olu.pk),
    }


def published(paper: Paper) -> list[tuple[datetime | None, str, str]]:
    """Each publication: from when, why, and who answers for it."""
    rows = Publication.objects.filter(edition__paper=paper).order_by("pk")
    return [(row.not_before, row.reason, row.owner.name if row.owner else "") for row in rows]


def test_the_secretariat_publishes_at_once(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    client.force_login(cast.saba)
    done = client.post(address(paper), answers(client.get(address(paper)), when="now"), follow=True)
    assert banner(done) == "PCD 1829 is published."
    assert published(paper) == [(None, "", "")]
    assert shelf.is_published(paper.slug)
    digest = Edition.objects.get(paper=paper).document.digest
    assert storages["published"].exists(f"{digest}.pdf")


def test_the_page_says_exactly_what_becomes_public(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast, part_two=True)
    client.force_login(cast.saba)
    page = client.get(address(paper))
    assert "What becomes public" in words(page)
    assert "This paper asks for money for a platform." in words(page)
    assert "Of Part 2, only the notice" in words(page)
    assert f'href="/papers/{paper.slug}/signed.pdf"' in page.content.decode()
    assert stages.SECRET not in page.content.decode()


def test_it_can_be_deferred_to_a_day_with_a_reason_and_somebody_who_answers(
    cast: Cast, client: Client
) -> None:
    paper = stages.sealed(cast)
    day = timezone.localdate() + timedelta(days=90)
    client.force_login(cast.saba)
    sent = answers(client.get(address(paper)), **later(cast, day))
    done = client.post(address(paper), sent, follow=True)
    assert banner(done) == f"PCD 1829 will be published by itself on {day:%-d %B %Y}."
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    assert published(paper) == [(midnight, "The contract is open.", "Olu Adeyemi")]
    assert not shelf.is_published(paper.slug)
    assert shelf.due_at(paper.slug) == midnight


def test_the_signed_deferral_is_offered_and_no_earlier_day_is_accepted(
    cast: Cast, client: Client
) -> None:
    signed = timezone.localdate() + timedelta(days=60)
    paper = stages.sealed(cast, deferred_until=signed)
    client.force_login(cast.saba)
    page = client.get(address(paper))
    offered = answers(page)
    assert offered["when"] == ["later"]
    assert [offered[f"until_{box}"] for box in ("day", "month", "year")] == [
        str(signed.day),
        str(signed.month),
        str(signed.year),
    ]
    assert offered["reason"] == "The contract is still to be signed."
    for early in ({"when": "now"}, later(cast, signed - timedelta(days=1))):
        refused = client.post(address(paper), answers(page, **early))
        assert refused.status_code in {409, 422}
        (error,) = errors(refused)
        assert error == (
            f"The decision was signed with publication deferred until {signed:%-d %B %Y}. "
            "Choose that day or a later one."
        )
    assert published(paper) == []
    client.post(address(paper), offered)
    assert [reason for _, reason, _ in published(paper)] == ["The contract is still to be signed."]


def test_a_deferral_can_be_set_anew_with_a_fresh_reason(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    first = timezone.localdate() + timedelta(days=30)
    stages.publish(paper, cast.saba, until=first, reason="The contract is open.", owner=cast.olu)
    client.force_login(cast.saba)
    page = client.get(address(paper))
    assert "a later day needs a fresh reason" in words(page)
    assert answers(page)["reason"] == ""
    second = first + timedelta(days=30)
    refused = client.post(address(paper), answers(page, **later(cast, second, reason="")))
    assert errors(refused) == ["Enter why publication is deferred"]
    client.post(address(paper), answers(page, **later(cast, second, "The bidder appealed.")))
    assert [reason for _, reason, _ in published(paper)] == [
        "The contract is open.",
        "The bidder appealed.",
    ]
    assert shelf.due_at(paper.slug) == datetime(
        second.year, second.month, second.day, tzinfo=LONDON
    )


def test_a_deferral_can_be_ended_at_once(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    day = timezone.localdate() + timedelta(days=30)
    stages.publish(paper, cast.saba, until=day, reason="The contract is open.", owner=cast.olu)
    client.force_login(cast.saba)
    client.post(address(paper), answers(client.get(address(paper)), when="now"))
    assert shelf.is_published(paper.slug)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"when": None}, "Select when the public sees it"),
        ({"reason": ""}, "Enter why publication is deferred"),
        ({"owner": ""}, "Select who answers for the deferral"),
        ({"until_day": "31", "until_month": "2"}, "real date"),
        (
            {"until_day": "", "until_month": "", "until_year": ""},
            "the first day on which it is public",
        ),
        ({"until_year": "2020"}, "The day must be in the future."),
    ],
)
def test_it_needs_a_deferral_to_have_a_date_a_reason_and_an_owner(
    cast: Cast, client: Client, changed: dict[str, str | None], sentence: str
) -> None:
    paper = stages.sealed(cast)
    client.force_login(cast.saba)
    given = later(cast, timezone.localdate() + timedelta(days=30)) | changed
    sent = answers(client.get(address(paper)), **given)
    refused = client.post(address(paper), {name: v for name, v in sent.items() if v is not None})
    assert refused.status_code == 422
    (error,) = errors(refused)
    assert sentence in error
    assert published(paper) == []


def test_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    before = as_it_stands(paper)
    client.force_login(cast.saba)
    assert client.get(address(paper), {"when": "now"}).status_code == 200
    assert as_it_stands(paper) == before
    assert published(paper) == []


def test_the_wrong_person_is_refused(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    for person, status in (
        (cast.olu, 403),
        (cast.celia, 403),
        (cast.dominic, 403),
        (cast.aud, 403),
        (cast.oona, 404),
    ):
        client.force_login(person)
        assert client.post(address(paper), {"when": "now"}).status_code == status
    assert published(paper) == []


def test_it_needs_the_sealed_document(cast: Cast, client: Client) -> None:
    paper = stages.decided(cast)
    client.force_login(cast.saba)
    refused = client.post(address(paper), {"when": "now"})
    assert refused.status_code == 409
    assert "The signed document of PCD 1829 has not been made yet." in words(refused)


def test_it_needs_a_document_that_is_still_what_was_sealed(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    name = f"{Edition.objects.get(paper=paper).document.digest}.pdf"
    with storages["restricted"].open(name, "r+b") as kept:
        kept.seek(400)
        kept.write(b"tampered")
    client.force_login(cast.saba)
    refused = client.post(address(paper), answers(client.get(address(paper)), when="now"))
    assert refused.status_code == 409
    assert "was changed after it was sealed" in errors(refused)[0]
    assert published(paper) == []


def test_it_needs_part_two_to_be_in_nothing_that_is_published(cast: Cast, client: Client) -> None:
    paper = stages.decided(cast, part_two=True)
    first = Edition.objects.get(paper=paper)
    on_lines = "\n".join(stages.SECRET.split())
    leaked = by_other_hands(first.record, on_lines)
    Edition.objects.create(
        paper=paper,
        number=2,
        signature=first.signature,
        content=leaked.to_json(),
        digest=leaked.digest,
        note="Made by other hands.",
        made_by=cast.saba,
    )
    stages.seal(paper, cast.saba)
    client.force_login(cast.saba)
    refused = client.post(address(paper), {"when": "now"})
    assert refused.status_code == 409
    assert "A passage of Part 2 also stands in what would be published" in words(refused)
    assert "Quillfeather" not in words(refused)
    assert published(paper) == []


def test_what_is_public_is_not_published_again(cast: Cast, client: Client) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    again = client.post(address(paper), {"when": "now"})
    assert again.status_code == 409
    assert "PCD 1829 is already published." in words(again)
    assert len(published(paper)) == 1
