"""The page on which anybody checks a document: what it answers, and what it never tells."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from approvals import sealing
from approvals.sealing import development
from decisions.register import shelf
from decisions.register.middleware import TAKES_IN
from decisions.register.verify.answers import TITLES
from tests import tampering
from tests.records import corrected, pcd_1080
from tests.register_world import Register, numbered, register
from tests.seal_world import small

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django.plugin import DjangoDbBlocker

DUE: Final = timedelta(days=30)


class World:
    """A register with a corrected decision and a deferred one, each with a sealed document."""

    def __init__(self, made: Register) -> None:
        self.register = made
        self.first, self.second, self.deferred = (sealing.seal(small()) for _ in range(3))
        self.elsewhere = sealing.seal(small())
        with made.staff():
            keep = [(pcd_1080(), self.first), (corrected(), self.second)]
            for record, pdf in keep:
                shelf.place(record, pdf_digest=_stored(pdf))
            shelf.place(
                numbered(2001, title="Nobody may know of this yet"),
                pdf_digest=_stored(self.deferred),
                not_before=datetime.now(UTC) + DUE,
            )

    def hand_in(self, pdf: bytes, name: str = "decision.pdf") -> HttpResponse:
        """The answer to somebody who hands in a file."""
        file = SimpleUploadedFile(name, pdf, "application/pdf")
        return cast("HttpResponse", self.register.client().post(TAKES_IN, {"document": file}))

    def ask(self, **question: str) -> HttpResponse:
        """The answer to a reference and a digest."""
        return cast("HttpResponse", self.register.client().get(TAKES_IN, question))


def _stored(pdf: bytes) -> str:
    digest = hashlib.sha256(pdf).hexdigest()
    storages["published"].save(f"{digest}.pdf", ContentFile(pdf))
    return digest


@pytest.fixture(scope="module")
def world(migrated: str, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    development.make_pair()
    with register(migrated, django_db_blocker) as made:
        yield World(made)


def shown(response: HttpResponse) -> str:
    """The words of the page's main part."""
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def heading(response: HttpResponse) -> str:
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode())
    assert len(found) == 1
    return str(found[0])


def links(response: HttpResponse) -> list[str]:
    body = response.content.decode()
    return re.findall(r'href="([^"]+)"', body[body.index("<main") : body.index("</main>")])


def test_the_page_offers_two_ways_and_leads_to_the_certificates(world: World) -> None:
    response = world.register.get("/verify/")
    assert (response.status_code, heading(response)) == (200, "Check a document")
    assert response.headers["Cache-Control"] == "no-store"
    words = shown(response)
    for part in (
        "Hand in the PDF",
        "Give the reference and the digest",
        "Check it with other software",
    ):
        assert part in words
    assert "/verify/certificates.pem" in links(response)
    with override_settings(ROOT_URLCONF="config.urls_public"):
        assert reverse("verify") == TAKES_IN


def test_every_page_leads_there_and_a_decision_to_its_own_answer(world: World) -> None:
    start = world.register.text("/")
    assert '<a class="govuk-link" href="/verify/">Check a document</a>' in start
    page = world.register.get("/decisions/pcd-1080/")
    (address,) = [link for link in links(page) if link.startswith("/verify/")]
    answer = world.register.get(html.unescape(address))
    assert (answer.status_code, heading(answer)) == (200, TITLES["published"])


# A file


