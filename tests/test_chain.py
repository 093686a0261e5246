from __future__ import annotations

import pytest

from accounts.models import User
from decisions.history import record


@pytest.mark.django_db
def test_events_are_chained_by_the_database() -> None:
    olu = User.objects.create_user("olu@countersign.example", "Olu Adeyemi")
    first = record(None, "begin", olu)
    second = record(None, "save", olu, subject="title")
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.seq == first.seq + 1
    assert second.prev == first.hash
