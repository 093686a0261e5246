"""Pages that fail with a confidential word in hand: no log, page, row or file tells it."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf
import pytest
from django.conf import settings

from decisions.models import Paper
from decisions.part_two.models import PartTwoFile
from tests import stages
from tests.cast import assemble
from tests.error_world import canary, files_with, tables_with
from tests.pdfs import strings
from tests.staff_process import Staff, staff_process
from tests.upload_corpus import GOOD, pdf, word
from tests.uploading import address, rows

CANARY: Final = canary()
TYPED: Final = canary()
SEARCHED: Final = canary()
# What a view, an answer and a template may die of, each with the word in all that an error carries.
FAULTS: Final = """
from django.http import StreamingHttpResponse
from decisions.part_two.models import PartTwo


def from_text(text):
    int(text)


def from_form(request):
    body, text = request.POST["body"], PartTwo.objects.get().body
    try:
        from_text(text)
    except ValueError as first:
        last = LookupError(body, text)
        last.add_note(text)
        raise last from first


def breaks_off(text):
    yield b"The first line.\\n"
    raise OSError(5, text, text)


class Faults:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, named):
        fault = request.headers.get("X-Fault", "")
        if fault in ("view", "form"):
            from_form(request) if fault == "form" else from_text(PartTwo.objects.get().body)
        if fault == "answer":
            text = PartTwo.objects.get().body
            return StreamingHttpResponse(breaks_off(text), content_type="text/plain")
        if fault == "warning":
            import warnings
            warnings.warn(PartTwo.objects.get().body)
        if fault == "thread":
            import threading
            text = PartTwo.objects.get().body
            dying = threading.Thread(target=from_text, args=[text])
            dying.start()
            dying.join()
