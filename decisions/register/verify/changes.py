"""Which kind of change was made to a document after it was sealed, where that can be told.

Only for a file whose sealed part is whole and is followed by more. Nothing here makes a file
genuine; a kind that cannot be told is "update".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

    from decisions.register.verify.verdict import Reason

# An update of more objects than this is not looked into.
MOST_OBJECTS: Final = 2000
# The gravest first: one update can do several things, and is called by the first of these.
GRAVEST: Final[tuple[Reason, ...]] = ("page", "annotation", "update", "metadata", "empty_update")
# What every program writes about itself when it saves a file.
SAVING: Final = frozenset({"/Producer", "/ModDate"})
SAVING_XMP: Final = frozenset({"Producer", "ModifyDate", "MetadataDate"})


def since(reader: PdfFileReader, revision: int, tail: bytes, signatures: int) -> Reason:
    """What happened after this revision was sealed; `tail` is what follows the sealed bytes."""
    if signatures > 1:
        return "second_signature"
    if reader.xrefs.total_revisions <= revision + 1 or b"startxref" not in tail:
        return "appended"
    try:
        found = _kinds(reader, revision)
    except Exception:  # noqa: BLE001 - whatever cannot be read was added, and that is said
        return "update"
    return next((kind for kind in GRAVEST if kind in found), "empty_update")


def _kinds(reader: PdfFileReader, revision: int) -> set[Reason]:
    touched = set()
    for later in range(revision + 1, reader.xrefs.total_revisions):
        touched |= set(reader.xrefs.explicit_refs_in_revision(later))
    if len(touched) > MOST_OBJECTS:
        return {"update"}
    kinds: set[Reason] = set()
    before = reader.get_historical_resolver(revision)
    for reference in touched:
        if reader.xrefs.get_historical_ref(reference, revision) is not None:
            sealed = before(reference)
            now = reader.get_object(reference)  # type: ignore[no-untyped-call] # untyped upstream
            kinds |= _difference(sealed, now)
    return kinds


def _difference(before: Any, now: Any) -> set[Reason]:
    """What became of an object that was sealed."""
    kind = str(before.get("/Type", "")) if hasattr(before, "get") else ""
    if kind == "/Metadata":
        return {"metadata"} if said(before) != said(now) else set()
    if not hasattr(before, "raw_get") or not hasattr(now, "raw_get"):
        return {"update"} if before != now else set()
    keys = {key for key in {*before, *now} if _value(before, key) != _value(now, key)}
    if kind in {"/Page", "/Pages"}:
        return {"annotation" if keys == {"/Annots"} else "page"} if keys else set()
    if kind == "/Catalog":
        return {"metadata" if key in {"/Metadata", "/Info"} else "update" for key in keys}
    if SAVING & {*before}:
        return {"metadata"} if keys - SAVING else set()
    if str(before.get("/Subtype", "")) in {"/Widget", "/Link", "/Text"} and "/Rect" in before:
        return {"annotation"} if keys else set()
    return (
        {"update"} if keys or getattr(before, "data", b"") != getattr(now, "data", b"") else set()
    )


def said(metadata: Any) -> dict[str, Any]:
    """What a stream of XMP says, but for what every program writes when it saves a file."""
    from pyhanko.pdf_utils.metadata.xmp_xml import MetadataStream

    return {
        str(name): value
        for part in MetadataStream(stream_data=metadata.data).xmp
        for name, value in part
        if name.local_name not in SAVING_XMP
    }


def _value(holder: Any, key: str) -> Any:
    return holder.raw_get(key) if key in holder else None
