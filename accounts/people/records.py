"""What is written down about people: acts, proposals, confirmations, links and messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

LINK_LIFE: Final = timedelta(hours=72)
# Where the mailer puts the secret of a link, which it makes at the moment of sending.
LINK_PLACE: Final = "{secret}"


class Act(models.Model):
    """One thing that was done to a person's account. Insert-only; the chain commits to it.

    `by` is empty where the operator did it on the machine itself. `facts` is canonical JSON of
    identifiers, words of the code and dates: never a reason, a name or an address.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verb = models.CharField(max_length=30)
    facts = models.TextField(default="{}")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.verb} {self.person_id}"


class Proposal(models.Model):
    """That somebody is to hold an office, or act in it. Insert-only."""

    office = models.ForeignKey("accounts.Office", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting = models.BooleanField(default=False)
    legal_basis = models.CharField(max_length=300, blank=True)
    starts = models.DateField()
    ends = models.DateField("last day", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="proposal_ends_after",
            ),
            models.CheckConstraint(
                condition=Q(acting=False) | ~Q(legal_basis=""),
                name="proposed_acting_has_legal_basis",
            ),
            models.CheckConstraint(condition=~Q(by=F("person")), name="nobody_proposes_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.office_id}"

    @property
    def title(self) -> str:
        """What the person would sign as."""
        return f"for the {self.office.title}" if self.acting else self.office.title


class Confirmation(models.Model):
    """The one answer to a proposal: a second person agrees, or somebody calls it off."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="confirmation")
    agrees = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{'agrees to' if self.agrees else 'calls off'} {self.proposal_id}"


class Purpose(models.TextChoices):
    """What a link is for. Both let its owner choose a password."""

    INVITATION = "invitation", "Invitation"
    PASSWORD = "password", "New password"


class Invitation(models.Model):
    """A link that lets somebody choose a password, once, within 72 hours.

    The secret in it is made by the mailer at the moment of sending and stands in that mail alone;
    `digest` is its SHA-256. `asked_by` is empty where the operator asked for it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} of {self.person_id}"


class Letter(models.Model):
    """A message about an account, written with the act and sent by the mailer afterwards.

    With an `invitation`, the mailer makes its link and puts it where the body says {link}.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="letters"
    )
    subject = models.CharField(max_length=120)
    body = models.TextField()
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(sent_at__isnull=True), name="letter_to_send"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
