"""PDF files: nothing that runs, and for the public nothing but what stands on the pages."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

import pikepdf

from decisions.uploads.active import leads_to_the_web, lying_on, name_of, refuse_active
from decisions.uploads.anew import DAMAGED, Anew, Nothing, text
from decisions.uploads.covering import refuse_covered
from decisions.uploads.drawing import Drawings
from decisions.uploads.kinds import Unfit
from decisions.uploads.layers import refuse_hidden_layers
from decisions.uploads.tags import WHOLE, Place, Tree, language, tags
from decisions.uploads.taken_out import taken_out

MOST_PAGES: Final = 2_000
MOST_OBJECTS: Final = 300_000
_END: Final = b"%%EOF"
_LINK: Final = ("/Rect", "/F", "/Border")
# All that a file may say of itself to whoever opens it; the rest is how its objects are found.
_TRAILER: Final = frozenset(
    {"/Root", "/ID", "/Size", "/Type", "/W", "/Index", "/Length", "/Filter", "/DecodeParms"}
)
_LABEL: Final = "Words in the numbering of its pages."
# What a document makes of pikepdf, and of our reading of it, when it is not built as it should be.
_ODD: Final = (
    *(pikepdf.PdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError),
    *(ArithmeticError, zlib.error, Nothing),
)


@dataclass(frozen=True)
class Rewritten:
    """A PDF as it may be shown to the public, and what it does not hold any more, as sentences."""

    public: bytes
    left_out: list[str]


@lru_cache(maxsize=1)  # of a file for the public it is asked twice in a row
def check(file: bytes) -> None:
    """Raise Unfit for a PDF that is damaged, locked, or holds what acts or another file."""
    with _looked_through(file):
        pass


def rewrite(file: bytes, title: str) -> bytes:
    """The PDF of `rewritten`, by itself."""
    return rewritten(file, title).public


def rewritten(file: bytes, title: str) -> Rewritten:
    """A PDF made anew from the pages of another, with its tags, its web links and this title.

    Nothing else comes over: not what the author's program said about itself and its author, nor
    bookmarks, attachments, scripts, forms, notes, thumbnails, private data, deleted pages, pictures
    that no page shows, tags of what is gone, or earlier versions of changed pages. Raises Unfit as
    `check` does, and for a document with layers that may be hidden, or with what lies over its
    pages and may hide something: what nobody saw would be seen.
    """
    check(file)
    with pikepdf.new() as target:
        pages, left_out = _make_of(file, target)
        try:
            with target.open_metadata(
                set_pikepdf_as_editor=False, update_docinfo=False
            ) as metadata:
                metadata["dc:title"] = title
            written = BytesIO()
            target.save(written, deterministic_id=True, linearize=False, min_version="1.7")
        except _ODD as error:
            raise Unfit(DAMAGED) from error
    public = written.getvalue()
    _look_back(public, pages)
    return Rewritten(public=public, left_out=left_out)


def _make_of(file: bytes, target: pikepdf.Pdf) -> tuple[int, list[str]]:
    """Make the document of a file; the number of its pages, and what was left out.

    On its own, so that nothing of the file is in memory any more while the document is written.
    """
    with _opened(file) as source:
        try:
            refuse_hidden_layers(source)
            refuse_covered(source)
            anew = Anew(source, target)
            _make(anew)
            return len(source.pages), taken_out(source, file, anew)
        except _ODD as error:
            raise Unfit(DAMAGED) from error


def _make(anew: Anew) -> None:
    """Make of the one document the other."""
    drawings = Drawings(anew)
    pages: dict[tuple[int, int], Place] = {}
    links: dict[tuple[int, int], Place] = {}
    for page in anew.source.pages:
        made, marks = drawings.page(page.obj)
        pages[page.obj.objgen] = Place(made, frozenset(marks), is_page=True)
        on_it = _links(anew, page.obj)
        if on_it:
            made.Annots = pikepdf.Array([place.made for place in on_it.values()])
            made.Tabs = pikepdf.Name.S  # links in the order of the tags, as PDF/UA asks
        links |= on_it
        anew.target.pages.append(pikepdf.Page(made))
    forms = {key: Place(made, frozenset(marks)) for key, (made, marks) in drawings.forms.items()}
    _furnish(anew, tags(Tree(anew, pages, forms, links)))


def _furnish(anew: Anew, root_of_tags: Any) -> None:
    root, made = anew.source.Root, anew.target.Root
    if root_of_tags is not None:
        made.StructTreeRoot = root_of_tags
        made.MarkInfo = pikepdf.Dictionary(Marked=True)
    with suppress(Nothing):
        made.Lang = language(root.get("/Lang"))
    if isinstance(root.get("/PageLabels"), pikepdf.Dictionary):
        made.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(_labels(anew)))
    made.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)


def _labels(anew: Anew) -> list[Any]:
    """How the pages are numbered, without words before the numbers."""
    kept: list[Any] = []
    for first, label in sorted(pikepdf.NumberTree(anew.source.Root.PageLabels).items()):
        if 0 <= first < len(anew.source.pages):
            kept += [first, anew.dictionary(label, ("/S", "/St"))]
            if "/P" in label:
                anew.left_out.add(_LABEL)
    return kept


def _links(anew: Anew, page: Any) -> dict[tuple[int, int], Place]:
    """The links of a page to the web, by the objects they were."""
    found: dict[tuple[int, int], Place] = {}
    for number, one in enumerate(lying_on(page)):
        if _is_web_link(one):
            made = anew.fields(one, _LINK, A=lambda action: _address(anew, action), Contents=text)
            made |= {"/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name.Link}
            place = Place(anew.target.make_indirect(pikepdf.Dictionary(made)), frozenset({WHOLE}))
            found[one.objgen if one.is_indirect else (-number - 1, page.objgen[0])] = place
    return found


def _address(anew: Anew, action: Any) -> pikepdf.Dictionary:
    return anew.dictionary(action, ("/S",), URI=text)


def _is_web_link(annotation: Any) -> bool:
    action = annotation.get("/A")
    return (
        name_of(annotation, "/Subtype") == "/Link"
        and isinstance(action, pikepdf.Dictionary)
        and name_of(action, "/S") == "/URI"
        and leads_to_the_web(action)
    )


def _look_back(public: bytes, pages: int) -> None:
    """Raise Unfit unless the new PDF holds as many pages as it shows, and is let in itself."""
    with _looked_through(public) as document:
        held = sum(name_of(one, "/Type") == "/Page" for one in _dictionaries_of(document))
        keys = {str(key) for key in document.trailer.keys()}  # noqa: SIM118 - not a mapping of Python's
        if not held == len(document.pages) == pages or not keys <= _TRAILER:
            raise Unfit(
                "The PDF could not be rewritten so that it holds nothing but its pages. Print it "
                "to a new PDF and upload that."
            )


def _dictionaries_of(document: pikepdf.Pdf) -> list[Any]:
    return [one for one in document.objects if isinstance(one, pikepdf.Dictionary)]


@contextmanager
def _looked_through(file: bytes) -> Iterator[pikepdf.Pdf]:
    """The document, when it may be let in."""
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
        except _ODD as error:
            raise Unfit(DAMAGED) from error  # such as a name that is no text
        yield document


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
    except _ODD as error:
        raise Unfit(DAMAGED) from error
    return document
