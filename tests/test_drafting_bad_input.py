"""Bad input on the drafting pages: a sentence, what was typed is kept, never a crash."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from decisions.models import Event, Paper
from decisions.states import State
from tests import stages
from tests.cast import Cast
from tests.pages import errors, fields_of, form_of, press, save_page, send, signed_in, words

SUBJECTS = ("title", "summary", "section-introduction", "deferral", "part-two-question")
LISTS = ("recommendations", "funding", "background-papers", "supporting-documents")


def every_page(paper: Paper) -> list[str]:
    row = paper.recommendations.all()[0]
    listing = save_page(paper, "recommendations")
    return [
        *(save_page(paper, subject) for subject in (*SUBJECTS, "declarations", *LISTS)),
        *(f"{save_page(paper, subject)}add/" for subject in LISTS),
        f"{listing}{row.pk}/",
        f"{listing}{row.pk}/remove/",
        f"/papers/{paper.slug}/history/",
        f"/papers/{paper.slug}/preview/",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["oona", "farah", "celia", "dominic"])
def test_whoever_may_not_open_the_paper_learns_nothing_from_any_door(cast: Cast, who: str) -> None:
    paper = stages.draft(cast, title="Secret plans")
    client = signed_in(cast.everybody[who])
    there = [client.get(page) for page in every_page(paper)]
    nowhere = [client.get(page.replace(paper.slug, "pcd-9999")) for page in every_page(paper)]
    assert {answer.status_code for answer in (*there, *nowhere)} == {404}
    assert not any("Secret plans" in words(answer) for answer in there)
    assert [words(answer) for answer in there] == [
        words(answer).replace("PCD 9999", paper.reference) for answer in nowhere
    ]


@pytest.mark.django_db
def test_an_unknown_reference_is_a_sentence_with_a_way_back(cast: Cast) -> None:
    answer = signed_in(cast.olu).get("/papers/pcd-9999/history/")
    assert answer.status_code == 404
    assert "There is no paper “PCD 9999” that you can open." in words(answer)
    assert 'href="/papers/"' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["nonsense", "section-nonsense", "part-two", "x" * 300])
def test_an_unknown_part_is_a_sentence(cast: Cast, part: str) -> None:
    paper = stages.blank(cast)
    answer = signed_in(cast.olu).get(save_page(paper, part))
    assert answer.status_code == 404
    assert f"The form of PCD 1829 has no part “{part[:40]}”." in words(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["summary", "nonsense"])
@pytest.mark.parametrize("door", ["add/", "1/", "1/remove/"])
def test_a_part_that_is_no_list_has_no_rows(cast: Cast, part: str, door: str) -> None:
    answer = signed_in(cast.olu).get(f"{save_page(stages.blank(cast), part)}{door}")
    assert answer.status_code == 404
    assert f"has no list “{part}”." in words(answer)


@pytest.mark.django_db
def test_a_row_of_another_paper_cannot_be_reached(cast: Cast) -> None:
    mine, other = stages.draft(cast), stages.draft(cast, by=cast.oona)
    stranger = other.recommendations.all()[0]
    olu = signed_in(cast.olu)
    address = f"{save_page(mine, 'recommendations')}{stranger.pk}/"
    for answer in (olu.get(address), olu.get(f"{address}remove/"), olu.post(f"{address}remove/")):
        assert answer.status_code == 302
    answer = olu.post(address, {"verb": "Note", "text": "stolen", "token": ""})
    assert answer.status_code == 409
    assert stranger.text not in words(answer)
    assert press(olu, address, answer, "Use mine").status_code == 302
    stranger.refresh_from_db()
    assert stranger.text == stages.RECOMMENDATIONS[0]["text"]
    assert other.recommendations.count() == 2


@pytest.mark.django_db
def test_an_adviser_reads_and_does_not_edit(cast: Cast) -> None:
    paper, farah = stages.consultation(cast), signed_in(cast.farah)
    page = farah.get(save_page(paper, "summary"))
    assert page.status_code == 403
    sentence = (
        "Only the originating officer and the secretariat can edit PCD 1829. Ask Olu Adeyemi to "
        "make the change."
    )
    assert sentence in words(page)
    answer = farah.post(save_page(paper, "summary"), {"executive_summary": "My words."})
    assert answer.status_code == 403
    assert sentence in words(answer)
    assert "My words." in words(answer)
    paper.refresh_from_db()
    assert paper.executive_summary == "This paper asks for money for a platform."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.ENDORSEMENT, "it is with the Chief Executive for endorsement"),
        (State.DECISION, "it is with the decision maker"),
        (State.DECIDED, "it is decided and signed"),
        (State.WITHDRAWN, "it is withdrawn"),
    ],
)
def test_a_frozen_paper_says_why_and_keeps_what_was_typed(
    cast: Cast, state: State, sentence: str
) -> None:
    paper, olu = stages.BY_STATE[state](cast), signed_in(cast.olu)
    events = Event.objects.count()
    sent = {
        "summary": {"executive_summary": "Typed and typed."},
        "section-issues": {"heading": "Issues", "body": "Typed and typed."},
        "declarations": {"statement_legal": "Typed and typed."},
    }
    for subject, typed in sent.items():
        assert olu.get(save_page(paper, subject)).status_code == 403
        answer = olu.post(save_page(paper, subject), typed)
        assert answer.status_code == 403
        assert f"PCD 1829 cannot be edited because {sentence}." in words(answer)
        assert "Typed and typed." in words(answer)
    row = paper.recommendations.all()[0]
    listing = save_page(paper, "recommendations")
    assert olu.get(listing).status_code == 403
    for door in ("add/", f"{row.pk}/"):
        answer = olu.post(f"{listing}{door}", {"text": "Typed and typed.", "amount": "1,0"})
        assert answer.status_code == 403
        assert "Typed and typed." in words(answer)
        assert "1,0" in words(answer)
    for door, typed in ((f"{row.pk}/remove/", {}), (f"{row.pk}/move/", {"direction": "down"})):
        assert olu.post(f"{listing}{door}", typed).status_code == 403
    assert paper.recommendations.count() == 2
    assert Event.objects.count() == events


@pytest.mark.django_db
def test_a_paper_that_was_sent_on_meanwhile_keeps_what_was_typed(cast: Cast) -> None:
    paper, olu = stages.advised(cast), signed_in(cast.olu)
    page = olu.get(save_page(paper, "summary"))
    stages.submit(paper)
    answer = press(olu, save_page(paper, "summary"), page, "Save", executive_summary="Late words.")
    assert answer.status_code == 403
    assert "Late words." in words(answer)


@pytest.mark.django_db
def test_200_kb_of_text_are_saved(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    text = "\n\n".join(["The programme reports each quarter to the board."] * 3900)
    assert len(text.encode()) > 190_000
    answer = send(olu, save_page(paper, "section-introduction"), body=text)
    assert answer.status_code == 302, errors(answer)
    assert paper.sections.get(kind="introduction").body == text
    assert olu.get(save_page(paper, "section-introduction")).status_code == 200
    assert olu.get(f"/papers/{paper.slug}/preview/").status_code == 200


@pytest.mark.django_db
def test_a_text_beyond_the_limit_is_a_sentence_and_is_kept(cast: Cast) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    text = "words " * 40_000
    answer = send(olu, save_page(paper, "summary"), executive_summary=text)
    assert [line[:66] for line in errors(answer)] == [
        "The executive summary must be 200,000 characters or fewer. It has "
    ]
    assert fields_of(form_of(answer, "Save"))["executive_summary"].split() == text.split()
    paper.refresh_from_db()
    assert paper.executive_summary == ""


@pytest.mark.django_db
def test_pasted_script_is_text_on_every_page(cast: Cast) -> None:
    script = "<script>alert('boo')</script><img src=x onerror=alert(1)>"
    paper, olu = stages.draft(cast, title=script), signed_in(cast.olu)
    send(olu, save_page(paper, "summary"), executive_summary=script)
    send(olu, save_page(paper, "section-issues"), heading=script[:100], body=script)
    listing = save_page(paper, "recommendations")
    send(olu, f"{listing}add/", "Save this", text=script)
    row = paper.recommendations.all()[2]
    pages = [*every_page(paper), f"{listing}{row.pk}/", "/papers/", f"{listing}{row.pk}/remove/"]
    shown = "".join(olu.get(page).content.decode() for page in pages)
    assert shown.count("&lt;script&gt;") > 10
    assert "<script>alert" not in shown
    assert "<img" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize("character", ["\x00", "\x07", "\u202e", "\ufeff", "\ud800"])
def test_characters_that_no_page_can_hold_are_cleaned_or_refused(
    cast: Cast, character: str
) -> None:
    paper, olu = stages.blank(cast), signed_in(cast.olu)
    text = f"Before{character}after"
    sent = text.encode("utf-8", "surrogatepass")
    for subject, name in (("summary", "executive_summary"), ("title", "title")):
        form = fields_of(form_of(olu.get(save_page(paper, subject)), "Save"))
        body = b"&".join(
            f"{key}=".encode() + _quoted(sent if key == name else str(value).encode())
            for key, value in form.items()
            if not isinstance(value, list)
        )
        answer = olu.generic(
            "POST", save_page(paper, subject), body, "application/x-www-form-urlencoded"
        )
        assert answer.status_code in {200, 302}
        if answer.status_code == 200:
            assert len(errors(answer)) == 1
    paper.refresh_from_db()
    assert character not in paper.executive_summary + paper.title


def _quoted(raw: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in raw)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_a_method_that_a_page_does_not_know_is_refused(cast: Cast, method: str) -> None:
    paper = stages.draft(cast)
    olu = signed_in(cast.olu)
    send_by: Callable[..., object] = getattr(olu, method)
    events = Event.objects.count()
    for page in (
        *every_page(paper),
        "/papers/",
        "/papers/begin/",
        f"/papers/{paper.slug}/part-two/",
    ):
        assert send_by(page).status_code == 405  # type: ignore[attr-defined]  # an answer
    assert Event.objects.count() == events


@pytest.mark.django_db
def test_pages_that_are_only_read_refuse_a_post_with_a_sentence(cast: Cast) -> None:
    paper = stages.draft(cast)
    olu = signed_in(cast.olu)
    for page in ("/papers/", f"/papers/{paper.slug}/history/", f"/papers/{paper.slug}/preview/"):
        answer = olu.post(page)
        assert answer.status_code == 405
        assert "Nothing was changed." in words(answer)
