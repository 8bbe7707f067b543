"""From an order to a revoked certificate, through every real part."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509

from tests.e2e.service import PRODUCT, Service, body, until
from tests.lab import verification
from tests.lab.client import send
from tests.lab.verification import Chain, OpenSsl

NAMES = ("www.path.lab.example.com", "*.path.lab.example.com", "path.shop.example.net")


def test_an_order_becomes_a_certificate_that_others_verify_and_then_refuse(
    service: Service, tmp_path: Path
) -> None:
    key = verification.make_key()
    answer = service.try_order(body(*NAMES, csr=verification.make_csr(key, NAMES[0])))
    assert answer.status == 201
    placed = answer.json()
    waiting = service.until_looked(placed["id"])
    assert waiting["status"] == "pending"
    for one in waiting["validations"]:
        assert one["cause"] != "proven"
        assert one["advice"] and one["next_look"] and one["deadline"]
    service.prove(placed["id"])
    service.check_now(placed["id"])
    issued = service.until_status(placed["id"], "issued")
    assert issued["product"]["name_id"] == PRODUCT

    chain = service.chain(placed["certificate_id"])
    assert sorted(chain.names) == sorted(NAMES)
    assert verification.same_key(chain, key)
    accepted, said = OpenSsl(tmp_path).verify(chain)
    assert accepted, said
    for name in ("www.path.lab.example.com", "x.path.lab.example.com"):
        chain.verify_with_cryptography(name)
    words = (f"Order {placed['id']}:", "is issued")
    until(lambda: service.mails(*words), 60, "the mail about the certificate")

    revoke_and_see(service, placed["certificate_id"], chain, tmp_path)
    words = (f"Order {placed['id']}:", "is revoked")
    until(lambda: service.mails(*words), 60, "the mail about the revocation")


def revoke_and_see(service: Service, certificate_id: int, chain: Chain, folder: Path) -> None:
    """Revoke and wait until OpenSSL refuses the certificate because of the published list."""
    before, _ = verification.fetch_crl(chain)
    accepted, said = OpenSsl(folder).verify(chain, crl=before.body)
    assert accepted, said
    path = f"certificate/{certificate_id}/revoke"
    request = service.client.ask("PUT", path, {"comments": "test"}, expect=201)
    assert request["status"] == "pending"
    service.client.ask("PUT", f"request/{request['id']}/status", {"status": "approved"}, expect=204)

    def listed() -> bool:
        _, crl = verification.fetch_crl(chain)
        return crl is not None and verification.revoked_in(crl, chain)

    until(listed, 60, "the serial is in the published CRL")
    after, _ = verification.fetch_crl(chain)
    accepted, said = OpenSsl(folder).verify(chain, crl=after.body)
    assert not accepted
    assert "revoked" in said


def test_every_perspective_is_named_with_what_it_saw(service: Service) -> None:
    issued = service.issue("seen.lab.example.com")
    (one,) = issued["validations"]
    seen = {place["perspective"]: place["passed"] for place in one["perspectives"]}
    assert sum(seen.values()) >= 6, seen


def test_what_certificates_point_to_is_there_over_plain_http(service: Service) -> None:
    issued = service.issue("pointing.lab.example.com")
    chain = service.chain(issued["certificate"]["id"])
    access = chain.leaf.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    for description in access:
        assert description.access_location.value.startswith("http://")
        fetched = send("GET", description.access_location.value)
        assert fetched.status == 200
        assert x509.load_der_x509_certificate(fetched.body) == chain.between[0]
    crl = send("GET", chain.crl_url)
    assert crl.headers["cache-control"] == "max-age=60"
    assert crl.headers["content-type"] == "application/pkix-crl"


def test_an_order_asked_to_look_again_and_again_still_gets_one_certificate(
    service: Service,
) -> None:
    order_id = service.place("woken.lab.example.com")["id"]
    service.prove(order_id)
    for _ in range(4):
        service.check_now(order_id)
    issued = service.until_status(order_id, "issued")
    certificate_id = issued["certificate"]["id"]
    assert len(service.objects(certificate_id)) == 1
    assert len(service.executions(order_id)) >= 2
    until(
        lambda: all(one["status"] != "RUNNING" for one in service.executions(order_id)),
        60,
        "all executions of the order have ended",
    )
    assert len(service.objects(certificate_id)) == 1
