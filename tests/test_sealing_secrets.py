"""Nothing of the key, its passphrase or a PIN is ever said: not to a log, not in a failure."""

from __future__ import annotations

import html
import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.views.debug import ExceptionReporter

from approvals import sealing
from approvals.sealing import keys, signers
from tests.seal_keys import certificate, stretched, write
from tests.seal_world import World, small
from tests.soft_token import PIN

if TYPE_CHECKING:
    from pytest_django import Settings

CANARY = "Quillfeather-4f1c-passphrase"


@pytest.fixture(autouse=True)
def key(settings: Settings, authorities: World, tmp_path: Path) -> bytes:
    """A key that only the canary opens; handed back open, to look for its own bytes."""
    authorities.use(settings, lasting=False)
    settings.SEAL_KEY_FILE = str(tmp_path / "seal" / "key.pem")
    settings.SEAL_CERT_FILE = str(tmp_path / "seal" / "certificate.pem")
    settings.SEAL_KEY_PASSPHRASE_FILE = str(tmp_path / "passphrase")
    Path(settings.SEAL_KEY_PASSPHRASE_FILE).write_text(CANARY)
    made = ec.generate_private_key(ec.SECP256R1())
    write(settings, made, certificate(made), passphrase=CANARY.encode())
    return made.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def secrets_of(key: bytes) -> list[str]:
    """What must not be said: the passphrase, the PIN, and the key's own number in three ways."""
    number = key[36:68]
    return [CANARY, PIN, number.hex(), repr(number)[2:-1], str(int.from_bytes(number, "big"))]


def test_the_secrets_are_there_to_be_found(key: bytes, settings: Settings) -> None:
    text = Path(settings.SEAL_KEY_FILE).read_bytes()
    opened = serialization.load_pem_private_key(text, CANARY.encode())
    assert isinstance(opened, ec.EllipticCurvePrivateKey)
    assert str(opened.private_numbers().private_value) in secrets_of(key)


def test_a_key_and_what_signs_with_it_show_nothing(key: bytes) -> None:
    pair = keys.load()
    signer = signers.KeySigner(pair)
    shown = "".join(
        map(repr, (pair, signer, vars(signer), pair.key, vars(keys), keys._opened, vars(pair)))
    )
    assert [secret for secret in secrets_of(key) if secret in shown] == []


def _wrong_passphrase(settings: Settings) -> None:
    Path(settings.SEAL_KEY_FILE).write_bytes(
        stretched(Path(settings.SEAL_KEY_FILE).read_bytes(), "-passin", f"pass:{CANARY}")
    )


def _rubbish_key(settings: Settings) -> None:
    Path(settings.SEAL_KEY_FILE).write_text(
        f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{CANARY}\n-----END ENCRYPTED PRIVATE KEY-----\n"
    )


def _another_certificate(settings: Settings) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    made = certificate(other).public_bytes(serialization.Encoding.PEM)
    Path(settings.SEAL_CERT_FILE).write_bytes(made)


def _weak_in_production(settings: Settings) -> None:
    settings.ENVIRONMENT = "production"


def _no_token(settings: Settings) -> None:
    pin = Path(settings.SEAL_KEY_PASSPHRASE_FILE)
    pin.write_text(PIN)
    settings.SEAL_PKCS11_PIN_FILE = str(pin)
    settings.SEAL_PKCS11_LIB = settings.SEAL_CERT_FILE  # a file, and no library
    settings.SEAL_PKCS11_TOKEN = settings.SEAL_PKCS11_KEY = "seal"


@pytest.mark.parametrize(
    "spoil",
    [_wrong_passphrase, _rubbish_key, _another_certificate, _weak_in_production, _no_token],
)
def test_a_failure_tells_no_secret_however_it_is_reported(
    key: bytes,
    settings: Settings,
    spoil: Callable[[Settings], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert sealing.verify(sealing.seal(small())).ok is True
    spoil(settings)
    with caplog.at_level(logging.DEBUG):
        said = "\n".join((*_reported(), caplog.text))
    assert "SealingError" in said
    assert "Nothing was sealed" in caplog.text
    assert [secret for secret in secrets_of(key) if secret in said] == []


def _reported() -> list[str]:
    """A refusal in every way in which it may be reported: with all that its functions held, too."""
    try:
        sealing.seal(small())
    except sealing.SealingError as refusal:
        logging.getLogger("approvals").exception("The document could not be made")
        report = ExceptionReporter(None, *sys.exc_info()).get_traceback_html()
        assert "approvals/sealing/" in report
        return [repr(refusal), *traceback.format_exception(refusal), html.unescape(report)]
    pytest.fail("This key should have been refused.")


def test_the_sealed_document_holds_no_secret(key: bytes) -> None:
    sealed = sealing.seal(small())
    assert key[36:68] not in sealed
    assert [secret for secret in secrets_of(key) if secret.encode() in sealed] == []
