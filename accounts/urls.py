"""Signing in and out."""

from __future__ import annotations

from allauth.account import views as allauth_views
from allauth.mfa.base import views as factor_views
from django.urls import path

from accounts import views

urlpatterns = [
    path("account/login/", allauth_views.login, name="account_login"),
    path("account/logout/", allauth_views.logout, name="account_logout"),
    path("account/code/", factor_views.authenticate, name="mfa_authenticate"),
    path("account/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("account/signup/", views.by_invitation, name="account_signup"),
    path("account/reset-password/", views.by_invitation, name="account_reset_password"),
]
