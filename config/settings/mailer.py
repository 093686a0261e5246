"""The mailer: sends the messages that were written with the acts. It serves no page.

Its database role may read messages and the addresses of people, and nothing else; its settings name
no app of pages, and not the app of Part 2.
"""

from __future__ import annotations

from typing import Final

from config import env
from config.settings.base import *  # noqa: F403 - a settings file is its base and what it adds
from config.settings.base import CONTACT_EMAIL, DATA_DIR

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "accounts",
    "decisions",
    "approvals",
]

DATABASES = {
    "default": env.database(env.MAILER, search_path="public"),
}
AUTH_USER_MODEL = "accounts.User"

_MAIL: Final = env.mail()
EMAIL_BACKEND = _MAIL.backend
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = _MAIL.host
EMAIL_PORT = _MAIL.port
EMAIL_HOST_USER = _MAIL.user
EMAIL_HOST_PASSWORD = _MAIL.password
EMAIL_USE_SSL = _MAIL.tls_from_the_start
EMAIL_USE_TLS = _MAIL.tls_on_request
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM") or CONTACT_EMAIL
