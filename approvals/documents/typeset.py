"""From HTML to PDF with WeasyPrint: accessible, archival, reproducible, cut off from all else.

One file is PDF/A-3a (2a where nothing is attached) and PDF/UA-1 at once, which WeasyPrint has no
option for. It is therefore driven by parts that it keeps to itself: its boxes, its marked content,
and the moment at which it would write its own tags. They may change with any release. So one
release is named here, any other is refused, and so is a document that is not as expected.

The same HTML gives the same bytes: fonts are packaged files, dates come from the HTML, and the
clock, the network, the disk and the fonts of the machine are never asked.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from approvals.documents import archival, fonts, seal_field, tags, tree
from approvals.documents.refusal import RenderingError, unexpected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weasyprint import Document

    from approvals.documents.archival import Attached

# The release whose private parts `tree`, `tags` and this module were written for.
WEASYPRINT: Final = "70.0"
# Our name of the colours meant by every number of red, green and blue.
_COLOURS: Final = "standard"
# Stands for the folder of packaged fonts. No other address can be loaded.
SCHEME: Final = "packaged:"

# Two threads typesetting at once are slower than one after the other, and Pango's font
# configuration is not made to be shared between them.
_one_at_a_time: Final = threading.Lock()


def face_rules() -> str:
    """The style sheet's font faces, one for each packaged file."""
    return "\n".join(
        f'@font-face {{ font-family: "{fonts.FAMILY}"; font-weight: {weight}; '
        f"font-style: {style}; src: url({SCHEME}{name}); }}"
        for name, (weight, style) in fonts.FACES.items()
    )


def pdf(html: str, *, attached: Attached | None = None) -> bytes:
    """Typeset HTML. Raises RenderingError when anything is missing, foreign or out of order.

    With a file attached it is PDF/A-3a, else PDF/A-2a; PDF/UA-1 in both cases. An empty element of
    the class "seal-field" on the last page becomes the field that the seal fills.
    """
    for name in fonts.FACES:
        fonts.read(name)
    weasyprint = _weasyprint()
    with _one_at_a_time:
        try:
            return _write(weasyprint, html, attached)
        except RenderingError:
            raise
        except weasyprint.urls.FatalURLFetchingError as error:  # no Exception, so caught by name
            raise RenderingError(
                "The document cannot be made because its text tries to load something from "
                "elsewhere. Take out pictures, frames and embedded files, and try again."
            ) from error
        except Exception as error:  # a typesetter's crash is a refusal, never half a file
            raise RenderingError(
                f"The document cannot be made: the typesetter stopped ({type(error).__name__}). "
                "Nothing was stored. Try again; if it happens twice, tell whoever runs the service."
            ) from error


def _write(weasyprint: Any, html: str, attached: Attached | None) -> bytes:
    variant = "pdf/a-3a" if attached else "pdf/a-2a"
    document = weasyprint.HTML(
        string=html, base_url=None, url_fetcher=fetcher(), media_type="print"
    ).render(font_config=fonts.configuration(), pdf_variant=variant, output_intent=_COLOURS)
    document.color_profiles[_COLOURS] = _colours()
    _refuse_foreign_fonts(document)
    _refuse_overflow(document)
    finish = _Finish(document, attached)
    with _tagged_by(finish.tag):
        written = document.write_pdf(
            pdf_variant=variant,
            pdf_identifier=True,
            output_intent=_COLOURS,
            finisher=finish.complete,
        )
    _refuse_foreign_fonts(document)
    return bytes(written)


def _weasyprint() -> Any:
    with warnings.catch_warnings():
        # A machine without any fonts of its own is as good as another: ours are packaged.
        warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
        import weasyprint
        import weasyprint.text.fonts
    if weasyprint.VERSION != WEASYPRINT:
        raise unexpected(
            f"it is written for WeasyPrint {WEASYPRINT} and this is {weasyprint.VERSION}"
        )
    return weasyprint


def _colours() -> Any:
    """The profile of sRGB. WeasyPrint would read the same file and leave it open."""
    from weasyprint.css import ColorProfile

    profile = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
    return ColorProfile(BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", ["r", "g", "b"])


class _Finish:
    """What is done to a document in place of WeasyPrint's own tags, and after all the rest."""

    def __init__(self, document: Document, attached: Attached | None) -> None:
        self._attached = attached
        self._field: Any = None
        self._tagged = False
        part = 3 if attached else 2
        about = document.metadata
        about.generate_rdf_metadata = lambda *_: archival.metadata(about, part=part)

    def tag(self, pdf: Any, document: Document, version: object, streams: list[Any]) -> None:
        """Tag the document, and put the field of the seal among its tags."""
        read = tree.read(document.pages, [stream._tags for stream in streams])  # noqa: SLF001 - see the top
        self._field = seal_field.place(pdf, document, read)
        tags.write(pdf, document, read, streams)
        self._tagged = True

    def complete(self, document: Document, pdf: Any) -> None:
        """Attach the data, and set what WeasyPrint has set otherwise."""
        if not self._tagged:
            raise unexpected("it was not tagged")
        if self._attached:
            archival.attach(pdf, self._attached)
        if self._field is not None:
            seal_field.lock(self._field)
        archival.leave_metadata_readable(pdf)
        _write_without_object_stream(pdf)


@contextmanager
def _tagged_by(ours: Any) -> Iterator[None]:
    """Have a document tagged by us. WeasyPrint names its own way in one place only."""
    from weasyprint import pdf as module

    theirs = module.add_tags
    module.add_tags = ours
    try:
        yield
    finally:
        module.add_tags = theirs


def _write_without_object_stream(pdf: Any) -> None:
    """Have the objects written one by one, as PDF 1.4 did.

    WeasyPrint would put all of them into a single compressed stream, which pyHanko unpacks anew
    for each object: reading a document of 150 pages would take hours.
    """
    whole = pdf.write

    def write(output: BytesIO, version: bytes, identifier: object, compress: object) -> None:
        whole(output, version, identifier, compress=False)

    pdf.write = write


def fetcher() -> Any:
    """A fetcher that knows the packaged fonts and refuses every other address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class PackagedOnly(URLFetcher):  # type: ignore[misc] # WeasyPrint comes without types
        """Loads `packaged:` font files; anything else stops the rendering."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if not url.startswith(SCHEME):
                raise ValueError("Only packaged fonts may be loaded.")
            name = url.removeprefix(SCHEME)
            return URLFetcherResponse(url, fonts.read(name), {"Content-Type": "font/ttf"})

    return PackagedOnly(fail_on_errors=True)


def _refuse_foreign_fonts(document: Document) -> None:
    """Raise RenderingError when a glyph came from a font that is not ours, or from none."""
    used = {font.family for font in document.fonts.values()}
    foreign = sorted(used - {fonts.FAMILY})
    missing = {char for font in document.fonts.values() for char in (font.missing or ())}
    if foreign or missing:
        named = " and ".join([*foreign, *sorted(f"“{char}”" for char in missing)])
        raise RenderingError(
            "The document cannot be made because some of its characters are in none of its own "
            f"fonts ({named}). Write those characters in words."
        )


def _refuse_overflow(document: Document) -> None:
    """Raise RenderingError when text runs off a page, where nobody would read what was signed."""
    for number, page in enumerate(document.pages, 1):
        for box in page._page_box.descendants():  # noqa: SLF001 - WeasyPrint has no other way to ask
            if getattr(box, "text", "") and box.position_x + box.width > page.width + 1:
                raise RenderingError(
                    f"The document cannot be made because something on page {number} is wider than "
                    "the page, most likely a table. Split it into tables of fewer columns."
                )
