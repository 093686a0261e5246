"""A session that ended costs nobody their words."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests import stages
from tests.cast import Cast

pytestmark = pytest.mark.django_db

WORDS = "An hour of work on the executive summary"


def test_what_was_typed_is_shown_to_be_copied_and_nothing_is_saved(cast: Cast) -> None:
    paper = stages.draft(cast)
    answer = Client().post(
        reverse("save", args=[paper.slug, "summary"]),
        {"executive_summary": WORDS, "password": "not to be shown"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store")
    assert "You were signed out before this was sent" in page
    assert WORDS in page
    assert "not to be shown" not in page
    assert WORDS not in stages.fresh(paper).executive_summary


def test_a_reader_is_sent_to_sign_in_and_comes_back(cast: Cast) -> None:
    paper = stages.draft(cast)
    answer = Client().get(paper.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/account/login/?next={paper.get_absolute_url()}",
    )
