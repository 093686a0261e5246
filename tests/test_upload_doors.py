"""Who may open the files of a paper, how they are handed over, and what PostgreSQL lets change."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from approvals import actions
from decisions.drafting.files import add_public_file, remove_public_file
from decisions.drafting.save import NotEditable
from decisions.models import Paper, SupportingFile
from decisions.part_two import room
from decisions.part_two.models import PartTwoFile
from tests import stages
from tests.cast import Cast
from tests.pages import signed_in, words
from tests.upload_corpus import GOOD, pdf
from tests.uploading import (
    TITLE,
    address,
    approve,
    hand_in,
    kept,
    rows,
    with_confidential_file,
    with_file,
)

pytestmark = pytest.mark.django_db


def brought_to(stage: str, paper: Paper, cast: Cast) -> Paper:
    """The draft in a later state, by the acts that lead there."""
    if stage == "withdrawn":
        actions.withdraw(paper.pk, by=paper.officer, reason="The money came from elsewhere.")
        return stages.fresh(paper)
    stages.submit(stages.advise_all(stages.ask(paper, cast)))
    if stage != "endorsement":
        stages.endorse(stages.fresh(paper), cast.celia)
    if stage == "decided":
        stages.decide(stages.fresh(paper), cast.dominic)
    return stages.fresh(paper)


def test_a_file_is_handed_over_in_a_sandbox_and_kept_by_nobody(cast: Cast) -> None:
    paper = stages.draft(cast)
    client = signed_in(cast.olu)
    file = pdf()
    hand_in(client, paper, file, "Prüfung.pdf")
    row = paper.files.get()
    for rest, name in (
        (f"{row.pk}/", "attachment; filename*=utf-8''Pr%C3%BCfung.pdf"),
        (f"{row.pk}/public.pdf", f'attachment; filename="{paper.slug}-{row.pk}-public.pdf"'),
    ):
        sent = client.get(address(paper, rest))
        assert {
            header: sent[header]
            for header in (
                "Content-Type",
                "Content-Disposition",
                "Content-Security-Policy",
                "X-Content-Type-Options",
                "Cache-Control",
            )
        } == {
            "Content-Type": "application/pdf",
            "Content-Disposition": name,
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        assert not sent.has_header("ETag")
    assert client.get(address(paper, f"{row.pk}/")).content == file


def test_to_a_stranger_there_is_no_file_whatever_he_asks(cast: Cast) -> None:
    """Permission comes before a tag or a range, so that neither tells that there is a file."""
    paper = stages.draft(cast, part_two=True)
    public, secret = with_file(paper, cast.olu), b"confidential"
    with_confidential_file(paper, cast.olu, GOOD["good.docx"](), "good.docx")
    hidden = PartTwoFile.objects.get(paper=paper)
    assert secret not in public.title.encode()
    stranger = signed_in(cast.oona)
    for where in (
        address(paper),
        address(paper, "add/"),
        address(paper, f"{public.pk}/"),
        address(paper, f"{public.pk}/public.pdf"),
        address(paper, f"{public.pk}/remove/"),
        address(paper, f"{public.pk}/approve/"),
        f"/papers/{paper.slug}/part-two/files/{hidden.pk}/",
        f"/papers/{paper.slug}/part-two/files/{hidden.pk}/remove/",
    ):
        for headers in ({}, {"If-None-Match": f'"{public.digest}"'}, {"Range": "bytes=0-3"}):
            answer = stranger.get(where, headers=headers)
            assert (answer.status_code, answer.has_header("ETag")) == (404, False), where
        assert Client().get(where).status_code == 302
    mine = stages.draft(cast, by=cast.oona)
    assert stranger.get(address(mine, f"{public.pk}/")).status_code == 404


def test_a_confidential_file_is_for_the_cleared_and_its_opening_is_recorded(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    file = GOOD["good.xlsx"]()
    with_confidential_file(paper, cast.olu, file, "good.xlsx")
    row = PartTwoFile.objects.get(paper=paper)
    where = f"/papers/{paper.slug}/part-two/files/{row.pk}/"
    assert not room.is_cleared(paper, cast.saba)
    for method in ("get", "post"):
        refused = getattr(signed_in(cast.saba), method)(f"{where}remove/")
        assert refused.status_code == 403
    before = paper.events.count()
    refused = signed_in(cast.saba).get(where)
    assert (refused.status_code, paper.events.count()) == (403, before)
    assert row.title not in words(refused)
    sent = signed_in(cast.olu).get(where)
    assert sent.content == file
    event = paper.events.latest("seq")
    assert (event.verb, event.actor, event.facts) == (
        "read_part_two_file",
        cast.olu,
        f'{{"file":{row.pk}}}',
    )


@pytest.mark.parametrize("stage", ["endorsement", "decision", "decided", "withdrawn"])
def test_a_frozen_paper_takes_no_file_and_loses_none(cast: Cast, stage: str) -> None:
    paper = stages.draft(cast)
    row = with_file(paper, cast.olu)
    approve(row, cast.saba)
    paper = brought_to(stage, stages.fresh(paper), cast)
    client = signed_in(cast.olu if stage == "withdrawn" else cast.saba)
    for where in (address(paper, "add/"), address(paper, f"{row.pk}/remove/")):
        assert client.get(where).status_code == 403
        assert client.post(where, {"title": "Kept words"}).status_code == 403
    assert "Kept words" in words(client.post(address(paper, "add/"), {"title": "Kept words"}))
    with pytest.raises(NotEditable):
        add_public_file(paper, title="x", name="y.pdf", file=pdf(), by=cast.olu)
    with pytest.raises(NotEditable):
        remove_public_file(paper, row.pk, by=cast.olu)
    assert len(kept(paper)) == 2


def test_postgresql_lets_no_file_change_and_none_go_from_a_frozen_paper(cast: Cast) -> None:
    paper = stages.draft(cast, part_two=True)
    row = with_file(paper, cast.olu)
    with_confidential_file(paper, cast.olu, GOOD["good.docx"](), "good.docx")
    for statement in (
        "UPDATE decisions_supportingfile SET title = 'x'",
        "UPDATE conf.part_two_file SET title = 'x'",
    ):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    approve(row, cast.saba)
    brought_to("endorsement", stages.fresh(paper), cast)
    for rows_of in (SupportingFile.objects, PartTwoFile.objects):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows_of.filter(paper=paper).delete()
    assert SupportingFile.objects.filter(pk=row.pk).exists()


def test_a_get_adds_and_removes_nothing_and_other_methods_are_refused(cast: Cast) -> None:
    paper = stages.draft(cast)
    row = with_file(paper, cast.olu)
    client = signed_in(cast.olu)
    for rest in ("add/", f"{row.pk}/remove/"):
        assert client.get(address(paper, rest)).status_code == 200
        assert client.put(address(paper, rest)).status_code == 405
    for rest in ("", f"{row.pk}/", f"{row.pk}/public.pdf"):
        assert client.post(address(paper, rest)).status_code == 405
    assert rows(paper) == 1


def test_an_adviser_reads_the_files_and_changes_none(cast: Cast) -> None:
    paper = stages.draft(cast)
    row = with_file(paper, cast.olu)
    paper = stages.ask(paper, cast)
    adviser = signed_in(cast.leo)
    page = words(adviser.get(address(paper)))
    assert TITLE in page
    assert "Remove" not in page
    assert adviser.get(address(paper, f"{row.pk}/public.pdf")).status_code == 200
    assert adviser.post(address(paper, f"{row.pk}/remove/")).status_code == 403
    assert hand_in(adviser, paper, pdf()).status_code == 403
    assert rows(paper) == 1
