"""The staff process: drafts, approves, signs, publishes. Every page behind sign-in."""

from __future__ import annotations

from config import env, sign_in
from config.settings.base import *  # noqa: F403 - a settings file is its base and what it adds
from config.settings.base import DEVELOPMENT, STORAGES, TEMPLATES
from config.settings.jobs import *  # noqa: F403 - what staff and the worker say of jobs alike

SECRET_KEY = env.secret_key()
SAMPLE_DATA = env.flag("SAMPLE_DATA")
SIGNING_FALLBACK = env.signing_fallback()
STORAGES |= env.private_stores()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "procrastinate.contrib.django",
    "components",
    "accounts",
    "decisions",
    "decisions.part_two",
    "decisions.register",
    "decisions.chain",
    "approvals",
]

MIDDLEWARE = [
    "accounts.middleware.StaffHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.signed_in.SessionLimits",
    "accounts.middleware.Acting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SignInRequired",
    "accounts.middleware.BadInput",
]

TEMPLATES[0]["OPTIONS"]["context_processors"] = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "accounts.context.staff",
]

DATABASES = {
    "default": env.database(env.STAFF, search_path="public,conf,register,pub", pool=True),
}

ROOT_URLCONF = "config.urls_staff"
WSGI_APPLICATION = "config.wsgi_staff.application"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough"},
    {"NAME": "accounts.passwords.NoWordOfHere"},
    {"NAME": "accounts.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_work"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "5/5m/user",
    "change_password": "5/5m/user",
    "single_sign_on": "20/m/ip",
    "use_link": "20/m/ip",
}
# Without this every reader behind the reverse proxy would be counted as one.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0 if DEVELOPMENT else 1)

MFA_ADAPTER = "accounts.factors.adapter.FactorsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.factors.forms.CodeForm",
    "reauthenticate": "accounts.factors.forms.ConfirmCodeForm",
    "login_webauthn": "accounts.factors.forms.PasskeySignInForm",
    "authenticate_webauthn": "accounts.factors.forms.PasskeyAfterPasswordForm",
    "reauthenticate_webauthn": "accounts.factors.forms.ConfirmPasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "20/m/ip"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A code is taken in its own half minute and in those beside it, and once (accounts.codes).
MFA_TOTP_TOLERANCE = 1

SECOND_FACTOR_FOR = sign_in.second_factor_for()
OIDC = sign_in.single_sign_on()

# Ten hours at the most, and less where nothing is done (accounts.signed_in).
IDLE_MINUTES_SIGNERS = env.number("IDLE_MINUTES_SIGNERS", 30)
IDLE_MINUTES = env.number("IDLE_MINUTES", 120)
SESSION_COOKIE_NAME = "countersign" if DEVELOPMENT else "__Host-countersign"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_SECURE = not DEVELOPMENT
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "countersign-form" if DEVELOPMENT else "__Host-countersign-form"
CSRF_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.form_expired"

# What a page says once is kept with the session, and not in a third cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Rate limits must be counted once for all workers.
CACHES = {
    "default": {
        "BACKEND": "accounts.counters.Counters",
        "LOCATION": "accounts_cache",
    }
}

CRISPY_ALLOWED_TEMPLATE_PACKS = ("govuk",)
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

# 200 KB of text pasted into one field, several times over, is work and must not be lost.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# No file that arrives is ever written where temporary files lie.
FILE_UPLOAD_HANDLERS = ["decisions.uploads.arriving.OneInMemory"]
