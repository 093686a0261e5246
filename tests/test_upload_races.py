"""Files that come and go while something else happens to the paper in the same moment."""

from __future__ import annotations

from typing import Any

import pytest

from approvals import actions
from decisions.drafting.files import Unwanted, add_public_file, remove_public_file
from decisions.models import Paper
from tests import stages
from tests.cast import assemble
from tests.races import at_once
from tests.upload_corpus import pdf
from tests.uploading import kept, with_file


def named(paper: Paper) -> set[str]:
    """What has to be kept: the files of the paper and of every version of it."""
    digests = {file.digest for version in paper.versions.all() for file in version.record.files}
    for row in paper.files.all():
        digests |= {row.digest, row.public_digest}
    return {f"{digest}-{paper.pk}.pdf" for digest in digests}


def assert_kept(paper: Paper, others: set[str]) -> None:
    """What has to be kept is, and of what was not there before nothing else.

    The store is one for all databases of a test run, in which papers have the same numbers, and the
    same page makes the same file for the public: it may have been there.
    """
    assert named(paper) - kept(paper) == set()
    assert kept(paper) - others - named(paper) == set()


@pytest.mark.usefixtures("clone")
def test_a_file_removed_while_its_paper_goes_out_is_kept_where_a_version_names_it() -> None:
    cast = assemble()
    for _ in range(3):
        paper = stages.draft(cast)
        others = kept(paper)
        row = with_file(paper, cast.olu)
        at_once(
            [
                lambda: actions.consult(paper.pk, by=cast.olu, advisers=cast.advisers),  # noqa: B023
                lambda: remove_public_file(paper, row.pk, by=cast.olu),  # noqa: B023
            ]
        )
        assert paper.files.count() == 0
        assert paper.versions.latest("number").record.files == ()
        assert_kept(paper, others)


@pytest.mark.usefixtures("clone")
def test_a_file_that_is_removed_and_uploaded_at_once_is_kept_if_it_is_there() -> None:
    cast = assemble()
    file = pdf()
    for _ in range(3):
        paper = stages.draft(cast)
        others = kept(paper)
        row = with_file(paper, cast.olu, file)

        def add() -> Any:
            try:
                add_public_file(paper, title="Again", name="a.pdf", file=file, by=cast.saba)  # noqa: B023
            except Unwanted as unwanted:
                return str(unwanted)
            return None

        at_once([add, lambda: remove_public_file(paper, row.pk, by=cast.olu)])  # noqa: B023
        assert_kept(paper, others)


@pytest.mark.usefixtures("clone")
def test_of_two_that_upload_the_same_file_at_once_one_is_told() -> None:
    cast = assemble()
    file, paper = pdf(), stages.draft(cast)
    others = kept(paper)

    def add() -> str:
        try:
            add_public_file(paper, title="Case", name="a.pdf", file=file, by=cast.olu)
        except Unwanted as unwanted:
            return str(unwanted)
        return ""

    said = sorted(at_once([add, add]))
    assert said[0] == ""
    assert said[1].startswith("This file is on the paper already")
    assert paper.files.count() == 1
    assert kept(paper) - others == named(paper)
