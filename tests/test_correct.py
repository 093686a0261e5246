from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from approvals.models import Edition
from decisions.models import Paper
from decisions.register.models import Decision
from tests import stages
from tests.cast import Cast
from tests.pages import errors, words
from tests.verb_pages import answers, as_it_stands, banner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seal_key")]

NOTE = "The summary named the wrong platform."
ANEW = "This paper asks for money for **another** platform."


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/correct/"


def chosen(paper: Paper, *passages: str) -> str:
    """The address of the second page, with these passages chosen."""
    return f"{address(paper)}?choose=yes&" + "&".join(f"passage={key}" for key in passages)


def editions(paper: Paper) -> list[tuple[int, str]]:
    return [(row.number, row.note) for row in Edition.objects.filter(paper=paper)]


def test_the_secretariat_writes_a_passage_anew_with_a_public_note(
    cast: Cast, client: Client
) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    first = client.get(address(paper))
    assert "1 Introduction and background" in words(first)
    page = client.get(chosen(paper, "summary"))
    assert answers(page)["text_summary"] == "This paper asks for money for a platform."
    sent = answers(page, text_summary=ANEW, note=NOTE)
    done = client.post(address(paper), sent, follow=True)
    assert banner(done) == (
        "Edition 2 of PCD 1829 is made, and its signed document is being made. "
        "Publish it when you have read it."
    )
    assert editions(paper) == [(1, ""), (2, NOTE)]
    corrected = Edition.objects.get(paper=paper, number=2).record
    assert [block.html for block in corrected.executive_summary] == [
        "This paper asks for money for <strong>another</strong> platform."
    ]
    (correction,) = corrected.corrections
    assert [(c.where, c.before) for c in correction.changes] == [
        ("Executive summary", "This paper asks for money for a platform.")
    ]


def test_the_old_edition_stays_readable_and_the_new_one_is_public_once_published(
    cast: Cast, client: Client
) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    client.post(
        address(paper), answers(client.get(chosen(paper, "1")), text_1="Other words.", note=NOTE)
    )
    assert [row.edition for row in Decision.objects.filter(slug=paper.slug)] == [1]
    stages.seal(paper, cast.saba)
    stages.publish(paper, cast.saba)
    rows = Decision.objects.filter(slug=paper.slug).order_by("edition")
    assert [(row.edition, row.current) for row in rows] == [(1, False), (2, True)]


def test_what_was_decided_cannot_be_corrected(cast: Cast, client: Client) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    page = client.get(address(paper))
    assert "Recommendations, amounts of money, outcomes and signatures cannot be corrected" in (
        words(page)
    )
    sent = answers(client.get(chosen(paper, "summary")), text_summary=ANEW, note=NOTE)
    sent |= {"text_recommendations": "Approve all", "passage": ["summary", "recommendations"]}
    client.post(address(paper), sent)
    one, two = (row.record for row in Edition.objects.filter(paper=paper))
    assert two.recommendations == one.recommendations
    assert (two.decision, two.signed_digest) == (one.decision, one.signed_digest)


def test_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    paper = stages.published(cast)
    before = as_it_stands(paper)
    client.force_login(cast.saba)
    page = client.get(chosen(paper, "summary") + f"&text_summary=Other&note={NOTE}")
    assert page.status_code == 200
    assert as_it_stands(paper) == before
    assert editions(paper) == [(1, "")]


def test_the_wrong_person_is_refused(cast: Cast, client: Client) -> None:
    paper = stages.published(cast)
    sent = {"passage": "summary", "text_summary": ANEW, "note": NOTE}
    for person, status in (
        (cast.olu, 403),
        (cast.celia, 403),
        (cast.dominic, 403),
        (cast.oona, 404),
    ):
        client.force_login(person)
        assert client.post(address(paper), sent).status_code == status
    assert editions(paper) == [(1, "")]


