"""Every environment variable the project reads: its type, its default, and a kind error.

Nothing else of the service reads the environment; setup and tests do.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

PROJECT: Final = Path(__file__).resolve().parent.parent
OWNER: Final = "countersign_owner"
STAFF: Final = "countersign_staff"
PUBLIC: Final = "countersign_public"
RENDERER: Final = "countersign_renderer"
MAILER: Final = "countersign_mailer"
WITNESS: Final = "countersign_witness"
# Every login but the owner's; each is granted what config/roles.sql says and nothing else.
ROLES: Final = (STAFF, PUBLIC, RENDERER, MAILER, WITNESS)


def text(name: str, default: str = "") -> str:
    """The variable as text, without white space around it."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """The variable as yes or no. Raises ImproperlyConfigured for any other word."""
    value = text(name)
    if not value:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}. Set it to 1 (yes) or 0 (no).")


def number(name: str, default: int) -> int:
    """The variable as a whole number. Raises ImproperlyConfigured for anything else."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number.")
    return int(value)


def names(name: str) -> list[str]:
    """The variable as a list, split at commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def environment() -> str:
    """`development` or `production`; production unless told otherwise, so that it fails closed."""
    value = text("COUNTERSIGN_ENV", "production")
    if value not in {"development", "production"}:
        raise ImproperlyConfigured(
            f"COUNTERSIGN_ENV is {value!r}. Set it to development or production."
        )
    return value


def is_development() -> bool:
    """Whether this is a developer's machine."""
    return environment() == "development"


def data_dir() -> Path:
    """Where files and development keys live; outside the project in production."""
    return Path(text("DATA_DIR") or PROJECT / ".data")


def secret_key() -> str:
    """The key that signs sessions. Made once and kept in DATA_DIR on a developer's machine."""
    value = text("SECRET_KEY")
    if value:
        return value
    if not is_development():
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to at least 50 random characters, the same for every "
            "staff process."
        )
    kept = data_dir() / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_name(f"secret_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, kept)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text().strip()


def signing_fallback() -> str:
    """What may be signed with a password and a code instead of a passkey (SIGNING_FALLBACK).

    `allowed` (the default): endorsements and decisions; `endorsement-only`: no decision;
    `refused`: nothing. Raises ImproperlyConfigured for any other word.
    """
    value = text("SIGNING_FALLBACK", "allowed")
    if value not in {"allowed", "endorsement-only", "refused"}:
        raise ImproperlyConfigured(
            f"SIGNING_FALLBACK is {value!r}. Set it to allowed, endorsement-only or refused."
        )
    return value


def contact_email() -> str:
    """Where readers of the register turn; the accessibility statement must name an address."""
    value = text("CONTACT_EMAIL")
    if not value and not is_development():
        raise ImproperlyConfigured(
            "CONTACT_EMAIL is not set. Set it to the e-mail address that readers of the public "
            "register can write to when they cannot read a decision."
        )
    return value or "decisions@countersign.example"


def database_url(role: str) -> str:
    """The connection address of one database role.

    The owner's is DATABASE_URL. The others have a variable of their own; where it is not set,
    theirs is DATABASE_URL with the role's name in place of the owner's. Raises
    ImproperlyConfigured when there is nothing to go by.
    """
    owner = text("DATABASE_URL")
    own = {
        OWNER: owner,
        STAFF: text("STAFF_DATABASE_URL"),
        PUBLIC: text("PUBLIC_DATABASE_URL"),
        RENDERER: text("RENDERER_DATABASE_URL"),
        MAILER: text("MAILER_DATABASE_URL"),
        WITNESS: text("WITNESS_DATABASE_URL"),
    }
    if own[role]:
        return own[role]
    if not owner:
        raise ImproperlyConfigured(
            "DATABASE_URL is not set, so there is no database to work with. Start the project "
            "with make, which brings one, or set it to postgresql://USER:PASSWORD@HOST/NAME."
        )
    parts = _parted("DATABASE_URL", owner)
    _, at, host = parts.netloc.rpartition("@")
    password = f":{parts.password}" if parts.password else ""
    return urlunsplit(parts._replace(netloc=f"{role}{password}@{host if at else parts.netloc}"))


# Acts wait for each other at the end of the chain. A process that is stopped in the middle of one,
# with its machine still there, holds up everybody's until PostgreSQL ends it. Copying a file to a
# slow bucket may take a minute.
_IDLE: Final = " -c idle_in_transaction_session_timeout=2min"


def database(role: str, *, search_path: str, pool: bool = False) -> dict[str, Any]:
    """Django's settings for the connection of one database role.

    `search_path` decides which rooms' tables have short names. Parameters are bound by the server,
    so that values never stand in a statement's text, nor in a log of statements.
    """
    parts = _parted(f"The database address for {role}", database_url(role))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"The database address for {role} begins with {parts.scheme!r}. "
            "Countersign needs PostgreSQL: postgresql://USER:PASSWORD@HOST/NAME."
        )
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    _require_encryption(role, host, query.get("sslmode", ""))
    options: dict[str, Any] = {
        "options": f"-c search_path={search_path}{'' if role == OWNER else _IDLE}",
        "server_side_binding": True,
        "application_name": role,
    }
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    return {
        "ENGINE": "config.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0,
        # A cursor of the server that a reader abandons half way is closed whenever it is collected,
        # in any thread, and then waits for ever for a connection that this thread is using.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options | query,
    }


