"""The public log: what it is, its newest checkpoint, its leaves, and the proof of a decision."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from decisions.register import log
from decisions.register.conditional import answer, entity_tag
from decisions.register.signed_tree import LogOutOfOrder
from decisions.register.views.decision import editions_of, to_slug
from decisions.register.views.errors import NotThere, log_out_of_order

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)


def about(request: HttpRequest) -> HttpResponseBase:
    """What the log is, and how to check it."""
    found = log.newest()
    context = {
        "size": found[0] if found else 0,
        "note": found[1] if found else "",
        "key": settings.WITNESS_PUBLIC_KEY,
        "sample_data": settings.SAMPLE_DATA,
    }
    return answer(
        request,
        entity_tag("log", *map(str, context.values())),
        lambda: render(request, "register/log.html", context),
    )


def checkpoint(request: HttpRequest) -> HttpResponseBase:
    """The newest checkpoint, byte for byte as it was signed."""
    _, note = _newest()
    return _send(request, "checkpoint", note, "text/plain; charset=utf-8")


def entries_json(request: HttpRequest) -> HttpResponseBase:
    """A thousand leaves from the one asked for on (?from=1001)."""
    body = {"per_page": log.PER_PAGE, "entries": log.entries(_number(request) or 1)}
    return _send(request, "entries", log.text_of(body), "application/json")


def proof_json(request: HttpRequest, reference: str) -> HttpResponseBase:
    """That a decision is in the log; with ?from=SIZE also that the log only grew since."""
    moved = to_slug(reference, "log_proof")
    if moved is not None:
        return moved
    editions_of(reference)  # says that nothing is published under it
    size, note = _newest()
    try:
        body = log.proof(reference, size, note, _number(request))
    except LogOutOfOrder as refusal:
        logger.critical("No proof is given. %s", refusal)
        return log_out_of_order(request)
    return _send(request, "proof", json.dumps(body, ensure_ascii=False), "application/json")


def _newest() -> tuple[int, str]:
    found = log.newest()
    if found is None:
        raise NotThere("No checkpoint of the public log was signed yet. Try again in a minute.")
    return found


def _number(request: HttpRequest) -> int | None:
    """The number asked for, of what PostgreSQL can hold; None for anything else."""
    given = request.GET.get("from", "")
    fits = given.isascii() and given.isdecimal() and len(given) <= 15
    return int(given) if fits else None


def _send(request: HttpRequest, name: str, body: str, content_type: str) -> HttpResponseBase:
    def build() -> HttpResponse:
        response = HttpResponse(body, content_type=content_type)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer(request, entity_tag(name, body), build)
