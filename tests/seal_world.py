"""A world in which documents are sealed: a small document, and authorities that really answer.

The authorities (certificates, time stamps, OCSP and CRLs) are served by certomancer on this
machine, over HTTP, each answer made and signed when it is asked for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pikepdf
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from certomancer.registry.issued.general import RevocationStatus
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from approvals.sealing.field import FIELD, FIELD_NAME

if TYPE_CHECKING:
    from pytest_django import Settings

ARCH: Final = ArchLabel("sealing")
NAME: Final = "Office of Decisions, electronic seal"
_KEYS: Final = ("root", "between", "responder", "stamps", "seal", "old", "revoked", "elsewhere")
Answer = Callable[[Request], Response]


@cache
def small(*, with_field: bool = True) -> bytes:
    """A document of one page, with or without the empty field that a seal fills."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        if with_field:
            look = pdf.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
            look.BBox = [0, 0, 100, 20]
            widget = pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Widget,
                    FT=pikepdf.Name.Sig,
                    T=FIELD,
                    TU=FIELD_NAME,
                    Contents=FIELD_NAME,
                    F=132,
                    Rect=[60, 60, 160, 80],
                    P=page.obj,
                    AP=pikepdf.Dictionary(N=look),
                )
            )
            page.Annots = [widget]
            pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[widget], SigFlags=1)
        pdf.docinfo.Title = "Decision"
        output = BytesIO()
        pdf.save(output, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return output.getvalue()


@dataclass
class World:
    """The authorities of a test run, and whatever a test wants one of them to answer instead."""

    address: str
    folder: Path
    config: CertomancerConfig
    animator: Animator
    instead: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def stamps(self) -> str:
        """The address of the timestamp authority."""
        return f"{self.address}/{ARCH}/tsa/stamps"

    def certificate(self, name: str) -> x509.Certificate:
        """A certificate by its name."""
        found = self.config.get_pki_arch(ARCH).get_cert(CertLabel(name))
        return x509.load_der_x509_certificate(found.dump())

    def chain(self, name: str = "seal") -> tuple[x509.Certificate, ...]:
        """A certificate that seals, and those up to the root."""
        return tuple(self.certificate(one) for one in (name, "between", "root"))

    def key_file(self, name: str = "seal") -> Path:
        """The file of a private key."""
        return self.folder / f"{name}.pem"

    def use(self, settings: Settings, name: str = "seal", *, lasting: bool = True) -> None:
        """Settings with which this key seals, at level B-LT or, without time stamps, B-B."""
        settings.ENVIRONMENT = "development"
        settings.SEAL_PKCS11_LIB = ""
        settings.SEAL_KEY_PASSPHRASE_FILE = ""
        settings.SEAL_KEY_FILE = str(self.key_file(name))
        settings.SEAL_CERT_FILE = str(self.write(f"{name}.chain.pem", self.chain(name)))
        settings.SEAL_TRUST_FILE = ""
        settings.SEAL_TSA_CERTS_FILE = str(self.write("roots.pem", [self.certificate("root")]))
        settings.SEAL_TSA_URL = self.stamps if lasting else ""

    def write(self, name: str, certificates: Iterable[x509.Certificate]) -> Path:
        """Certificates in a file."""
        file = self.folder / name
        file.write_bytes(
            b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)
        )
        return file

    @contextmanager
    def answering(self, part: str, answer: Answer) -> Iterator[None]:
        """Let addresses with `part` in them answer otherwise for a while."""
        self.instead[part] = answer
        try:
            yield
        finally:
            del self.instead[part]

    @contextmanager
    def revoking(self, name: str) -> Iterator[None]:
        """Let a certificate be revoked, since yesterday, for a while."""
        spec = self.config.get_pki_arch(ARCH).get_cert_spec(CertLabel(name))
        status = RevocationStatus(revoked_since=datetime.now(UTC) - timedelta(days=1))
        object.__setattr__(spec, "revocation", status)  # it was not made to change its mind
        try:
            yield
        finally:
            object.__setattr__(spec, "revocation", None)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer one request, as a server calls it."""
        request = Request(environ)
        self.asked.append(request.path)
        for part, answer in self.instead.items():
            if part in request.path:
                return answer(request)(environ, start)
        answered: Iterable[bytes] = self.animator(environ, start)
        return answered


@contextmanager
def serving(folder: Path) -> Iterator[World]:
    """Make keys in an empty folder, and serve the authorities until the end."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    for name in _KEYS:
        key = ec.generate_private_key(ec.SECP256R1())
        (folder / f"{name}.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    worlds: list[World] = []
    server = make_server(
        "127.0.0.1",
        0,
        lambda environ, start: worlds[0](environ, start),  # noqa: PLW0108 - its world comes later
        threaded=True,
        request_handler=_Quiet,
    )
    address = f"http://127.0.0.1:{server.server_port}"
    config = CertomancerConfig(_config(), key_search_dir=str(folder), external_url_prefix=address)
    animator = Animator(AnimatorArchStore(config.pki_archs), with_web_ui=False)
    worlds.append(World(address, folder, config, animator))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield worlds[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(WSGIRequestHandler):
    def log(self, *said: Any) -> None:
        """Nothing: a test that wants to know what was asked looks at the world."""


def _config() -> dict[str, Any]:
    """Root, an authority between, three that seal, one elsewhere; stamps, OCSP and CRLs."""
    return {
        "keysets": {
            "sealing": {"path-prefix": "", "keys": {n: {"path": f"{n}.pem"} for n in _KEYS}}
        },
        "pki-architectures": {
            str(ARCH): {
                "keyset": "sealing",
                "entity-defaults": {"country-name": "GB", "organization-name": "Test authority"},
                "entities": {
                    **{name: {"common-name": f"Test {name}"} for name in _KEYS},
                    "seal": {"common-name": NAME},
                    "old": {"common-name": NAME},
                },
                "certs": _certificates(),
                "services": {
                    "ocsp": {
                        "between": {
                            "for-issuer": "between",
                            "responder-cert": "responder",
                            "signing-key": "responder",
                        }
                    },
                    "crl-repo": {
                        "root": {
                            "for-issuer": "root",
                            "signing-key": "root",
                            "simulated-update-schedule": "P1D",
                        }
                    },
                    "time-stamping": {
                        "stamps": {"signing-key": "stamps", "signing-cert": "stamps"}
                    },
                },
            }
        },
    }


def _certificates() -> dict[str, Any]:
    seal = _certificate(
        "between",
        usage=["digital_signature", "non_repudiation"],
        more=[_asked_at("between")],
        life=(-1000, 700),
    )
    return {
        "root": _certificate("root", authority=True, life=(-3650, 7300)),
        "between": _certificate(
            "root", authority=True, life=(-3650, 7300), more=[_listed_at("root")]
        ),
        "responder": _certificate(
            "between",
            more=[
                {"id": "extended_key_usage", "critical": True, "value": ["ocsp_signing"]},
                {"id": "ocsp_no_check"},
            ],
        ),
        "stamps": _certificate(
            "root",
            more=[
                {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
                _listed_at("root"),
            ],
        ),
        "seal": seal,
        "old": {**seal, "validity": _validity(-400, -30)},
        "revoked": {
            **seal,
            "revocation": {"revoked-since": _day(-5), "reason": "key_compromise"},
        },
        "elsewhere": seal,
    }


def _certificate(
    issuer: str,
    *,
    usage: list[str] | None = None,
    authority: bool = False,
    life: tuple[int, int] = (-1000, 1500),
    more: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    usage = usage or (
        ["digital_signature", "key_cert_sign", "crl_sign"] if authority else ["digital_signature"]
    )
    return {
        "issuer": issuer,
        "validity": _validity(*life),
        "extensions": [
            {"id": "basic_constraints", "critical": True, "value": {"ca": authority}},
            {
                "id": "key_usage",
                "critical": True,
                "smart-value": {"schema": "key-usage", "params": usage},
            },
            *(more or []),
        ],
    }


def _listed_at(repository: str) -> dict[str, Any]:
    params = {"crl-repo-names": [repository]}
    return {
        "id": "crl_distribution_points",
        "smart-value": {"schema": "crl-dist-url", "params": params},
    }


def _asked_at(responder: str) -> dict[str, Any]:
    params = {"ocsp-responder-names": [responder]}
    return {
        "id": "authority_information_access",
        "smart-value": {"schema": "aia-urls", "params": params},
    }


def _validity(begins: int, ends: int) -> dict[str, str]:
    return {"valid-from": _day(begins), "valid-to": _day(ends)}


def _day(days: int) -> str:
    """Noon, UTC, of a day counted from today."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    return (noon + timedelta(days=days)).isoformat()