def _parted(name: str, address: str) -> SplitResult:
    """The parts of an address that may hold a password, which no refusal of it may quote.

    A `/`, `?` or `#` in the password would end the host there, so that what comes before it were
    the port and what follows a name. Raises ImproperlyConfigured.
    """
    with contextlib.suppress(ValueError):  # its text would quote the address
        parts = urlsplit(address)
        if parts.port != 0 and "@" not in parts.path + parts.query + parts.fragment:
            return parts
    raise ImproperlyConfigured(
        f"{name} cannot be read: its port is no number, or its password holds a character that "
        "means something in an address. Write each such character of the password as % and two "
        "hexadecimal digits, for example %2F for a slash."
    )


def _require_encryption(role: str, host: str, mode: str) -> None:
    """Raise ImproperlyConfigured where papers would cross a network in clear, or to anybody."""
    is_here = not host or host.startswith("/") or host in {"localhost", "127.0.0.1", "::1"}
    if not is_here and mode not in {"verify-ca", "verify-full"} and not is_development():
        raise ImproperlyConfigured(
            f"The database address for {role} leads to {host} without checked encryption. Add "
            "?sslmode=verify-full to it, and the server's certificate with sslrootcert where its "
            "authority is not known."
        )


def store(name: str) -> dict[str, Any]:
    """Django's settings for one store of documents: a folder, or a bucket that speaks S3.

    STORE_NAME is empty for a folder in DATA_DIR, the path of another folder, or
    s3://BUCKET/PREFIX. A bucket needs STORE_NAME_KEY and STORE_NAME_SECRET, which are this store's
    own: who may read what is published must not by that be able to read what is restricted.
    Raises ImproperlyConfigured for anything else.
    """
    variable = f"STORE_{name.upper()}"
    address = text(variable)
    if address.startswith("s3://"):
        return _bucket(variable, address)
    if address and not Path(address).is_absolute():
        raise ImproperlyConfigured(
            f"{variable} is {address!r}. Set it to the full path of a folder, or to "
            "s3://BUCKET/PREFIX."
        )
    return {
        "BACKEND": "config.stores.folder.FolderStore",
        "OPTIONS": {
            "location": address or data_dir() / "files" / name,
            # The public process is another user of the system; nobody else's is the rest.
            "file_permissions_mode": 0o644 if name == "published" else 0o640,
        },
    }


def _bucket(variable: str, address: str) -> dict[str, Any]:
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    key, secret = text(f"{variable}_KEY"), text(f"{variable}_SECRET")
    if not bucket or not key or not secret:
        raise ImproperlyConfigured(
            f"{variable} is {address!r}, but its bucket, {variable}_KEY or {variable}_SECRET is "
            "missing. Give this store a bucket and a credential of its own."
        )
    return {
        "BACKEND": "config.stores.bucket.BucketStore",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": prefix.strip("/"),
            "access_key": key,
            "secret_key": secret,
            "endpoint_url": text("S3_ENDPOINT_URL") or None,
            "region_name": text("S3_REGION") or None,
        },
    }


def private_stores() -> dict[str, dict[str, Any]]:
    """The stores that the public process is not told of: restricted documents and the archive.

    Raises ImproperlyConfigured where one of them has the credential of the published documents.
    """
    found = {name: store(name) for name in ("restricted", "archive")}
    shared = text("STORE_PUBLISHED_KEY")
    for name, chosen in found.items():
        if shared and chosen["OPTIONS"].get("access_key") == shared:
            raise ImproperlyConfigured(
                f"STORE_{name.upper()}_KEY is the credential of the published documents too. Give "
                "each store one of its own."
            )
    return {"default": found["restricted"], **found}


@dataclass(frozen=True)
class Mail:
    """How mail leaves: Django's backend, and the server where there is one."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    tls_from_the_start: bool = False
    tls_on_request: bool = False


# The way a server is spoken to, and the port it listens on where EMAIL_URL names none.
_MAIL_PORTS: Final = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}


def mail() -> Mail:
    """The mail server of EMAIL_URL; on a developer's machine, where none is set, files.

    smtps:// speaks TLS from the start, smtp+starttls:// asks for it and sends nothing without, and
    smtp:// is plain, which only a developer's machine may use. Raises ImproperlyConfigured.
    """
    address = text("EMAIL_URL")
    if not address:
        if is_development():
            return Mail("django.core.mail.backends.filebased.EmailBackend")
        raise ImproperlyConfigured(
            "EMAIL_URL is not set, so no mail could leave. Set it to smtps://USER:PASSWORD@HOST or "
            "to smtp+starttls://USER:PASSWORD@HOST."
        )
    parts = _parted("EMAIL_URL", address)
    if parts.scheme not in _MAIL_PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL is not the address of a mail server. Set it to smtps://USER:PASSWORD@HOST "
            "or to smtp+starttls://USER:PASSWORD@HOST."
        )
    if parts.scheme == "smtp" and not is_development():
        raise ImproperlyConfigured(
            "EMAIL_URL begins with smtp://, which sends mail without encryption. Set it to "
            "smtps://USER:PASSWORD@HOST or to smtp+starttls://USER:PASSWORD@HOST."
        )
    return Mail(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or _MAIL_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls_from_the_start=parts.scheme == "smtps",
        tls_on_request=parts.scheme == "smtp+starttls",
    )


@dataclass(frozen=True)
class WitnessPlace:
    """The witness's name (the log's origin), its key, and its own copy of what it signed."""

    origin: str
    key_file: Path
    folder: Path


def witness() -> WitnessPlace:
    """Where the witness finds what is its own. None of it may lie where the database does."""
    own = data_dir() / "witness"
    key = own / ("development-key.pem" if is_development() else "key.pem")
    return WitnessPlace(
        origin=text("WITNESS_ORIGIN") or "countersign.example/log",
        key_file=Path(text("WITNESS_KEY_FILE") or key),
        folder=Path(text("WITNESS_DIR") or own / "checkpoints"),
    )
