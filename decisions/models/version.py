"""A version: the text of a paper, frozen at a moment, which advice and signatures name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from decisions.models.paper import Paper
from decisions.register.record import Record


class Version(models.Model):
    """Part 1 as canonical text with its digest, and the commitment to Part 2. Insert-only.

    `part_two_commitment` is SHA-256(salt, Part 2) in hexadecimal, or empty where there is none:
    the salt stays in the confidential room, so nobody can confirm a guess from it.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    round = models.PositiveIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    part_two_commitment = models.CharField(max_length=64, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="version_number_once"),
        ]
        ordering = ["paper", "number"]

    def __str__(self) -> str:
        return f"{self.paper.reference} version {self.number}"

    @property
    def record(self) -> Record:
        """The text as a record."""
        return Record.from_json(self.content)

    @property
    def mark(self) -> str:
        """What a signature binds to: both digests as one text, safe to send with a form."""
        return f"{self.digest}.{self.part_two_commitment}"
