"""Part 2 as tables of its own, in a schema of its own. No accessor leads here from a paper."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from decisions.models import Paper, Version


class PartTwo(models.Model):
    """The confidential part of a paper while it is worked on.

    Confidential: `body` and `rationale`. Published as the notice: `marking`, `reason`, the
    exemptions and when they end.
    """

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    marking = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    ends_on = models.DateField(null=True, blank=True)
    ends_when = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "part_two"
        verbose_name = "Part 2"
        verbose_name_plural = "Part 2"

    def __str__(self) -> str:
        return "Part 2"


class Exemption(models.Model):
    """One exemption relied on: article of the 2011 Order, section of the FOIA 2000, and why.

    `balance` is the public-interest balance of a qualified exemption. It is confidential.
    """

    part_two = models.ForeignKey(PartTwo, on_delete=models.CASCADE, related_name="exemptions")
    position = models.PositiveSmallIntegerField(default=1)
    article = models.CharField(max_length=10, default="2(2)(a)")
    section = models.CharField(max_length=10)
    balance = models.TextField(blank=True)

    class Meta:
        db_table = "part_two_exemption"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"Article {self.article}, section {self.section}"


class Clearance(models.Model):
    """Somebody needs to know this paper's Part 2, by whose word and why. Insert-only."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "part_two_clearance"
        constraints = [
            models.UniqueConstraint(fields=["paper", "person"], name="cleared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.reason}"


class PartTwoFile(models.Model):
    """A confidential file beside Part 2, kept as it was handed in and covered by the commitment.

    Never changed; removed only while the paper can be edited. `digest` is SHA-256, `size` in bytes,
    `kind` the ending by content. Title, name and digest are confidential too.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(editable=False, db_default=Now())

    class Meta:
        db_table = "part_two_file"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "digest"], name="part_two_file_once"),
        ]

    def __str__(self) -> str:
        return "A file of Part 2"


class FrozenPartTwo(models.Model):
    """Part 2 as it stood in a version, with the salt of its commitment. Insert-only."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()
    salt = models.BinaryField(max_length=32)
    commitment = models.CharField(max_length=64)

    class Meta:
        db_table = "part_two_frozen"
        verbose_name = "frozen Part 2"
        verbose_name_plural = "frozen Part 2"

    def __str__(self) -> str:
        return f"Part 2 of version {self.version_id}"
