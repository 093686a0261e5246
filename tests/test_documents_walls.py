"""What cannot get into a document: other files, other addresses, other fonts, hidden things."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import msgspec
import pytest
import weasyprint
from django.conf import settings

from approvals import documents
from approvals.documents import blocks, fonts, scan, typeset
from decisions.register.record import Block, Reference
from tests import awkward_records, records
from tests.pdfs import attachment, strings, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import Settings

CANARY = "canary-in-a-file-nobody-may-read"


class Tempter:
    """A web server on this machine that notes whatever is asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"<svg xmlns='http://www.w3.org/2000/svg'/>")

            def log_message(self, *_: object) -> None:
                """Say nothing to the terminal."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def tempter() -> Iterator[Tempter]:
    """The server, running."""
    made = Tempter()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def hostile(address: str, file: Path) -> str:
    """HTML that tries to load an address and a file by every way that the typesetter knows."""
    return (
        f"<script src='{address}/script'></script>"
        f"<style>@import url({address}/import); p {{ background: url({address}/style) }}</style>"
        f"<link rel='stylesheet' href='{address}/link'>"
        f"<link rel='attachment' href='{file.as_uri()}'>"
        f"<img src='{address}/img' alt='x'><object data='{address}/object'></object>"
        f"<embed src='{address}/embed'><iframe src='{address}/frame'></iframe>"
        f"<p style='background: url({address}/inline)' onclick='x()' id='named-by-the-writer'>read "
        f"<a href='{file.as_uri()}'>me</a> and <a href='relative/path'>me</a></p>"
    )


def test_hostile_markup_in_the_record_loads_nothing(tmp_path: Path, tempter: Tempter) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    markup = hostile(tempter.address, secret)

    # The bait works: left alone, the typesetter takes the address and the file.
    unguarded = weasyprint.HTML(string=markup).write_pdf()
    assert {"/import", "/link", "/img", "/object", "/embed", "/inline"} <= set(tempter.asked)
    assert CANARY in strings(unguarded)
    tempter.asked.clear()

    record = awkward_records.with_sections(
        records.section(1, f"Heading {markup}", markup),
    )
    section = record.sections[0]
    block = Block(kind="table", html=f"<table><tr><td>{markup}</td></tr></table>")
    record = msgspec.structs.replace(
        record,
        title=f"Title {markup}",
        sections=(msgspec.structs.replace(section, blocks=(*section.blocks, block)),),
    )
    pdf = documents.render(record)
    assert tempter.asked == []
    assert CANARY not in strings(pdf)
    assert scan.findings(pdf, attached=attachment(record)) == ()
    assert "1.1 read me and me" in text(pdf)


@pytest.mark.parametrize("way", ["img", "style", "attachment", "frame", "import"])
def test_the_typesetter_itself_refuses_every_address(
    tmp_path: Path, tempter: Tempter, way: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    ways = {
        "img": f"<img src='{tempter.address}/img' alt='x'>",
        "style": f"<p style='background: url({tempter.address}/style)'>x</p>",
        "attachment": f"<link rel='attachment' href='{secret.as_uri()}'><p>x</p>",
        "frame": f"<img src='{secret.as_uri()}' alt='x'>",
        "import": f"<style>@import url({tempter.address}/import);</style><p>x</p>",
    }
    html = f'<html lang="en"><title>x</title><body>{ways[way]}</body></html>'
    with pytest.raises(documents.RenderingError) as refusal:
        typeset.pdf(html)
    assert refusal.value.sentence == (
        "The document cannot be made because its text tries to load something from elsewhere. "
        "Take out pictures, frames and embedded files, and try again."
    )
    assert tempter.asked == []


def test_no_name_path_or_relative_link_of_ours_is_in_the_file() -> None:
    record = msgspec.structs.replace(
        awkward_records.rich_text(),
        supporting_documents=(Reference(title="Ours", address="/media/secret-name.pdf"),),
    )
    # The data attached are the register's own, in which the address stands as it was given.
    data = record.to_json().encode().decode("latin-1")
    found = strings(documents.render(record))
    assert data in found
    found = found.replace(data, "")
    assert "https://decisions.example/options" in found
    assert "secret-name" in data
    assert "secret-name" not in found
    assert "file:" not in found
    assert str(settings.BASE_DIR) not in found
    assert "/Dests" not in found


def test_only_links_that_lead_somewhere_from_anywhere_survive() -> None:
    assert blocks.clean(
        '<a href="https://a.example" id="x" onclick="y">a</a><a href="/b">b</a>'
        '<a href="javascript:c()">c</a><a href="mailto:d@e.example">d</a>'
    ) == ('<a href="https://a.example">a</a><a>b</a><a>c</a><a href="mailto:d@e.example">d</a>')


def test_rows_of_unequal_length_are_filled_up() -> None:
    block = Block(
        kind="table",
        html="<table><thead><tr><th>A</th><th>B</th></tr></thead>"
        "<tbody><tr><td>1</td></tr><tr><td>2</td><td>£3</td></tr></tbody></table>",
    )
    (table,) = blocks.printed([block], under=3)
    assert table.html == (
        '<table><thead><tr><th class="figure" scope="col">A</th>'
        '<th class="figure" scope="col">B</th></tr></thead>'
        '<tbody><tr><td class="figure">1</td><td class="figure"></td></tr>'
        '<tr><td class="figure">2</td><td class="figure">£3</td></tr></tbody></table>'
    )


def test_a_missing_font_is_refused_in_a_sentence(settings: Settings, tmp_path: Path) -> None:
    settings.DOCUMENT_FONTS = tmp_path
    with pytest.raises(documents.RenderingError) as refusal:
        documents.render(records.pcd_1080())
    assert refusal.value.sentence == (
        "The document cannot be made because the font file SourceSans3_400Regular.ttf is missing. "
        "Run the project’s set-up again: it brings the fonts."
    )


def test_a_damaged_font_is_refused_in_a_sentence(settings: Settings, tmp_path: Path) -> None:
    for name in fonts.FACES:
        (tmp_path / name).write_bytes(b"no font at all")
    settings.DOCUMENT_FONTS = tmp_path
    with pytest.raises(documents.RenderingError) as refusal:
        documents.render(records.pcd_1080())
    assert refusal.value.sentence == (
        "The document cannot be made because the font file SourceSans3_400Regular.ttf is damaged. "
        "Run the project’s set-up again: it brings the fonts."
    )
