"""What a signed document costs, against bare WeasyPrint on the same HTML and what an office uses.

Processor seconds of one warm process, the least of a few turns taken in alternation; then how many
more documents two workers make than one, and the peak memory of the longest document.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import weasyprint

from approvals import documents, sealing
from approvals.documents import typeset
from approvals.sealing import keys
from decisions.register.record import Record
from tests.awkward_records import very_long
from tests.records import pcd_1080

# Pages wanted: (paragraphs of the record, turns). The form itself takes four.
SIZES: Final = {4: (0, 5), 8: (52, 5), 40: (350, 3), 150: (1370, 2)}
WORKERS_DOCUMENTS: Final = 12
MEBIBYTE: Final = 1024  # what the kernel counts in, in kibibytes


def main() -> None:
    """Print the tables."""
    _key()
    print("\nProcessor seconds a document, warm, the least of a few turns.")
    print(
        f"{'pages':>6}{'bare':>9}{'bare UA-1':>11}{'ours':>9}{'ratio':>8}{'ratio UA':>9}"
        f"{'and checked':>13}"
    )
    for paragraphs, turns in SIZES.values():
        _line(sized(paragraphs), turns)
    _two_workers()
    _memory()
    _office()


def sized(paragraphs: int) -> Record:
    """A decision with so many paragraphs in Part 1; without any, the shortest there is."""
    if paragraphs:
        return very_long(paragraphs)
    return msgspec.structs.replace(
        pcd_1080(), sections=(), background_papers=(), supporting_documents=(), declarations=()
    )


def _key() -> None:
    """A development key to seal with, in this run's own folder."""
    from django.core.management import call_command

    call_command("make_seal_key", verbosity=0)
    keys.load()


def _line(record: Record, turns: int) -> None:
    html = documents.html(record)
    pages = len(weasyprint.HTML(string=html, url_fetcher=typeset.fetcher()).render().pages)
    bare = _least(lambda: _bare(html), turns)
    tagged = _least(lambda: _bare(html, "pdf/ua-1"), turns)
    ours = _least(lambda: sealing.seal(documents.render(record)), turns)
    whole = _least(lambda: documents.publishable(record), turns)
    print(
        f"{pages:6}{bare:9.2f}{tagged:11.2f}{ours:9.2f}{ours / bare:8.2f}{ours / tagged:9.2f}"
        f"{whole:13.2f}",
        flush=True,
    )


def _bare(html: str, variant: str | None = None) -> bytes:
    page = weasyprint.HTML(string=html, url_fetcher=typeset.fetcher())
    return bytes(page.write_pdf(pdf_variant=variant))


def _least(work: Callable[[], object], turns: int) -> float:
    """The least processor time of a few turns, after one that is not counted."""
    work()
    taken = []
    for _ in range(turns):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def _two_workers() -> None:
    """Wall time of the same documents by one worker and by two, each a process of its own."""
    each = WORKERS_DOCUMENTS // 2
    alone = _wall([WORKERS_DOCUMENTS])
    both = _wall([each, each])
    print(
        f"\n{WORKERS_DOCUMENTS} documents of 8 pages: {alone:.1f} s by one worker, {both:.1f} s by "
        f"two: {alone / both:.2f} times the documents ({os.cpu_count()} processors)."
    )


def _wall(shares: list[int]) -> float:
    """Seconds until all of these workers are done, from when the last one is warm."""
    workers = [_worker("work", str(share)) for share in shares]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "warm\n"
    start = time.monotonic()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        assert worker.wait() == 0
        worker.communicate()
    return time.monotonic() - start


def _memory() -> None:
    worker = _worker("memory")
    told, _ = worker.communicate()
    print(f"Peak memory of a process that makes the longest document: {told.strip()} MiB.")


def _worker(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.document_worker", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def work(count: int) -> None:
    """Make so many documents, once somebody says so. Run in a process of its own."""
    record = sized(SIZES[8][0])
    documents.publishable(record)
    print("warm", flush=True)
    sys.stdin.readline()
    for _ in range(count):
        documents.publishable(record)


def memory() -> None:
    """Make the longest document and print the peak of this process in MiB."""
    sealing.seal(documents.render(sized(SIZES[150][0])))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEBIBYTE)


def _office() -> None:
    """The same text as a Word file, turned into PDF by LibreOffice where there is one."""
    program = shutil.which("soffice")
    if program is None:
        print("LibreOffice is not on this machine, so nothing is compared with it.")
        return
    print("\nLibreOffice, from a Word file of the same text, each time a new process:")
    print(f"{'pages':>6}{'LibreOffice':>13}{'ours, cold':>12}   (processor seconds)")
    for pages, (paragraphs, _) in SIZES.items():
        with tempfile.TemporaryDirectory(prefix="countersign-bench-") as folder:
            page = Path(folder) / "decision.html"
            page.write_text(documents.html(sized(paragraphs)))
            _convert(program, folder, page, "docx:MS Word 2007 XML")
            office = _children(partial(_convert, program, folder, page.with_suffix(".docx"), "pdf"))
        ours = _children(_worker("once", str(paragraphs)).communicate)
        print(f"{pages:6}{office:13.2f}{ours:12.2f}", flush=True)


def _convert(program: str, folder: str, file: Path, to: str) -> None:
    subprocess.run(
        [
            *(program, "--headless", f"-env:UserInstallation=file://{folder}/profile"),
            *("--infilter=HTML (StarWriter)",) * (file.suffix == ".html"),
            *("--convert-to", to, "--outdir", folder, str(file)),
        ],
        check=True,
        capture_output=True,
    )


def _children(run: Callable[[], object]) -> float:
    """Processor seconds of the processes that `run` starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
