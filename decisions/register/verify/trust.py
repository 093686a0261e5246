"""The certificates that we trust: those of our own seals, and those of time-stamp authorities.

Certificates only: the key is nowhere near what judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from django.conf import settings

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


class CannotJudge(Exception):
    """No seal can be judged just now; `sentence` says why, for whoever runs the service."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Trust:
    """Every certificate that ever sealed for us with its chain; roots of time-stamp authorities."""

    seals: tuple[Certificate, ...]
    tsa: tuple[Certificate, ...] = ()


def trusted() -> Trust:
    """The certificates as the files say now, so that a new one counts without a restart.

    Raises CannotJudge when there is no certificate of a seal, or a file that is named is no good.
    """
    seals = dict.fromkeys(
        (
            *_certificates("SEAL_TRUST_FILE", settings.SEAL_TRUST_FILE),
            *_certificates("SEAL_CERT_FILE", settings.SEAL_CERT_FILE),
        )
    )
    if not seals:
        raise CannotJudge(
            "There is no certificate to judge seals with. Set SEAL_TRUST_FILE to a file with every "
            "certificate that ever sealed for this service."
        )
    return Trust(tuple(seals), _certificates("SEAL_TSA_CERTS_FILE", settings.SEAL_TSA_CERTS_FILE))


def _certificates(variable: str, file: str) -> tuple[Certificate, ...]:
    """The certificates in a file; none where no file is named, or it is not there (yet)."""
    if not file:
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(Path(file).read_bytes()))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise CannotJudge(
            f"The file in {variable} cannot be read as certificates in PEM form. Set it to one "
            "that can."
        ) from error
