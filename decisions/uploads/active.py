"""What acts in a PDF, or leads out of it into another file: such a PDF is not let in.

A form to fill in, without scripts and sent nowhere, does neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from decisions.uploads.kinds import Unfit

WEB: Final = ("http://", "https://", "mailto:")
_DEEPEST: Final = 50
_KEYS: Final = {
    "/JS": "scripts",
    "/JavaScript": "scripts",
    "/AA": "actions that run by themselves",
    "/Launch": "a command that starts a program",
    "/EmbeddedFiles": "other files",
    "/EF": "other files",
    "/XFA": "a form with a program in it",
    "/RichMedia": "films or sound",
    "/RichMediaContent": "films or sound",
}
_ACTIONS: Final = {
    "/JavaScript": "scripts",
    "/Launch": "a command that starts a program",
    "/SubmitForm": "a form that is sent somewhere",
    "/ImportData": "a form that is filled from elsewhere",
    "/GoToR": "links to other files",
    "/GoToE": "links to other files",
    "/Thread": "links to other files",
    "/Rendition": "films or sound",
    "/Movie": "films or sound",
    "/Sound": "films or sound",
    "/GoTo3DView": "models that move",
    "/RichMediaExecute": "films or sound",
    "/SetOCGState": "layers that change",
    "/Hide": "parts that hide themselves",
}
_ANNOTATIONS: Final = {
    "/FileAttachment": "other files",
    "/Movie": "films or sound",
    "/Sound": "films or sound",
    "/Screen": "films or sound",
    "/3D": "models that move",
    "/RichMedia": "films or sound",
}


def refuse_active(document: pikepdf.Pdf) -> None:
    """Raise Unfit when anything in the document acts, holds a file, or leads into another one."""
    for thing in (document.trailer, *document.objects):
        if isinstance(thing, pikepdf.Stream):
            _refuse(_of_stream(thing))
        for holder in dictionaries(thing):
            _refuse(_of_dictionary(holder))


def dictionaries(thing: Any, depth: int = 0) -> list[Any]:
    """The dictionary and those that stand directly in it; indirect ones come by themselves."""
    found = [thing] if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream) else []
    if depth > _DEEPEST:
        raise Unfit("The PDF nests deeper than any document needs, so it is not let in.")
    inner: list[Any] = []
    if found:
        inner = [thing[key] for key in thing.keys()]  # noqa: SIM118 - not a mapping of Python's
    elif isinstance(thing, pikepdf.Array):
        inner = list(thing)
    for one in inner:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            found += dictionaries(one, depth + 1)
    return found


def name_of(holder: Any, key: str) -> str:
    """The name under a key, or nothing when something else stands there."""
    value = holder.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def leads_to_the_web(action: Any) -> bool:
    """Whether an action opens a page of the web or a letter, and nothing else."""
    return str(action.get("/URI", "")).lower().startswith(WEB)


def _refuse(found: Iterator[str]) -> None:
    for what in found:
        raise Unfit(
            f"The PDF holds {what}. Print it to a new PDF, or save it without them, and upload "
            "that."
        )


def _of_stream(stream: Any) -> Iterator[str]:
    if "/F" in stream or "/Ref" in stream:
        yield "content that lies in other files"


def _of_dictionary(holder: Any) -> Iterator[str]:
    keys = {str(key) for key in holder.keys()}  # noqa: SIM118 - not a mapping of Python's
    yield from (_KEYS[key] for key in sorted(keys & set(_KEYS)))
    if "/OpenAction" in keys and isinstance(holder["/OpenAction"], pikepdf.Dictionary):
        yield "actions that run by themselves"
    action = name_of(holder, "/S")
    if action in _ACTIONS:
        yield _ACTIONS[action]
    if action == "/URI" and not leads_to_the_web(holder):
        yield "links that lead to no page of the web and to nobody’s mail"
    if name_of(holder, "/Subtype") in _ANNOTATIONS:
        yield _ANNOTATIONS[name_of(holder, "/Subtype")]
    if name_of(holder, "/Type") in {"/Filespec", "/F"}:
        yield "links to other files"
