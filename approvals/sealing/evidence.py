"""What lasts longer than a certificate: a time stamp, and proof that nothing was revoked then.

Fails closed: where a timestamp authority is set and any of this cannot be had, nothing is sealed.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
from django.conf import settings
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator import errors as validation

from approvals.sealing import certificates
from approvals.sealing.network import Outside, outside
from approvals.sealing.refusal import SealingError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from cryptography.x509 import Certificate
    from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
    from pyhanko_certvalidator.fetchers.api import Fetchers

#: What may go wrong between here and the authorities, of their own making or on the way.
FAILURES = (
    SigningError,
    validation.PathError,
    validation.ValidationError,
    validation.OCSPValidationError,
    validation.CRLValidationError,
    aiohttp.ClientError,
    OSError,
    ValueError,
    TypeError,
)


@dataclass(frozen=True)
class Evidence:
    """Where time stamps come from, and what checks and collects the proof of today."""

    timestamper: HTTPTimeStamper
    context: ValidationContext


@asynccontextmanager
async def gathering(*, chain: tuple[Certificate, ...], what: str) -> AsyncIterator[Evidence]:
    """Hold the way to the authorities open. Whatever goes wrong meanwhile is a SealingError.

    `chain` holds the certificates that may be met and their roots. `what` begins the sentence:
    "Nothing was sealed".
    """
    address = _address(what)
    stamps = certificates.timestamp_roots()
    if not stamps:
        raise SealingError(
            f"{what} because SEAL_TSA_URL names a timestamp authority and SEAL_TSA_CERTS_FILE "
            "does not say which certificates to trust in it. Set it to a file with its root."
        )
    async with outside() as way:
        stamper, fetchers = way.timestamps(address), way.fetchers()
        try:
            # Apart from the seal's own roots: who may seal for us may not tell us the time.
            paths = stamper.validation_paths(_context(stamps, stamps, fetchers))  # type: ignore[no-untyped-call] # untyped upstream
            async for _ in paths:
                pass
        except FAILURES as error:
            raise _refusal(error, way, what, whose="timestamp authority’s") from error
        try:
            yield Evidence(stamper, _context((*chain, *stamps), (*chain, *stamps), fetchers))
        except FAILURES as error:
            raise _refusal(error, way, what, whose="seal’s") from error


def _context(
    roots: tuple[Certificate, ...], others: tuple[Certificate, ...], fetchers: Fetchers
) -> ValidationContext:
    """What checks certificates today: each below a root has to be shown not to be revoked."""
    return ValidationContext(
        trust_roots=certificates.asn1(_roots(roots)),
        other_certs=certificates.asn1(others),
        allow_fetching=True,
        fetchers=fetchers,
        revocation_mode="require",
    )


def require_root(chain: tuple[Certificate, ...]) -> None:
    """Refuse a chain that ends below its root, where nobody could show a certificate unrevoked."""
    if chain[-1].issuer != chain[-1].subject:
        raise SealingError(
            "Nothing was sealed because SEAL_CERT_FILE does not hold the certificates up to the "
            "root, so that nobody could check the seal in later years. Add those that are missing."
        )


def _roots(known: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """Those that nobody else in the list issued, as the judge takes them too."""
    subjects = {one.subject for one in known}
    return tuple(one for one in known if one.issuer == one.subject or one.issuer not in subjects)


def _address(what: str) -> str:
    address: str = settings.SEAL_TSA_URL
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SealingError(
            f"{what} because SEAL_TSA_URL is not the address of a timestamp authority. Set it to "
            "one that begins with http:// or https://."
        )
    return address


def _refusal(error: BaseException, way: Outside, what: str, *, whose: str) -> SealingError:
    """The sentence for whatever went wrong, found by its causes."""
    causes = list(_causes(error))
    if any(isinstance(one, TimestampRequestError) for one in causes):
        return SealingError(
            f"{what} because the timestamp authority that SEAL_TSA_URL names gave no time stamp. "
            "Try again later; if it goes on, tell whoever runs the service."
        )
    if any(isinstance(one, validation.RevokedError) for one in causes):
        return SealingError(
            f"{what} because the {whose} certificate was revoked by those who issued it. Tell "
            "whoever runs the service: it must not be relied on any more."
        )
    if way.silent:
        places = " and ".join(dict.fromkeys(way.silent))
        return SealingError(
            f"{what} because {places} did not answer, and only there can be asked whether a "
            "certificate was revoked. Try again later; if it goes on, tell whoever runs the "
            "service."
        )
    where = "SEAL_CERT_FILE" if whose == "seal’s" else "SEAL_TSA_CERTS_FILE"
    return SealingError(
        f"{what} because the {whose} certificate could not be checked up to a root in {where}, "
        "with proof that it was not revoked. Make sure that the file holds the right root and "
        "those who issued the certificate answer."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
