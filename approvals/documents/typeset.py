"""From HTML to PDF with WeasyPrint: tagged, reproducible, and cut off from everything else.

The same HTML gives the same bytes: fonts are packaged files, dates come from the HTML, and the
clock, the network and the disk are never asked.
"""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING, Any, Final

from approvals.documents import fonts
from approvals.documents.refusal import RenderingError

if TYPE_CHECKING:
    from io import BytesIO

    from weasyprint import Document

VARIANT: Final = "pdf/ua-1"
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


def pdf(html: str) -> bytes:
    """Typeset HTML. Raises RenderingError when anything is missing, foreign or out of order."""
    for name in fonts.FACES:
        fonts.read(name)
    with _one_at_a_time:
        return _write(html)


def _write(html: str) -> bytes:
    with warnings.catch_warnings():
        # A machine without any fonts of its own is as good as another: ours are packaged.
        warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError
    try:
        document = weasyprint.HTML(
            string=html, base_url=None, url_fetcher=_fetcher(), media_type="print"
        ).render(font_config=FontConfiguration(), pdf_variant=VARIANT)
        written = document.write_pdf(
            pdf_variant=VARIANT, pdf_identifier=True, finisher=_without_object_stream
        )
    except FatalURLFetchingError as error:
        raise RenderingError(
            "The document cannot be made because its text tries to load something from elsewhere. "
            "Take out pictures, frames and embedded files, and try again."
        ) from error
    except Exception as error:  # a typesetter's crash is a refusal, never half a file
        raise RenderingError(
            f"The document cannot be made: the typesetter stopped ({type(error).__name__}). "
            "Nothing was stored. Try again; if it happens twice, tell whoever runs the service."
        ) from error
    _refuse_foreign_fonts(document)
    _refuse_overflow(document)
    return bytes(written)


def _without_object_stream(document: Document, pdf: Any) -> None:
    """Have the objects written one by one, as PDF 1.4 did.

    WeasyPrint would put all of them into a single compressed stream, which pyHanko unpacks anew
    for each object: reading a document of 150 pages would take hours.
    """
    whole = pdf.write

    def write(output: BytesIO, version: bytes, identifier: object, compress: object) -> None:
        whole(output, version, identifier, compress=False)

    pdf.write = write


def _fetcher() -> Any:
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
        named = ", ".join(foreign) or "no font at all"
        raise RenderingError(
            f"The document cannot be made because some of its characters would need {named}, "
            "which is not one of its own fonts. Write those characters in words."
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
