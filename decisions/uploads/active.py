"""What acts in a PDF, or leads out of it into another file: such a PDF is not let in.

A form to fill in, without scripts and sent nowhere, does neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


Entries = dict[str, Any]


def refuse_active(document: pikepdf.Pdf) -> None:
    """Raise Unfit when anything in the document acts, holds a file, or leads into another one."""
    for thing in (document.trailer, *document.objects):
        held = dictionaries(thing)
        if held and isinstance(thing, pikepdf.Stream):
            _refuse(_of_stream(held[0]))
        for entries in held:
            _refuse(_of_dictionary(entries))


def dictionaries(thing: Any, depth: int = 0) -> list[Entries]:
    """The entries of the dictionary, and of those that stand directly in it.

    Indirect ones come by themselves. Raises Unfit for what is nested without end.
    """
    if depth > _DEEPEST:
        raise Unfit("The PDF nests deeper than any document needs, so it is not let in.")
    found: list[Entries] = []
    inner: Iterable[Any] = ()
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        # All at once: to ask for one after another takes three times as long.
        found = [dict(thing.items())]
        inner = found[0].values()
    elif isinstance(thing, pikepdf.Array):
        inner = thing
    for one in inner:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            found += dictionaries(one, depth + 1)
    return found


def name_of(holder: Any, key: str) -> str:
    """The name under a key, or nothing when something else stands there."""
    value = holder.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def lying_on(page: Any) -> list[Any]:
    """What lies on a page. Programs that delete such a thing may leave an empty place for it."""
    held = page.get("/Annots")
    if not isinstance(held, pikepdf.Array):
        return []
    return [one for one in held if isinstance(one, pikepdf.Dictionary)]


def leads_to_the_web(action: Any) -> bool:
    """Whether an action opens a page of the web or a letter, and nothing else."""
    return str(action.get("/URI", "")).lower().startswith(WEB)


def _refuse(found: Iterator[str]) -> None:
    for what in found:
        raise Unfit(
            f"The PDF holds {what}. Print it to a new PDF, or save it without them, and upload "
            "that."
        )


def _of_stream(entries: Entries) -> Iterator[str]:
    if "/F" in entries or "/Ref" in entries:
        yield "content that lies in other files"


def _of_dictionary(entries: Entries) -> Iterator[str]:
    if not _KEYS.keys().isdisjoint(entries):
        yield from (_KEYS[key] for key in sorted(_KEYS.keys() & entries.keys()))
    opening = entries.get("/OpenAction")
    # To open at a page is all that LaTeX asks for, and it says so as an action.
    if isinstance(opening, pikepdf.Dictionary) and name_of(opening, "/S") != "/GoTo":
        yield "actions that run by themselves"
    action = name_of(entries, "/S")
    if action in _ACTIONS:
        yield _ACTIONS[action]
    if action == "/URI" and not leads_to_the_web(entries):
        yield "links that lead to no page of the web and to nobody’s mail"
    if name_of(entries, "/Subtype") in _ANNOTATIONS:
        yield _ANNOTATIONS[name_of(entries, "/Subtype")]
    if name_of(entries, "/Type") in {"/Filespec", "/F"}:
        yield "links to other files"
