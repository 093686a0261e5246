"""Files beside a paper: as they were handed in, as the public would have them, and who said so."""

from __future__ import annotations

from typing import Final

import msgspec
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from decisions.models.paper import Paper

# How a sentence begins about what the rewriting could not take out.
STILL_THERE: Final = "Still in the file: "


class SupportingFile(models.Model):
    """A file for the public: the PDF that was handed in, and the same rewritten for publication.

    Never changed; removed only while the paper can be edited. `digest` and `size` are those of the
    file as handed in, `public_digest` and `public_size` of the one that is published, both SHA-256
    and bytes. `words` is what a program reads on its pages, for the search for words of Part 2;
    `unread_pages` counts those on which it cannot read all. `taken_out` is JSON: one sentence for
    each thing that the rewriting left out, and for each that it could not.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="files")
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    public_size = models.PositiveIntegerField()
    public_digest = models.CharField(max_length=64)
    words = models.TextField(blank=True)
    unread_pages = models.PositiveIntegerField(default=0)
    taken_out = models.TextField(default="[]")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(editable=False, db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "digest"], name="supporting_file_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def left_out(self) -> list[str]:
        """What the rewriting left out, as sentences."""
        return [sentence for sentence in self._sentences if not sentence.startswith(STILL_THERE)]

    @property
    def still_there(self) -> list[str]:
        """What the rewriting could not take out and the pages may not show, as sentences."""
        return [sentence for sentence in self._sentences if sentence.startswith(STILL_THERE)]

    @property
    def _sentences(self) -> list[str]:
        return msgspec.json.decode(self.taken_out, type=list[str])


class FileApproval(models.Model):
    """Somebody looked at a rewritten file and found it fit for the public. Insert-only.

    `digest` is that of the rewritten file. PostgreSQL refuses the word of whoever uploaded the file
    and of the paper's officer.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(editable=False, db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "digest", "approved_by"], name="file_approved_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest} by {self.approved_by}"
