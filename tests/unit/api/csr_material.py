"""Requests with any subject, and the CSR tool's report on them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.builders_pki import a_csr_pem
from tests.unit.api.driving import Api

OIDS = {
    "CN": NameOID.COMMON_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "C": NameOID.COUNTRY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "L": NameOID.LOCALITY_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
}
ORGANIZATION = {
    "name": "\uc608\uc2dc \uc8fc\uc2dd\ud68c\uc0ac",
    "english_name": "Example Inc.",
    "country": "kr",
    "state": "Gyeonggi-do",
    "city": "Seongnam-si",
}
SUBJECT = (
    ("C", "KR"),
    ("ST", "Gyeonggi-do"),
    ("L", "Seongnam-si"),
    ("O", "Example Inc."),
    ("CN", "www.example.com"),
)


@lru_cache
def csr(*subject: tuple[str, str]) -> str:
    """A request with exactly that subject."""
    name = x509.Name([x509.NameAttribute(OIDS[attribute], text) for attribute, text in subject])
    return a_csr_pem([], subject=name)


def check(api: Api | None = None, **body: Any) -> dict[str, Any]:
    reply = (api or Api()).call("POST", "csr/validate", body)
    assert reply.status == 200, reply.content
    report: dict[str, Any] = reply.json
    return report


def fields(report: dict[str, Any]) -> list[str]:
    return [finding["field"] for finding in report["findings"]]


def changed(**attributes: str | None) -> str:
    """The organization's request with attributes replaced (None: left out)."""
    kept = [(name, attributes.get(name, text)) for name, text in SUBJECT]
    return csr(*((name, text) for name, text in kept if text is not None))
