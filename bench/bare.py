"""The yardstick: a bare Django view that reads one indexed row and answers with its text.

The same database, login, pool, server and middleware-free stack; nothing of the register's work.
"""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def one_row(request: HttpRequest, slug: str) -> HttpResponse:
    """Read one row by its slug and answer with two of its columns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference, content FROM pub.decision WHERE slug = %s", [slug])
        row: Any = cursor.fetchone()
    return HttpResponse(f"<!doctype html><title>{row[0]}</title><pre>{row[1]}</pre>")


urlpatterns = [path("decisions/<slug:slug>/", one_row), path("healthz", lambda _: HttpResponse())]


def bare_application() -> WSGIHandler:
    """A Django application with one view and no apps."""
    os.environ.setdefault("COUNTERSIGN_ENV", "development")
    from config import env

    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="bench.bare",
        USE_TZ=True,
        DATABASES={"default": env.database(env.PUBLIC, search_path="pub", pool=True)},
    )
    return get_wsgi_application()
