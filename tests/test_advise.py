from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Duty
from approvals import actions
from approvals.models import Advice
from decisions.models import Paper
from tests import stages
from tests.cast import Cast
from tests.pages import errors, signed_in, words
from tests.verb_pages import answers, as_it_stands, banner

pytestmark = pytest.mark.django_db


def address(paper: Paper) -> str:
    return f"/papers/{paper.slug}/advise/"


def given(paper: Paper) -> list[tuple[str, str, str, str, int]]:
    """All advice on a paper: kind, position, statement, comments, version."""
    rows = Advice.objects.filter(version__paper=paper).order_by("pk")
    return [
        (a.consultation.kind, a.position, a.statement, a.comments, a.version.number) for a in rows
    ]


def test_an_adviser_gives_a_position_and_the_statement_that_is_published(
    cast: Cast, client: Client
) -> None:
    paper = stages.consultation(cast)
    client.force_login(cast.leo)
    page = client.get(address(paper))
    assert answers(page)["statement"] == "The MPS Directorate of Legal Services has been consulted."
    sent = answers(page, position="content_with_comments", comments_content="Watch paragraph 2.1.")
    done = client.post(address(paper), sent, follow=True)
    assert given(paper) == [
        (
            "legal",
            "content_with_comments",
            "The MPS Directorate of Legal Services has been consulted.",
            "Watch paragraph 2.1.",
            1,
        )
    ]
    assert banner(done) == "Your advice on PCD 1829 (Legal Advice) is recorded."
    assert "Watch paragraph 2.1." in words(done)


def test_the_page_shows_the_paper_and_says_what_is_public_and_what_is_not(
    cast: Cast, client: Client
) -> None:
    paper = stages.consultation(cast)
    client.force_login(cast.leo)
    said = words(client.get(address(paper)))
    assert "This paper asks for money for a platform." in said
    assert "This is published with the paper, under your name and today’s date." in said
    assert "For colleagues who work on this paper. Never published." in said


def test_comments_that_belong_to_another_position_are_not_recorded(
    cast: Cast, client: Client
) -> None:
    paper = stages.consultation(cast)
    client.force_login(cast.leo)
    page = client.get(address(paper))
    client.post(address(paper), answers(page, position="content", comments_not_content="No!"))
    assert [(position, comments) for _, position, _, comments, _ in given(paper)] == [
        ("content", "")
    ]


def test_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    paper = stages.consultation(cast)
    before = as_it_stands(paper)
    client.force_login(cast.leo)
    assert client.get(address(paper), {"position": "content"}).status_code == 200
    assert as_it_stands(paper) == before


def test_the_wrong_person_is_refused(cast: Cast, client: Client) -> None:
    paper = stages.consultation(cast)
    before = as_it_stands(paper)
    for person, status in ((cast.olu, 403), (cast.saba, 403), (cast.oona, 404), (cast.celia, 404)):
        client.force_login(person)
        assert client.post(address(paper), {"position": "content"}).status_code == status
    assert as_it_stands(paper) == before


def test_it_needs_own_advice_to_be_outstanding(cast: Cast, client: Client) -> None:
    paper = stages.consultation(cast)
    client.force_login(cast.leo)
    sent = answers(client.get(address(paper)), position="content")
    client.post(address(paper), sent)
    again = client.post(address(paper), sent)
    assert again.status_code == 409
    assert "You have already given your advice on this version of PCD 1829." in words(again)
    assert len(given(paper)) == 1


def test_the_head_of_service_has_to_wait_for_the_others(cast: Cast, client: Client) -> None:
    paper = stages.advise_all(stages.consultation(cast), but=["legal", "head_of_service"])
    client.force_login(cast.hal)
    refused = client.get(address(paper))
    assert refused.status_code == 409
    assert "Advice is still awaited from Leo Grant (Legal Advice)." in words(refused)
    stages.advise(paper, cast.leo, "legal")
    assert client.get(address(paper)).status_code == 200


def test_a_head_of_service_who_also_advises_reviews_last_all_the_same(
    cast: Cast, client: Client
) -> None:
    Duty.objects.create(person=cast.hal, kind="finance")
    paper = stages.ask(stages.draft(cast), cast, cast.advisers | {"finance": cast.hal})
    client.force_login(cast.hal)
    page = client.get(address(paper))
    assert answers(page)["kind"] == "finance"
    sent = answers(page, kind="head_of_service", position="content")
    assert client.post(address(paper), sent).status_code == 409
    assert given(paper) == []


