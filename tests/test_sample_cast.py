"""The sample cast: who they are, how they sign in, and where they have no business."""

from __future__ import annotations

import io
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import DutyKind, User
from approvals.sample.cast import (
    WORDS,
    NotASampleSystem,
    assemble,
    kept_password,
    new_password,
)
from decisions.drafting.begin import begin
from decisions.models import Paper, Series
from tests import sample_world
from tests.cast import PASSWORD, Cast

NOVEMBER = datetime(2021, 11, 1, 9, 40, tzinfo=UTC)


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """A machine on which no password was drawn yet."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_every_part_in_the_life_of_a_decision_has_somebody(cast: Cast) -> None:
    assert {kind for person in cast.everybody.values() for kind in person.duties()} == set(DutyKind)
    assert cast.celia.holds("chief_executive") is not None
    assert cast.dominic.holds("dmpc") is not None
    assert [person.email for key, person in cast.everybody.items()] == [
        f"{key}@countersign.example" for key in cast.everybody
    ]


def test_one_password_is_drawn_for_each_machine_and_kept_for_its_owner(data_dir: Path) -> None:
    password = kept_password()
    assert kept_password() == password
    kept = data_dir / "sample_password"
    assert [path.name for path in data_dir.iterdir()] == ["sample_password"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_password_is_four_words_and_long_enough_for_the_rules() -> None:
    drawn = {new_password() for _ in range(50)}
    assert len(drawn) == 50
    assert len(set(WORDS)) == len(WORDS) == 256
    assert min(len(word) for word in WORDS) >= 4
    for password in drawn:
        validate_password(password)
        assert set(password.split("-")) <= set(WORDS)


@pytest.mark.django_db
def test_the_cast_alone_leaves_every_paper_to_be_drafted(data_dir: Path) -> None:
    call_command(
        "load_sample_decisions", "--cast-only", "--next-number", "1828", stdout=io.StringIO()
    )
    assert not Paper.objects.exists()
    olu = User.objects.get(email="olu@countersign.example")
    assert olu.check_password(kept_password())
    assert begin("pcd", "The first", by=olu).reference == "PCD 1828"


@pytest.mark.django_db
def test_the_table_shows_how_to_sign_in_as_everybody(data_dir: Path) -> None:
    call_command("load_sample_decisions", "--cast-only", stdout=io.StringIO())
    said = io.StringIO()
    call_command("sample_cast", stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[0].split() == ["Name", "Part", "E-mail", "address", "Password"]
    assert len(lines) == 14
    assert lines[1].split() == [
        *("Olu", "Adeyemi", "Originating", "officer"),
        *("olu@countersign.example", kept_password()),
    ]
    assert lines[13] == "Each page that asks for a code says which it is."
    assert lines[10].startswith("Dominic Vale   Deputy Mayor for Policing and Crime  dominic@")


@pytest.mark.django_db
def test_without_a_cast_the_table_says_how_to_get_one(data_dir: Path) -> None:
    with pytest.raises(CommandError, match="The sample cast is not in this database"):
        call_command("sample_cast")


@pytest.mark.django_db
def test_a_password_that_was_lost_is_replaced_by_the_next_start(cast: Cast, data_dir: Path) -> None:
    call_command("load_sample_decisions", "--cast-only", stdout=io.StringIO())
    cast.dominic.refresh_from_db()
    assert not cast.dominic.check_password(PASSWORD)
    assert cast.dominic.check_password(kept_password())


@pytest.mark.django_db
def test_a_database_with_people_of_its_own_is_refused() -> None:
    User.objects.create_user("somebody@police.example", "Somebody Real")
    with pytest.raises(NotASampleSystem, match="already holds people or papers"):
        assemble(PASSWORD)
    assert User.objects.count() == 1
    assert not Series.objects.exists()


@pytest.mark.parametrize("name", ["load_sample_decisions", "sample_cast"])
def test_a_production_system_refuses_the_sample(tmp_path: Path, name: str) -> None:
    code, said, complaint = sample_world.run(
        settings.TEST_DATABASE,
        tmp_path,
        name,
        DJANGO_SETTINGS_MODULE="config.settings.staff",
        COUNTERSIGN_ENV="production",
        SECRET_KEY="a key that is long enough for a production system, fifty and more",
        CONTACT_EMAIL="decisions@police.example",
    )
    assert (code, said) == (1, "")
    assert complaint == (
        "CommandError: This is a production system, and sample data is never loaded into one. "
        "Nothing was done. To try Countersign out, use make run on a machine of your own.\n"
    )
    assert not (tmp_path / "sample_password").exists()


@pytest.mark.parametrize("name", ["load_sample_decisions", "sample_cast"])
def test_a_system_that_did_not_ask_for_the_sample_refuses_it(settings: Settings, name: str) -> None:
    settings.SAMPLE_DATA = False
    with pytest.raises(CommandError, match="This system was not started as a sample system"):
        call_command(name)


def test_a_next_number_goes_with_the_cast_alone() -> None:
    with pytest.raises(CommandError, match="--next-number goes with --cast-only"):
        call_command("load_sample_decisions", "--next-number", "1900")


@pytest.mark.django_db
def test_only_a_sample_paper_carries_a_number_or_a_date_set_by_hand(cast: Cast) -> None:
    with pytest.raises(ValueError, match="Only sample papers carry a number or a date"):
        begin("pcd", "Not a sample", by=cast.olu, number=1080)
    with pytest.raises(ValueError, match="Only sample papers carry a number or a date"):
        begin("pcd", "Not a sample", by=cast.olu, at=NOVEMBER)
    assert not Paper.objects.exists()


@pytest.mark.django_db
def test_a_number_set_by_hand_is_drawn_once_and_the_series_goes_on_above_it(cast: Cast) -> None:
    paper = begin("pcd", "Old", by=cast.olu, sample=True, number=1080, at=NOVEMBER)
    assert (paper.reference, paper.created_at) == ("PCD 1080", NOVEMBER)
    with pytest.raises(ValueError, match="PCD 1080 is the number of another paper"):
        begin("pcd", "Again", by=cast.olu, sample=True, number=1080)
    begin("pcd", "High", by=cast.olu, sample=True, number=1900)
    assert begin("pcd", "Next", by=cast.oona).reference == "PCD 1901"
