"""A CAA refusal as an IODEF document (RFC 7970), for those who want reports by the web.

RFC 8659 4.4 has it submitted by a web request in the manner of RFC 6546. The document is sent by
itself: RID's envelope and its mutual authentication on a port of its own are for partners who
agreed on them, which we and a domain's owner have not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from .iodef import Refusal, permits

MEDIA_TYPE = "text/xml; charset=utf-8"  # RFC 6546 3
_NAMESPACE = "urn:ietf:params:xml:ns:iodef-2.0"
_MOST_NAMES = 50  # told in one document


def iodef_document(
    domain: str, refused: Sequence[Refusal], at: datetime, *, incident: str, reference: str
) -> bytes:
    """The document, UTF-8, about names that the CAA of `domain` did not let us issue for.

    `refused` is not empty. `incident` names the event for good, `reference` is what to give when
    asking us about it. No word of the records goes into it, but for names of issuers and domains.
    """
    issuer = refused[0].issuer
    document = Element(
        "IODEF-Document",
        {"version": "2.00", "xml:lang": "en", "xmlns": _NAMESPACE},
    )
    told = SubElement(document, "Incident", {"purpose": "reporting"})
    _line(told, "IncidentID", incident, name=issuer)
    _line(told, "DetectTime", _moment(at))
    _line(told, "GenerationTime", _moment(at))
    _line(
        told,
        "Description",
        f"A TLS certificate was asked for that the CAA records of {domain} do not permit {issuer}"
        " to issue. None was issued; nothing has to be done.",
    )
    contact = SubElement(told, "Contact", {"role": "creator", "type": "organization"})
    _line(contact, "ContactName", issuer)
    for one in refused[:_MOST_NAMES]:
        _event(told, one)
    _line(told, "AdditionalData", reference, dtype="string", meaning="reference")
    written: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return written


def _event(told: Element, one: Refusal) -> None:
    event = SubElement(told, "EventData")
    _line(event, "Description", f"Name asked for: {one.name}")
    for meaning, text in (
        ("name", one.name),
        ("caa-records-at", one.deciding_name),
        ("caa-permits", permits(one.deciding_record)),
    ):
        _line(event, "AdditionalData", text, dtype="string", meaning=meaning)


def _line(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = text


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
