"""Every address of the public process. They stay: other sites, papers and minutes cite them."""

from __future__ import annotations

from typing import Final

from django.urls import path, register_converter

from decisions.register.views import data, decision, documents, listing, log, service, verify


class Number:
    """The number of an edition: a whole number that PostgreSQL can hold."""

    regex = "[1-9][0-9]{0,3}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The number as an address writes it."""
        return str(value)


class Digest:
    """SHA-256 in hexadecimal."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """The digest."""
        return value

    def to_url(self, value: str) -> str:
        """The digest."""
        return value


register_converter(Number, "number")
register_converter(Digest, "digest")

EDITION: Final = "decisions/<str:reference>/editions/<number:number>"

urlpatterns = [
    path("", listing.start, name="start"),
    path("decisions/", listing.decision_list, name="decision_list"),
    path("decisions.json", data.list_json, name="list_json"),
    path("decisions.csv", data.list_csv, name="list_csv"),
    path("decisions.atom", data.decision_atom, name="decision_atom"),
    path("decisions/<str:reference>.json", data.decision_json, name="decision_json"),
    path("decisions/<str:reference>/", decision.decision, name="decision"),
    path("decisions/<str:reference>/decision.pdf", documents.decision_pdf, name="decision_pdf"),
    path(
        "decisions/<str:reference>/files/<digest:digest>.pdf",
        documents.supporting_file,
        name="supporting_file",
    ),
    path(f"{EDITION}/", decision.edition, name="edition"),
    path(f"{EDITION}.json", data.edition_json, name="edition_json"),
    path(f"{EDITION}/decision.pdf", documents.edition_pdf, name="edition_pdf"),
    path("verify/", verify.verify, name="verify"),
    path("verify/certificates.pem", verify.certificates, name="verify_certificates"),
    path("log/", log.about, name="log"),
    path("log/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/entries.json", log.entries_json, name="log_entries"),
    path("log/proof/<str:reference>.json", log.proof_json, name="log_proof"),
    path("accessibility/", service.accessibility, name="accessibility"),
    path("robots.txt", service.robots, name="robots"),
    path("healthz", service.healthz, name="healthz"),
]

handler400 = "decisions.register.views.errors.bad_request"
handler404 = "decisions.register.views.errors.not_found"
handler500 = "decisions.register.views.errors.server_error"
