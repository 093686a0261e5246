"""The staff front door."""

from __future__ import annotations

from django.urls import include, path

from approvals.views.my_work import my_work
from config.health import healthz

urlpatterns = [
    path("", my_work, name="my_work"),
    path("", include("accounts.urls")),
    path("", include("accounts.people.urls")),
    path("papers/", include("decisions.urls")),
    path("papers/", include("decisions.part_two.urls")),
    path("papers/", include("approvals.urls")),
    path("components/", include("components.urls")),
    path("healthz", healthz),
]
