"""Who holds an office: proposed by one person, confirmed by another, never by the holder."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import (
    Appointment,
    Confirmation,
    Letter,
    Office,
    Proposal,
    User,
    today,
)
from accounts.people import rights
from accounts.people.keeping import Refused, hold, note

CONFIRMERS: Final = (
    "The Chief Executive confirms appointments, or the secretariat or a head of service once they "
    "have had that duty for seven days."
)
ANSWERED: Final = (
    "Somebody answered this proposal, or filled the office, before you. Nothing was changed."
)


def propose(
    person: User,
    office: Office,
    *,
    acting: bool,
    legal_basis: str,
    starts: date,
    ends: date | None,
    by: User,
) -> Proposal:
    """Propose that somebody hold an office, or act in it; tell those who may confirm.

    Raises Refused.
    """
    with transaction.atomic():
        person = hold(person, by)
        if not person.is_active:
            raise Refused(f"The account of {person.name} is deactivated. Invite them anew first.")
        why = why_not_free(office, acting=acting, starts=starts, ends=ends)
        if why:
            raise Refused(why)
        proposal = Proposal.objects.create(
            person=person,
            office=office,
            acting=acting,
            legal_basis=legal_basis,
            starts=starts,
            ends=ends,
            by=by,
        )
        note(
            person, by, "propose",
            proposal=proposal.pk, office=office.code, acting=acting, starts=starts, ends=ends,
        )  # fmt: skip
        _ask_for_confirmation(proposal)
    return proposal


def why_not_free(office: Office, *, acting: bool, starts: date, ends: date | None) -> str:
    """Why nobody can be appointed for these days, as a sentence, or ""."""
    if starts < today():
        return "An appointment begins today or later: nobody signed yesterday by it."
    overlapping = Appointment.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=starts),
        office=office,
        acting=acting,
        starts__lte=ends or date.max,
    ).select_related("person")
    held = overlapping.first()
    if held is None:
        return ""
    does = "acts in" if acting else "holds"
    return (
        f"{held.person.name} {does} this office in that time. End that appointment first, or "
        "choose other days."
    )


def why_not_confirm(proposal: Proposal, by: User) -> str:
    """Why this person cannot confirm this proposal, as a sentence, or ""."""
    if not rights.confirms(by):
        return CONFIRMERS
    if by.pk == proposal.by_id:
        return "You proposed this, so a second person confirms it."
    if by.pk == proposal.person_id:
        return "You are to hold this office, so somebody else confirms it."
    if not proposal.person.is_active:
        return f"The account of {proposal.person.name} is deactivated. Call the proposal off."
    free = why_not_free(
        proposal.office, acting=proposal.acting, starts=proposal.starts, ends=proposal.ends
    )
    if free and proposal.starts < today():
        return "The first day has passed. Call this proposal off and propose it anew."
    return free


def confirm(proposal: Proposal, *, by: User) -> Appointment:
    """Agree to a proposal, which appoints the person. Raises Refused."""
    try:
        with transaction.atomic():
            _hold_both(proposal, by)
            why = why_not_confirm(proposal, User.objects.get(pk=by.pk))
            if why:
                raise Refused(why)
            Confirmation.objects.create(proposal=proposal, agrees=True, by=by)
            appointment = Appointment.objects.create(
                proposal=proposal,
                office=proposal.office,
                person=proposal.person,
                acting=proposal.acting,
                legal_basis=proposal.legal_basis,
                starts=proposal.starts,
                ends=proposal.ends,
            )
            note(proposal.person, by, "confirm", proposal=proposal.pk, appointment=appointment.pk)
    except IntegrityError:
        # Somebody else answered it, or filled the office, in this very moment.
        raise Refused(ANSWERED) from None
    return appointment


def call_off(proposal: Proposal, *, by: User) -> None:
    """Answer a proposal with no: who proposed it, or anybody who may confirm. Raises Refused."""
    if not may_call_off(proposal, by):
        raise Refused(CONFIRMERS)
    try:
        with transaction.atomic():
            call_off_within(proposal, by)
    except IntegrityError:
        raise Refused(ANSWERED) from None


def may_call_off(proposal: Proposal, by: User) -> bool:
    """Whether this person may call the proposal off: its maker, the secretariat, who confirms."""
    return by.pk == proposal.by_id or rights.keeps(by) or rights.confirms(by)


def call_off_within(proposal: Proposal, by: User) -> None:
    """The same within a transaction that does more."""
    Confirmation.objects.create(proposal=proposal, agrees=False, by=by)
    note(proposal.person, by, "call_off", proposal=proposal.pk)


def _hold_both(proposal: Proposal, by: User) -> None:
    """Keep both people as they are until the transaction ends."""
    numbers = [proposal.person_id, by.pk]
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    proposal.person = {row.pk: row for row in rows}[proposal.person_id]


def may_confirm(proposal: Proposal) -> list[User]:
    """Everybody who can be the second person at this proposal."""
    on_duty = rights.confirming_duties().values("person")
    chiefs = Appointment.objects.current().filter(office__code=rights.CHIEF_EXECUTIVE)
    wanted = Q(pk__in=on_duty) | Q(pk__in=chiefs.values("person"))
    neither = [proposal.by_id, proposal.person_id]
    return list(User.objects.filter(wanted).exclude(pk__in=neither).order_by("pk"))


def _ask_for_confirmation(proposal: Proposal) -> None:
    address = settings.STAFF_URL.rstrip("/") + reverse("proposal", args=[proposal.pk])
    Letter.objects.bulk_create(
        Letter(
            recipient=person,
            subject="An appointment waits for a second person",
            body=(
                "An appointment to an office was proposed. It counts when a second person confirms "
                f"it, and you may be that person:\n\n{address}\n\n"
                "Countersign sent this by itself. Do not reply to this message.\n"
            ),
        )
        for person in may_confirm(proposal)
    )
