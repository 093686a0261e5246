"""Who comes and who goes: invite, give and end a duty, deactivate, reactivate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import (
    Appointment,
    Duty,
    DutyKind,
    Identity,
    Letter,
    Proposal,
    Purpose,
    User,
    today,
)
from accounts.people import rights
from accounts.people.keeping import Refused, end_sessions, hold, note
from accounts.people.links import forget_factors, open_links, write_link
from accounts.people.offices import call_off_within
from components.words import long_date


def invite(name: str, email: str, duties: Iterable[DutyKind], *, by: User) -> User:
    """Make an account without a password, give its duties, and send its owner a link.

    Raises Refused where somebody has this address already.
    """
    try:
        with transaction.atomic():
            person = User.objects.create_user(email, name)
            hold(person, by)
            note(person, by, "invite")
            for kind in duties:
                _give(person, kind, today(), None, by)
            write_link(person, Purpose.INVITATION, by)
    except IntegrityError:
        raise Refused(
            "Somebody with this e-mail address is here already. Look for them among the people; "
            "somebody who was deactivated is invited anew on their own page."
        ) from None
    return person


def give_duty(person: User, kind: DutyKind, *, starts: date, ends: date | None, by: User) -> Duty:
    """Give somebody a duty from a day on, which is today or later. Raises Refused."""
    with transaction.atomic():
        person = hold(person, by)
        if not person.is_active:
            raise Refused(f"The account of {person.name} is deactivated. Invite them anew first.")
        if starts < today():
            raise Refused(
                "A duty begins today or later: nobody had yesterday a duty that is given today."
            )
        same = Duty.objects.filter(person=person, kind=kind)
        if same.filter(
            Q(ends__isnull=True) | Q(ends__gte=starts), starts__lte=ends or date.max
        ).exists():
            raise Refused(
                f"{person.name} has the duty “{kind.label}” already in that time. End it first, or "
                "choose other days."
            )
        return _give(person, kind, starts, ends, by)


def _give(person: User, kind: DutyKind, starts: date, ends: date | None, by: User) -> Duty:
    duty = Duty.objects.create(person=person, kind=kind, starts=starts, ends=ends)
    note(person, by, "give_duty", duty=kind.value, starts=starts, ends=ends)
    if kind in rights.CONFIRMING:
        _tell_who_confirms(person, kind, by)
    return duty


def _tell_who_confirms(person: User, kind: DutyKind, by: User) -> None:
    """One person gives this duty, and with it a say in appointments: let the others know."""
    told = set(rights.confirming_duties().values_list("person", flat=True))
    chief = Appointment.objects.current().filter(office__code=rights.CHIEF_EXECUTIVE)
    told |= set(chief.values_list("person", flat=True))
    Letter.objects.bulk_create(
        Letter(
            recipient_id=number,
            subject="Somebody new may soon confirm appointments",
            body=(
                f"{by.name} gave {person.name} the duty “{kind.label}”. After "
                f"{rights.SETTLES_IN.days} days it lets them confirm who holds an office. If that "
                "is not right, have the secretariat or the operator end it before then.\n\n"
                "Countersign sent this by itself. Do not reply to this message.\n"
            ),
        )
        for number in sorted(told - {person.pk, by.pk})
    )


def end_duty(duty: Duty, *, last_day: date, by: User) -> None:
    """End a duty with a day that is today or later; one that has not begun is taken away.

    Raises Refused.
    """
    with transaction.atomic():
        person = hold(duty.person, by)
        row = Duty.objects.select_for_update(of=("self",)).filter(pk=duty.pk).first()
        _may_end(row, last_day)
        assert row is not None  # noqa: S101 - _may_end refuses that
        end_row(row, last_day)
        note(person, by, "end_duty", duty=row.kind, ends=last_day)


def _may_end(row: Duty | Appointment | None, last_day: date) -> None:
    """Raises Refused where this day cannot become the last one of this row."""
    if row is None or (row.ends is not None and row.ends < today()):
        raise Refused("It has ended already. Nothing was changed.")
    if last_day < today():
        raise Refused("The last day is today or later: what was done until now stays done.")
    if row.ends is not None and last_day > row.ends:
        raise Refused(
            f"It ends on {long_date(row.ends)} already. To make it longer, give it anew from the "
            "day after."
        )


def end_row(row: Duty | Appointment, last_day: date) -> None:
    """Write the last day; take away what would not have begun by then."""
    if row.starts > last_day:
        row.delete()
    elif row.ends != last_day:
        row.ends = last_day
        row.save(update_fields=["ends"])


def end_appointment(appointment: Appointment, *, last_day: date, by: User) -> None:
    """End an appointment early; one that has not begun is taken away. Raises Refused.

    What was signed until then keeps its name and title.
    """
    with transaction.atomic():
        person = hold(appointment.person, by)
        rows = Appointment.objects.select_for_update(of=("self",))
        row = rows.filter(pk=appointment.pk).first()
        _may_end(row, last_day)
        assert row is not None  # noqa: S101 - _may_end refuses that
        note(person, by, "end_appointment", appointment=row.pk, office=row.office_id, ends=last_day)
        end_row(row, last_day)


def deactivate(person: User, *, by: User) -> None:
    """Close somebody's account: sessions end at once, duties and offices with today.

    Raises Refused. Their name stays on what they did. Their password is forgotten, so that who is
    reactivated begins anew.
    """
    with transaction.atomic():
        person = hold(person, by)
        if not person.is_active:
            raise Refused(f"The account of {person.name} is deactivated already.")
        person.is_active = False
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        for proposal in Proposal.objects.filter(person=person, confirmation=None):
            call_off_within(proposal, by)
        for model in (Duty, Appointment):
            unfinished = Q(ends__isnull=True) | Q(ends__gte=today())
            for row in model.objects.filter(unfinished, person=person).select_for_update(
                of=("self",)
            ):
                end_row(row, today())
        open_links(person).update(revoked_at=timezone.now())
        sessions = end_sessions(person)
        note(person, by, "deactivate", sessions=sessions)


def reactivate(person: User, *, by: User) -> None:
    """Invite somebody anew whose account was closed: nothing that ended comes back, no old way in.

    Raises Refused.
    """
    with transaction.atomic():
        person = hold(person, by)
        if person.is_active:
            raise Refused(f"The account of {person.name} is open. Nothing was changed.")
        if rights.weighs(person):
            raise Refused(
                f"An office or a duty of {person.name} that decides about others ends today and "
                "counts until midnight. Invite them anew tomorrow."
            )
        reopen(person)
        write_link(person, Purpose.INVITATION, by)
        note(person, by, "reactivate")


def reopen(person: User) -> None:
    """Open a closed account, within a transaction; what its owner proved themselves by is gone."""
    forget_factors(person)
    Identity.objects.filter(person=person).delete()
    person.is_active = True
    person.save(update_fields=["is_active"])
