"""What makes an archive copy good: the published file, followed by nothing but newer time stamps.

An archive copy begins with the published file, byte for byte, and that part is judged as the
published file is. What follows may add proof (certificates, answers about revocation) and
document time stamps, of which the last covers every byte. The library's own comparison is not
asked: it takes minutes for long documents, fails on very long ones, and lets metadata change.

Pure, like the policy: no setting, no database and no network.
"""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from decisions.register.verify import policy
from decisions.register.verify.verdict import Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

# What a time stamp may change in the document's root, its form, and what it says of itself.
_ROOT: Final = frozenset({"/DSS", "/Extensions", "/AcroForm", "/Metadata"})
_FORM: Final = frozenset({"/Fields", "/SigFlags"})
_SAVING: Final = frozenset({"/ModDate", "/Producer"})
_FIELD: Final = frozenset(
    {"/FT", "/T", "/TU", "/V", "/Type", "/Subtype", "/F", "/Ff", "/P", "/Rect", "/AP", "/Parent"}
)
_DATES: Final = frozenset({"ModifyDate", "MetadataDate", "CreateDate", "Producer"})


def judge_archived(
    pdf: bytes, trust: tuple[Certificate, ...], tsa: tuple[Certificate, ...]
) -> Verdict:
    """Judge an archive copy: the verdict on the published file in it, unless what follows is bad.

    `trust` and `tsa` as for a published file. Starts an event loop. Whatever upsets the parser is
    a verdict too, and never "genuine".
    """
    try:
        return _judge(pdf, trust, tsa)
    except Exception:  # noqa: BLE001 - any way in which hostile bytes upset a parser is a "no"
        return verdict("unreadable")


