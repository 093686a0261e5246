"""An event: one thing that somebody did, chained to the one before."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from decisions.models.paper import Paper


class Event(models.Model):
    """One act, in one line. Insert-only; the database numbers, dates and chains it.

    `facts` is canonical JSON text of identifiers, numbers and digests: never the words of a paper.
    """

    seq = models.BigIntegerField(unique=True, editable=False, db_default=0)
    at = models.DateTimeField(editable=False, db_default=Now())
    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    facts = models.TextField(default="{}")
    db_role = models.CharField(max_length=63, editable=False, db_default="")
    prev = models.CharField(max_length=64, editable=False, db_default="")
    hash = models.CharField(max_length=64, editable=False, db_default="")

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"
