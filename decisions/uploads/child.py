"""The process in which an upload is looked into, started anew for each and thrown away afterwards.

It gets one line of JSON and the file on its standard input; it writes one line of JSON and, of a
file for the public, the rewritten PDF. Its bounds are those of the process that judges sealed
documents: no connection, no file to write, little time and memory.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any, Final

# In seconds of the processor, the start included: a PDF of 20 MB takes a few.
CPU_SECONDS: Final = 40


def main() -> None:
    """Look into the file on standard input and say what was found."""
    # Loaded before the limits hold: everything that is needed later.
    import encodings.cp1252
    import encodings.mac_roman
    import encodings.utf_16_be  # noqa: F401 - as above

    import pikepdf

    from decisions.register.verify.child import READY, limit, refuse
    from decisions.uploads.inspect import inspect
    from decisions.uploads.kinds import Kind, Unfit
    from decisions.uploads.pdf import rewritten
    from decisions.uploads.words import words

    told = json.loads(sys.stdin.buffer.readline())
    file = sys.stdin.buffer.read()
    sys.addaudithook(refuse)
    limit(CPU_SECONDS)
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    answer: dict[str, Any] = {}
    public = b""
    try:
        kind = inspect(file, told["name"])
        answer["kind"] = kind.value
        if told["public"] and kind == Kind.PDF:
            made = rewritten(file, told["title"])
            public, answer["taken_out"] = made.public, made.left_out
            with pikepdf.open(io.BytesIO(public)) as after:
                answer["words"], answer["unread_pages"] = words(after)
            answer["size"] = len(public)
    except Unfit as unfit:
        answer, public = {"refusal": unfit.sentence}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + public)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    main()
