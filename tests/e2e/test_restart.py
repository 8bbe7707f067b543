"""The whole stack is stopped and started with orders in every state: each comes to its end, once.

Before that workers are killed hard. After it whatever ran has failed, and only the reconciler
knows; it is asked to attend to everything at once, as whoever ends an outage would ask.
"""

from __future__ import annotations

import os
import time

import pytest

from tests.e2e.outage import (
    Books,
    certificates,
    end_window,
    kill_workers,
    nothing_is_signed,
    nothing_works,
)
from tests.e2e.service import Service, body, until
from tests.e2e.test_organizations import described, gated, order
from tests.e2e.workers import workers_can_be_found
from tests.lab import verification
from tests.lab.accounts import invoke, operator_key
from tests.lab.client import Client, Refused
from tests.lab.reviewer import approve
from tests.lab.verification import Chain

pytestmark = [
    pytest.mark.late,
    pytest.mark.skipif(not workers_can_be_found(), reason="needs /proc to find the workers"),
    pytest.mark.skipif(
        os.environ.get("VOUCHSAFE_RESTART") != "1",
        reason="long, and not proven yet: VOUCHSAFE_RESTART=1 runs it alone",
    ),
]
#: Killed once each while orders move: what looks, tells and answers, and what the queues call.
_KILLED = ("check-order", "number-changes", "send-mail", "pack-evidence", "orders-api")
_REASONED = {"revocation_reason": "superseded", "comments": "before the outage"}
_AGREED = {"status": "approved", "processor_comment": "after the outage"}


@pytest.mark.timeout(800, func_only=True)
def test_every_order_comes_to_its_end_once_whatever_was_going_on(service: Service) -> None:
    began = time.monotonic()
    world = World(service)
    world.fill()
    filled = time.monotonic()
    world.stop_in_the_middle()
    until(lambda: world.now("kept") == "issued", 90, "the API answers again")
    restarted = time.monotonic()
    world.go_on()
    world.all_end()
    ended = time.monotonic()
    world.nothing_twice()
    world.lists_are_right()
    spent = (filled - began, restarted - filled, ended - restarted)
    print(
        f"{len(world.ends)} orders, placed, restarted and ended in", *(int(s) for s in spent), "s"
    )


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
        """Orders in every state that lasts, and workers killed on the way."""
        self.place("issued", "kept")
        self.place("revoked", "gone", "going", "asked to go")
        self.place("issued", "again")
        self.place("rejected", "too late")
        self.place("canceled", "cancelled")
        self.issue("kept", "gone", "going", "asked to go", "again")
        self.finish_early()
        self.ask()

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
        self.revoke("gone", now=True)
        until(self.is_too_late, 90, "an order is out of time", every=0.5)
        until(lambda: self.listed("gone"), 120, "the first revocation is on the list")

    def is_too_late(self) -> bool:
        """The time is taken away again and again: a look under way writes what it has read."""
        end_window(self.service, self.orders["too late"])
        return self.now("too late") == "rejected"

    def ask(self) -> None:
        """Requests that wait for a person, proofs that are missing, one name of two proven."""
        self.place("issued", "organized", "agreed later", "unproven", "half")
        self.place("rejected", "late meanwhile")
        self.revoke("asked to go")
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
        """Everything ends with a revocation that no list has, and certificates that are claimed and
        not signed; then it begins again.
        """
        moving = [f"moving {number}" for number in range(3)]
        self.place("issued", *moving)
        with nothing_works(self.service, "publish-crl"):
            self.revoke("going", now=True)
            with nothing_is_signed(self.service):
                for label in moving:
                    self.service.prove(self.orders[label])
                    self.service.check_now(self.orders[label])
                until(lambda: self.statuses("going") == ["revoked"], 60, "it is written down")
                until(lambda: self.all_claimed(moving), 90, "the certificates are claimed")
                self.stop_and_start(moving)

    def all_claimed(self, moving: list[str]) -> bool:
        return all(self.statuses(label) == ["processing"] for label in moving)

    def stop_and_start(self, moving: list[str]) -> None:
        """With whoever issues dying again and again."""
        with nothing_works(self.service, "issue-certificate"):
            assert self.all_claimed(moving)
            assert not self.listed("going")
            print("stopping with", {label: self.statuses(label) for label in self.orders})
            self.service.stack.restart(print)

    def go_on(self) -> None:
        """What people do after it: publish what the zones forgot, decide, review."""
        for label in ("unproven", "half", "moving 0", "moving 1", "moving 2"):
            self.service.prove(self.orders[label])
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
        self.service.prove(self.orders["agreed later"])

    def all_end(self) -> None:
        """The reconciler, asked again and again, brings every order to its end."""
        begun = time.monotonic()

        def ended() -> bool:
            now = {label: self.now(label) for label in self.ends}
            left = {label: each for label, each in now.items() if each != self.ends[label]}
            if not left and self.listed("going") and self.listed("asked to go"):
                return True
            if "late meanwhile" in left:
                end_window(self.service, self.orders["late meanwhile"])
            print(f"{time.monotonic() - begun:.0f} s", left, self.reconcile())
            return False

        until(ended, 300, "every order has come to its end", every=4)

    def reconcile(self) -> str:
        """What a pass over everything overdue found, or why it failed: the next one goes on."""
        function = self.service.stack.outputs["ReconcileFunction"]
        try:
            return str(invoke(self.service.stack, function, {"at_once": True}))
        except RuntimeError as failed:
            return str(failed)

    def books(self) -> Books | None:
        """None while changes wait for their numbers."""
        found = Books.read(self.service)
        if not found.unnumbered:
            return found
        print(found.unnumbered, "changes without a number", self.reconcile())
        return None

    def nothing_twice(self) -> None:
        """Every issued certificate is stored, numbered and told of once, every other never."""
        books = until(self.books, 120, "every change has its number", every=4)
        for label, order_id in self.orders.items():
            issued = 0
            for one in certificates(self.service, order_id):
                number = int(one["certificate_id"]["N"])
                wanted = int(one["status"]["S"] in ("valid", "revoked"))
                issued += wanted
                seen = (books.stored[number], len(books.serials.get(number, [])))
                assert seen == (wanted, wanted), (label, number)
                assert books.told[number] == wanted, (label, number)
            meant = int(self.ends[label] in ("issued", "revoked"))
            assert issued == meant + (label == "again"), label
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

    def revoke(self, label: str, *, now: bool = False) -> None:
        """Ask for it; `now`: without an approver."""
        path = f"order/certificate/{self.orders[label]}/revoke"
        sent = _REASONED | {"skip_approval": now}
        answer = self.service.client.ask("PUT", path, sent, expect=204 if now else 201)
        if not now:
            self.requests.append(int(answer["id"]))

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
        except (OSError, Refused):
            return ""

    def statuses(self, label: str) -> list[str]:
        """The statuses of the order's certificates, straight from the table."""
        found = certificates(self.service, self.orders[label])
        return [str(one["status"]["S"]) for one in found]
