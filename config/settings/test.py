"""The staff process under test: the real roles, a database of its own, loud templates."""

from __future__ import annotations

import os

from config.settings import scratch

os.environ.setdefault("COUNTERSIGN_ENV", "development")
os.environ["DATA_DIR"] = os.environ.get("DATA_DIR") or scratch.folder()
os.environ.setdefault("SAMPLE_DATA", "1")
# The architecture tests and mypy import settings without a database at hand.
os.environ.setdefault("DATABASE_URL", "postgresql://countersign_owner@127.0.0.1/countersign")

from config import env
from config.settings.staff import *  # noqa: F403 - what is tested is the staff process
from config.settings.staff import DATABASES, STATIC_ROOT, TEMPLATES

TEST_DATABASE = env.text("COUNTERSIGN_TEST_DB", "test_countersign")
DATABASES["default"]["NAME"] = TEST_DATABASE
DATABASES["default"]["OPTIONS"].pop("pool", None)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False


class MissingVariable(str):
    """Makes a template that names a variable nobody provides fail, loudly."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"The template names {variable!s}, which its view does not provide.")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = MissingVariable("%s")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# WhiteNoise warns of a folder that is not there, and here a warning is an error.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
