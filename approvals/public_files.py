"""Files for the public: a second person looks at each before it can be published.

That person is from the secretariat or a head of service: the ones who, on this form, say that a
paper is correct before it goes on. It is neither who uploaded the file nor the officer.
"""

from __future__ import annotations

from typing import Final

from accounts.models import DutyKind, User
from approvals.library import StoreError, keep_file
from decisions.drafting.files import approvals_of, unapproved
from decisions.models import Paper, SupportingFile
from decisions.part_two import room
from decisions.register.record import PublishedFile
from decisions.uploads import store

LOOKS: Final = frozenset({DutyKind.SECRETARIAT, DutyKind.HEAD_OF_SERVICE})


def why_cannot_approve(file: SupportingFile, by: User) -> str | None:
    """Why this person may not let this file be published, as a sentence, or None if they may."""
    paper = file.paper
    if not by.duties() & LOOKS:
        return (
            "Only the secretariat and heads of service look at files before they are published. "
            "Ask one of them."
        )
    if by.pk in {file.added_by_id, paper.officer_id}:
        return (
            f"You {'uploaded this file' if by.pk == file.added_by_id else 'wrote this paper'}, so "
            "somebody else has to look at it: another member of the secretariat or a head of "
            "service."
        )
    if not paper.is_editable:
        return (
            f"{paper.reference} is not with its officer any more, so its files are looked at "
            "already. If one must change, the paper has to be sent back to draft first."
        )
    if any(approval.approved_by_id == by.pk for approval in approvals_of(file)):
        return "You have approved this file already. There is nothing more to do."
    if leaks(file):
        return (
            f"“{file.title}” repeats a passage of Part 2, so it cannot be published. Ask the "
            "officer to remove it."
        )
    return None


def leaks(file: SupportingFile) -> bool:
    """Whether a passage of Part 2 stands on the pages of a file, or in its title."""
    return room.letters_share_a_passage(file.paper, f"{file.title}\n{file.words}")


def why_not_public(paper: Paper) -> str | None:
    """Why the files of a paper cannot be published, as a sentence, or None if they can."""
    files = list(paper.files.select_related("paper"))
    leaking = next((file for file in files if leaks(file)), None)
    if leaking is not None:
        return (
            f"The file “{leaking.title}” repeats a passage of Part 2, so it cannot be published. "
            "Remove it."
        )
    waiting = unapproved(paper)
    if not waiting:
        return None
    more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
    return (
        f"Nobody from the secretariat and no head of service has looked at the file "
        f"“{waiting[0].title}”{more} yet. Ask one of them to, or remove it."
    )


def publish_supporting_file(paper_id: int, file: PublishedFile) -> None:
    """Copy a file for the public, as it was rewritten and approved, to the published documents.

    Raises StoreError with a sentence when it is lost or cannot be kept, or nobody approved it.
    """
    row = SupportingFile.objects.select_related("paper").filter(
        paper_id=paper_id, public_digest=file.digest, public_size=file.size
    )
    if not any(any(approvals_of(one)) for one in row):
        raise StoreError(
            "A file that was signed with the decision has not been approved for the public, so "
            "nothing was published. Tell whoever runs the service."
        )
    try:
        keep_file("published", file.digest, store.read(paper_id, file.digest, "pdf"))
    except store.NotKept as lost:
        raise StoreError(str(lost)) from lost
