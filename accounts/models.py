"""People, what they are employed to do, and the offices they hold or act in.

A duty (adviser, secretariat) says what somebody may do every day. An appointment says that somebody
holds an office whose signature counts, from one day to another. Both are dated and never deleted,
so that "who could do this on that day" has an answer for ever.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.people.records import Act, Confirmation, Invitation, Letter, Proposal, Purpose
from config.database.acting import acting_as

__all__ = [
    "Act",
    "Appointment",
    "Confirmation",
    "Duty",
    "DutyKind",
    "Identity",
    "Invitation",
    "Letter",
    "Office",
    "Proposal",
    "Purpose",
    "SignIn",
    "User",
    "today",
]


def today() -> date:
    """Today in London: the day on which an office is held and a decision is dated."""
    return timezone.localdate()


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        """Make a user. Without a password the person cannot sign in until one is set."""
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by e-mail address, in whatever case it is typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A member of staff. People are deactivated, never deleted: their names stand on decisions."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("full name", max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in lower case, as people type it either way."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. Who proves it acts when it is hashed anew, and stored."""
        with acting_as(self.pk):
            return super().check_password(raw_password)

    def duties(self) -> frozenset[str]:
        """The duties this person has today, kept for the life of this object (one request)."""
        if not hasattr(self, "_duties"):
            self._duties = frozenset(
                Duty.objects.current().filter(person=self).values_list("kind", flat=True)
            )
        return self._duties

    def appointments_today(self) -> tuple[Appointment, ...]:
        """The offices this person holds or acts in today, kept for the life of this object."""
        if not hasattr(self, "_appointments"):
            self._appointments = tuple(
                Appointment.objects.current().filter(person=self).select_related("office")
            )
        return self._appointments

    def holds(self, office_code: str) -> Appointment | None:
        """Today's appointment to this office, the substantive one first, or None."""
        held = [a for a in self.appointments_today() if a.office.code == office_code]
        return min(held, key=lambda a: a.acting) if held else None


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that are true from one day to another."""

    def on(self, day: date) -> DatedQuerySet:
        """Rows true on a day; `ends` is the last day, and empty means without end."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)

    def current(self) -> DatedQuerySet:
        """Rows true today (London), of people who are still here."""
        return self.on(today()).filter(person__is_active=True)


class DutyKind(models.TextChoices):
    """What people are employed to do; the adviser kinds carry the names of the form's rows."""

    OFFICER = "officer", "Originating officer"
    FINANCE = "finance", "Finance adviser"
    LEGAL = "legal", "Legal adviser"
    EQUALITIES = "equalities", "Equalities adviser"
    COMMERCIAL = "commercial", "Commercial adviser"
    DATA_PROTECTION = "data_protection", "Data protection adviser"
    HEAD_OF_SERVICE = "head_of_service", "Head of service"
    SECRETARIAT = "secretariat", "Secretariat"
    AUDITOR = "auditor", "Auditor"


class Duty(models.Model):
    """Somebody's daily work, from one day to another."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=DutyKind.choices)
    starts = models.DateField(default=today)
    ends = models.DateField("last day", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="duty_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"


class Office(models.Model):
    """An office that signs. Its title can change; what was signed keeps the title of that day."""

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    short_title = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.title


class DateRange(Func):
    """daterange(starts, ends, '[]') in PostgreSQL."""

    function = "daterange"
    output_field = DateRangeField()


class Appointment(models.Model):
    """Somebody holds an office, or acts in it, from one day to another.

    Acting needs its legal basis, for instance a letter of the Mayor. The database allows one
    holder, and one acting holder, of an office on any day, and asks for the proposal that a second
    person confirmed; only what was there before anything happened here has none.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    acting = models.BooleanField(default=False)
    legal_basis = models.CharField(max_length=300, blank=True)
    starts = models.DateField(default=today)
    ends = models.DateField("last day", null=True, blank=True)
    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="appointment"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="appointment_ends_after",
            ),
            models.CheckConstraint(
                condition=Q(acting=False) | ~Q(legal_basis=""), name="acting_has_legal_basis"
            ),
            ExclusionConstraint(
                name="one_holder_at_a_time",
                expressions=[
                    (F("office"), RangeOperators.EQUAL),
                    (
                        DateRange(
                            F("starts"),
                            F("ends"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(acting=False),
            ),
            ExclusionConstraint(
                name="one_acting_holder_at_a_time",
                expressions=[
                    (F("office"), RangeOperators.EQUAL),
                    (
                        DateRange(
                            F("starts"),
                            F("ends"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(acting=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.title}"

    @property
    def title(self) -> str:
        """The title a signature bears; an acting holder signs "for" the office."""
        return f"for the {self.office.title}" if self.acting else self.office.title


class SignIn(models.Model):
    """A browser in which somebody is signed in. The row goes when the session ends."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.person}, {self.browser}"


class Identity(models.Model):
    """What a provider of single sign-on calls somebody, whatever their address becomes there."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_a_subject"),
            models.UniqueConstraint(fields=["issuer", "person"], name="one_subject_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.issuer}"
