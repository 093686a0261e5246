"""The same record gives the same bytes: on any day, in any process, whatever the machine has."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from approvals import documents
from approvals.documents import fonts
from tests import records
from tests.document_shapes import nested_lists, welsh
from tests.pdfs import rendered

if TYPE_CHECKING:
    from pathlib import Path

BUILDS = (records.pcd_1080, nested_lists, welsh)
SCRIPT = """
import hashlib, json, sys, django
django.setup()
from approvals import documents
from decisions.register.record import Record
pdfs = [documents.render(Record.from_json(text)) for text in json.load(sys.stdin)]
print(json.dumps([hashlib.sha256(pdf).hexdigest() for pdf in pdfs]))
print(json.dumps(documents.made_with()))
"""
HOST_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><alias binding="same"><family>Countersign Document</family>
<prefer><family>DejaVu Sans</family></prefer></alias></fontconfig>"""


@pytest.fixture(scope="module")
def expected() -> list[str]:
    """The digests of the documents as this process makes them."""
    made = [documents.render(build()) for build in BUILDS]
    assert made[0] == rendered(records.pcd_1080)  # and twice in one process
    return [hashlib.sha256(pdf).hexdigest() for pdf in made]


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LANG": "C", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LANG": "C.UTF-8", "FONTCONFIG_FILE": "none"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "FONTCONFIG_FILE": "host-fonts.conf"},
    ],
    ids=["bare", "without fonts", "with fonts of the machine that take our name"],
)
def test_every_process_gives_the_same_bytes(
    tmp_path: Path, expected: list[str], surroundings: dict[str, str]
) -> None:
    (tmp_path / "host-fonts.conf").write_text(HOST_FONTS)
    file = surroundings.get("FONTCONFIG_FILE")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LC_")},
        **surroundings,
        **({"FONTCONFIG_FILE": str(tmp_path / file)} if file else {}),
        "PYTHONPATH": str(settings.BASE_DIR),
        "HOME": str(tmp_path),
        "DATA_DIR": str(tmp_path),
        "PUBLIC_URL": settings.PUBLIC_URL,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps([build().to_json() for build in BUILDS]),
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    digests, made_with = (json.loads(line) for line in done.stdout.splitlines())
    assert digests == expected
    assert made_with == documents.made_with()


def test_what_a_document_was_made_with_is_written_down() -> None:
    said = documents.made_with()
    assert list(said) == [
        "format",
        "weasyprint",
        "pydyf",
        "fonttools",
        "segno",
        "pyhanko",
        "pango",
        "harfbuzz",
        "harfbuzz-subset",
        "fonts",
    ]
    assert said["weasyprint"] == version("weasyprint") == "70.0"
    assert said["pango"].count(".") == 2
    together = b"".join(fonts.read(name) for name in fonts.FACES)
    assert said["fonts"] == hashlib.sha256(together).hexdigest()


def test_another_record_gives_other_bytes() -> None:
    assert rendered(records.refused) != rendered(records.pcd_1080)
