"""The gallery's addresses, which exist on a developer's machine and in tests alone."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from components import gallery

urlpatterns: list[URLPattern] = (
    [
        path("", gallery.parts, name="gallery"),
        path("form/", gallery.form, name="gallery_form"),
        path("editor/", gallery.editor, name="gallery_editor"),
        path("columns/", gallery.columns, name="gallery_columns"),
    ]
    if settings.DEVELOPMENT
    else []
)
