"""A backup holds every file that the database names, or says which it does not hold."""

from __future__ import annotations

import os
import resource
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from approvals.backup.dumping import read_manifest
from config import env
from decisions.models import Paper
from setup import devdb
from tests import database, stages
from tests.cast import assemble
from tests.people import as_operator
from tests.upload_corpus import pdf, word
from tests.uploading import approve, with_confidential_file, with_file

# More than the rows of two papers take, and less than a large file.
LARGE = 3_000_000
STORES = ("restricted", "published", "archive")


@pytest.fixture
def stores(clone: str, tmp_path: Path, settings: Settings, seal_key: None) -> Iterator[Path]:
    """Stores of this test's own, with the files of two papers; the operator is at work."""
    folder = tmp_path / "stores"
    settings.STORAGES = settings.STORAGES | {
        name: {
            "BACKEND": "config.stores.folder.FolderStore",
            "OPTIONS": {"location": str(folder / name), "file_permissions_mode": 0o640},
        }
        for name in STORES
    }
    fill()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PG_BIN", str(devdb.cluster(test=True).programs))
        patch.setenv("DATABASE_URL", database.address(env.OWNER, clone))
        as_operator(clone)
        yield folder
    database.connect("default", env.STAFF, clone)


def fill() -> None:
    """A published decision, and a draft with a file for the public and a confidential one."""
    cast = assemble()
    paper = stages.sealed(cast)
    stages.publish(paper, cast.saba)
    draft: Paper = stages.draft(cast, part_two=True)
    approve(with_file(draft, cast.olu), cast.saba)
    with_confidential_file(draft, cast.olu, word(), "prices.docx")


def large() -> bytes:
    """A PDF that is larger than that, and cannot be packed smaller."""

    def change(document: pikepdf.Pdf) -> None:
        noise = document.make_stream(secrets.token_bytes(LARGE), Type=pikepdf.Name.XObject)
        noise.Subtype, noise.ColorSpace = pikepdf.Name.Image, pikepdf.Name.DeviceGray
        noise.Width, noise.Height, noise.BitsPerComponent = 1000, LARGE // 1000, 8
        document.pages[0].obj.Resources.XObject = pikepdf.Dictionary(Noise=noise)

    return pdf(change)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its place there."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_every_file_of_every_store_is_in_the_backup(
    stores: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("backup", str(tmp_path / "night"))
    kept = files(stores)
    assert {place.partition("/")[0] for place in kept} == {"restricted", "published"}
    assert {place.rpartition(".")[2] for place in kept} == {"pdf", "docx"}
    assert len(kept) == 5
    assert files(tmp_path / "night" / "files") == kept
    assert f"and 5 files into {tmp_path / 'night'}." in capsys.readouterr().out


def test_a_file_that_no_row_names_is_none_of_the_backups(stores: Path, tmp_path: Path) -> None:
    kept = files(stores)
    (stores / "restricted" / "left-behind.pdf").write_bytes(b"%PDF")
    call_command("backup", str(tmp_path / "night"))
    assert files(tmp_path / "night" / "files") == kept


def test_stores_that_are_kept_in_another_way_are_left_out(
    stores: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("backup", str(tmp_path / "night"), without_files=True)
    assert sorted(files(tmp_path / "night")) == ["countersign.dump", "manifest.json"]
    assert f"and 0 files into {tmp_path / 'night'}." in capsys.readouterr().out


def test_where_files_are_missing_what_there_is_is_kept_and_called_incomplete(
    stores: Path, tmp_path: Path
) -> None:
    kept = files(stores)
    lost, spoilt, *_ = sorted(kept)
    (stores / lost).unlink()
    (stores / spoilt).write_bytes(b"something else")
    with pytest.raises(CommandError) as refusal:
        call_command("backup", str(tmp_path / "night"))
    part = tmp_path / "night.incomplete"
    (lost_store, lost_name), (store, name) = lost.split("/"), spoilt.split("/")
    assert str(refusal.value).splitlines() == [
        (
            f"{part} is no whole backup: files that the database names are not there. Are DATA_DIR "
            "and the stores those of the service?"
        ),
        f"- The file {lost_name} is missing in the store {lost_store}.",
        f"- The file {name} in the store {store} is not as it was kept.",
    ]
    assert not (tmp_path / "night").exists()
    assert read_manifest(part).last_event > 0
    assert files(part / "files") == {
        place: content for place, content in kept.items() if place not in {lost, spoilt}
    }


def test_the_nightly_script_ends_with_1_and_keeps_what_there_is(
    stores: Path, tmp_path: Path
) -> None:
    lost = next(place for place in sorted(files(stores)) if place.startswith("published/"))
    (stores / lost).unlink()
    wanted = os.environ | {
        "COUNTERSIGN_BACKUPS": str(tmp_path / "nights"),
        "PYTHON": sys.executable,
        **{f"STORE_{name.upper()}": str(stores / name) for name in STORES},
    }
    ended = subprocess.run(
        ["sh", env.PROJECT / "deploy" / "backup.sh"],
        env=wanted,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert (
        f"- The file {lost.rpartition('/')[2]} is missing in the store published." in ended.stderr
    )
    (part,) = (tmp_path / "nights").iterdir()
    assert part.name.endswith("Z.incomplete")
    assert files(part / "files") == files(stores)


def test_a_backup_that_finds_no_room_for_a_file_is_none(
    clone: str, stores: Path, tmp_path: Path
) -> None:
    database.connect("default", env.STAFF, clone)
    paper = Paper.objects.get(has_part_two=True)
    with_confidential_file(paper, paper.officer, large(), "plan.pdf")
    as_operator(clone)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGE, before[1]))
    try:
        with pytest.raises(CommandError, match="cannot be written: File too large"):
            call_command("backup", str(tmp_path / "night"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [place.name for place in tmp_path.iterdir()] == ["stores"]
