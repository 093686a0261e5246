"""The public process: reads what is published and due, and contains nothing else.

No sign-in, no sessions, no forms that post, and therefore no secret key and no cookie. Its
database role may read what is published and due, and its leaves in the public log.
"""

from __future__ import annotations

from config import env
from config.settings.base import *  # noqa: F403 - a settings file is its base and what it adds

SAMPLE_DATA = env.flag("SAMPLE_DATA")

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "decisions.register",
]

MIDDLEWARE = [
    "decisions.register.middleware.PublicHeaders",
    "django.middleware.security.SecurityMiddleware",
    "decisions.register.middleware.ReadOnly",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "decisions.register.middleware.DatabaseAway",
]

# Seals are judged here with certificates alone. Of the key, its passphrase and the token that may
# hold it, this process does not even know where they are.
SEAL_KEY_FILE = ""
SEAL_KEY_PASSPHRASE_FILE = ""
SEAL_PKCS11_LIB = ""
SEAL_PKCS11_TOKEN = ""
SEAL_PKCS11_KEY = ""
SEAL_PKCS11_PIN_FILE = ""
SEAL_TSA_URL = ""

DATABASES = {
    "default": env.database(env.PUBLIC, search_path="pub", pool=True),
}
# No wall, for the role may set each itself, but a slip or a slow search ends in a sentence. Every
# query here reads a few rows: helpers of PostgreSQL's would cost far more than they could save.
DATABASES["default"]["OPTIONS"]["options"] += (
    " -c default_transaction_read_only=on -c statement_timeout=8s"
    " -c max_parallel_workers_per_gather=0"
)

ROOT_URLCONF = "config.urls_public"
WSGI_APPLICATION = "config.wsgi_public.application"
