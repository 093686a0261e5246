"""The staff front door."""

from __future__ import annotations

from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("", include("accounts.urls")),
    path("papers/", include("decisions.urls")),
    path("papers/", include("approvals.urls")),
    path("components/", include("components.urls")),
    path("healthz", healthz),
]
