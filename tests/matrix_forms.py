"""What each form is sent with, whoever sends it: something that would be done, were it allowed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import codes, sample_codes
from accounts.models import Office, today
from decisions.models import RecommendationVerb
from tests.cast import PASSWORD
from tests.matrix_rows import ROWS
from tests.matrix_world import ANONYMOUS, OFFICERS, Standing
from tests.people import NEW_PASSWORD
from tests.permission_matrix import Cell
from tests.upload_corpus import pdf

_ANOTHER: Final = pdf(lambda document: document.add_blank_page(page_size=(300, 300)))
_ADVICE: Final = {
    "farah": "finance",
    "leo": "legal",
    "esme": "equalities",
    "cormac": "commercial",
    "dita": "data_protection",
    "hal": "head_of_service",
}
_SAID: Final = "Words of somebody who may not be let in."


def names(world: Standing, cell: Cell) -> dict[str, Any]:
    """What stands in the addresses of this request."""
    kinds = ("person", "returning", "duty", "link", "proposal", "factor")
    found: dict[str, Any] = {kind: world.thing(kind, cell.whose, cell.person) for kind in kinds}
    found["appointment"] = world.objects["appointment", "other"]
    found["celia"] = world.people["celia"].pk
    found["next"] = world.next_slug
    if cell.whose in OFFICERS:
        held = world.papers[cell.state, cell.whose]
        found |= {"slug": held.slug, "row": held.row, "file": held.file, "secret": held.secret}
    return found | {"path": ROWS[cell.route].path.format(**found)}


def form(world: Standing, cell: Cell) -> dict[str, Any]:
    """What this request sends, if it is one that sends."""
    if cell.method != "POST":
        return {}
    if cell.route in _OF_PAPERS:
        return _OF_PAPERS[cell.route](world, cell)
    return _OTHERS.get(cell.route, _says(said=_SAID))(world, cell)


def _day(name: str) -> dict[str, str]:
    day = today()
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


def _code(world: Standing, cell: Cell) -> str:
    """The code of now: every request is undone, so none is ever spent."""
    if cell.person == ANONYMOUS:
        return "123456"
    step = int(time.time()) // codes.STEP_SECONDS
    secret = sample_codes.secret_of(world.people[cell.person])
    code: str = format_hotp_value(hotp_value(secret, step))
    return code


def _signs(world: Standing, cell: Cell) -> dict[str, Any]:
    held = world.papers[cell.state, cell.whose]
    proof = {"password": PASSWORD, "code": _code(world, cell)}
    return {"mark": held.mark, "key": str(uuid4()), "statement": _SAID, **proof}


def _decides(world: Standing, cell: Cell) -> dict[str, Any]:
    outcomes = {"outcome_1": "approved", "outcome_2": "approved", "has_interest": "no"}
    return _signs(world, cell) | outcomes


def _row(name: str, **more: str) -> Callable[[Standing, Cell], dict[str, Any]]:
    """A form of the list of recommendations, with the token of `name`."""

    def sent(world: Standing, cell: Cell) -> dict[str, Any]:
        token = world.papers[cell.state, cell.whose].tokens[name]
        return {"token": token, "verb": RecommendationVerb.APPROVE, "text": _SAID, **more}

    return sent


def _saved(name: str, **more: str) -> Callable[[Standing, Cell], dict[str, Any]]:
    def sent(world: Standing, cell: Cell) -> dict[str, Any]:
        return {"token": world.papers[cell.state, cell.whose].tokens[name], **more}

    return sent


def _says(**said: Any) -> Callable[[Standing, Cell], dict[str, Any]]:
    return lambda world, cell: dict(said)


def _advises(world: Standing, cell: Cell) -> dict[str, Any]:
    kind = _ADVICE.get(cell.person, "finance")
    mark = world.papers[cell.state, cell.whose].mark
    return {"kind": kind, "mark": mark, "position": "content", "statement": _SAID}


def _consults(world: Standing, cell: Cell) -> dict[str, Any]:
    return {kind: str(pk) for kind, pk in world.advisers[cell.whose].items()}


def _approves(world: Standing, cell: Cell) -> dict[str, Any]:
    return {"digest": world.papers[cell.state, cell.whose].digest, "looked": "on", "said": _SAID}


def _hands_in(world: Standing, cell: Cell) -> dict[str, Any]:
    return {"title": _SAID, "audience": "public", "file": SimpleUploadedFile("case.pdf", _ANOTHER)}


def _lets_in(world: Standing, cell: Cell) -> dict[str, Any]:
    return {"person": world.people["nobody"].pk, "reason": _SAID}


def _proposes(world: Standing, cell: Cell) -> dict[str, Any]:
    office = Office.objects.get(code="dmpc").pk
    return {"office": office, "acting": "yes", "legal_basis": _SAID} | _day("starts")


_OF_PAPERS: Final[dict[str, Callable[[Standing, Cell], dict[str, Any]]]] = {
    "save": _saved("summary", executive_summary=_SAID),
    "row_add": _row("recommendations"),
    "row": _row("row"),
    "row_remove": _row("row"),
    "row_move": _row("recommendations", direction="down"),
    "file_add": _hands_in,
    "approve_file": _approves,
    "part_two": _saved("part-two", body=_SAID, rationale=_SAID),
    "part_two_readers": _lets_in,
    "consult": _consults,
    "advise": _advises,
    "endorse": _signs,
    "decide": _decides,
    "endorse_challenge": _signs,
    "decide_challenge": _decides,
    "send_back": _says(reason=_SAID),
    "withdraw": _says(reason=_SAID),
    "publish": _says(when="now", reason=_SAID),
    "correct": _says(passage="summary", text_summary=_SAID, note="A note for everybody."),
}
_OTHERS: Final[dict[str, Callable[[Standing, Cell], dict[str, Any]]]] = {
    "begin": lambda world, cell: {"title": _SAID, "series": "pcd", "key": str(uuid4())},
    "invite": _says(name="Ines Newcomer", email="ines@countersign.example", duties="finance"),
    "give_duty": lambda world, cell: {"kind": "auditor", "note": _SAID} | _day("starts"),
    "end_duty": lambda world, cell: _day("ends"),
    "end_appointment": lambda world, cell: _day("ends"),
    "propose": _proposes,
    "proposal": _says(answer="confirm"),
    "change_password": _says(current=PASSWORD, new=NEW_PASSWORD),
    "account_login": _says(login="olu@countersign.example", password="not the right words"),
    "account_reauthenticate": _says(password=PASSWORD),
    "mfa_reauthenticate": lambda world, cell: {"code": _code(world, cell)},
}
