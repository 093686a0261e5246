"""The pages about one paper as a whole: task list, history, comparison, preview."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from decisions.models import Event, Paper
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.pages import save_page, send, signed_in, soup, words

# The task list


def tasks(client: Client, paper: Paper) -> dict[str, str]:
    """Each part with its status, as the paper's page lists them."""
    rows = soup(client.get(f"/papers/{paper.slug}/")).select(".govuk-task-list__item")
    return {
        " ".join(row.select(".govuk-task-list__name-and-hint")[0].get_text().split()): " ".join(
            row.select(".govuk-task-list__status")[0].get_text().split()
        )
        for row in rows
    }


@pytest.mark.django_db
def test_the_task_list_of_a_new_paper(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    assert tasks(olu, paper) == {
        "Title, board and power to decide": "Done",
        "Executive summary": "Not started",
        "Recommendations": "Not started",
        "Costs and funding": "Optional",
        "Introduction and background": "Not started",
        "Issues for consideration": "Not started",
        "Financial Comments": "Not started",
        "Legal Comments": "Not started",
        "Commercial Issues": "Not started",
        "GDPR and Data Privacy": "Not started",
        "Equality Comments": "Not started",
        "Background papers": "Optional",
        "Supporting documents": "Optional",
        "Files for the public": "Optional",
        "When Part 1 is published": "Not started",
        "Whether there is a Part 2": "Not started",
        "Originating officer’s declaration": "Not started",
    }
    said = words(olu.get(f"/papers/{paper.slug}/"))
    assert "1 of 13 parts done" in said
    assert said.index("Write the executive summary.") < said.index(
        "The paper does not say which paragraph of the scheme of delegation it relies on."
    )


@pytest.mark.django_db
def test_the_task_list_follows_the_work(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    stages.change(paper, "part-two-question", cast.olu, has_part_two=True)
    send(olu, save_page(paper, "declarations"), confirmed_legal="on")
    send(olu, save_page(paper, "section-commercial"), left_out="on")
    send(
        olu,
        f"{save_page(paper, 'funding')}add/",
        "Save this",
        label="A",
        amount="5",
        kind="capital",
    )
    now = tasks(olu, paper)
    assert now["Part 2"] == "Not started"
    assert now["Originating officer’s declaration"] == "In progress"
    assert now["Commercial Issues"] == "Does not apply"
    assert now["Costs and funding"] == "Done"
    assert "4 of 15 parts done" in words(olu.get(f"/papers/{paper.slug}/"))


@pytest.mark.django_db
def test_a_complete_paper_has_every_part_done_and_no_finding_that_is_needed(cast: Cast) -> None:
    paper, olu = stages.draft(cast, part_two=True), signed_in(cast.olu)
    assert set(tasks(olu, paper).values()) == {"Done", "Optional"}
    said = words(olu.get(f"/papers/{paper.slug}/"))
    assert "14 of 14 parts done" in said
    assert "Needed" not in said


@pytest.mark.django_db
def test_each_finding_leads_to_the_part_that_it_is_about(cast: Cast) -> None:
    paper = stages.blank(cast)
    page = soup(signed_in(cast.olu).get(f"/papers/{paper.slug}/"))
    links = {" ".join(a.get_text().split()): a["href"] for a in page.select(".app-findings a")}
    assert links["Write the executive summary."] == save_page(paper, "summary")
    assert links["Say whether there is a Part 2 form."] == save_page(paper, "part-two-question")
    assert len(links) == len(page.select(".app-findings li"))


@pytest.mark.django_db
def test_the_secretariat_is_told_that_part_two_is_closed_to_it(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    assert tasks(signed_in(cast.saba), paper)["Part 2"] == "Cannot change"
    assert tasks(signed_in(cast.olu), paper)["Part 2"] == "Done"


@pytest.mark.django_db
def test_the_paper_page_takes_the_same_queries_however_long_the_paper_is(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    paper, olu = stages.draft(cast), signed_in(cast.olu)
    counts = []
    for rows in (1, 3, 45):
        stages.change_rows(
            paper, "recommendations", cast.olu, [{"text": f"Do {n}"} for n in range(rows)]
        )
        with django_assert_max_num_queries(45) as queries:
            olu.get(f"/papers/{paper.slug}/")
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


# History


@pytest.mark.django_db
def test_the_history_tells_who_did_what_in_plain_words(cast: Cast) -> None:
    paper = stages.decided(cast, part_two=True)
    said = words(signed_in(cast.aud).get(f"/papers/{paper.slug}/history/"))
    events = list(Event.objects.filter(paper=paper).order_by("-seq")[:50])
    assert [
        sentence in said
        for sentence in (
            "Signed the decision on version 1. Dominic Vale,",
            "Endorsed version 1. Celia Marsh,",
            "Submitted version 1 to the Chief Executive. Olu Adeyemi,",
            "Gave the row “Legal Advice” on version 1: content. Leo Grant,",
            "Asked 6 advisers about version 1. Olu Adeyemi,",
            "Let Farah Malik read Part 2. Olu Adeyemi,",
            "Froze the text as version 1. Olu Adeyemi,",
            "Changed “Executive summary”. Olu Adeyemi,",
        )
    ] == [True] * 8
    assert events[0].hash in said
    assert events[0].prev in said
    version = paper.versions.get()
    assert version.digest in said


@pytest.mark.django_db
def test_the_history_gives_the_reason_with_the_act(cast: Cast) -> None:
    paper = stages.withdrawn(cast)
    said = words(signed_in(cast.olu).get(f"/papers/{paper.slug}/history/"))
    assert "Withdrew the paper." in said
    assert "Reason: The money came from elsewhere." in said


@pytest.mark.django_db
def test_the_history_takes_the_same_queries_at_any_length(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    paper, aud = stages.blank(cast), signed_in(cast.aud)
    counts = []
    for more in (1, 2, 42):
        for n in range(more):
            stages.change(paper, "title", cast.olu, title=f"Title {more} {n}")
        with django_assert_max_num_queries(12) as queries:
            aud.get(f"/papers/{paper.slug}/history/")
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


# Comparison


@pytest.mark.django_db
def test_two_versions_are_compared_paragraph_by_paragraph(cast: Cast) -> None:
    paper = stages.consultation(cast)
    stages.write_section(paper, "issues", cast.olu, "What is to be said of Issues.\n\nMore of it.")
    stages.change(paper, "title", cast.olu, title="A platform that is fit for the next years")
    page = signed_in(cast.farah).get(f"/papers/{paper.slug}/versions/1/compare/")
    assert page.status_code == 200
    heads = [" ".join(head.get_text().split()) for head in soup(page).select(".app-change h2")]
    assert heads == ["Title", "Issues for consideration"]
    added = [mark.get_text(" ", strip=True) for mark in soup(page).select("ins")]
    removed = [mark.get_text(" ", strip=True) for mark in soup(page).select("del")]
    assert "(added: More of it. )" in added
    assert "(added: next years )" in added
    assert "(removed: years ahead )" in removed
    assert "2.2" in words(page)
    assert "Part 2 differs" not in words(page)


@pytest.mark.django_db
def test_a_comparison_says_that_part_two_differs_and_no_more(cast: Cast) -> None:
    paper = stages.consultation(cast, part_two=True)
    other = "Another confidential text that names Hollyoake."
    stages.write_part_two(paper, cast.olu, other)
    page = signed_in(cast.farah).get(f"/papers/{paper.slug}/versions/1/compare/")
    assert "Part 2 differs between these versions. It is not shown here." in words(page)
    assert "Part 1 says the same in both versions." in words(page)
    assert "Hollyoake" not in page.content.decode()
    stages.change(paper, "title", cast.olu, title="Other title")
    page = signed_in(cast.farah).get(f"/papers/{paper.slug}/versions/2/compare/?with=3")
    assert "Part 2 differs" not in words(page)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["9/compare/", "1/compare/?with=9", "1/compare/?with=x"])
def test_a_version_that_is_not_there_is_a_sentence(cast: Cast, query: str) -> None:
    paper = stages.consultation(cast)
    page = signed_in(cast.farah).get(f"/papers/{paper.slug}/versions/{query}")
    assert page.status_code == 404
    assert "Open its history to see which versions there are." in words(page)


@pytest.mark.django_db
def test_a_very_large_version_number_is_no_crash(cast: Cast) -> None:
    paper = stages.consultation(cast)
    page = signed_in(cast.farah).get(f"/papers/{paper.slug}/versions/{'9' * 400}/compare/")
    assert page.status_code == 404


# Preview


@pytest.mark.django_db
def test_the_preview_reads_as_the_public_would(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    stages.change_rows(
        paper,
        "funding",
        cast.olu,
        [{"label": "Build", "amount": 3049000, "kind": "capital", "financial_year": "2025/26"}],
    )
    said = words(signed_in(cast.olu).get(f"/papers/{paper.slug}/preview/"))
    for text in (
        "This is how the public would read the paper as it stands now.",
        "via the Investment Advisory and Monitoring meeting (IAM), is asked to:",
        "1. Approve capital spending of £3.049m on building the platform",
        "1. Introduction and background",
        "1.1 What is to be said of Introduction and background.",
        "£3,049,000",
        "OFFICIAL-SENSITIVE [COMMERCIAL]",
    ):
        assert text in said, text
    assert stages.SECRET not in said


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_every_page_about_a_paper_opens_in_every_state(cast: Cast, state: State) -> None:
    paper = stages.BY_STATE[state](cast)
    saba = signed_in(cast.saba)
    for page in ("history", "preview"):
        assert saba.get(f"/papers/{paper.slug}/{page}/").status_code == 200
