"""A compromised key: every certificate with it is revoked, and it is never certified again."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.e2e.service import PRODUCT, Service, body, until
from tests.lab import verification
from tests.lab.accounts import operator_key
from tests.lab.client import Client


def _issue(service: Service, name: str, csr: str) -> Any:
    answer = service.try_order(body(name, csr=csr))
    assert answer.status == 201, answer.body
    order_id = answer.json()["id"]
    service.prove(order_id)
    service.check_now(order_id)
    return service.until_status(order_id, "issued")


def test_a_blocked_key_is_revoked_in_every_account_and_refused_from_then_on(
    service: Service, stranger: Service
) -> None:
    key = verification.make_key()
    names = ("ours.compromise.lab.example.com", "theirs.compromise.lab.example.com")
    csrs = [verification.make_csr(key, name) for name in names]
    both = (service, stranger)
    orders = [_issue(*each) for each in zip(both, names, csrs, strict=True)]
    chains = [
        who.chain(order["certificate"]["id"]) for who, order in zip(both, orders, strict=True)
    ]

    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    operator = Client(service.client.base_url, operator_key(service.stack))
    wish = {"spki_sha256": hashlib.sha256(spki).hexdigest(), "reason": "found in a public place"}
    operator.ask("POST", "operator/blocked-key", wish, expect=201)

    def listed() -> bool:
        lists = [verification.fetch_crl(chain)[1] for chain in chains]
        pairs = zip(lists, chains, strict=True)
        return all(crl is not None and verification.revoked_in(crl, chain) for crl, chain in pairs)

    until(listed, 240, "both certificates are on the CRL", every=2)
    for who, csr, name in zip(both, csrs, names, strict=True):
        refused = who.try_order(body(name, csr=csr), PRODUCT)
        assert refused.status == 400
        assert "reported compromised" in str(refused.body)
