"""How a process reaches PostgreSQL: on this machine, or by encryption that is checked."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ELSEWHERE = "postgresql://countersign_staff@db.office.example/countersign"


def settings_for(address: str, monkeypatch: pytest.MonkeyPatch, where: str) -> dict[str, object]:
    monkeypatch.setenv("COUNTERSIGN_ENV", where)
    monkeypatch.setenv("STAFF_DATABASE_URL", address)
    return env.database(env.STAFF, search_path="public")


@pytest.mark.parametrize("mode", ["", "?sslmode=disable", "?sslmode=prefer", "?sslmode=require"])
def test_in_production_another_machine_is_reached_by_checked_encryption_alone(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        settings_for(ELSEWHERE + mode, monkeypatch, "production")
    assert "leads to db.office.example without checked encryption" in str(refused.value)
    assert "?sslmode=verify-full" in str(refused.value)


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
def test_checked_encryption_is_passed_on(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = settings_for(f"{ELSEWHERE}?sslmode={mode}", monkeypatch, "production")
    assert made["HOST"] == "db.office.example"
    assert made["OPTIONS"]["sslmode"] == mode  # type: ignore[index]  # a dictionary of settings


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://countersign_staff@127.0.0.1/countersign",
        "postgresql://countersign_staff@localhost:5433/countersign",
        "postgresql://countersign_staff@[::1]/countersign",
        "postgresql:///countersign",
        "postgresql://countersign_staff@/countersign?host=/run/postgresql",
    ],
)
def test_on_the_same_machine_nothing_is_asked(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings_for(address, monkeypatch, "production")["NAME"] == "countersign"


def test_on_a_developers_machine_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_for(ELSEWHERE, monkeypatch, "development")["HOST"] == "db.office.example"
