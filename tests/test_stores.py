"""Where documents are kept: whole or not at all, by digest, in folders or in buckets."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from pytest_django.fixtures import Settings

from approvals.library import DocumentLost, StoreError, keep_file, publish_file, read_file
from config import env
from config.stores.bucket import BucketStore
from config.stores.folder import FolderStore
from decisions.register.stored import open_published

PDF: Final = b"%PDF-1.7 not a real one, and that is nothing to a store " * 200
DIGEST: Final = hashlib.sha256(PDF).hexdigest()
NAME: Final = f"{DIGEST}.pdf"
STORES: Final = ("restricted", "published", "archive")


@pytest.fixture
def folders(settings: Settings, tmp_path: Path) -> Path:
    """Every store as a folder of the test's own."""
    settings.STORAGES = settings.STORAGES | {
        name: {
            "BACKEND": "config.stores.folder.FolderStore",
            "OPTIONS": {"location": str(tmp_path / name), "file_permissions_mode": 0o640},
        }
        for name in STORES
    }
    return tmp_path


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3, on this machine."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def buckets(
    s3: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Any]]:
    """Every store as a bucket, as the environment of a service would have it."""
    monkeypatch.setenv("S3_ENDPOINT_URL", s3)
    monkeypatch.setenv("S3_REGION", "eu-west-2")
    client = boto3.client(
        "s3",
        endpoint_url=s3,
        region_name="eu-west-2",
        aws_access_key_id="maker",
        aws_secret_access_key="of buckets",
    )
    for name in STORES:
        client.create_bucket(
            Bucket=f"our-{name}", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
        )
        monkeypatch.setenv(f"STORE_{name.upper()}", f"s3://our-{name}/documents")
        monkeypatch.setenv(f"STORE_{name.upper()}_KEY", f"key-{name}")
        monkeypatch.setenv(f"STORE_{name.upper()}_SECRET", f"secret-{name}")
    settings.STORAGES = settings.STORAGES | env.private_stores()
    settings.STORAGES = settings.STORAGES | {"published": env.store("published")}
    yield {"client": client}
    for name in STORES:
        for found in client.list_objects_v2(Bucket=f"our-{name}").get("Contents", []):
            client.delete_object(Bucket=f"our-{name}", Key=found["Key"])
        client.delete_bucket(Bucket=f"our-{name}")
    client.close()


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("folders")
def test_a_document_is_kept_by_its_digest_and_read_back() -> None:
    keep_file("restricted", DIGEST, PDF)
    assert isinstance(storages["restricted"], FolderStore)
    assert read_file(DIGEST) == PDF
    publish_file(DIGEST)
    with storages["published"].open(NAME) as file:
        assert file.read() == PDF


def test_a_folder_holds_the_document_and_nothing_else(folders: Path) -> None:
    keep_file("restricted", DIGEST, PDF)
    keep_file("restricted", DIGEST, PDF)
    assert names(folders / "restricted") == [NAME]
    mode = stat.S_IMODE((folders / "restricted" / NAME).stat().st_mode)
    assert oct(mode) == oct(0o640)


def test_half_a_file_of_former_times_is_replaced(folders: Path) -> None:
    (folders / "restricted").mkdir()
    (folders / "restricted" / NAME).write_bytes(PDF[:100])
    with pytest.raises(DocumentLost):
        read_file(DIGEST)
    keep_file("restricted", DIGEST, PDF)
    assert read_file(DIGEST) == PDF
    assert names(folders / "restricted") == [NAME]


class Broken(BytesIO):
    """A file that breaks off in the middle."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(errno.EIO, "The other end hung up")
        return super().read(10)


def test_what_breaks_off_leaves_nothing(folders: Path) -> None:
    content = ContentFile(b"")
    content.file = Broken(PDF)
    content.size = len(PDF)
    with pytest.raises(OSError, match="hung up"):
        storages["restricted"].save(NAME, content)
    assert names(folders / "restricted") == []


# A process that may write no file larger than 4,000 bytes, as on a disk that is full.
FULL: Final = """
import os, resource, sys
import django
django.setup()
from approvals.library import StoreError, keep_file
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
try:
    keep_file("restricted", sys.argv[1], sys.stdin.buffer.read())
except StoreError as refusal:
    print(refusal.sentence)
