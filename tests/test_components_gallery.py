"""The gallery, as the server draws it. The browser's view of it is among the journeys."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.template.loader import get_template
from django.test import Client

from components.gallery import MARKUP, TEXT

PAGES = ("/components/", "/components/form/", "/components/editor/", "/components/columns/")


def soup(client: Client, path: str, data: dict[str, str] | None = None) -> BeautifulSoup:
    answer = client.get(path) if data is None else client.post(path, data)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_its_skeleton_and_no_words_of_a_user_as_markup(
    client: Client, path: str
) -> None:
    page = soup(client, path)
    assert page.html is not None
    assert page.html["lang"] == "en-GB"
    assert len(page.select("h1")) == 1
    assert page.select("a.govuk-skip-link")[0]["href"] == "#main-content"
    assert len(page.select("main#main-content")) == 1
    assert page.title is not None
    assert page.title.get_text().endswith(" – Countersign")
    assert "This is sample data." in page.get_text()
    assert [script for script in page.select("script") if not script.get("src")] == []
    assert [tag for tag in page.select("b") if tag.get_text() == "bold"] == []


def test_markup_in_a_label_is_shown_as_the_text_it_is(client: Client) -> None:
    for path in PAGES[:2]:
        assert MARKUP in soup(client, path).get_text()


def test_errors_are_in_the_title_above_the_heading_and_beside_the_field(client: Client) -> None:
    page = soup(client, "/components/form/", {"title": ""})
    assert page.title is not None
    assert page.title.get_text() == "Error: Gallery of forms – Countersign"
    summary = page.select(".govuk-error-summary")[0]
    assert page.h1 is not None
    assert summary in page.h1.find_all_previous("div")
    lines = [line.get_text() for line in summary.select("a")]
    assert lines[0] == "Enter the title"
    beside = [p.get_text().split("Error:")[1].strip() for p in page.select("p[id$=_error]")]
    assert beside == lines


def test_the_editor_page_keeps_markdown_typed_without_scripts(client: Client) -> None:
    page = soup(client, "/components/editor/")
    box = page.select("textarea#id_body")[0]
    assert box.get_text().strip() == TEXT
    assert "<h3>What it needs</h3>" in str(page.select("template")[0])
    typed = "### Heading\n\n- £5m * 2"
    kept = soup(client, "/components/editor/", {"body": typed}).select("#kept")[0]
    assert kept.get_text() == typed


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_a_page_for_a_fault_needs_nothing_from_anybody(name: str) -> None:
    page = BeautifulSoup(get_template(name).render(), "html.parser")
    assert page.h1 is not None
    assert page.title is not None
    assert page.title.get_text() == f"{page.h1.get_text()} – Countersign"
    assert "nothing was changed" in page.get_text()
