"""The whole stack is stopped and started with orders in every state: each comes to its end, once.

Before that workers are killed hard. After it whatever ran has failed, and only the reconciler
knows; it is asked to attend to everything at once, as whoever ends an outage would ask.
"""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.e2e.outage import Books, certificates, end_window, kill_workers, nothing_works
from tests.e2e.service import Service, body, until
from tests.e2e.test_organizations import described, gated, order
from tests.e2e.workers import workers_can_be_found
from tests.lab import verification
from tests.lab.accounts import invoke, operator_key
from tests.lab.client import Client
from tests.lab.reviewer import approve
from tests.lab.verification import Chain

pytestmark = [
    pytest.mark.late,
    pytest.mark.skipif(not workers_can_be_found(), reason="needs /proc to find the workers"),
]
#: Killed once each while orders move: what looks, tells and answers, and what the queues call.
_KILLED = ("check-order", "number-changes", "send-mail", "pack-evidence", "orders-api")
_REASONED = {"revocation_reason": "superseded", "comments": "before the outage"}
_AGREED = {"status": "approved", "processor_comment": "after the outage"}


@pytest.mark.timeout(480, func_only=True)
def test_every_order_comes_to_its_end_once_whatever_was_going_on(service: Service) -> None:
    began = time.monotonic()
    world = World(service)
    world.fill()
    filled = time.monotonic()
    service.stack.restart(print)
    restarted = time.monotonic()
    world.go_on()
    world.all_end()
    ended = time.monotonic()
    world.nothing_twice()
    world.lists_are_right()
    spent = (filled - began, restarted - filled, ended - restarted)
    print("filled, restarted, ended in", *(f"{each:.0f} s," for each in spent), len(world.ends))


