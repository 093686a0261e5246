"""The witness: verifies the chain and the public log, and signs. Best on a machine of its own.

It contains one app, and its database role can read digests, read the log and add checkpoints.
Neither its key nor its own copy of the checkpoints may lie where the database does.
"""

from __future__ import annotations

from config import env
from config.settings.base import *  # noqa: F403 - a settings file is its base and what it adds

INSTALLED_APPS = ["decisions.chain"]

DATABASES = {
    "default": env.database(env.WITNESS, search_path="public"),
}
