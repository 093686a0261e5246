"""The worker: makes, seals and stores documents off the request path. It serves no page.

Its database role may read editions and add documents; its settings name no app of pages, and not
the app of Part 2, so that no line of code here could read a confidential word.
"""

from __future__ import annotations

from config import env
from config.settings.base import *  # noqa: F403 - a settings file is its base and what it adds
from config.settings.base import STORAGES
from config.settings.jobs import *  # noqa: F403 - what staff and the worker say of jobs alike

SAMPLE_DATA = env.flag("SAMPLE_DATA")
STORAGES |= env.private_stores()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.forms",
    "procrastinate.contrib.django",
    "accounts",
    "decisions",
    "decisions.register",
    "approvals",
]

DATABASES = {
    "default": env.database(env.RENDERER, search_path="public"),
}
AUTH_USER_MODEL = "accounts.User"
