"""The paper: a request that becomes the record of a decision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Office
from decisions.states import EDITABLE, State


class Series(models.Model):
    """A running series of references and the office that decides its papers.

    `pattern` holds {number}: "PCD {number}". A number is drawn once and never given again, so a gap
    in the series is a paper that was begun and withdrawn, and can be looked up as such.
    """

    code = models.SlugField(unique=True)
    pattern = models.CharField(max_length=40)
    next_number = models.PositiveIntegerField(default=1)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return self.pattern.format(number="n")


class Forum(models.TextChoices):
    """The board through which a paper comes to the decision maker. It advises; it never decides."""

    NONE = "", "None: it comes straight to the decision maker"
    IAM = "iam", "Investment Advisory and Monitoring meeting (IAM)"


class Paper(models.Model):
    """One request for a decision, while it is worked on and ever after.

    `version` grows by one at every save and every act; the database refuses a save that does not
    carry the next number. `round` grows when a paper goes back to draft, which voids the
    signatures of the round before.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="papers")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=40, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    round = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    sample = models.BooleanField(default=False)

    title = models.CharField(max_length=200)
    forum = models.CharField(max_length=10, choices=Forum.choices, blank=True)
    scheme_paragraph = models.CharField(max_length=20, blank=True)
    executive_summary = models.TextField(blank=True)

    deferred = models.BooleanField(null=True, blank=True)
    deferred_until = models.DateField(null=True, blank=True)
    deferral_reason = models.TextField(blank=True)
    deferral_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    has_part_two = models.BooleanField(null=True, blank=True)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now)
    state_since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="number_drawn_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="paper_state_is_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "state_since"], name="paper_by_state")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    def get_absolute_url(self) -> str:
        """The paper's page for staff."""
        return f"/papers/{self.slug}/"

    @property
    def is_editable(self) -> bool:
        """Whether the state allows editing at all; who may is another question."""
        return self.state in EDITABLE


class Contributor(models.Model):
    """Somebody who saved a change to the paper, Part 1 or Part 2. They may never sign it."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="contributors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "person"], name="contributor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} on {self.paper.reference}"


class Reader(models.Model):
    """Somebody who was asked to read a paper that is not their own, such as an adviser."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="readers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "person"], name="reader_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} on {self.paper.reference}"
