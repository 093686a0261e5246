"""A register full of decisions, for measuring."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import msgspec
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction

from decisions.register import shelf
from tests.records import pcd_1080
from tests.register_world import without_papers

FIRST_DAY = datetime(2016, 10, 17, 12, tzinfo=UTC)
SLUG = "pcd-1500"


def place_decisions(count: int) -> None:
    """Put this many decisions on the register, each like PCD 1080, the last ones newest."""
    pdf = b"%PDF-1.7 a document for measuring"
    digest = hashlib.sha256(pdf).hexdigest()
    storages["published"].save(f"{digest}.pdf", ContentFile(pdf))
    without_papers(str(connection.settings_dict["NAME"]))
    model = pcd_1080()
    assert model.decision is not None
    with transaction.atomic():
        for number in range(1, count + 1):
            signed = msgspec.structs.replace(
                model.decision, signed_at=FIRST_DAY + timedelta(hours=number)
            )
            record = msgspec.structs.replace(
                model,
                reference=f"PCD {number}",
                slug=f"pcd-{number}",
                title=f"Decision {number}: a platform for the years ahead",
                decision=signed,
            )
            shelf.place(record, pdf_digest=digest)
