"""What the register holds: two shelves that are only ever added to, and the view the public reads.

Live holds editions that were public from the moment they were placed. Embargo holds editions that
become public at a moment of their own. PostgreSQL decides which of them are due (pub.decision):
no code of the public process takes part in that, and its database role can read nothing else.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Value


class Placed(models.Model):
    """One edition as placed: the record's text, and what lists and searches need of it.

    A trigger derives `search` and `first_published_at` and refuses a row whose digest, reference,
    slug, edition, title or sample mark differ from what its own text says. Amounts are in pounds.
    """

    reference = models.CharField(max_length=60)
    slug = models.CharField(max_length=60)
    edition = models.PositiveIntegerField()
    title = models.TextField()
    office = models.TextField()
    decision_maker = models.TextField()
    date_signed = models.DateField()
    outcome = models.CharField(max_length=30)
    summary = models.TextField()
    capital = models.DecimalField(max_digits=16, decimal_places=2)
    revenue = models.DecimalField(max_digits=16, decimal_places=2)
    income = models.DecimalField(max_digits=16, decimal_places=2)
    sample = models.BooleanField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    pdf_digest = models.CharField(max_length=64)
    pdf_size = models.PositiveIntegerField()
    placed_at = models.DateTimeField(db_default=TransactionNow())
    first_published_at = models.DateTimeField(db_default=TransactionNow())
    search = SearchVectorField(db_default=Value(""))

    class Meta:
        abstract = True


class Live(Placed):
    """An edition that has been public since it was placed.

    `published_at` is that moment, or an earlier one for a decision that was public elsewhere
    before this register held it.
    """

    published_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        db_table = "register_live"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "edition"], name="register_live_one_edition"),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="register_live_search"),
            models.Index(fields=["-first_published_at", "slug"], name="register_live_newest"),
            models.Index(
                fields=["slug", "edition"],
                name="register_live_later",
                condition=models.Q(edition__gt=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, edition {self.edition}"


class Embargo(Placed):
    """An edition that becomes public at `not_before`.

    A fresh decision about the deferral is a new row for the same edition. Only the newest counts.
    """

    not_before = models.DateTimeField()

    class Meta:
        db_table = "register_embargo"
        indexes: ClassVar = [
            models.Index(fields=["slug", "edition"], name="register_embargo_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, edition {self.edition}, not before {self.not_before:%d.%m.%Y}"


class Decision(models.Model):
    """One published edition that is due, as the public reads it (view pub.decision).

    `published_at` is the first moment at which any edition of the decision was public,
    `edition_published_at` that of this edition. `current`: no later edition is due.
    `digest` identifies the row, since the text it is taken from names slug and edition.
    """

    reference = models.CharField(max_length=60)
    slug = models.CharField(max_length=60)
    edition = models.PositiveIntegerField()
    current = models.BooleanField()
    title = models.TextField()
    office = models.TextField()
    decision_maker = models.TextField()
    date_signed = models.DateField()
    published_at = models.DateTimeField()
    edition_published_at = models.DateTimeField()
    outcome = models.CharField(max_length=30)
    summary = models.TextField()
    capital = models.DecimalField(max_digits=16, decimal_places=2)
    revenue = models.DecimalField(max_digits=16, decimal_places=2)
    income = models.DecimalField(max_digits=16, decimal_places=2)
    sample = models.BooleanField()
    content = models.TextField()
    digest = models.CharField(max_length=64, primary_key=True)
    pdf_digest = models.CharField(max_length=64)
    pdf_size = models.PositiveIntegerField()
    search = SearchVectorField()

    class Meta:
        managed = False
        db_table = "decision"
        ordering: ClassVar = ["-published_at", "slug"]

    def __str__(self) -> str:
        return f"{self.reference}, edition {self.edition}"
