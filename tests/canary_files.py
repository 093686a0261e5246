"""Files to hand in with a word in each place where an author's word can stand, seen or not seen.

`planted_pdf` hides words where the rewriting for the public has to take them out; on its page it
says only what it is told to say.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Final

import pikepdf
from PIL import Image

from tests.upload_corpus import annotation, paragraph, pdf, word

# Tags of EXIF that hold text, as the standard numbers them.
_DESCRIPTION: Final = 0x010E
_ARTIST: Final = 0x013B

Say = Callable[[str], str]


def planted_pdf(say: Say, line: str) -> bytes:
    """A PDF that shows a line and a photograph; `say` gives the word for each hidden place."""

    def change(document: pikepdf.Pdf) -> None:
        with document.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:creator"] = [say("Xmp")]
        document.docinfo["/Author"] = say("Author")  # last: the line above writes it too
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(say("Bookmark"), 0))
        annotation(document, Subtype=pikepdf.Name.Text, Contents=pikepdf.String(say("Note")))
        page = document.pages[0].obj
        page.PieceInfo = pikepdf.Dictionary(X=pikepdf.String(say("Private")))
        page.Resources.XObject = pikepdf.Dictionary(P=_photograph(document, say))
        page.Contents = document.make_stream(
            f"/Span <</ActualText ({say('Behind')})>> BDC % {say('Aside')}\n"
            f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET EMC q 90 0 0 60 72 600 cm /P Do Q".encode()
        )

    return pdf(change)


def _photograph(document: pikepdf.Pdf, say: Say) -> pikepdf.Stream:
    """A JPEG as a camera writes it, with words in its EXIF and in its comment."""
    facts = Image.Exif()
    facts[_DESCRIPTION], facts[_ARTIST] = say("Exif"), say("Artist")
    file = BytesIO()
    picture = Image.new("RGB", (90, 60), (0, 94, 165))
    picture.save(file, "JPEG", exif=facts, comment=say("Beside").encode())
    return pikepdf.Stream(
        document,
        file.getvalue(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=90,
        Height=60,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )


def plain_pdf(line: str) -> bytes:
    """A PDF that shows a line, packed as a browser gets it."""

    def change(document: pikepdf.Pdf) -> None:
        shown = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET".encode()
        document.pages[0].obj.Contents = document.make_stream(shown)

    return pdf(change)


def plain_word(line: str) -> bytes:
    """A Word document that says a line."""
    return word(body=paragraph(f"<w:r><w:t>{line}</w:t></w:r>"))
