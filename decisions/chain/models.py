"""The public log's leaves and the witness's checkpoints. Both are only ever added to."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Leaf(models.Model):
    """One act of which the public log holds a leaf: decide, publish, correct or withdraw.

    The database writes it with the event (trigger write_leaf). `text` is canonical JSON of what may
    become public; in the tree stands only `commitment`, SHA-256(salt, text) in hexadecimal, so that
    nothing of an act that is not public yet can be read from the log, or guessed and confirmed.
    """

    number = models.BigIntegerField(primary_key=True)
    event = models.BigIntegerField(unique=True)
    slug = models.CharField(max_length=60)
    edition = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField()
    salt = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["slug", "number"], name="chain_leaf_of_decision")]

    def __str__(self) -> str:
        return f"Leaf {self.number}"


class Checkpoint(models.Model):
    """What the witness found in order and signed: the log up to `size`, the chain up to `seq`."""

    size = models.BigIntegerField()
    seq = models.BigIntegerField(unique=True)
    note = models.TextField()
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"Checkpoint at event {self.seq}"
