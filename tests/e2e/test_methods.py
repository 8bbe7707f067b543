"""Orders proven by CNAME and by file, against the lab's name servers and its web server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.e2e.service import Service, until
from tests.lab import records, topology
from tests.lab.web import behave


def validation(service: Service, order_id: int, name: str) -> dict[str, Any]:
    """How one name of an order stands."""
    rows = service.client.order(order_id)["validations"]
    return next(row for row in rows if row["dns_name"] == name)


def until_cause(service: Service, order_id: int, name: str, cause: str) -> dict[str, Any]:
    """Wait until a look says that of the name."""

    def said() -> dict[str, Any] | None:
        row = validation(service, order_id, name)
        return row if row.get("cause") == cause else None

    return until(said, 60, f"{name} has the cause {cause}")


def test_a_cname_order_is_issued(service: Service) -> None:
    names = ("www.cname.lab.example.com", "*.cname.lab.example.com")
    placed = service.place(*names, method="dns-cname-token")
    value = placed["dcv_random_value"]
    row = validation(service, placed["id"], names[0])
    assert row["record_type"] == "CNAME"
    assert row["record_name"] == f"{value}.www.cname.lab.example.com"
    bare = row["record_name"].removeprefix("_")
    service.publish("CNAME", bare, row["record_value"])
    told = until_cause(service, placed["id"], names[0], "label_without_underscore")
    assert row["record_name"] in told["advice"]
    service.publish("CNAME", "_dnsauth.cname.lab.example.com", f"{value}.{row['record_value']}")
    service.check_now(placed["id"])
    issued = service.until_status(placed["id"], "issued")
    assert {one["authorization_domain"] for one in issued["validations"]} == {
        "cname.lab.example.com"
    }
    assert {one["validation_status"] for one in issued["validations"]} == {"Succeeded"}
    chain = service.chain(placed["certificate_id"])
    assert sorted(chain.names) == sorted(names)


def test_a_file_order_is_issued_once_every_name_has_its_file(service: Service) -> None:
    names = ("www.file.lab.example.com", "file.shop.example.net")
    placed = service.place(*names, method="http-token")
    row = validation(service, placed["id"], names[0])
    assert row["file_url"] == (
        "http://www.file.lab.example.com/.well-known/pki-validation/fileauth.txt"
    )
    refused = service.check_now(placed["id"])
    assert refused.status == 400
    (error,) = refused.json()["errors"]
    assert error["code"] == "file_random_value_not_found"
    assert "status 404" in error["message"]
    service.prove(placed["id"])
    service.check_now(placed["id"])
    issued = service.until_status(placed["id"], "issued")
    one = issued["validations"][0]
    assert one["authorization_domain"] == names[0]
    seen = {place["perspective"]: place["passed"] for place in one["perspectives"]}
    assert sum(seen.values()) >= 6, seen
    assert any(line["server"] == topology.WEB for line in one["observations"])


def test_the_method_may_change_while_an_order_waits(service: Service) -> None:
    name = "changing.lab.example.com"
    placed = service.place(name)
    service.until_looked(placed["id"])
    deadline = validation(service, placed["id"], name)["deadline"]
    path = f"order/certificate/{placed['id']}/dcv-method"
    changed = service.client.ask("PUT", path, {"dcv_method": "http-token"}, expect=200)
    assert changed["dcv_random_value"] != placed["dcv_random_value"]
    service.publish("TXT", name, placed["dcv_random_value"])  # what is void proves nothing
    row = until_cause(service, placed["id"], name, "file_not_found")
    assert row["deadline"] == deadline
    service.prove(placed["id"])
    service.check_now(placed["id"])
    issued = service.until_status(placed["id"], "issued")
    assert issued["validations"][0]["method"] == "http-token"


def test_a_refusal_by_caa_is_posted_once_to_whom_the_records_want_told(
    service: Service, tmp_path: Path
) -> None:
    """Over TLS that is verified; the receiver's certificate is one the lab alone trusts."""
    name, taken = "refused.lab.example.org", tmp_path / "reports"
    behave(service.stack.webroot, "reports.lab.example.org", "take", str(taken))
    wanted = '0 iodef "https://reports.lab.example.org/iodef?from=ca"'
    records.publish(service.stack.ports["dns"], name, "CAA", '0 issue ";"', wanted)
    placed = service.place(name)
    service.prove(placed["id"])
    service.check_now(placed["id"])
    until(taken.exists, 60, "the report came")
    (report,) = taken.read_text().splitlines()
    assert "urn:ietf:params:xml:ns:iodef-2.0" in report
    assert f"order {placed['id']}" in report and name in report
    service.client.ask(
        "PUT", f"order/certificate/{placed['id']}/status", {"status": "CANCELED"}, expect=204
    )
    assert len(taken.read_text().splitlines()) == 1


def test_a_web_server_cannot_send_us_to_our_own_ports(service: Service) -> None:
    """Loopback is let through in the lab; a redirect to an address, or another port, is not."""
    name = "inward.lab.example.com"
    inside = f"http://127.0.0.1:{service.stack.ports['gateway']}/_ministack/health"
    behave(service.stack.webroot, name, "redirect", inside)
    placed = service.place(name, method="http-token")
    row = until_cause(service, placed["id"], name, "redirect_forbidden")
    assert "leads to an IP address" in row["explanation"]
    behave(service.stack.webroot, name, "redirect", f"http://{name}:8443{{path}}")
    service.check_now(placed["id"])
    row = validation(service, placed["id"], name)
    assert row["cause"] == "redirect_forbidden"
    assert "port 8443" in row["explanation"]
    assert row["validation_status"] == "In progress"
    service.client.ask(
        "PUT", f"order/certificate/{placed['id']}/status", {"status": "CANCELED"}, expect=204
    )