def test_the_current_document_is_genuine_and_current(world: World) -> None:
    response = world.hand_in(world.second)
    assert (response.status_code, heading(response)) == (200, "Genuine and current")
    words = shown(response)
    assert "PCD 1080, edition 2" in words
    assert "Seal “Countersign development key – not for real decisions”" in words
    assert hashlib.sha256(world.second).hexdigest() in words
    assert "/decisions/pcd-1080/editions/2/" in links(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_an_earlier_document_is_genuine_and_leads_to_both(world: World) -> None:
    response = world.hand_in(world.first)
    assert heading(response) == "Genuine, but replaced by a later edition"
    assert "This is edition 1. Edition 2 replaced it on" in shown(response)
    assert {"/decisions/pcd-1080/", "/decisions/pcd-1080/editions/1/"} <= set(links(response))


def test_our_seal_on_a_file_that_is_not_published_is_not_genuine(world: World) -> None:
    response = world.hand_in(world.elsewhere)
    assert heading(response) == "Our seal, but not a document published here"
    assert "Do not take it for a published decision" in shown(response)


def test_a_deferred_document_is_told_from_no_other_unpublished_one(
    migrated: str, django_db_blocker: DjangoDbBlocker
) -> None:
    development.make_pair()
    with register(migrated, django_db_blocker) as made:
        world = World(made)
        # It is there, and would be known for what it is.
        assert made.deferred("pcd-2001").pdf_digest == hashlib.sha256(world.deferred).hexdigest()
        for change in (bytes, tampering.append, tampering.save_again):
            said = [
                re.sub(r"[0-9a-f]{64}|on \d+ \w+ 20\d\d at [^ ]+", "…", page)
                for page in (
                    shown(world.hand_in(change(world.deferred))),
                    shown(world.hand_in(change(world.elsewhere))),
                )
            ]
            assert said[0] == said[1]
            assert "2001" not in said[0]
        start = hashlib.sha256(world.deferred).hexdigest()[:16]
        assert heading(world.ask(reference="PCD 2001", digest=start)) == TITLES["no_match"]
        made.let_pass(DUE)
        assert heading(world.hand_in(world.deferred)) == TITLES["current"]
        assert heading(world.ask(reference="PCD 2001", digest=start)) == TITLES["published"]


def test_an_altered_document_is_told_how_and_what_it_was(world: World) -> None:
    response = world.hand_in(tampering.replace_page(world.second))
    assert heading(response) == "Altered after it was sealed"
    words = shown(response)
    assert "A page was replaced or changed after the document was sealed." in words
    assert "It was made from a document that is published here" in words
    assert "/decisions/pcd-1080/editions/2/" in links(response)


def test_a_document_changed_inside_is_altered_and_leads_nowhere_wrong(world: World) -> None:
    response = world.hand_in(tampering.flip_in_page(tampering.sealed()))
    assert heading(response) == "Altered after it was sealed"
    assert [link for link in links(response) if link.startswith("/decisions/pcd")] == []


@pytest.mark.parametrize("tamper", [tampering.fill_padding, tampering.small_letters_in_seal])
def test_what_no_signature_covers_is_not_genuine_either(world: World, tamper: Any) -> None:
    assert heading(world.hand_in(tamper(world.second))) == TITLES["altered"]


def test_other_files_are_not_ours_or_cannot_be_read(world: World) -> None:
    assert heading(world.hand_in(small())) == TITLES["not_ours"]
    response = world.hand_in(b"no document at all")
    assert (response.status_code, heading(response)) == (200, TITLES["unreadable"])


def test_without_a_certificate_the_digest_still_answers(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(SEAL_CERT_FILE="/nowhere", SEAL_TRUST_FILE=""):
        known, unknown = world.hand_in(world.second), world.hand_in(world.elsewhere)
        asked = world.ask(reference="PCD 1080", digest=hashlib.sha256(world.second).hexdigest())
        certificates = world.register.get("/verify/certificates.pem")
    assert heading(known) == TITLES["current"]
    assert "Its seal could not be judged at the moment." in shown(known)
    assert heading(unknown) == TITLES["not_judged"]
    assert heading(asked) == TITLES["published"]
    assert certificates.status_code == 404
    assert "There is no certificate to judge seals with. Set SEAL_TRUST_FILE" in caplog.text


def test_a_published_file_is_genuine_though_its_seal_is_trusted_no_more(
    world: World, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator hears of it; the reader is told what is certain."""
    with override_settings(
        SEAL_KEY_FILE=str(tmp_path / "key.pem"),
        SEAL_CERT_FILE=str(tmp_path / "certificate.pem"),
        SEAL_TRUST_FILE="",
    ):
        development.make_pair()
        response = world.hand_in(world.second)
    assert heading(response) == TITLES["current"]
    assert "Its seal could not be confirmed. The seal on this document is not ours." in shown(
        response
    )
    assert "The published document of PCD 1080, edition 2 is judged stranger." in caplog.text


def test_nothing_of_a_file_is_kept_or_logged(
    world: World, caplog: pytest.LogCaptureFixture, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = b"Quillfeather will go as low as that"
    pdf = tampering.updated(world.second, lambda writer: _note(writer, canary))
    assert canary in pdf
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = _files(settings.DATA_DIR)
    response = world.hand_in(pdf, name="Quillfeather.pdf")
    assert heading(response) == TITLES["altered"]
    assert _files(settings.DATA_DIR) == before
    assert _files(tmp_path) == []
    assert "Quillfeather" not in caplog.text + response.content.decode()


def _note(writer: Any, words: bytes) -> None:
    from pyhanko.pdf_utils import generic

    writer.root["/Quill"] = writer.add_object(generic.StreamObject(stream_data=words))
    writer.update_root()


def _files(folder: Any) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


# A reference and a digest


def test_the_digests_of_the_record_and_of_the_file_are_both_known(world: World) -> None:
    for record, pdf, title in (
        (pcd_1080(), world.first, "This is the digest of an edition that was replaced"),
        (corrected(), world.second, "This is the digest of the current edition"),
    ):
        for digest in (record.digest, hashlib.sha256(pdf).hexdigest()):
            response = world.ask(reference="PCD 1080", digest=digest)
            assert (response.status_code, heading(response)) == (200, title)


@pytest.mark.parametrize("reference", ["PCD 1080", "pcd-1080", " PCD1080 "])
@pytest.mark.parametrize(
    "written",
    [
        lambda digest: digest[:16],
        lambda digest: digest.upper(),
        lambda digest: " ".join(digest[at : at + 4] for at in range(0, 64, 4)),
        lambda digest: f" {digest[:32]}\n{digest[32:]} ",
        lambda digest: ":".join(digest[at : at + 2] for at in range(0, 64, 2)),
    ],
)
def test_a_digest_is_known_however_it_is_written(
    world: World, reference: str, written: Any
) -> None:
    response = world.ask(reference=reference, digest=written(corrected().digest))
    assert heading(response) == TITLES["published"]
    # A forger can copy a digest, and the code that leads here.
    assert "Anybody can copy a digest or a code onto another document." in shown(response)
    assert "Genuine" not in shown(response)


@pytest.mark.parametrize(
    "question",
    [
        {"reference": "PCD 1080", "digest": "0" * 64},
        {"reference": "PCD 9999", "digest": "0" * 64},
        {"reference": "PCD 1081", "digest": corrected().digest},
    ],
)
def test_what_does_not_match_is_said_so_in_one_way(world: World, question: dict[str, str]) -> None:
    response = world.ask(**question)
    assert (response.status_code, heading(response)) == (200, TITLES["no_match"])
    assert "This tells you nothing about why it is not." in shown(response)


@pytest.mark.parametrize(
    ("question", "faults"),
    [
        (
            {"reference": "PCD 1080"},
            {"digest": "Enter the digest, or at least its first 16 characters"},
        ),
        (
            {"digest": "0" * 64},
            {"reference": "Enter the reference of the decision, like PCD 1080"},
        ),
        (
            {"reference": "<b>", "digest": "0" * 15},
            {
                "reference": "Enter a reference of letters and a number, like PCD 1080",
                "digest": (
                    "A digest has 16 to 64 characters: the digits 0 to 9 and the letters a to f"
                ),
            },
        ),
        (
            {"reference": "PCD 1080", "digest": "g" * 64},
            {
                "digest": (
                    "A digest has 16 to 64 characters: the digits 0 to 9 and the letters a to f"
                )
            },
        ),
    ],
)
def test_what_cannot_be_understood_is_an_error_beside_its_field(
    world: World, question: dict[str, str], faults: dict[str, str]
) -> None:
    response = world.ask(**question)
    body = response.content.decode()
    assert response.status_code == 400
    assert "<title>Error: Check a document" in body
    for field in ("reference", "digest"):
        summary = f'<li><a href="#{field}">{faults.get(field)}</a></li>'
        assert (summary in body) is (field in faults)
        assert (f'id="{field}-error"' in body) is (field in faults)
        assert f'value="{html.escape(question.get(field, ""))}"' in body


def test_who_follows_a_document_gets_to_the_proof_in_the_log(world: World) -> None:
    """The address and the code on a document lead to this page."""
    by_digest = world.ask(reference="PCD 1080", digest=pcd_1080().digest)
    for answer in (by_digest, world.hand_in(world.second)):
        assert "/log/proof/pcd-1080.json" in links(answer)
    assert "/log/proof/" not in "".join(links(world.hand_in(world.elsewhere)))
