"""The seal's only way out: to the timestamp authority, and to where certificates say that their
revocation can be asked. Nowhere else, no further than that, and not for long.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers.crl_client import AIOHttpCRLFetcher
from pyhanko_certvalidator.fetchers.aiohttp_fetchers.ocsp_client import AIOHttpOCSPFetcher
from pyhanko_certvalidator.fetchers.api import CertificateFetcher, Fetchers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable

PATIENCE: Final = 10.0  # seconds for one answer, from looking up its name to its last byte
MOST: Final = 20 * 1024 * 1024  # bytes of one answer; the lists of large authorities have some


class NotFollowed(aiohttp.ClientError):
    """An answer that leads elsewhere, or does not end."""


@dataclass
class Outside:
    """The way out for one seal, and which addresses did not answer."""

    session: aiohttp.ClientSession
    silent: list[str] = field(default_factory=list)

    def timestamps(self, address: str) -> HTTPTimeStamper:
        """The timestamp authority at an address."""
        return _Stamps(address, timeout=PATIENCE, session=self.session)

    def fetchers(self) -> Fetchers:
        """Whatever asks for revocation data; certificates are never fetched, only given."""
        return Fetchers(
            ocsp_fetcher=AIOHttpOCSPFetcher(self.session, per_request_timeout=PATIENCE),
            crl_fetcher=AIOHttpCRLFetcher(self.session, per_request_timeout=PATIENCE),
            cert_fetcher=_NoCertificates(),
        )


@asynccontextmanager
async def outside() -> AsyncIterator[Outside]:
    """Open the way out. No redirect is followed, no proxy asked, and no cookie kept."""
    silent: list[str] = []
    trace = aiohttp.TraceConfig()

    class Bounded(aiohttp.ClientResponse):
        """An answer of which no more is read than an honest one has."""

        async def read(self) -> bytes:
            """The whole of it. Raises NotFollowed where there is no end to it."""
            content = bytearray()
            try:
                async for part in self.content.iter_any():
                    content += part
                    if len(content) > MOST:
                        raise NotFollowed(f"{self.url.host} sends without end.")
            except (aiohttp.ClientError, TimeoutError):
                silent.append(_address(self.url))
                self.close()
                raise
            return bytes(content)

    async def redirected(_: Any, __: Any, asked: aiohttp.TraceRequestRedirectParams) -> None:
        silent.append(_address(asked.url))
        raise NotFollowed(f"{asked.url.host} sends elsewhere.")

    async def failed(_: Any, __: Any, asked: aiohttp.TraceRequestExceptionParams) -> None:
        silent.append(_address(asked.url))

    async def ended(_: Any, __: Any, asked: aiohttp.TraceRequestEndParams) -> None:
        if asked.response.status >= 400:
            silent.append(_address(asked.url))

    trace.on_request_redirect.append(redirected)
    trace.on_request_exception.append(failed)
    trace.on_request_end.append(ended)
    async with aiohttp.ClientSession(
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=PATIENCE),
        trace_configs=[trace],
        response_class=Bounded,
    ) as session:
        yield Outside(session, silent)


def _address(url: Any) -> str:
    """An address as people know it: without what stands behind the name of the server."""
    return str(url.origin())


class _Stamps(HTTPTimeStamper):
    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        """A time stamp. Raises TimestampRequestError, also for an answer that is none."""
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimestampRequestError("The answer is no time stamp.") from error


class _NoCertificates(CertificateFetcher):
    """Fetches nothing: what a certificate names as its issuer is not ours to visit."""

    async def fetch_cert_issuers(self, cert: Any) -> AsyncGenerator[Any, None]:
        """No certificate."""
        for found in self.fetched_certs():
            yield found

    async def fetch_crl_issuers(self, certificate_list: Any) -> AsyncGenerator[Any, None]:
        """No certificate."""
        for found in self.fetched_certs():
            yield found

    def fetched_certs(self) -> Iterable[Any]:
        """No certificate."""
        return ()
