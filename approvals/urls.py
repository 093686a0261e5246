"""Addresses under /papers/<slug>/: the paper, its documents, and one for each verb."""

from __future__ import annotations

from django.urls import path

from approvals.views.advise import advise
from approvals.views.approve_file import approve_file
from approvals.views.consult import consult
from approvals.views.correct import correct
from approvals.views.decide import decide, decide_challenge
from approvals.views.documents import document, preview_document, signed_document
from approvals.views.endorse import endorse, endorse_challenge
from approvals.views.paper import paper
from approvals.views.publish import publish
from approvals.views.receipt import receipt
from approvals.views.restricted import restricted_document
from approvals.views.send_back import send_back
from approvals.views.submit import submit
from approvals.views.withdraw import withdraw

urlpatterns = [
    path("<slug:slug>/", paper, name="paper"),
    path("<slug:slug>/consult/", consult, name="consult"),
    path("<slug:slug>/advise/", advise, name="advise"),
    path("<slug:slug>/submit/", submit, name="submit"),
    path("<slug:slug>/endorse/", endorse, name="endorse"),
    path("<slug:slug>/endorse/challenge/", endorse_challenge, name="endorse_challenge"),
    path("<slug:slug>/decide/", decide, name="decide"),
    path("<slug:slug>/decide/challenge/", decide_challenge, name="decide_challenge"),
    path("<slug:slug>/send_back/", send_back, name="send_back"),
    path("<slug:slug>/withdraw/", withdraw, name="withdraw"),
    path("<slug:slug>/publish/", publish, name="publish"),
    path("<slug:slug>/correct/", correct, name="correct"),
    path("<slug:slug>/files/<int:pk>/approve/", approve_file, name="approve_file"),
    path("<slug:slug>/receipt/", receipt, name="receipt"),
    path("<slug:slug>/document/", document, name="document"),
    path("<slug:slug>/signed.pdf", signed_document, name="signed_document"),
    path("<slug:slug>/part-two/document/", restricted_document, name="restricted_document"),
    path("<slug:slug>/preview.pdf", preview_document, name="preview_document"),
]
