"""The last look into a file before it is published: what it must have, and must not."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec
import pikepdf
import pytest
import weasyprint

from approvals.documents import scan
from tests import records
from tests.pdfs import attachment, rendered

if TYPE_CHECKING:
    from collections.abc import Callable

ALIEN = "It does not carry pcd-1080.json and nothing else."
ALTERED = "Its attachment pcd-1080.json is not the data of this decision."


def findings_after(change: Callable[[Any], None]) -> tuple[str, ...]:
    """What the scan says of a good document after a change to it."""
    with pikepdf.open(BytesIO(rendered(records.pcd_1080))) as opened:
        change(opened)
        saved = BytesIO()
        opened.save(saved)
    return scan.findings(saved.getvalue(), attached=attachment(records.pcd_1080()))


def test_a_document_of_ours_has_nothing_that_it_must_not_have() -> None:
    ours = attachment(records.pcd_1080())
    assert scan.findings(rendered(records.pcd_1080), attached=ours) == ()
    assert scan.findings(rendered(records.draft_of_pcd_1080, draft=True)) == ()
    assert findings_after(lambda _: None) == ()


def test_the_data_are_refused_where_none_belong() -> None:
    assert scan.findings(rendered(records.pcd_1080)) == ("It contains a file hidden inside it.",)


def test_the_data_of_another_decision_are_refused() -> None:
    other = msgspec.structs.replace(records.pcd_1080(), title="Another")
    found = scan.findings(rendered(records.pcd_1080), attached=attachment(other))
    assert found == (ALTERED,)


def test_a_document_without_its_data_is_refused() -> None:
    ours = attachment(records.pcd_1080())
    assert scan.findings(rendered(records.draft_of_pcd_1080, draft=True), attached=ours) == (ALIEN,)


def one_more_file(pdf: Any) -> None:
    pdf.attachments["more.txt"] = b"hidden"


def other_bytes(pdf: Any) -> None:
    pdf.Root.AF[0].EF.F.write(b"{}")


def another_name(pdf: Any) -> None:
    pdf.Root.AF[0].F = "harmless.exe"


def other_bytes_for_unix(pdf: Any) -> None:
    stream = pdf.make_stream(b"{}")
    pdf.Root.AF[0].EF.Unix = stream


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (one_more_file, ALIEN),
        (other_bytes, ALTERED),
        (another_name, ALIEN),
        (other_bytes_for_unix, ALTERED),
    ],
)
def test_every_other_file_is_refused(change: Callable[[Any], None], sentence: str) -> None:
    assert findings_after(change) == (sentence,)


def test_scripts_and_what_runs_by_itself_are_refused() -> None:
    def script(pdf: Any) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch))

    assert set(findings_after(script)) == {
        "It contains something that happens when it is opened (/OpenAction).",
        "It contains a script (/JavaScript).",
        "It contains a script (/JS).",
        "It contains something that happens while it is read (/AA).",
        "It contains something that starts a program (/Launch).",
    }


def laid_on_the_first_page(**said: Any) -> Callable[[Any], None]:
    """A change that lays an annotation on the first page."""

    def change(pdf: Any) -> None:
        made = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[0, 0, 9, 9], **said)
        noted = pdf.make_indirect(made)
        pdf.Root.Pages.Kids[0].Annots = pikepdf.Array([noted])
        pdf.Root.AcroForm.Fields.append(noted)

    return change


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"Subtype": "/Text"}, "It contains a note of the kind /Text."),
        ({"Subtype": "/FileAttachment"}, "It contains a note of the kind /FileAttachment."),
        ({"Subtype": "/Widget", "FT": "/Tx"}, "It contains a form to fill in."),
        (
            {"Subtype": "/Widget", "FT": "/Sig"},
            "It contains more fields than the one of its seal.",
        ),
    ],
)
def test_notes_and_further_fields_are_refused(said: dict[str, str], sentence: str) -> None:
    names = {entry: pikepdf.Name(name) for entry, name in said.items()}
    assert findings_after(laid_on_the_first_page(**names)) == (sentence,)


def test_what_an_ordinary_typesetter_leaves_in_is_found() -> None:
    tempting = weasyprint.HTML(
        string="<html lang=en><title>x</title><link rel=attachment href='data:text/plain,hidden'>"
        "<p id=named><a href='file:///etc/hostname'>x</a></p></html>"
    ).write_pdf(pdf_variant="pdf/ua-1")
    assert set(scan.findings(tempting)) == {
        "It contains a link to a file of the machine that made it.",
        "It contains named places, which show the names given while writing (/Dests).",
        "It contains a file hidden inside it.",
    }


def test_what_an_accessible_document_lacks_is_found() -> None:
    bare = weasyprint.HTML(string="<p>x</p>").write_pdf()
    assert scan.findings(bare) == (
        "It has no title.",
        "It does not say what language it is in.",
        "It is not tagged, so that a screen reader cannot find its way.",
        "It has no metadata.",
    )
    assert scan.findings(b"no document") == ("The file cannot be read as a PDF document.",)
