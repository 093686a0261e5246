"""Refusals: each says what happened, why, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from decisions.register.conditional import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse


class NotThere(Http404):
    """Nothing is published at this address: a sentence that says so, and where to go instead."""

    def __init__(
        self, sentence: str, *, link: str = "", link_text: str = "", words: str = ""
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.link = link
        self.link_text = link_text
        self.words = words


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with a search box. Django's own message for an unknown address is not for readers."""
    known = exception if isinstance(exception, NotThere) else None
    context = {
        "sentence": known.sentence if known else "There is no page at this address.",
        "link": (known.link if known else "") or reverse("decision_list"),
        "link_text": (known.link_text if known else "") or "See all published decisions",
        "words": known.words if known else "",
    }
    return render(request, "register/not_found.html", context, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address itself could not be understood."""
    return render(request, "register/bad_request.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. Nothing about it reaches the reader."""
    response = render(request, "register/server_error.html", status=500)
    response["Cache-Control"] = NEVER
    return response


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the register cannot be read just now."""
    response = render(request, "register/unavailable.html", status=503)
    response["Cache-Control"] = NEVER
    response["Retry-After"] = "60"
    return response


def log_out_of_order(request: HttpRequest) -> HttpResponse:
    """503: the public log does not lead to what its witness signed, so nothing is proved by it."""
    response = render(request, "register/log_out_of_order.html", status=503)
    response["Cache-Control"] = NEVER
    response["Retry-After"] = "60"
    return response


def method_refused(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    """405: the register is read, and nothing can be sent to it."""
    response = render(request, "register/method_refused.html", status=405)
    response["Allow"] = ", ".join(allowed)
    response["Cache-Control"] = NEVER
    return response
