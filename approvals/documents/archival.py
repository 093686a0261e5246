"""What makes a document fit for an archive: it names its standards and carries its own data.

The metadata declare PDF/A and PDF/UA at once, in one RDF, which WeasyPrint has no option for. The
data of the decision are attached in the form in which they were signed, so that a machine need not
read the pages.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

import pydyf

from approvals.documents.refusal import unexpected

if TYPE_CHECKING:
    from collections.abc import Iterator

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# PDF/A wants every property that it does not know by itself to be described in the file.
_EXTENSION: Final = """\
<rdf:Description rdf:about="" \
xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file keeps to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


@dataclass(frozen=True)
class Attached:
    """A file inside the document. Its dates are facts of the decision, never those of the clock."""

    name: str
    content: bytes
    description: str
    created: datetime
    modified: datetime | date
    kind: str = "application/json"


def metadata(about: Any, *, part: int) -> bytes:
    """The RDF that declares PDF/A-`part`a and PDF/UA-1. `about` is WeasyPrint's metadata."""
    return "\n".join(
        (f'<rdf:RDF xmlns:rdf="{_RDF}">', *_statements(about, part), "</rdf:RDF>")
    ).encode()


def _statements(about: Any, part: int) -> Iterator[str]:
    from weasyprint import VERSION

    yield _plain("pdfaid", "http://www.aiim.org/pdfa/ns/id/", part=str(part), conformance="A")
    yield _plain("pdfuaid", "http://www.aiim.org/pdfua/ns/id/", part="1")
    yield _plain("pdf", "http://ns.adobe.com/pdf/1.3/", Producer=f"WeasyPrint {VERSION}")
    dates = {"CreateDate": about.created, "ModifyDate": about.modified}
    if known := {name: value for name, value in dates.items() if value}:
        yield _plain("xmp", "http://ns.adobe.com/xap/1.0/", **known)
    yield (
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.title)}</rdf:li>'
        "</rdf:Alt></dc:title>"
        f"<dc:language><rdf:Bag><rdf:li>{escape(about.lang)}</rdf:li></rdf:Bag></dc:language>"
        f"{''.join(_creator(about.authors))}</rdf:Description>"
    )
    yield _EXTENSION


def _plain(prefix: str, namespace: str, **said: str) -> str:
    words = " ".join(f"{prefix}:{name}={quoteattr(value)}" for name, value in said.items())
    return f'<rdf:Description rdf:about="" xmlns:{prefix}="{namespace}" {words}/>'


def _creator(authors: list[str]) -> Iterator[str]:
    if authors:
        names = "".join(f"<rdf:li>{escape(name)}</rdf:li>" for name in authors)
        yield f"<dc:creator><rdf:Seq>{names}</rdf:Seq></dc:creator>"


def leave_metadata_readable(pdf: Any) -> None:
    """Have the metadata written as plain text, for tools that know nothing of PDF."""
    number = int(bytes(pdf.catalog["Metadata"]).split()[0])
    stream = pdf.objects[number]
    if stream.extra.get("Type") != "/Metadata":
        raise unexpected("its metadata are not where they belong")
    stream.compress = False


def attach(pdf: Any, file: Attached) -> None:
    """Put a file into the document, as PDF/A-3 wants it: named, described, related to the whole."""
    checksum = hashlib.md5(file.content, usedforsecurity=False).hexdigest()
    content = pydyf.Stream(
        [file.content],
        {
            "Type": "/EmbeddedFile",
            "Subtype": f"/{file.kind.replace('/', '#2f')}",
            "Params": pydyf.Dictionary(
                {
                    "Size": len(file.content),
                    "CheckSum": f"<{checksum}>",
                    "CreationDate": pydyf.String(_pdf_date(file.created)),
                    "ModDate": pydyf.String(_pdf_date(file.modified)),
                }
            ),
        },
        compress=True,
    )
    pdf.add_object(content)
    specification = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": pydyf.String(file.name),
            "UF": pydyf.String(file.name),
            "Desc": pydyf.String(file.description),
            # The pages were made from this file, and from nothing else.
            "AFRelationship": "/Source",
            "EF": pydyf.Dictionary({"F": content.reference, "UF": content.reference}),
        }
    )
    pdf.add_object(specification)
    names = pydyf.Array([pydyf.String(file.name), specification.reference])
    pdf.catalog["Names"] = pydyf.Dictionary({"EmbeddedFiles": pydyf.Dictionary({"Names": names})})
    pdf.catalog["AF"] = pydyf.Array([specification.reference])


def _pdf_date(moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return f"D:{moment.astimezone(UTC):%Y%m%d%H%M%S}Z"
    return f"D:{moment:%Y%m%d}"