"""


def test_a_full_disk_leaves_no_half_file_and_is_said(tmp_path: Path) -> None:
    def keep(content: bytes) -> str:
        done = subprocess.run(
            [sys.executable, "-c", FULL, hashlib.sha256(content).hexdigest()],
            cwd=env.PROJECT,
            env=os.environ
            | {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings.worker"},
            input=content,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode()

    assert keep(PDF) == (
        "The document was made but not kept, because there is no room left where documents are "
        "kept. Whoever runs the service has to make room.\n"
    )
    folder = tmp_path / "files" / "restricted"
    assert names(folder) == []
    assert keep(PDF[:1000]) == ""  # what fits is kept, so the limit was what refused the other
    assert names(folder) == [f"{hashlib.sha256(PDF[:1000]).hexdigest()}.pdf"]


def test_a_place_that_is_no_folder_is_said(folders: Path) -> None:
    (folders / "restricted").write_text("a file")
    with pytest.raises(StoreError) as refusal:
        keep_file("restricted", DIGEST, PDF)
    assert refusal.value.sentence == (
        "The document was made but not kept, because the place where documents are kept refused it "
        "or did not answer. Tell whoever runs the service."
    )


def test_a_bucket_keeps_the_same_bytes(buckets: dict[str, Any]) -> None:
    keep_file("restricted", DIGEST, PDF)
    assert isinstance(storages["restricted"], BucketStore)
    keep_file("restricted", DIGEST, PDF)
    publish_file(DIGEST)
    assert read_file(DIGEST) == PDF
    for name in ("restricted", "published"):
        (found,) = buckets["client"].list_objects_v2(Bucket=f"our-{name}")["Contents"]
        assert (found["Key"], found["Size"]) == (f"documents/{NAME}", len(PDF))
    assert "Contents" not in buckets["client"].list_objects_v2(Bucket="our-archive")


@pytest.mark.usefixtures("buckets")
def test_the_register_reads_a_document_out_of_a_bucket_and_checks_it() -> None:
    keep_file("published", DIGEST, PDF)
    file = open_published(DIGEST)
    assert file is not None
    assert file.read() == PDF
    file.close()
    storages["published"].save(NAME, ContentFile(PDF[:-1]))
    assert open_published(DIGEST) is None
    storages["published"].delete(NAME)
    assert open_published(DIGEST) is None


@pytest.mark.usefixtures("buckets")
def test_each_bucket_is_opened_with_a_credential_of_its_own() -> None:
    for name in STORES:
        store = storages[name]
        assert isinstance(store, BucketStore)
        assert store.access_key == f"key-{name}"


@pytest.mark.usefixtures("buckets")
def test_a_document_that_is_not_in_the_bucket_is_lost() -> None:
    assert not storages["restricted"].exists(NAME)
    with pytest.raises(DocumentLost, match="not among the files that were kept"):
        read_file(DIGEST)
    with pytest.raises(FileNotFoundError):
        storages["published"].open(NAME)


def test_a_bucket_that_is_not_there_is_said(buckets: dict[str, Any]) -> None:
    buckets["client"].delete_bucket(Bucket="our-restricted")
    with pytest.raises(StoreError, match="refused it or did not answer"):
        keep_file("restricted", DIGEST, PDF)
    buckets["client"].create_bucket(
        Bucket="our-restricted", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )


def test_a_server_that_is_not_there_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # and does not listen
        monkeypatch.setenv("S3_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("STORE_RESTRICTED", "s3://our-restricted")
        monkeypatch.setenv("STORE_RESTRICTED_KEY", "key")
        monkeypatch.setenv("STORE_RESTRICTED_SECRET", "secret")
        settings.STORAGES = settings.STORAGES | env.private_stores()
        with pytest.raises(StoreError, match="refused it or did not answer"):
            keep_file("restricted", DIGEST, PDF)
        with pytest.raises(DocumentLost, match="did not hand the signed document over"):
            read_file(DIGEST)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"STORE_RESTRICTED": "documents"}, "Set it to the full path of a folder"),
        ({"STORE_RESTRICTED": "s3://"}, "Give this store a bucket"),
        ({"STORE_RESTRICTED": "s3://our-restricted"}, "a credential of its own"),
        (
            {
                "STORE_RESTRICTED": "s3://our-restricted",
                "STORE_RESTRICTED_KEY": "one",
                "STORE_RESTRICTED_SECRET": "secret",
                "STORE_PUBLISHED_KEY": "one",
            },
            "STORE_RESTRICTED_KEY is the credential of the published documents too.",
        ),
    ],
)
def test_a_store_that_would_not_do_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.private_stores()
    assert sentence in str(refusal.value)


def test_the_public_process_is_told_of_no_store_but_its_own() -> None:
    program = "from config.settings import public; print(sorted(public.STORAGES))"
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=env.PROJECT,
        env=os.environ | {"COUNTERSIGN_ENV": "development"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "['published', 'staticfiles']\n"