class World:
    """The orders, by what they were in the middle of, and what each must end as."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.operator = Client(service.client.base_url, operator_key(service.stack))
        self.orders: dict[str, int] = {}
        self.ends: dict[str, str] = {}
        self.requests: list[int] = []
        self.chains: dict[str, Chain] = {}

    def fill(self) -> None:
        """Orders in every state, and workers killed on the way."""
        self.place("issued", "kept")
        self.place("revoked", "gone", "going", "asked to go")
        self.place("issued", "again")
        self.place("rejected", "too late", "late meanwhile")
        self.place("canceled", "cancelled")
        self.issue("kept", "gone", "going", "asked to go", "again")
        self.finish_early()
        self.ask()
        self.stop_in_the_middle()

    def place(self, end: str, *labels: str) -> None:
        """One order for each label, which says what is special about it."""
        for label in labels:
            name = f"{label.replace(' ', '-')}.outage.lab.example.com"
            self.orders[label] = self._placed(label, name)
            self.ends[label] = end

    def _placed(self, label: str, name: str) -> int:
        if label == "half":
            return int(self.service.place(name, "half.shop.example.net")["id"])
        if label == "organized":
            company = described("Outage Trading Ltd")
            return order(self.service, "ssl_basic", company, name).order_id
        if label != "agreed later":
            return int(self.service.place(name)["id"])
        account = self.service.client.ask("GET", "account")["id"]
        rules = f"operator/account/{account}/rules"
        self.operator.ask("PUT", rules, {"orders_need_approval": True}, expect=204)
        try:
            placed = self.service.place(name)
        finally:
            self.operator.ask("PUT", rules, {"orders_need_approval": False}, expect=204)
        self.requests.append(placed["requests"][0]["id"])
        return int(placed["id"])

    def issue(self, *labels: str) -> None:
        """All on their way at once, while one worker of each kind is killed."""
        for label in labels:
            self.service.prove(self.orders[label])
            self.service.check_now(self.orders[label])
        assert kill_workers(self.service, *_KILLED), "nobody was there to be killed"
        for label in labels:
            self.until(label, "issued")
            self.chains[label] = self.chain(label)

    def finish_early(self) -> None:
        """What had ended before: cancelled, out of time, revoked and listed."""
        path = f"order/certificate/{self.orders['cancelled']}/status"
        self.service.client.ask("PUT", path, {"status": "CANCELED"}, expect=204)
        end_window(self.service, self.orders["too late"])
        self.service.check_now(self.orders["too late"])
        self.until("too late", "rejected")
        self.revoke("gone", skip_approval=True)
        until(lambda: self.listed("gone"), 120, "the first revocation is on the list")

    def ask(self) -> None:
        """Requests that wait for a person, proofs that are missing, one name of two proven."""
        self.place("issued", "organized", "agreed later", "unproven", "half")
        self.requests.append(self.revoke("asked to go"))
        path = f"order/certificate/{self.orders['again']}/reissue"
        sent = body("again.outage.lab.example.com")["certificate"] | {"server_platform": {"id": 45}}
        answer = self.service.client.ask("POST", path, {"certificate": sent}, expect=201)
        self.requests.append(answer["requests"][0]["id"])
        half = self.service.client.order(self.orders["half"])["validations"]
        mine = [one for one in half if "shop" not in one["record_name"]]
        assert len(mine) == 1 < len(half)
        self.service.publish("TXT", mine[0]["record_name"], mine[0]["record_value"])
        self.service.check_now(self.orders["half"])

    def stop_in_the_middle(self) -> None:
        """A revocation written down that no list has, and certificates claimed but not signed."""
        with nothing_works(self.service, "publish-crl"):
            self.revoke("going", skip_approval=True)
            until(lambda: self.status("going", -1) == "revoked", 60, "it is written down")
            self.place("issued", "moving 1", "moving 2", "moving 3", "moving 4")
            moving = [label for label in self.orders if label.startswith("moving")]
            for label in moving:
                self.service.prove(self.orders[label])
                self.service.check_now(self.orders[label])
            claimed = until(
                lambda: [one for one in moving if self.status(one, -1) == "processing"],
                60,
                "a certificate is claimed",
                every=0.01,
            )
            with nothing_works(self.service, "issue-certificate"):
                time.sleep(0.5)
                claimed = [one for one in moving if self.status(one, -1) == "processing"]
                assert claimed, "nobody was killed in the middle of issuing"
                assert not self.listed("going")
                print("stopping with", {label: self.status(label, -1) for label in self.orders})

    def go_on(self) -> None:
        """What people do after it: publish what the zones forgot, decide, review."""
        assert self.now("kept") == "issued"
        assert self.now("gone") == "revoked"
        assert self.now("cancelled") == "canceled"
        assert self.now("too late") == "rejected"
        for request_id in self.requests:
            path = f"request/{request_id}/status"
            self.service.client.ask("PUT", path, _AGREED, expect=204)
        found = gated(self.service, self.orders["organized"], "organization")
        assert found is not None
        number = found["organization"]["id"]
        company = self.service.client.ask("GET", f"organization/{number}")
        approve(self.service.stack, self.operator, company)
        end_window(self.service, self.orders["late meanwhile"])
        for label, end in self.ends.items():
            if end == "issued" and self.now(label) != "issued":
                self.service.prove(self.orders[label])

    def all_end(self) -> None:
        """The reconciler, asked again and again, brings every order to its end."""
        begun = time.monotonic()

        def ended() -> bool:
            now = {label: self.now(label) for label in self.ends}
            left = {label: each for label, each in now.items() if each != self.ends[label]}
            if not left and self.listed("going") and self.listed("asked to go"):
                return True
            event = {"at_once": True}
            counts = invoke(
                self.service.stack, self.service.stack.outputs["ReconcileFunction"], event
            )
            print(f"{time.monotonic() - begun:.0f} s", left, counts)
            return False

        until(ended, 180, "every order has come to its end", every=4)

    def nothing_twice(self) -> None:
        """Every issued certificate is stored, numbered and told of once, every other never."""
        books = Books.read(self.service)
        for label, order_id in self.orders.items():
            issued = 0
            for one in certificates(self.service, order_id):
                number = int(one["certificate_id"]["N"])
                wanted = int(one["status"]["S"] in ("issued", "revoked"))
                issued += wanted
                seen = (books.stored[number], len(books.serials.get(number, [])))
                assert seen == (wanted, wanted), (label, number)
                assert books.told[number] == wanted, (label, number)
            assert issued == {"issued": 1, "revoked": 1}.get(self.ends[label], 0) + (
                label == "again"
            ), label
        every = [serial for serials in books.serials.values() for serial in serials]
        assert len(set(every)) == len(every)

    def lists_are_right(self) -> None:
        """On the lists is what was revoked, and nothing else."""
        for label, end in self.ends.items():
            if end in ("issued", "revoked"):
                chain = self.chains.get(label) or self.chain(label)
                _, crl = verification.fetch_crl(chain)
                listed = crl is not None and verification.revoked_in(crl, chain)
                assert listed is (end == "revoked"), label

    def revoke(self, label: str, **more: Any) -> int:
        """Ask for it; the number of the request."""
        path = f"order/certificate/{self.orders[label]}/revoke"
        answer = self.service.client.ask("PUT", path, _REASONED | more, expect=201)
        return int(answer["id"])

    def listed(self, label: str) -> bool:
        _, crl = verification.fetch_crl(self.chains[label])
        return crl is not None and verification.revoked_in(crl, self.chains[label])

    def chain(self, label: str) -> Chain:
        found = self.service.client.order(self.orders[label])
        return self.service.chain(found["certificate"]["id"])

    def until(self, label: str, status: str) -> None:
        until(lambda: self.now(label) == status, 90, f"{label} is {status}", every=0.5)

    def now(self, label: str) -> str:
        """How the API calls the order; "" while nobody answers in time."""
        try:
            return str(self.service.client.order(self.orders[label])["status"])
        except OSError:
            return ""

    def status(self, label: str, which: int) -> str:
        """The status of one certificate of the order, straight from the table."""
        return str(certificates(self.service, self.orders[label])[which]["status"]["S"])
