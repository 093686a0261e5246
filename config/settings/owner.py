"""The staff process's apps with the database owner's login: migrate, and what an operator does."""

from __future__ import annotations

from config import env
from config.settings.staff import *  # noqa: F403 - the same apps under another login

DATABASES = {
    "default": env.database(env.OWNER, search_path="public,conf,register,pub"),
}
