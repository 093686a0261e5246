"""Keys in a token: sealed through PKCS#11 with a real one in software, refused by a sentence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from approvals import sealing
from tests.seal_keys import certificate
from tests.seal_world import NAME, World, small
from tests.soft_token import PIN, SoftToken, soft_token

if TYPE_CHECKING:
    from pytest_django import Settings

RSA_NAME = "Office of Decisions, RSA seal"


@pytest.fixture(scope="session")
def token(authorities: World, tmp_path_factory: pytest.TempPathFactory) -> SoftToken:
    """A token with the authorities' key in it, and one of the kind RSA."""
    made = soft_token(tmp_path_factory.mktemp("token"))
    made.keep(authorities.key_file("seal"), "seal")
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    file = authorities.folder / "rsa.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    made.keep(file, "rsa")
    file.unlink()
    authorities.write("rsa.chain.pem", [certificate(key, RSA_NAME)])
    return made


@pytest.fixture(autouse=True)
def _settings(token: SoftToken, authorities: World, settings: Settings) -> None:
    authorities.use(settings, lasting=False)
    token.use(settings, "seal")


def refusal() -> str:
    """The sentence with which sealing a good document is refused."""
    with pytest.raises(sealing.SealingError) as refused:
        sealing.seal(small())
    assert PIN not in repr(refused.getrepr(showlocals=False))
    return refused.value.sentence


def test_a_key_in_a_token_seals(settings: Settings) -> None:
    assert not Path(settings.SEAL_KEY_FILE).exists()
    verdict = sealing.verify(sealing.seal(small()))
    assert (verdict.kind, verdict.signer) == ("genuine", NAME)


def test_a_key_in_a_token_seals_to_last(
    token: SoftToken, authorities: World, settings: Settings
) -> None:
    authorities.use(settings)
    token.use(settings, "seal")
    assert sealing.level() == "B-LT"
    assert sealing.verify(sealing.seal(small())).kind == "genuine"


def test_an_rsa_key_in_a_token_seals_too(
    token: SoftToken, authorities: World, settings: Settings
) -> None:
    token.use(settings, "rsa")
    settings.SEAL_CERT_FILE = str(authorities.folder / "rsa.chain.pem")
    verdict = sealing.verify(sealing.seal(small()))
    assert (verdict.kind, verdict.signer) == ("genuine", RSA_NAME)


def test_two_threads_seal_at_once_with_one_token() -> None:
    with ThreadPoolExecutor(max_workers=2) as two:
        made = list(two.map(sealing.seal, [small()] * 4))
    assert [sealing.verify(one).kind for one in made] == ["genuine"] * 4


def test_a_key_in_a_token_that_belongs_to_another_certificate_is_refused(
    authorities: World, settings: Settings
) -> None:
    settings.SEAL_CERT_FILE = str(authorities.write("other.pem", authorities.chain("elsewhere")))
    assert refusal() == (
        "Nothing was sealed because the seal’s key and certificate do not belong together. Set "
        "SEAL_PKCS11_KEY and SEAL_CERT_FILE to a pair."
    )


def test_a_wrong_pin_is_not_tried_twice_lest_the_token_lock_itself(
    settings: Settings, tmp_path: Path
) -> None:
    wrong = tmp_path / "pin"
    wrong.write_text("0000-wrong\n")
    settings.SEAL_PKCS11_PIN_FILE = str(wrong)
    sentence = (
        "Nothing was sealed because the PIN in SEAL_PKCS11_PIN_FILE does not open the token. Put "
        "the right one into that file; the wrong one is not tried again, lest the token lock "
        "itself."
    )
    assert refusal() == sentence
    library, settings.SEAL_PKCS11_LIB = settings.SEAL_PKCS11_LIB, settings.SEAL_CERT_FILE
    assert refusal() == sentence  # known without the token, whose library could not be opened now
    settings.SEAL_PKCS11_LIB = library
    wrong.write_text(f"{PIN}\n")
    assert sealing.verify(sealing.seal(small())).ok is True
    wrong.unlink()
    assert refusal().startswith("Nothing was sealed because the seal’s PIN cannot be read.")


def test_a_key_that_the_token_does_not_hold_is_refused(settings: Settings) -> None:
    settings.SEAL_PKCS11_KEY = "another"
    assert refusal() == (
        "Nothing was sealed because the token holds no key that may sign with the name in "
        "SEAL_PKCS11_KEY. Set it to the label of the seal’s key."
    )


def test_a_token_that_is_not_there_is_refused(settings: Settings, tmp_path: Path) -> None:
    settings.SEAL_PKCS11_TOKEN = "Another"
    sentence = (
        "Nothing was sealed because no token with the name in SEAL_PKCS11_TOKEN could be opened "
        "with the library in SEAL_PKCS11_LIB. Connect the token, or mend the settings."
    )
    assert refusal() == sentence
    no_library = tmp_path / "library.so"
    no_library.write_text("no library")
    settings.SEAL_PKCS11_LIB = str(no_library)
    assert refusal() == sentence
    no_library.unlink()
    assert refusal() == (
        "Nothing was sealed because the file in SEAL_PKCS11_LIB cannot be read. Set it to the "
        "library that came with the token."
    )
