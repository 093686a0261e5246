"""What people did to a paper: advice, signatures, outcomes, editions, documents. Insert-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, JSONField, Q, Value
from django.utils import timezone

from accounts.models import Appointment, Office
from decisions.models import DeclarationKind, Event, Paper, Version
from decisions.register.record import Record


class Consultation(models.Model):
    """An adviser was asked about a paper, in a round of its life."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="consultations")
    round = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=DeclarationKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consultations"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "round", "kind"], name="asked_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.paper.reference}"


class Position(models.TextChoices):
    """Where an adviser stands."""

    CONTENT = "content", "Content"
    CONTENT_WITH_COMMENTS = "content_with_comments", "Content, with comments"
    NOT_CONTENT = "not_content", "Not content"


class Advice(models.Model):
    """Advice given on one version: a position, the public statement, and comments for staff."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="advice")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="advice")
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    position = models.CharField(max_length=24, choices=Position.choices)
    statement = models.TextField()
    comments = models.TextField(blank=True)
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "advice"
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "version"], name="advised_once_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_position_display()} on {self.version}"


class Reason(models.Model):
    """Why somebody sent a paper back or withdrew it, in their own words, beside the event."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="reason")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text


class Act(models.TextChoices):
    """The two acts that are signed."""

    ENDORSE = "endorse", "Endorsement"
    DECIDE = "decide", "Decision"


class Signature(models.Model):
    """A person's act as the holder of an office, on one digest. Never a seal.

    Name and title are as they were on that day. `acting_for` is the office's title when the person
    acted in it. `identity` says how the person proved who they are. `key` makes a second click
    find the first signature instead of making another.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="signatures")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signatures")
    round = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act.choices)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120)
    acting_for = models.CharField(max_length=120, blank=True)
    statement = models.TextField()
    interests = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    part_two_commitment = models.CharField(max_length=64, blank=True)
    identity = models.CharField(max_length=60)
    key = models.UUIDField(unique=True)
    signed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "act", "round"], name="one_signature_an_act_a_round"
            ),
            models.CheckConstraint(
                condition=Q(act__in=[act.value for act in Act]), name="signature_act_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(act=Act.DECIDE) | ~Q(interests=""), name="decision_declares_interests"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} of {self.paper.reference} by {self.name}"


class Assertion(models.Model):
    """What a passkey returned for one signature, kept so that anyone can check it again.

    The challenge in `client_data` is the digest of what was signed (approvals.ceremony.text), made
    with `nonce`; PostgreSQL works it out anew from the rows and refuses any other. `public_key` is
    in COSE form. `counter` is the authenticator's own count, 0 where it keeps none.
    """

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="assertion")
    credential_id = models.BinaryField(db_index=True)
    public_key = models.BinaryField()
    authenticator_data = models.BinaryField()
    client_data = models.BinaryField()
    signature_bytes = models.BinaryField()
    nonce = models.BinaryField(unique=True)
    counter = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"Assertion for {self.signature}"


class OutcomeKind(models.TextChoices):
    """What became of one recommendation."""

    APPROVED = "approved", "Approved"
    APPROVED_WITH_CHANGES = "approved_with_changes", "Approved with changes"
    NOT_APPROVED = "not_approved", "Not approved"
    DEFERRED = "deferred", "Deferred"


class Outcome(models.Model):
    """The outcome of one recommendation of the signed version, by its number."""

    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="outcomes")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24, choices=OutcomeKind.choices)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["signature", "number"], name="one_outcome_each"),
            models.CheckConstraint(
                condition=Q(kind=OutcomeKind.APPROVED) | ~Q(words=""),
                name="every_other_outcome_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Recommendation {self.number}: {self.get_kind_display()}"


class Edition(models.Model):
    """The public record of a decision as it is to be published: edition 1 is as decided.

    A later edition corrects how Part 1 is written, with a public note; what was signed stays.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="editions")
    content = models.TextField()
    digest = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["paper", "number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="edition_number_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(note=""), name="a_correction_has_a_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper.reference} edition {self.number}"

    @property
    def record(self) -> Record:
        """The edition as a record."""
        return Record.from_json(self.content)


class SealLevel(models.TextChoices):
    """How long a seal can be checked: with a timestamp and revocation data, also after its key."""

    B_B = "B-B", "B-B: by the seal's own certificate"
    B_LT = "B-LT", "B-LT: with a timestamp and what shows that no certificate was revoked"


class SealedDocument(models.Model):
    """The sealed PDF of an edition; the file is kept under its digest.

    The file begins with the `base_size` bytes that were made before sealing, whose digest is
    `base_digest`: the same bytes for the same edition and the same `made_with`, which names the
    programs and fonts by version. A document made before these were kept has 0, "" and nothing.
    """

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="document")
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    base_size = models.PositiveIntegerField(db_default=0)
    base_digest = models.CharField(max_length=64, blank=True, db_default="")
    level = models.CharField(max_length=4, choices=SealLevel.choices, db_default=SealLevel.B_B)
    made_with = models.JSONField(default=dict, blank=True, db_default=Value({}, JSONField()))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(base_size__lte=F("size")), name="document_begins_with_its_base"
            ),
        ]

    def __str__(self) -> str:
        return f"Document of {self.edition}"


class ArchivedDocument(models.Model):
    """A sealed document renewed for the archive: a copy with a newer timestamp over all of it.

    The published file never changes. Each renewal adds a row and a file named by `digest` to the
    store "archive"; the newest `renewed_at` is the one to renew next.
    """

    document = models.ForeignKey(SealedDocument, on_delete=models.PROTECT, related_name="archived")
    digest = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    renewed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["document", "renewed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.document}, renewed {self.renewed_at:%d/%m/%Y}"


class DocumentRefusal(models.Model):
    """The document of an edition could not be made, and the sentence that says why not.

    It says nothing any more once the edition has its document, or once the document was asked for
    anew. `attempt` counts from 1 within one asking.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="refusals")
    attempt = models.PositiveSmallIntegerField()
    sentence = models.TextField()
    refused_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["edition", "refused_at", "pk"]

    def __str__(self) -> str:
        return self.sentence


class Publication(models.Model):
    """An edition was published, at once or from a day on; a later row replaces a deferral."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="publications")
    not_before = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(not_before__isnull=True) | (~Q(reason="") & Q(owner__isnull=False)),
                name="deferral_has_reason_and_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"Publication of {self.edition}"


class Notice(models.Model):
    """A message to one person about one act, written with the act and sent afterwards.

    `kind` is the verb, "receipt" or "deferral". `subject` and `body` are fixed when it is written
    and hold no word of the paper. It is sent once `due_at` has come; `attempts` counts the tries,
    and every try that fails sets `due_at` anew. `sent_at` is when the mail server took it.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="notices")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(max_length=120)
    body = models.TextField()
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "event", "kind", "recipient"], name="told_once_of_an_act"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(sent_at__isnull=True), name="notice_to_send"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