def test_one_adviser_may_owe_two_kinds_and_gives_them_one_after_the_other(
    cast: Cast, client: Client
) -> None:
    Duty.objects.create(person=cast.leo, kind="equalities")
    paper = stages.ask(stages.draft(cast), cast, cast.advisers | {"equalities": cast.leo})
    client.force_login(cast.leo)
    page = client.get(address(paper))
    assert "You also owe Equalities Advice" in words(page)
    page = client.post(address(paper), answers(page, position="content"), follow=True)
    assert "Your advice on PCD 1829 (Legal Advice) is recorded." in banner(page)
    assert answers(page)["kind"] == "equalities"
    client.post(address(paper), answers(page, position="content"))
    assert [kind for kind, *_ in given(paper)] == ["legal", "equalities"]


@pytest.mark.parametrize(
    ("answered", "sentence"),
    [
        ({"position": None}, "Select where you stand"),
        ({"position": "content", "statement": ""}, "Enter the statement that is published"),
        ({"position": "content_with_comments"}, "Enter your comments"),
        ({"position": "not_content"}, "Enter why you are not content"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    cast: Cast, client: Client, answered: dict[str, str | None], sentence: str
) -> None:
    paper = stages.consultation(cast)
    client.force_login(cast.leo)
    typed = {"statement": "My own statement.", "comments_content": "", **answered}
    sent = {name: v for name, v in answers(client.get(address(paper)), **typed).items() if v}
    refused = client.post(address(paper), sent)
    assert refused.status_code == 422
    assert errors(refused) == [sentence]
    if "statement" in sent:
        assert answers(refused)["statement"] == "My own statement."
    assert given(paper) == []


@pytest.mark.parametrize("mark", ["a\0b", "\0.\0", "0" * 64 + ".\0"])
@pytest.mark.parametrize("verb", ["advise", "endorse", "decide"])
def test_a_mark_that_no_page_ever_showed_is_no_version(cast: Cast, verb: str, mark: str) -> None:
    stage, person = {
        "advise": (stages.consultation, cast.leo),
        "endorse": (stages.endorsement, cast.celia),
        "decide": (stages.decision, cast.dominic),
    }[verb]
    paper, client = stage(cast), signed_in(person)
    page = f"/papers/{paper.slug}/{verb}/"
    before = as_it_stands(stages.fresh(paper))
    assert client.post(page, answers(client.get(page), mark=mark)).status_code == 422
    assert as_it_stands(stages.fresh(paper)) == before


def test_when_the_paper_changed_meanwhile_nothing_is_recorded_and_the_text_is_kept(
    cast: Cast, client: Client
) -> None:
    paper = stages.consultation(cast)
    client.force_login(cast.leo)
    sent = answers(client.get(address(paper)), position="content", statement="I read it all.")
    stages.change(paper, "summary", cast.olu, executive_summary="This paper asks for less money.")
    refused = client.post(address(paper), sent)
    assert refused.status_code == 409
    assert "PCD 1829 changed after you opened it, so your advice was not recorded." in words(
        refused
    )
    assert "What changed since you opened this page" in words(refused)
    assert "less" in words(refused)
    assert given(paper) == []
    page = answers(refused)
    assert (page["statement"], page["position"]) == ("I read it all.", ["content"])
    client.post(address(paper), page)
    assert [(statement, number) for _, _, statement, _, number in given(paper)] == [
        ("I read it all.", 2)
    ]


def test_after_an_edit_an_adviser_sees_what_changed_and_reaffirms(
    cast: Cast, client: Client
) -> None:
    paper = stages.consultation(cast)
    stages.advise(paper, cast.leo, "legal")
    stages.change(paper, "summary", cast.olu, executive_summary="This paper asks for less money.")
    client.force_login(cast.leo)
    page = client.get(address(paper))
    assert "What changed since your advice of" in words(page)
    assert answers(page)["statement"] == "The legal adviser has read the paper."
    client.post(address(paper), answers(page, position="content"))
    assert [number for *_, number in given(paper)] == [1, 2]


def test_when_only_part_two_changed_the_adviser_is_told_so(cast: Cast, client: Client) -> None:
    paper = stages.consultation(cast, part_two=True)
    stages.advise(paper, cast.leo, "legal")
    stages.write_part_two(paper, cast.olu, body="A wholly new price that nobody else may know of.")
    client.force_login(cast.leo)
    page = client.get(address(paper))
    assert "Part 2 changed." in words(page)
    assert "wholly new price" not in words(page)


def test_advice_typed_while_the_paper_was_sent_back_can_be_copied(
    cast: Cast, client: Client
) -> None:
    paper = stages.consultation(cast)
    client.force_login(cast.leo)
    sent = answers(client.get(address(paper)), position="content", statement="Half an hour’s work.")
    actions.send_back(paper.pk, by=cast.saba, reason="Not now.")
    refused = client.post(address(paper), sent)
    assert refused.status_code == 409
    assert "PCD 1829 is in draft, and it can only be advised on when it is out for advice." in (
        words(refused)
    )
    assert "Half an hour’s work." in words(refused)
    assert given(paper) == []
