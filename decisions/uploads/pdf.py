"""PDF files: nothing that runs, and for the public nothing but what stands on the pages."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import pikepdf

from decisions.uploads.active import dictionaries, leads_to_the_web, name_of, refuse_active
from decisions.uploads.kinds import Unfit
from decisions.uploads.layers import refuse_hidden_layers
from decisions.uploads.pictures import without_boxes, without_notes

MOST_PAGES: Final = 2_000
MOST_OBJECTS: Final = 300_000
_END: Final = b"%%EOF"
_DAMAGED: Final = "The PDF is damaged. Save it again and upload the new file."

# What is kept of a document for the public, and of each of its pages.
_ROOT_KEPT: Final = frozenset(
    {"/Type", "/Pages", "/StructTreeRoot", "/MarkInfo", "/Lang", "/PageLabels", "/Version"}
)
_PAGE_KEPT: Final = frozenset(
    {
        *("/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents"),
        *("/StructParents", "/Tabs", "/Group", "/Annots", "/UserUnit"),
    }
)
_LINK_KEPT: Final = frozenset(
    {"/Type", "/Subtype", "/Rect", "/A", "/F", "/Border", "/StructParent", "/Contents"}
)
_TAG_DROPPED: Final = ("/E", "/T", "/ID", "/AF")
_SAID_ASIDE: Final = (
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/ActualText",
    "/Alternates",
    "/OPI",
)
# Of what a page says of a passage while it draws it, only where the passage stands in the tags.
_MARKS: Final = frozenset({"BDC", "DP"})
_PHOTOGRAPHS: Final = {"/DCTDecode": without_notes, "/JPXDecode": without_boxes}


def check(file: bytes) -> None:
    """Raise Unfit for a PDF that is damaged, locked, or holds what acts or another file."""
    if file.rstrip(b"\r\n\0 ")[-len(_END) :] != _END:
        raise Unfit(
            "Something stands after the end of the PDF, or its end is missing. Save it again and "
            "upload the new file."
        )
    with _opened(file) as document:
        if len(document.objects) > MOST_OBJECTS or len(document.pages) > MOST_PAGES:
            raise Unfit(
                f"The PDF has more than {MOST_PAGES:,} pages or is built like it. Split it."
            )
        try:
            refuse_active(document)
        except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError) as error:
            raise Unfit(_DAMAGED) from error  # such as a name that is no text


def rewrite(file: bytes, title: str) -> bytes:
    """A PDF as it may be shown to the public: its pages, its tags, its web links and this title.

    Dropped: what the author's program said about itself and its author, bookmarks, attachments,
    scripts, forms, notes, thumbnails, private data, earlier versions of changed pages. Raises Unfit
    as `check` does, and for a document with hidden layers, whose meaning would change.
    """
    check(file)
    with _opened(file) as document:
        refuse_hidden_layers(document)
        for key in set(document.Root.keys()) - _ROOT_KEPT:
            del document.Root[key]
        del document.docinfo
        try:
            for page in document.pages:
                _strip_page(page.obj)
                page.obj.Contents = document.make_stream(_drawn(page))
            for thing in document.objects:
                _strip_object(thing)
        except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError) as error:
            raise Unfit(_DAMAGED) from error
        with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        written = BytesIO()
        document.save(written, deterministic_id=True, linearize=False)
    rewritten = written.getvalue()
    check(rewritten)
    return rewritten


def _opened(file: bytes) -> pikepdf.Pdf:
    try:
        document = pikepdf.open(BytesIO(file), attempt_recovery=False)
        if document.is_encrypted:
            document.close()
            raise Unfit("The PDF is locked. Save it without a password and upload it again.")
        len(document.pages)
    except pikepdf.PasswordError as error:
        raise Unfit(
            "The PDF is locked with a password. Save it without one and upload it again."
        ) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError) as error:
        raise Unfit(_DAMAGED) from error
    return document


def _strip_page(page: Any) -> None:
    for key in set(page.keys()) - _PAGE_KEPT:
        del page[key]
    if "/Annots" not in page:
        return
    kept = [one for one in page["/Annots"] if _is_web_link(one)]
    for link in kept:
        for key in set(link.keys()) - _LINK_KEPT:
            del link[key]
    page["/Annots"] = pikepdf.Array(kept)


def _is_web_link(annotation: Any) -> bool:
    action = annotation.get("/A")
    return (
        name_of(annotation, "/Subtype") == "/Link"
        and isinstance(action, pikepdf.Dictionary)
        and name_of(action, "/S") == "/URI"
        and leads_to_the_web(action)
    )


def _drawn(drawing: Any) -> bytes:
    """What a page or a drawing draws, without comments and without wording behind the wording."""
    kept = []
    for step in pikepdf.parse_content_stream(drawing):
        said: list[Any] = list(step.operands)
        if (
            str(step.operator) in _MARKS
            and len(said) == 2
            and isinstance(said[1], pikepdf.Dictionary)
        ):
            mark = said[1].get("/MCID")
            said[-1] = pikepdf.Dictionary() if mark is None else pikepdf.Dictionary(MCID=mark)
        kept.append((said, step.operator))
    return pikepdf.unparse_content_stream(kept)


def _strip_object(thing: Any) -> None:
    """Take from any object, and what stands in it, what says more than the page shows."""
    if isinstance(thing, pikepdf.Stream):
        if name_of(thing, "/Subtype") == "/Form":
            thing.write(_drawn(thing))
        else:
            _clean_picture(thing)
    for holder in dictionaries(thing):
        is_tag = "/S" in holder and "/P" in holder
        for key in (*(_TAG_DROPPED if is_tag else ()), *_SAID_ASIDE):
            if key in holder:
                del holder[key]


def _clean_picture(stream: Any) -> None:
    """Take from a photograph what was written beside it. Raises Unfit where that cannot be done."""
    found = stream.get("/Filter", pikepdf.Array())
    filters = [str(one) for one in (found if isinstance(found, pikepdf.Array) else [found])]
    cleaning = [_PHOTOGRAPHS[one] for one in filters if one in _PHOTOGRAPHS]
    if not cleaning:
        return
    if len(filters) > 1:
        raise Unfit(
            "A picture in the PDF is packed so that it cannot be cleaned. Print the document to a "
            "new PDF and upload that."
        )
    parameters = stream.get("/DecodeParms")
    clean = cleaning[0](stream.read_raw_bytes())
    stream.write(clean, filter=pikepdf.Name(filters[0]), decode_parms=parameters)
