"""The seal's key: made on a developer's machine, refused everywhere else, never guessed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.core.management import CommandError, call_command

from approvals import documents, sealing
from approvals.sealing import keys
from tests import records
from tests.seal_keys import (
    PASSPHRASE,
    certificate,
    passphrase_file,
    pkcs12_of,
    stretched,
    write,
)
from tests.seal_world import small

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    """Settings that point into an empty folder."""
    settings.ENVIRONMENT = "development"
    settings.SEAL_KEY_FILE = str(tmp_path / "seal" / "key.pem")
    settings.SEAL_CERT_FILE = str(tmp_path / "seal" / "certificate.pem")
    settings.SEAL_TRUST_FILE = str(tmp_path / "seal" / "trust.pem")
    settings.SEAL_KEY_PASSPHRASE_FILE = ""


def make(*options: str) -> str:
    """Run the command and hand back what it said."""
    said = StringIO()
    call_command("make_seal_key", *options, stdout=said)
    return said.getvalue().strip()


def refusal() -> str:
    """The sentence with which sealing a good document is refused."""
    with pytest.raises(sealing.SealingError) as refused:
        sealing.seal(small())
    return refused.value.sentence


def test_the_development_key_is_made_once_and_says_what_it_is(settings: Settings) -> None:
    assert make() == "Made the seal key: “Countersign development key – not for real decisions”."
    before = Path(settings.SEAL_KEY_FILE).read_bytes(), Path(settings.SEAL_CERT_FILE).read_bytes()
    assert make() == "The seal key is there; nothing to do."
    after = Path(settings.SEAL_KEY_FILE).read_bytes(), Path(settings.SEAL_CERT_FILE).read_bytes()
    assert before == after
    (made,) = x509.load_pem_x509_certificates(after[1])
    assert made.subject.rfc4514_string() == (
        "CN=Countersign development key – not for real decisions"
    )
    key = made.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"


def test_nobody_else_can_read_the_key(settings: Settings) -> None:
    make()
    key = Path(settings.SEAL_KEY_FILE)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert sorted(file.name for file in key.parent.iterdir()) == ["certificate.pem", "key.pem"]


def test_a_lost_certificate_is_issued_anew_for_the_same_key(settings: Settings) -> None:
    make()
    key = Path(settings.SEAL_KEY_FILE).read_bytes()
    Path(settings.SEAL_CERT_FILE).unlink()
    assert make().startswith("Made the seal key")
    assert Path(settings.SEAL_KEY_FILE).read_bytes() == key
    assert sealing.verify(sealing.seal(small())).ok is True


def test_two_that_make_the_key_at_once_end_with_one_pair(
    settings: Settings, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(settings.BASE_DIR),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "SEAL_KEY_FILE": settings.SEAL_KEY_FILE,
        "SEAL_CERT_FILE": settings.SEAL_CERT_FILE,
        "DATA_DIR": str(tmp_path / "data"),
    }
    command = [sys.executable, "-m", "django", "make_seal_key"]
    both = [subprocess.Popen(command, env=environment, cwd=tmp_path) for _ in range(2)]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    assert sealing.verify(sealing.seal(small())).ok is True


def test_production_makes_no_development_key(settings: Settings) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(CommandError) as refused:
        make()
    assert str(refused.value) == (
        "No key was made: a development key cannot seal real decisions. Give the service its own "
        "key in SEAL_KEY_FILE and certificate in SEAL_CERT_FILE."
    )
    assert not Path(settings.SEAL_KEY_FILE).exists()


def test_production_refuses_to_seal_with_a_development_key(settings: Settings) -> None:
    make()
    settings.ENVIRONMENT = "production"
    assert refusal() == (
        "Nothing was sealed because the seal’s certificate is that of a development key. Give the "
        "service its own key in SEAL_KEY_FILE and certificate in SEAL_CERT_FILE."
    )


def test_without_a_key_nothing_is_sealed_or_published(settings: Settings) -> None:
    sentence = (
        "Nothing was sealed because the seal’s certificate cannot be read. On a developer’s "
        "machine run “manage.py make_seal_key”; elsewhere give the service its key in "
        "SEAL_CERT_FILE."
    )
    assert refusal() == sentence
    with pytest.raises(sealing.SealingError) as refused:
        documents.publishable(records.pcd_1080())
    assert refused.value.sentence == sentence
    make()
    Path(settings.SEAL_KEY_FILE).unlink()
    assert refusal() == sentence.replace("certificate", "key").replace("SEAL_CERT", "SEAL_KEY")


def test_a_key_of_the_organisation_seals_in_production(settings: Settings) -> None:
    settings.ENVIRONMENT, settings.SEAL_TRUST_FILE = "production", ""
    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    write(
        settings,
        own,
        certificate(own, issuer="Root", issuer_key=root),
        certificate(root, "Root", authority=True),
        strong=True,
    )
    passphrase_file(settings)
    verdict = sealing.verify(sealing.seal(small()))
    assert (verdict.ok, verdict.signer) == (True, "Office of Decisions, electronic seal")


def test_an_rsa_key_seals_too(settings: Settings) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    write(settings, key, certificate(key))
    assert sealing.verify(sealing.seal(small())).ok is True


def test_an_encrypted_key_is_opened_with_its_passphrase_only(settings: Settings) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    write(settings, key, certificate(key), passphrase=PASSPHRASE)
    assert refusal() == (
        "Nothing was sealed because the seal’s key is encrypted and no passphrase was given. "
        "Set SEAL_KEY_PASSPHRASE_FILE to the file that holds it."
    )
    passphrase = passphrase_file(settings, b"wrong")
    assert refusal() == (
        "Nothing was sealed because the passphrase in SEAL_KEY_PASSPHRASE_FILE does not open the "
        "seal’s key. Put the right one into that file."
    )
    passphrase.write_bytes(PASSPHRASE + b"\n")
    assert sealing.verify(sealing.seal(small())).ok is True
    passphrase.unlink()
    assert refusal().startswith("Nothing was sealed because the seal’s passphrase cannot be read.")


def test_a_key_that_belongs_to_another_certificate_is_refused(settings: Settings) -> None:
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    write(settings, key, certificate(other))
    assert refusal() == (
        "Nothing was sealed because the seal’s key and certificate do not belong together. "
        "Set SEAL_KEY_FILE and SEAL_CERT_FILE to a pair."
    )


@pytest.mark.parametrize("begins", [timedelta(days=-60), timedelta(days=2)])
def test_a_certificate_outside_its_dates_is_refused(settings: Settings, begins: timedelta) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    write(settings, key, certificate(key, begins=begins))
    assert refusal().startswith(
        "Nothing was sealed because the seal’s certificate is not valid today: it runs from "
    )


def test_a_certificate_for_another_use_is_refused(settings: Settings) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    write(settings, key, certificate(key, binding=False))
    assert refusal() == (
        "Nothing was sealed because the certificate in SEAL_CERT_FILE was issued for another use: "
        "its key usage does not name non-repudiation. Ask for one that may make seals."
    )


def test_a_key_of_a_kind_that_readers_do_not_know_is_refused(settings: Settings) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    write(settings, key, certificate(key))
    assert refusal() == (
        "Nothing was sealed because the key in SEAL_KEY_FILE is of a kind that readers of PDF do "
        "not know. Use an elliptic-curve key (P-256) or RSA."
    )


def test_files_that_hold_no_key_or_certificate_are_refused(settings: Settings) -> None:
    make()
    Path(settings.SEAL_KEY_FILE).write_text("no key")
    assert refusal() == (
        "Nothing was sealed because the file in SEAL_KEY_FILE holds no private key in PEM or "
        "PKCS#12 form. Set it to one that does."
    )
    Path(settings.SEAL_CERT_FILE).write_text("no certificate")
    assert refusal() == (
        "Nothing was sealed because the file in SEAL_CERT_FILE holds no certificate in PEM form. "
        "Set it to a file that does."
    )


@pytest.mark.parametrize("how", [(), ("-v2", "aes-256-cbc", "-iter", "2048")])
def test_production_takes_no_key_that_is_open_or_soon_guessed(
    settings: Settings, how: tuple[str, ...]
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    write(settings, key, certificate(key))
    if how:
        file = Path(settings.SEAL_KEY_FILE)
        file.write_bytes(stretched(file.read_bytes(), *how))
        passphrase_file(settings)
    assert sealing.verify(sealing.seal(small())).ok is True
    settings.ENVIRONMENT = "production"
    said = (
        "is encrypted in a way that lets a passphrase be guessed fast. Encrypt it anew with scrypt "
        "or 600,000 rounds; docs/keys.md says how to make one that is."
        if how
        else "is not encrypted. Encrypt it, and put its passphrase into the file that "
        "SEAL_KEY_PASSPHRASE_FILE names; docs/keys.md says how to make one that is."
    )
    assert refusal() == f"Nothing was sealed because the seal’s key {said}"


def test_a_key_in_the_form_in_which_authorities_hand_it_over_seals(settings: Settings) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    own = certificate(key)
    write(settings, key, own)
    file = Path(settings.SEAL_KEY_FILE)
    for rounds, strong in ((600_000, True), (2048, False)):
        settings.ENVIRONMENT, settings.SEAL_TRUST_FILE = "development", ""
        file.write_bytes(pkcs12_of(key, own, rounds))
        settings.SEAL_KEY_PASSPHRASE_FILE = ""
        assert refusal().startswith("Nothing was sealed because the seal’s key is encrypted and no")
        passphrase = passphrase_file(settings, b"wrong")
        assert refusal().startswith("Nothing was sealed because the passphrase in SEAL_KEY_PASS")
        passphrase.write_bytes(PASSPHRASE)
        assert sealing.verify(sealing.seal(small())).ok is True
        settings.ENVIRONMENT = "production"
        if strong:
            assert sealing.verify(sealing.seal(small())).ok is True
        else:
            assert "lets a passphrase be guessed fast" in refusal()


def test_a_key_is_opened_once_and_again_when_the_file_holds_another(settings: Settings) -> None:
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    write(settings, key, certificate(key), passphrase=PASSPHRASE)
    passphrase = passphrase_file(settings)
    first = keys.load().key
    assert keys.load().key is first
    write(settings, other, certificate(other), passphrase=PASSPHRASE)
    assert keys.load().key is not first
    assert keys.load().key.public_key() == other.public_key()
    passphrase.write_bytes(b"another")
    assert refusal().startswith("Nothing was sealed because the passphrase in SEAL_KEY_PASSPHRASE")


def test_a_development_key_rolls_over_and_what_it_sealed_stays_genuine(settings: Settings) -> None:
    make()
    before = sealing.seal(small())
    for _ in range(2):
        old = Path(settings.SEAL_KEY_FILE).read_bytes()
        assert make("--roll-over") == ("Made a new seal key; the old certificate is still trusted.")
        assert Path(settings.SEAL_KEY_FILE).read_bytes() != old
        assert stat.S_IMODE(Path(settings.SEAL_KEY_FILE).stat().st_mode) == 0o600
        assert sealing.verify(before).ok is True
        assert sealing.verify(sealing.seal(small())).ok is True
    kept = x509.load_pem_x509_certificates(Path(settings.SEAL_TRUST_FILE).read_bytes())
    assert len(kept) == 2
    Path(settings.SEAL_TRUST_FILE).unlink()
    assert sealing.verify(before).sentence == "The seal on this document is not ours."


def test_only_a_development_key_rolls_over_by_itself(settings: Settings) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    write(settings, key, certificate(key))
    with pytest.raises(CommandError) as refused:
        make("--roll-over")
    assert str(refused.value) == (
        "No key was made: the certificate in SEAL_CERT_FILE is not that of a development key. "
        "docs/keys.md says how to replace a key of your own."
    )
    settings.ENVIRONMENT = "production"
    with pytest.raises(CommandError, match="a development key cannot seal real decisions"):
        make("--roll-over")
    assert not Path(settings.SEAL_TRUST_FILE).exists()
