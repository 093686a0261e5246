from __future__ import annotations

import pytest

from decisions.models import Paper, Series
from tests.cast import Cast
from tests.pages import errors, notices, press, send, signed_in, words

BEGIN = "/papers/begin/"


@pytest.mark.django_db
def test_a_paper_begins_with_a_title_and_draws_the_next_reference(cast: Cast) -> None:
    olu = signed_in(cast.olu)
    answer = send(olu, BEGIN, "Begin the paper", title="  A new   platform ")
    paper = Paper.objects.get()
    assert (paper.reference, paper.title, paper.officer) == (
        "PCD 1829",
        "A new platform",
        cast.olu,
    )
    assert (answer.status_code, answer["Location"]) == (302, "/papers/pcd-1829/")
    assert notices(olu, answer) == [
        "PCD 1829 has begun. The reference stays with this paper and is never given to another."
    ]


@pytest.mark.django_db
def test_the_page_says_which_reference_comes_next(cast: Cast) -> None:
    assert "The reference will be PCD 1829" in words(signed_in(cast.olu).get(BEGIN))


@pytest.mark.django_db
def test_a_second_click_draws_no_second_reference(cast: Cast) -> None:
    olu = signed_in(cast.olu)
    page = olu.get(BEGIN)
    first = press(olu, BEGIN, page, "Begin the paper", title="One paper")
    second = press(olu, BEGIN, page, "Begin the paper", title="One paper")
    assert first["Location"] == second["Location"] == "/papers/pcd-1829/"
    assert Paper.objects.count() == 1
    assert Series.objects.get(code="pcd").next_number == 1830


@pytest.mark.django_db
def test_the_key_of_one_person_never_finds_the_paper_of_another(cast: Cast) -> None:
    olu, oona = signed_in(cast.olu), signed_in(cast.oona)
    page = olu.get(BEGIN)
    press(olu, BEGIN, page, "Begin the paper", title="One paper")
    second = press(oona, BEGIN, page, "Begin the paper", title="One paper")
    assert second["Location"] == "/papers/pcd-1830/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("", "Enter the title"),
        ("   ", "Enter the title"),
        ("x" * 201, "The title must be 200 characters or fewer. It has 201"),
    ],
)
def test_a_bad_title_draws_no_reference(cast: Cast, title: str, sentence: str) -> None:
    answer = send(signed_in(cast.olu), BEGIN, "Begin the paper", title=title)
    assert errors(answer) == [sentence]
    assert Paper.objects.count() == 0
    assert Series.objects.get(code="pcd").next_number == 1829


@pytest.mark.django_db
def test_an_unknown_series_is_refused(cast: Cast) -> None:
    answer = send(signed_in(cast.olu), BEGIN, "Begin the paper", title="A", series="xyz")
    assert errors(answer) == ["The office that decides must be one of those listed"]
    assert Paper.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["farah", "hal", "celia", "dominic", "aud"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_officers_and_the_secretariat_begin_papers(cast: Cast, who: str, method: str) -> None:
    client = signed_in(cast.everybody[who])
    answer = getattr(client, method)(BEGIN, {"title": "A paper", "series": "pcd"})
    assert answer.status_code == 403
    assert "Only originating officers and the secretariat begin papers." in words(answer)
    assert Paper.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["olu", "oona", "saba"])
def test_officers_and_the_secretariat_may_begin(cast: Cast, who: str) -> None:
    assert signed_in(cast.everybody[who]).get(BEGIN).status_code == 200
