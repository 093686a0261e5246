"""Signing in and out, proving it again, and what one proves oneself by."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import path

from accounts import signing_in, views
from accounts.factors import views as factors
from accounts.single_sign_on import views as single_sign_on

urlpatterns = [
    path("account/login/", signing_in.sign_in, name="account_login"),
    path("account/passkey/", signing_in.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("account/sso/", single_sign_on.begin, name="single_sign_on"),
    path("account/sso/back/", single_sign_on.back, name="single_sign_on_back"),
    path("account/code/", signing_in.type_code, name="mfa_authenticate"),
    path("account/logout/", allauth_views.logout, name="account_logout"),
    path("account/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("account/signup/", views.by_invitation, name="account_signup"),
    path("account/reset-password/", views.by_invitation, name="account_reset_password"),
    path("account/again/", signing_in.password_again, name="account_reauthenticate"),
    path("account/again/code/", signing_in.code_again, name="mfa_reauthenticate"),
    path("account/again/passkey/", signing_in.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("account/security/", factors.security, name="mfa_index"),
    path("account/security/password/", signing_in.change_password, name="change_password"),
    path("account/security/passkey/", factors.add_passkey, name="mfa_add_webauthn"),
    path("account/security/app/", factors.add_app, name="mfa_activate_totp"),
    path("account/security/remove/<int:pk>/", factors.remove, name="remove_factor"),
    path("account/security/codes/", factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/security/codes/new/", factors.new_codes, name="mfa_generate_recovery_codes"),
    path("account/security/sign-out/", factors.sign_out_elsewhere, name="sign_out_elsewhere"),
]
