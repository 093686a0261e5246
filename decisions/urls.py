"""Addresses of papers, below /papers/. What is done to a paper has its addresses in approvals."""

from __future__ import annotations

from django.urls import path

from decisions import papers
from decisions.drafting.views import begin, edit, files, rows

_SUBJECT = "<slug:slug>/save/<slug:subject>"

urlpatterns = [
    path("", papers.papers, name="papers"),
    path("begin/", begin.begin, name="begin"),
    path(f"{_SUBJECT}/", edit.save, name="save"),
    path(f"{_SUBJECT}/add/", rows.row_add, name="row_add"),
    path(f"{_SUBJECT}/<int:pk>/", rows.row, name="row"),
    path(f"{_SUBJECT}/<int:pk>/remove/", rows.row_remove, name="row_remove"),
    path(f"{_SUBJECT}/<int:pk>/move/", rows.row_move, name="row_move"),
    path("<slug:slug>/files/", files.files, name="files"),
    path("<slug:slug>/files/add/", files.file_add, name="file_add"),
    path("<slug:slug>/files/<int:pk>/", files.file, name="file"),
    path("<slug:slug>/files/<int:pk>/public.pdf", files.file_public, name="file_public"),
    path("<slug:slug>/files/<int:pk>/remove/", files.file_remove, name="file_remove"),
    path("<slug:slug>/part-two/files/<int:pk>/", files.part_two_file, name="part_two_file"),
    path(
        "<slug:slug>/part-two/files/<int:pk>/remove/",
        files.part_two_file_remove,
        name="part_two_file_remove",
    ),
    path("<slug:slug>/preview/", papers.preview, name="preview"),
    path("<slug:slug>/history/", papers.history, name="history"),
    path("<slug:slug>/versions/<int:number>/compare/", papers.compare, name="compare"),
]
