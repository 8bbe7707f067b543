"""What follows an issued order: at once where names are proven, or after a decision."""

from __future__ import annotations

import time
from typing import Any

from tests.e2e.service import Service, body, until
from tests.lab import verification

PLATFORM = {"server_platform": {"id": 45}}


def again(name: str, *others: str, skip: bool = True) -> dict[str, Any]:
    """The body of a reissue or duplicate under a new key."""
    part = body(name, *others)["certificate"] | PLATFORM
    return {"certificate": part, "skip_approval": skip}


def test_a_reissue_of_proven_names_comes_with_its_chain_and_revokes_nothing(
    service: Service,
) -> None:
    name = "again.lab.example.com"
    first = service.issue(name)
    path = f"order/certificate/{first['id']}"
    started = time.monotonic()
    sent = again(name, f"www.{name}")
    answer = service.client.ask("POST", f"{path}/reissue", sent, expect=201)
    assert time.monotonic() - started < 25
    chain = service.chain(answer["certificate_id"])
    assert sorted(chain.names) == sorted([name, f"www.{name}"])
    pems = [row["pem"] for row in answer["certificate_chain"]]
    assert "".join(pems).encode() == service.client.download(answer["certificate_id"])

    order = service.client.order(first["id"])
    assert (order["status"], order["certificate"]["id"]) == ("issued", answer["certificate_id"])
    old = service.chain(first["certificate"]["id"])
    _, crl = verification.fetch_crl(old)
    assert crl is not None and not verification.revoked_in(crl, old)
    (row,) = service.client.ask("GET", f"{path}/reissue")["certificates"]
    assert (row["id"], row["status"]) == (answer["certificate_id"], "approved")


def test_a_reissue_without_skipping_waits_for_an_approver(service: Service) -> None:
    name = "asked.lab.example.com"
    first = service.issue(name)
    path = f"order/certificate/{first['id']}"
    answer = service.client.ask("POST", f"{path}/reissue", again(name, skip=False), expect=201)
    assert "certificate_id" not in answer
    assert service.client.order(first["id"])["status"] == "reissue_pending"
    number = answer["requests"][0]["id"]
    service.client.ask("PUT", f"request/{number}/status", {"status": "approved"}, expect=204)

    def issued() -> bool:
        rows = service.client.ask("GET", f"{path}/reissue")["certificates"]
        return bool(rows[0]["status"] == "approved")

    until(issued, 60, "the reissue is issued")
    assert service.client.order(first["id"])["status"] == "issued"


def test_a_duplicate_has_the_same_names_and_end_and_the_order_keeps_its_certificate(
    service: Service,
) -> None:
    name = "twice.lab.example.com"
    first = service.issue(name)
    path = f"order/certificate/{first['id']}"
    answer = service.client.ask("POST", f"{path}/duplicate", again(name), expect=201)
    copy = service.chain(answer["certificate_id"])
    original = service.chain(first["certificate"]["id"])
    assert copy.names == original.names
    assert copy.leaf.not_valid_after_utc == original.leaf.not_valid_after_utc
    assert copy.leaf.serial_number != original.leaf.serial_number
    order = service.client.order(first["id"])
    assert order["certificate"]["id"] == first["certificate"]["id"]


def test_a_new_order_of_proven_names_is_issued_with_its_answer(service: Service) -> None:
    name = "known.lab.example.com"
    service.issue(name)
    answer = service.place(name, f"a.{name}", f"*.{name}")
    assert len(answer["certificate_chain"]) == 3
    assert service.client.order(answer["id"])["status"] == "issued"


def test_another_account_proves_the_same_name_anew(service: Service, stranger: Service) -> None:
    name = "shared.lab.example.com"
    service.issue(name)
    answer = stranger.place(name)
    assert "certificate_chain" not in answer
    assert stranger.client.order(answer["id"])["status"] == "pending"


def test_who_has_a_certificate_is_not_sent_it_again(service: Service) -> None:
    first = service.issue("kept.lab.example.com")
    number = first["certificate"]["id"]
    reply = service.client.call("GET", f"certificate/{number}/download/format/pem_all")
    headers = {name.lower(): value for name, value in reply.headers.items()}
    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    seen = {"If-None-Match": headers["etag"]}
    again_asked = service.client.call(
        "GET", f"certificate/{number}/download/format/pem_all", None, seen
    )
    assert (again_asked.status, again_asked.body) == (304, b"")