def test_it_needs_the_edition_before_to_be_published(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    client.force_login(cast.saba)
    refused = client.get(address(paper))
    assert refused.status_code == 409
    assert "The newest edition of PCD 1829 has not been published yet." in words(refused)


def test_it_can_correct_what_is_still_deferred(cast: Cast, client: Client) -> None:
    paper = stages.sealed(cast)
    day = timezone.localdate() + timedelta(days=30)
    stages.publish(paper, cast.saba, until=day, reason="The contract is open.", owner=cast.olu)
    client.force_login(cast.saba)
    assert client.get(address(paper)).status_code == 200


def test_it_needs_a_passage_to_be_chosen(cast: Cast, client: Client) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    page = client.get(f"{address(paper)}?choose=yes")
    assert errors(page) == ["Select what you want to correct"]
    unknown = client.get(chosen(paper, "99"))
    assert "text_99" not in unknown.content.decode()


def test_it_needs_a_public_note_and_keeps_the_text(cast: Cast, client: Client) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    sent = answers(client.get(chosen(paper, "summary")), text_summary=ANEW, note=" ")
    refused = client.post(address(paper), sent)
    assert refused.status_code == 422
    assert errors(refused) == ["Enter what changed, for the public"]
    assert answers(refused)["text_summary"] == ANEW
    assert editions(paper) == [(1, "")]


def test_it_needs_something_to_read_differently(cast: Cast, client: Client) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    sent = answers(client.get(chosen(paper, "summary", "2")), note=NOTE)
    refused = client.post(address(paper), sent)
    assert refused.status_code == 409
    assert errors(refused) == [
        "Nothing is written differently yet, so there is nothing to correct."
    ]
    assert editions(paper) == [(1, "")]


def test_it_needs_part_two_to_stay_out(cast: Cast, client: Client) -> None:
    paper = stages.published(cast, part_two=True)
    client.force_login(cast.saba)
    leak = " ".join(f'"{word}"' for word in stages.SECRET.split())
    sent = answers(client.get(chosen(paper, "summary")), text_summary=leak, note=NOTE)
    refused = client.post(address(paper), sent)
    assert refused.status_code == 409
    assert errors(refused)[0].startswith("A passage of Part 2 stands in the corrected text")
    assert editions(paper) == [(1, "")]


def test_script_and_style_do_not_reach_an_edition(cast: Cast, client: Client) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    evil = '<script>alert(1)</script><p style="color:red" onclick="x()">New words.</p>'
    sent = answers(client.get(chosen(paper, "summary")), text_summary_html=evil, note=NOTE)
    client.post(address(paper), sent)
    content = Edition.objects.get(paper=paper, number=2).content
    assert "New words." in content
    assert "alert" not in content
    assert "onclick" not in content


def test_the_new_edition_asks_for_its_document_and_stands_without_it(
    cast: Cast, client: Client
) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    sent = answers(client.get(chosen(paper, "summary")), text_summary=ANEW, note=NOTE)
    done = client.post(address(paper), sent, follow=True)
    assert "Edition 2 of PCD 1829 is made, and its signed document is being made." in banner(done)
    assert "The signed document is being made." in words(done)
    assert editions(paper) == [(1, ""), (2, NOTE)]
    refused = client.post(f"/papers/{paper.slug}/publish/", {"when": "now"})
    assert "The signed document of PCD 1829 has not been made yet." in words(refused)


def test_a_second_click_makes_no_third_edition(cast: Cast, client: Client) -> None:
    paper = stages.published(cast)
    client.force_login(cast.saba)
    sent = answers(client.get(chosen(paper, "summary")), text_summary=ANEW, note=NOTE)
    client.post(address(paper), sent)
    again = client.post(address(paper), sent)
    assert again.status_code == 409
    assert NOTE in words(again)
    assert "Executive summary This paper asks for money for **another** platform." in words(again)
    assert editions(paper) == [(1, ""), (2, NOTE)]
