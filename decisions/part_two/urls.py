"""The addresses of the confidential room, below /papers/."""

from __future__ import annotations

from django.urls import path

from decisions.part_two import views

urlpatterns = [
    path("<slug:slug>/part-two/", views.part_two, name="part_two"),
    path("<slug:slug>/part-two/readers/", views.readers, name="part_two_readers"),
]
