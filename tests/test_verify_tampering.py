"""The policy of the seal, against every way of tampering that we know and some by chance.

The document is a real one, sealed with the key of this test run.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto.x509 import Certificate as Asn1Certificate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from decisions.register.verify.policy import MOST_PAGES, judge
from decisions.register.verify.trust import trusted
from decisions.register.verify.verdict import SAID
from tests import tampering
from tests.seal_world import small
from tests.signers import certificate, der, signed, stamped

if TYPE_CHECKING:
    from collections.abc import Callable

    from decisions.register.verify.verdict import Verdict

pytestmark = pytest.mark.usefixtures("seal_key")


@pytest.fixture
def sealed(seal_key: None) -> bytes:
    """A real document as it was sealed."""
    return tampering.sealed()


def judged(pdf: bytes) -> Verdict:
    """The verdict by the certificates that seal in this test run."""
    return judge(pdf, trusted().seals)


def test_a_document_as_it_was_sealed_is_genuine(sealed: bytes) -> None:
    verdict = judged(sealed)
    assert (verdict.kind, verdict.ok, verdict.reason) == ("genuine", True, "whole")
    assert verdict.sealed_bytes == len(sealed)
    assert verdict.signer == "Countersign development key – not for real decisions"
    assert verdict.sealed_at is not None
    assert verdict.sealed_at.tzinfo == UTC
    assert verdict.sentence.startswith("Nothing in this document has changed since it was sealed ")


@pytest.mark.parametrize(
    ("tamper", "reasons"),
    [
        (tampering.flip_in_page, {"content"}),
        # Every seal has its own bytes, and what a flipped digit hits decides how it fails.
        (tampering.flip_in_seal, {"seal", "content", "damaged", "stranger"}),
        (tampering.fill_padding, {"seal"}),
        (tampering.small_letters_in_seal, {"seal"}),
        (tampering.hide_in_the_gap, {"hidden"}),
        (tampering.damage_end, {"damaged"}),
        (tampering.cut, {"damaged"}),
        (tampering.append, {"appended"}),
        (tampering.append_a_space, {"appended"}),
        (tampering.replace_page, {"page"}),
        (tampering.annotate, {"annotation"}),
        (tampering.replace_metadata, {"metadata"}),
        (tampering.hide_pages, {"update"}),
        (tampering.save_again, {"empty_update"}),
        (tampering.resave, {"saved_anew"}),
    ],
)
def test_tampering_is_found_and_called_by_its_name(
    sealed: bytes, tamper: Callable[[bytes], bytes], reasons: set[str]
) -> None:
    changed = tamper(sealed)
    assert changed != sealed
    verdict = judged(changed)
    assert verdict.reason in reasons
    assert (verdict.ok, verdict.signer, verdict.sealed_at) == (False, "", None)
    assert (verdict.kind, verdict.sentence) == SAID[verdict.reason]
    assert verdict.kind == ("not_ours" if verdict.reason == "stranger" else "altered")


@pytest.mark.parametrize(
    "tamper",
    [
        tampering.append,
        tampering.append_a_space,
        tampering.replace_page,
        tampering.annotate,
        tampering.replace_metadata,
        tampering.hide_pages,
        tampering.save_again,
    ],
)
def test_what_was_only_added_to_still_tells_which_document_it_was(
    sealed: bytes, tamper: Callable[[bytes], bytes]
) -> None:
    changed = tamper(sealed)
    assert changed[: judged(changed).sealed_bytes] == sealed


@pytest.mark.parametrize(
    "tamper", [tampering.append, tampering.save_again, tampering.hide_in_the_gap]
)
def test_the_library_alone_would_have_been_deceived(
    sealed: bytes, tamper: Callable[[bytes], bytes]
) -> None:
    """The reason for a policy of our own. When this fails, the library has become stricter."""
    reader = PdfFileReader(BytesIO(tamper(sealed)))
    (found,) = reader.embedded_signatures
    ours = [Asn1Certificate.load(der(one)) for one in trusted().seals]
    context = ValidationContext(trust_roots=ours, allow_fetching=False)
    status = validate_pdf_signature(found, signer_validation_context=context)
    assert status.bottom_line is True
    assert (status.coverage == SignatureCoverageLevel.ENTIRE_FILE) is (
        tamper is tampering.hide_in_the_gap
    )


def test_padding_behind_the_seal_changes_the_digest_too(sealed: bytes) -> None:
    """No signature covers it. What is stored of a published file is the second wall."""
    changed = tampering.fill_padding(sealed)
    assert hashlib.sha256(changed).digest() != hashlib.sha256(sealed).digest()


def test_a_document_cut_short_anywhere_is_never_genuine(sealed: bytes) -> None:
    kinds = {judged(sealed[: len(sealed) * part // 50]).kind for part in range(50)}
    assert kinds <= {"altered", "unreadable"}
    assert judged(sealed[: tampering.seal_at(sealed)[1]]).reason == "damaged"


def test_what_is_no_sealed_document_is_told_apart() -> None:
    assert judged(b"").reason == "unreadable"
    assert judged(b"no document").reason == "unreadable"
    assert judged(b"%PDF-1.7\n").reason == "unreadable"
    assert judged(b"%PDF-1.7\n%%EOF").kind == "unreadable"
    verdict = judged(small())
    assert (verdict.kind, verdict.sentence) == ("not_ours", "This document carries no seal.")


def test_more_pages_than_a_paper_can_have_are_not_read(sealed: bytes) -> None:
    """The count of pages is believed only in this one direction."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        from pyhanko.pdf_utils import generic

        writer.root["/Pages"]["/Count"] = generic.NumberObject(MOST_PAGES + 1)  # type: ignore[no-untyped-call] # untyped upstream
        writer.update_container(writer.root["/Pages"])

    assert judged(tampering.updated(sealed, change)).reason == "too_much"


