"""What both processes share: language, time, templates, static files. No database, no apps."""

from __future__ import annotations

from typing import Any, Final

from config import env

BASE_DIR: Final = env.PROJECT
ENVIRONMENT: Final = env.environment()
DEVELOPMENT: Final = env.is_development()
DATA_DIR: Final = env.data_dir()

DEBUG = False
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or (
    ["127.0.0.1", "localhost", "[::1]"] if DEVELOPMENT else []
)
PUBLIC_URL: Final = env.text("PUBLIC_URL", f"http://127.0.0.1:{env.number('PUBLIC_PORT', 8001)}")
STAFF_URL: Final = env.text("STAFF_URL", f"http://127.0.0.1:{env.number('STAFF_PORT', 8000)}")
CONTACT_EMAIL: Final = env.contact_email()

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

STATIC_URL = "/static/"
# Set-up builds the front end there; both processes serve it from where it stands.
STATIC_ROOT = BASE_DIR / "build" / "static"

# The public process knows of no other store. Who works with restricted documents adds those.
STORAGES: dict[str, dict[str, Any]] = {
    "published": env.store("published"),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# No process sends mail but the mailer, whose own settings say how.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEVELOPMENT
SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]

# The line that the witness shows with --public-key, for the page about the log.
WITNESS_PUBLIC_KEY: Final = env.text("WITNESS_PUBLIC_KEY")

SEAL_KEY_FILE = env.text("SEAL_KEY_FILE") or str(DATA_DIR / "seal" / "key.pem")
SEAL_CERT_FILE = env.text("SEAL_CERT_FILE") or str(DATA_DIR / "seal" / "certificate.pem")
SEAL_KEY_PASSPHRASE_FILE = env.text("SEAL_KEY_PASSPHRASE_FILE")
# Every certificate and root that ever sealed for us. On a developer's machine it may be missing.
SEAL_TRUST_FILE = env.text("SEAL_TRUST_FILE") or (
    str(DATA_DIR / "seal" / "trust.pem") if DEVELOPMENT else ""
)
SEAL_TSA_URL = env.text("SEAL_TSA_URL")
SEAL_TSA_CERTS_FILE = env.text("SEAL_TSA_CERTS_FILE")
SEAL_PKCS11_LIB = env.text("SEAL_PKCS11_LIB")
SEAL_PKCS11_TOKEN = env.text("SEAL_PKCS11_TOKEN")
SEAL_PKCS11_KEY = env.text("SEAL_PKCS11_KEY")
SEAL_PKCS11_PIN_FILE = env.text("SEAL_PKCS11_PIN_FILE")
SEAL_ARCHIVE_RENEW_DAYS = env.number("SEAL_ARCHIVE_RENEW_DAYS", 365)
DOCUMENT_FONTS = BASE_DIR / "build" / "fonts"

# What an error report may tell, and of a request; `config.logs` says why.
DEFAULT_EXCEPTION_REPORTER = "config.logs.KindsAndPlaces"
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.logs.NothingTyped"
LOGGING_CONFIG = "config.logs.configure"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.KindAndPlace"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own would mail error reports to administrators; ours go to standard error alone.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # Who came in is worth a line too, and not only who was refused.
        "accounts.sign_in_log": {"level": "INFO"},
    },
}
