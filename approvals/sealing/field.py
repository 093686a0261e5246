"""The field that the seal fills: made with the document, tagged, empty, on its last page.

An accessible document has no form field outside its structure tree, and a field that the library
adds by itself stands outside. The document is therefore made with its field, and only filled here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

FIELD: Final = "Seal"
FIELD_NAME: Final = "Electronic seal of this decision"


def is_there(reader: PdfFileReader) -> bool:
    """Whether a document has the empty field that a seal fills."""
    from pyhanko.sign.fields import enumerate_sig_fields

    return any(name == FIELD for name, _, _ in enumerate_sig_fields(reader, filled_status=False))