def test_judging_works_where_an_event_loop_is_running(sealed: bytes) -> None:
    async def inside() -> bool:
        return judged(sealed).ok

    assert asyncio.run(inside()) is True


@given(data=st.data())
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_change_by_chance_is_genuine(sealed: bytes, data: Any) -> None:
    """Bytes flipped, put in, taken out and doubled, anywhere but in the digits of the seal."""
    start, end = tampering.seal_at(sealed)
    place = st.one_of(st.integers(0, start - 1), st.integers(end, len(sealed) - 1))
    changed = sealed
    for _ in range(data.draw(st.integers(1, 3))):
        at, size = data.draw(place), data.draw(st.integers(1, 40))
        what = data.draw(st.sampled_from(["flip", "insert", "delete", "double"]))
        if what == "flip":
            bit = 1 << data.draw(st.integers(0, 7))
            changed = changed[:at] + bytes([changed[at] ^ bit]) + changed[at + 1 :]
        elif what == "insert":
            changed = changed[:at] + data.draw(st.binary(min_size=1, max_size=40)) + changed[at:]
        elif what == "delete":
            changed = changed[:at] + changed[at + size :]
        else:
            changed = changed[:at] + changed[at : at + size] * 2 + changed[at + size :]
    if changed != sealed:
        assert judged(changed).ok is False


@given(at=st.integers(0, 2000), digit=st.sampled_from("0123456789ABCDEF"))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_digit_of_the_seal_upsets_the_judge(sealed: bytes, at: int, digit: str) -> None:
    """Some of them no signature covers; then the digest of the file is what decides."""
    place = tampering.seal_at(sealed)[0] + 1 + at
    changed = sealed[:place] + digit.encode() + sealed[place + 1 :]
    assert judged(changed).kind in {"genuine", "altered", "not_ours", "unreadable"}


# Others who sign


def bare() -> bytes:
    return small(with_field=False)


def test_a_stranger_who_calls_himself_by_our_name_is_not_us() -> None:
    ours, theirs = certificate("us", "The office"), certificate("stranger", "The office")
    assert judge(signed(bare(), "us", ours), (ours,)).ok is True
    verdict = judge(signed(bare(), "stranger", theirs), (ours,))
    assert (verdict.kind, verdict.reason) == ("not_ours", "stranger")
    assert verdict.sentence == "The seal on this document is not ours."


def test_somebody_else_with_a_certificate_of_our_issuer_is_not_us() -> None:
    """A public authority issues certificates to many: the root alone proves nothing."""
    root = certificate("root", "An authority")
    ours = certificate("us", "The office", "An authority")
    theirs = certificate("stranger", "The office", "An authority")
    verdict = judge(signed(bare(), "us", ours), (ours, root))
    assert (verdict.ok, verdict.signer) == (True, "The office")
    assert judge(signed(bare(), "stranger", theirs), (ours, root)).reason == "stranger"


def test_our_certificate_on_a_seal_by_another_key_is_a_broken_seal() -> None:
    ours = certificate("us", "The office")
    verdict = judge(signed(bare(), "stranger", ours), (ours,))
    assert (verdict.kind, verdict.reason) == ("altered", "seal")


def test_a_document_stays_genuine_when_its_certificate_has_run_out() -> None:
    ended = certificate("old", "The office before", days=-10)
    assert ended.not_valid_after_utc < datetime.now(UTC)
    verdict = judge(signed(bare(), "old", ended, days_ago=15), (ended,))
    assert (verdict.ok, verdict.signer) == (True, "The office before")
    # Before it began and after it had ended, by the seal's own word, it is nobody's seal.
    for days_ago in (0, 9, 21):
        late = signed(bare(), "old", ended, days_ago=days_ago)
        assert judge(late, (ended,)).reason == "stranger"


def test_who_is_not_trusted_any_more_is_a_stranger() -> None:
    ours, later = certificate("us", "The office"), certificate("later", "The office")
    sealed_then = signed(bare(), "us", ours)
    assert judge(sealed_then, (later, ours)).ok is True
    assert judge(sealed_then, (later,)).reason == "stranger"


def test_a_signature_that_allows_changes_is_not_our_seal() -> None:
    ours = certificate("us", "The office")
    plain = signed(bare(), "us", ours, certify=False)
    loose = signed(bare(), "us", ours, docmdp_permissions=MDPPerm.FILL_FORMS)
    for pdf in (plain, loose):
        verdict = judge(pdf, (ours,))
        assert (verdict.kind, verdict.reason) == ("not_ours", "loose")


def test_a_second_signature_is_refused_even_with_our_own_key() -> None:
    ours = certificate("us", "The office")
    loose = signed(bare(), "us", ours, docmdp_permissions=MDPPerm.FILL_FORMS)
    verdict = judge(signed(loose, "us", ours, "Second", certify=False), (ours,))
    assert (verdict.kind, verdict.reason) == ("altered", "second_signature")


def test_metadata_replaced_under_a_time_stamp_that_we_trust_is_found() -> None:
    """The library calls this an archive copy and says yes; no published document is stamped so."""
    ours, clock = certificate("us", "The office"), certificate("clock", "Time")
    changed = tampering.replace_metadata(signed(bare(), "us", ours))
    verdict = judge(stamped(changed, clock), (ours,), (clock,))
    assert (verdict.kind, verdict.reason) == ("altered", "second_signature")