"""
TEMPLATE: Final = """
<p>{{ text.body }}</p>
{% with fault=request.META.HTTP_X_FAULT %}
{% if fault == "filter" %}{{ text.body|divisibleby:text.body }}{% endif %}
{% if fault == "link" %}{% url text.body %}{% endif %}
{% if fault == "include" %}{% include text.body %}{% endif %}
{% endwith %}
"""
ROWS: Final = {"part_two"}
# What a page dies of, with the kind of the error; and what goes wrong beside an answer, with how
# that answer begins and what the log says.
FAILS: Final = {
    "view": "builtins.ValueError",
    "form": "builtins.LookupError",
    "filter": "builtins.ValueError",
    "link": "django.urls.exceptions.NoReverseMatch",
    "include": "django.template.exceptions.TemplateDoesNotExist",
}
BREAKS: Final = (
    ("answer", "The first line.", "builtins.OSError"),
    ("thread", "<!DOCTYPE html>", "A thread ended by an error."),
    ("warning", "<!DOCTYPE html>", "py.warnings said something at "),
)


@pytest.fixture
def paper(clone: str) -> Paper:
    """A draft with the word in its Part 2, and in no other table."""
    made = stages.draft(assemble(), part_two=True)
    stages.plant(made, body=CANARY)
    assert tables_with(CANARY, clone) == ROWS
    return made


@pytest.fixture
def staff(clone: str, paper: Paper, tmp_path: Path) -> Iterator[Staff]:
    """The staff process, in which much can be made to fail."""
    templates = tmp_path / "templates" / "part_two"
    templates.mkdir(parents=True)
    (templates / "form.html").write_text(TEMPLATE)
    with staff_process(
        clone, paper.officer, tmp_path, faults=FAULTS, STORE_RESTRICTED=str(tmp_path / "store")
    ) as running:
        yield running


def test_a_page_that_fails_tells_its_kind_and_place_alone(
    clone: str, staff: Staff, paper: Paper
) -> None:
    where = f"/papers/{paper.slug}/part-two/"
    status, page = staff.ask(where)
    assert (status, CANARY in page) == (200, True)
    for fault, kind in FAILS.items():
        before = staff.log.read_text()
        typed = {"body": TYPED} if fault == "form" else None
        status, page = staff.ask(f"{where}?q={SEARCHED}", typed, headers={"X-Fault": fault})
        assert (status, told_in(page)) == (500, []), fault
        assert kind in staff.log.read_text().removeprefix(before), fault
    nothing_told(clone, staff)


def test_an_answer_that_breaks_off_a_thread_and_a_warning_tell_no_more(
    clone: str, staff: Staff, paper: Paper
) -> None:
    where = f"/papers/{paper.slug}/?q={SEARCHED}"
    for fault, began, line in BREAKS:
        status, said = staff.ask(where, headers={"X-Fault": fault})
        assert (status, began.lower() in said.lower()) == (200, True), fault
        assert CANARY not in said
        assert line in staff.log.read_text()
    nothing_told(clone, staff)


def test_what_is_typed_into_a_form_that_fails_is_nowhere(
    clone: str, staff: Staff, paper: Paper
) -> None:
    """Among them a form that expired: it is shown to who typed it, and kept nowhere."""
    where = f"/papers/{paper.slug}/part-two/"
    for headers, code in (({"X-Fault": "form"}, 500), ({"Cookie": ""}, 403)):
        status, page = staff.ask(where, {"body": TYPED}, headers=headers)
        assert status == code
        assert CANARY not in page
    nothing_told(clone, staff)


def marked() -> bytes:
    """A PDF with the word on its page, in what it says of itself and in its bookmarks."""

    def change(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = document.docinfo["/Title"] = TYPED
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(TYPED, 0))
        shown = f"BT /F1 12 Tf 72 720 Td ({TYPED}) Tj ET"
        document.pages[0].obj.Contents = document.make_stream(shown.encode())

    return pdf(change)


def script() -> bytes:
    """The same with a script that runs when it is opened."""
    with pikepdf.open(BytesIO(marked())) as document:
        run = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(TYPED))
        document.Root.OpenAction = run
        file = BytesIO()
        document.save(file)
    return file.getvalue()


REFUSED: Final[dict[str, Callable[[], bytes]]] = {
    "pdf": script,
    "docx": lambda: word(body=f"<w:document>{TYPED}"),
    "xlsx": lambda: GOOD["good.docx"]() + TYPED.encode(),
    "txt": TYPED.encode,
}
FORCED: Final = (*FAILS, *BREAKS, *REFUSED)


def test_a_hostile_file_is_refused_without_its_name_or_a_word_of_it(
    clone: str, staff: Staff, paper: Paper, tmp_path: Path
) -> None:
    for ending, made in REFUSED.items():
        file = made()
        assert TYPED.encode() in file or TYPED.encode() in unpacked(file), ending
        assert upload(staff, paper, file, f"{TYPED}.{ending}") == 422
    nothing_kept(clone, staff, paper, tmp_path)


def test_a_file_whose_judge_dies_leaves_nothing(
    clone: str, staff: Staff, paper: Paper, tmp_path: Path
) -> None:
    with killing("decisions/uploads/child.py", staff.number) as killed:
        assert upload(staff, paper, marked(), f"{TYPED}.pdf") == 422
    assert killed != []
    assert (
        "No file can be looked into: uploads: it ended before it was ready" in staff.log.read_text()
    )
    nothing_kept(clone, staff, paper, tmp_path)


def test_a_file_that_finds_no_room_is_in_no_table_and_no_line(
    clone: str, staff: Staff, paper: Paper, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    assert upload(staff, paper, marked(), "a.pdf") == 302
    assert files_with(TYPED, tmp_path)  # which is what a store that works holds
    row = PartTwoFile.objects.get(paper=paper)
    where = f"/papers/{paper.slug}/part-two/files/{row.pk}/"
    shutil.rmtree(store)
    store.write_text("no folder")
    status, page = staff.ask(where)
    assert (status, "is not among those that were kept" in page) == (500, True)
    assert told_in(page) == []
    assert upload(staff, paper, marked() + b"\n", f"{TYPED}.pdf") == 422
    assert staff.ask(f"{where}remove/", {})[0] == 302
    nothing_kept(clone, staff, paper, tmp_path)


def upload(staff: Staff, paper: Paper, file: bytes, name: str) -> int:
    """Hand a confidential file in; the status of a page that does not tell the word."""
    where = address(paper, "add/")
    status, page = staff.hand_in(where, file, name, title="A case", audience="confidential")
    assert told_in(page) == []
    return status


def unpacked(file: bytes) -> bytes:
    """What the parts of an office file hold, or the strings of a PDF."""
    if file.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(file)) as whole:
            return b"".join(whole.read(part) for part in whole.namelist())
    return strings(file).encode()


@contextmanager
def killing(script: str, parent: int) -> Iterator[list[int]]:
    """Kill every process that runs a script below another, as soon as it appears."""
    over, killed = threading.Event(), list[int]()

    def look() -> None:
        while not over.wait(0.005):
            for number in descendants(parent):
                with suppress(OSError):
                    if script.encode() in Path(f"/proc/{number}/cmdline").read_bytes():
                        os.kill(number, signal.SIGKILL)
                        killed.append(number)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield killed
    finally:
        over.set()
        looking.join()


def descendants(number: int) -> list[int]:
    """The processes that a process started, and those that they did."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{number}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def told_in(page: str) -> list[str]:
    """Which of the words a page gives away."""
    return [each for each in (CANARY, TYPED, SEARCHED) if each in page]


def nothing_told(name: str, staff: Staff) -> None:
    """Expect each word in the log nowhere, and in the rows where it belongs alone."""
    assert told_in(staff.log.read_text()) == []
    assert [tables_with(each, name) for each in (CANARY, TYPED, SEARCHED)] == [ROWS, set(), set()]


def nothing_kept(name: str, staff: Staff, paper: Paper, folder: Path) -> None:
    """Expect besides that nothing of a file is kept."""
    nothing_told(name, staff)
    assert rows(paper) == 0
    assert files_with(TYPED, folder) == set()
    assert files_with(TYPED, Path(settings.DATA_DIR)) == set()