def published_part(pdf: bytes) -> bytes:
    """The file that was published, with which an archive copy begins.

    Raises ValueError when there is none.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    signatures = list(PdfFileReader(BytesIO(pdf)).embedded_signatures)
    if not signatures or signatures[0].sig_object_type != "/Sig":
        raise ValueError("There is no seal in this file.")
    return pdf[: _end(signatures[0])]


def _judge(pdf: bytes, trust: tuple[Certificate, ...], tsa: tuple[Certificate, ...]) -> Verdict:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(pdf))
    signatures = list(reader.embedded_signatures)
    if not signatures:
        return verdict("no_seal")
    seal, *stamps = signatures
    sealed = policy.judge(pdf[: _end(seal)], trust, tsa)
    if not sealed.ok:
        return sealed
    if any(stamp.sig_object_type != "/DocTimeStamp" for stamp in stamps):
        return verdict("second_signature", sealed_bytes=_end(seal))
    if not stamps or _end(stamps[-1]) != len(pdf):
        return verdict("appended" if stamps else "time", sealed_bytes=_end(seal))
    if not all(asyncio.run(_holds(reader, pdf, stamp, tsa)) for stamp in stamps):
        return verdict("time", sealed_bytes=_end(seal))
    if not _only_proof_was_added(reader, pdf[: _end(seal)], stamps):
        return verdict("update", sealed_bytes=_end(seal))
    return sealed


def _end(signature: EmbeddedPdfSignature) -> int:
    _, _, after, rest = (int(number) for number in signature.byte_range)
    return after + rest


async def _holds(
    reader: PdfFileReader, pdf: bytes, stamp: EmbeddedPdfSignature, tsa: tuple[Certificate, ...]
) -> bool:
    """Whether a document time stamp covers all before it, and comes from whom we trust."""
    from pyhanko.sign.validation import async_validate_pdf_timestamp

    start, before, after, _ = (int(number) for number in stamp.byte_range)
    if start != 0 or not policy.is_the_seal(pdf[before:after], stamp.pkcs7_content):
        return False
    token = stamp.signed_data["encap_content_info"]["content"].parsed
    status = await async_validate_pdf_timestamp(
        stamp, policy.context(reader, tsa, token["gen_time"].native), skip_diff=True
    )
    return bool(status.intact and status.valid and status.trusted)


def _only_proof_was_added(
    reader: PdfFileReader, published: bytes, stamps: list[EmbeddedPdfSignature]
) -> bool:
    """Whether nothing that a reader sees or is told has changed since the seal."""
    from pyhanko.pdf_utils.reader import PdfFileReader as Reader

    sealed = Reader(BytesIO(published))
    fields = {stamp.sig_field.container_ref for stamp in stamps}
    return (
        all(_is_invisible(stamp) for stamp in stamps)
        and _said(sealed.root) == _said(reader.root)
        and all(
            _may_become(sealed, reader, reference, fields) for reference in _touched(sealed, reader)
        )
    )


def _touched(sealed: PdfFileReader, reader: PdfFileReader) -> Iterator[Any]:
    """The objects of the sealed document that were written anew, or taken out, since."""
    revisions = sealed.xrefs.total_revisions
    for later in range(revisions, reader.xrefs.total_revisions):
        section = reader.xrefs
        for reference in {
            *section.explicit_refs_in_revision(later),
            *section.refs_freed_in_revision(later),
        }:
            if section.get_historical_ref(reference, revisions - 1) is not None:
                yield reference


def _may_become(
    sealed: PdfFileReader, reader: PdfFileReader, reference: Any, fields: set[Any]
) -> bool:
    """Whether an object may have become what it is, by adding proof and nothing else."""
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject

    before, now = _object(sealed, reference), _object(reader, reference)
    if reference in _proof(sealed):
        return True
    if isinstance(before, ArrayObject):
        return isinstance(now, ArrayObject) and _only_more(before, now, fields)
    if not isinstance(before, DictionaryObject) or not isinstance(now, DictionaryObject):
        return False
    if reference == _reference(sealed.root, "/Metadata"):
        return True  # compared by what it says
    if isinstance(before, StreamObject) or isinstance(now, StreamObject):
        return False  # no need to write it anew, even unchanged
    changed = {key for key in {*before, *now} if _at(before, key) != _at(now, key)}
    if reference == sealed.root_ref:
        return changed <= _ROOT and _same_form(before, now, fields)
    if reference == _reference(sealed.root, "/AcroForm"):
        return changed <= _FORM and _more_fields(before, now, "/Fields", fields)
    if reference == _reference(sealed.trailer, "/Info"):
        return changed <= _SAVING
    if before.get("/Type") == "/Page":
        return changed <= {"/Annots"} and _more_fields(before, now, "/Annots", fields)
    return not changed


def _object(reader: PdfFileReader, reference: Any) -> Any:
    return reader.get_object(reference)  # type: ignore[no-untyped-call] # untyped upstream


def _same_form(before: Any, now: Any, fields: set[Any]) -> bool:
    """Whether the form in the root, where it stands there itself, has only more time stamps."""
    old, new = _at(before, "/AcroForm"), _at(now, "/AcroForm")
    if old == new:
        return True
    if not hasattr(old, "raw_get") or not hasattr(new, "raw_get"):
        return False
    changed = {key for key in {*old, *new} if _at(old, key) != _at(new, key)}
    return changed <= _FORM and _more_fields(old, new, "/Fields", fields)


def _more_fields(before: Any, now: Any, key: str, fields: set[Any]) -> bool:
    """Whether a list is the same reference, or itself has only more time stamps."""
    from pyhanko.pdf_utils.generic import ArrayObject

    old, new = _at(before, key), _at(now, key)
    if old == new:
        return True
    old = ArrayObject() if old is None else old
    return (
        isinstance(old, ArrayObject)
        and isinstance(new, ArrayObject)
        and _only_more(old, new, fields)
    )


def _only_more(before: Any, now: Any, fields: set[Any]) -> bool:
    old = [before.raw_get(i) for i in range(len(before))]
    new = [now.raw_get(i) for i in range(len(now))]
    return new[: len(old)] == old and all(
        getattr(one, "reference", None) in fields for one in new[len(old) :]
    )


def _is_invisible(stamp: EmbeddedPdfSignature) -> bool:
    """Whether the field of a time stamp shows nothing and does nothing."""
    field = stamp.sig_field
    return {*field} <= _FIELD and all(float(side) == 0 for side in field["/Rect"])


def _proof(sealed: PdfFileReader) -> set[Any]:
    """The store of certificates and answers about revocation, which may grow."""
    found = {_reference(sealed.root, "/DSS")}
    if "/DSS" in sealed.root:
        store = sealed.root["/DSS"]
        found |= {_reference(store, key) for key in ("/Certs", "/OCSPs", "/CRLs")}
    return found - {None}


def _said(root: Any) -> dict[str, Any]:
    """What a document says about itself, but for dates and who saved it."""
    if "/Metadata" not in root:
        return {}
    from pyhanko.pdf_utils.metadata.xmp_xml import MetadataStream

    read = MetadataStream(stream_data=root["/Metadata"].data)
    return {
        str(name): value
        for part in read.xmp
        for name, value in part
        if name.local_name not in _DATES
    }


def _at(holder: Any, key: str) -> Any:
    return holder.raw_get(key) if key in holder else None


def _reference(holder: Any, key: str) -> Any:
    return getattr(_at(holder, key), "reference", None)
