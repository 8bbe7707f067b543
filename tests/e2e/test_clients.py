"""Programs of other people, unmodified, against the running service (docs/clients.md)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from tests.clients.company import validated_company
from tests.clients.driven import Told, drive
from tests.clients.installed import python_of
from tests.e2e.service import PRODUCT, Service, until
from tests.lab import verification
from tests.lab.verification import Chain

NAME = "proven.clients.lab.example.com"


@dataclass(frozen=True, slots=True)
class Driven:
    """A client with its settings; `folder` is where it may write."""

    python: Path
    driver: str
    settings: Mapping[str, Any]
    folder: Path

    def does(self, action: str, **arguments: Any) -> Told:
        return drive(self.python, self.driver, action, self.settings, self.folder, **arguments)

    def with_key(self, key: str) -> Driven:
        return Driven(self.python, self.driver, {**self.settings, "key": key}, self.folder)


@pytest.fixture(scope="module")
def proven(service: Service) -> str:
    """A name that an earlier order has proven by TXT."""
    service.issue(NAME)
    return NAME


@pytest.fixture(scope="module")
def lemur(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Driven:
    settings = {
        "url": service.stack.front,
        "key": service.account.key,
        "product": PRODUCT,
        "organization_id": validated_company(service).organization_id,
    }
    return Driven(python_of("lemur"), "lemur_driver", settings, tmp_path_factory.mktemp("lemur"))


@pytest.fixture(scope="module")
def acme2certifier(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Driven:
    settings = {
        "url": f"{service.stack.front}/services/v2/",
        "key": service.account.key,
        "product": PRODUCT,
        "organization_name": validated_company(service).name,
    }
    folder = tmp_path_factory.mktemp("acme2certifier")
    return Driven(python_of("acme2certifier"), "acme2certifier_driver", settings, folder)


def csr_for(name: str) -> str:
    """A request with a fresh key."""
    return verification.make_csr(verification.make_key(), name)


def serial_of(pem: str) -> int:
    """The serial number of a PEM certificate."""
    return x509.load_pem_x509_certificate(pem.encode()).serial_number


def until_listed(chain: Chain) -> None:
    """Wait until the published CRL names the certificate."""

    def listed() -> bool:
        _, crl = verification.fetch_crl(chain)
        return crl is not None and verification.revoked_in(crl, chain)

    until(listed, 60, "the serial is in the published CRL")


def test_lemur_gets_a_certificate_at_once_for_a_proven_name(
    service: Service, lemur: Driven, proven: str
) -> None:
    made = lemur.does("create", csr=csr_for(proven), common_name=proven, names=[proven]).good()
    chain = service.chain(made["external_id"])
    assert chain.names == [proven]
    assert serial_of(made["body"]) == chain.leaf.serial_number
    assert serial_of(made["chain"]) == chain.between[0].serial_number


def test_lemur_can_say_when_the_certificate_is_to_end(
    service: Service, lemur: Driven, proven: str
) -> None:
    end = datetime.now(UTC) + timedelta(days=30)
    wish = {"common_name": proven, "names": [proven], "validity_end": end.isoformat()}
    made = lemur.does("create", csr=csr_for(proven), **wish).good()
    leaf = service.chain(made["external_id"]).leaf
    assert leaf.not_valid_after_utc.date() == end.date()


def test_lemur_shows_its_users_why_an_order_was_refused(lemur: Driven, proven: str) -> None:
    told = lemur.does("create", csr="no request", common_name=proven, names=[proven])
    assert told.raised.startswith("Exception: certificate.csr: ")


def test_lemur_shows_its_users_that_its_key_is_wrong(lemur: Driven, proven: str) -> None:
    stranger = lemur.with_key("vouchsafe_" + "a" * 52)
    told = stranger.does("create", csr=csr_for(proven), common_name=proven, names=[proven])
    assert "access_denied_invalid_key" in told.raised


def test_lemur_finds_its_certificates_again(lemur: Driven, proven: str) -> None:
    made = lemur.does("create", csr=csr_for(proven), common_name=proven, names=[proven]).good()
    found = {one["external_id"]: one for one in lemur.does("sync").good()}
    mine = found[str(made["external_id"])]
    assert mine["body"].split() == made["body"].split()
    assert int(mine["serial"]) == serial_of(made["body"])
    assert mine["chain"].count("-----BEGIN CERTIFICATE-----") == 2


def test_lemur_asks_for_a_revocation_that_a_person_approves(
    service: Service, lemur: Driven, proven: str
) -> None:
    made = lemur.does("create", csr=csr_for(proven), common_name=proven, names=[proven]).good()
    reason = {"comments": "leaver", "crl_reason": "superseded"}
    asked = lemur.does("revoke", external_id=str(made["external_id"]), reason=reason).good()
    assert (asked["type"], asked["status"]) == ("revoke", "pending")
    assert asked["comments"] == "leaver(superseded)"
    decision = {"status": "approved"}
    service.client.ask("PUT", f"request/{asked['id']}/status", decision, expect=204)
    until_listed(service.chain(made["external_id"]))


def test_lemur_waits_for_an_order_and_cancels_another(service: Service, lemur: Driven) -> None:
    name = "later.clients.lab.example.com"
    issued = service.issue(name)
    fetched = lemur.does("ordered", order_id=issued["id"]).good()
    assert fetched["external_id"] == str(issued["certificate"]["id"])
    waiting = service.place("never.clients.lab.example.com")["id"]
    lemur.does("cancel", order_id=waiting).good()
    assert service.client.order(waiting)["status"] == "canceled"
    lemur.does("cancel", order_id=999_999_999).good()
    refused = lemur.does("cancel", order_id=issued["id"], note="too late")
    assert "Failed to cancel" in refused.raised


def test_acme2certifier_enrolls_at_once_and_revokes_by_serial(
    service: Service, acme2certifier: Driven, proven: str
) -> None:
    got = acme2certifier.does("enroll", csr=csr_for(proven)).good()
    assert got["error"] is None
    chain = Chain.parse(got["bundle"].encode())
    assert chain.names == [proven]
    assert chain.leaf == x509.load_der_x509_certificate(base64.b64decode(got["raw"]))
    order = service.client.order(got["poll_identifier"])
    assert order["status"] == "issued"
    revoked = acme2certifier.does("revoke", raw=got["raw"]).good()
    assert revoked["code"] == 200, revoked
    until_listed(chain)


def test_acme2certifier_passes_on_why_an_order_was_refused(acme2certifier: Driven) -> None:
    told = acme2certifier.does("enroll", csr=csr_for("host.clients.lab.invalid"))
    assert "certificate.common_name" in told.good()["error"]
