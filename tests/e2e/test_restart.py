"""The whole stack is stopped and started with orders in every state: each comes to its end, once.

Before that workers are killed hard. After it whatever ran has failed, and only the reconciler
knows; it is asked to attend to everything at once, as whoever ends an outage would ask. What this
shows, and what it does not, is in docs/clockwork.md.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.exceptions import HTTPClientError
from cryptography import x509

from tests.e2e.books import Books
from tests.e2e.outage import denied, kill_workers, move_deadline, throttled
from tests.e2e.outage_orders import WITHIN, Orders, insist
from tests.e2e.service import Service, until
from tests.e2e.workers import workers_can_be_found
from tests.lab import verification
from tests.lab.accounts import invoke
from tests.lab.deploy import STACK

pytestmark = [
    pytest.mark.late,
    pytest.mark.skipif(not workers_can_be_found(), reason="needs /proc to find the workers"),
]
#: Killed once each while orders move: what looks, issues, numbers, tells and packs.
_KILLED = (
    "check-order",
    "issue-certificate",
    "number-changes",
    "send-mail",
    "send-webhooks",
    "pack-evidence",
)
_WRITES = tuple(f"dynamodb:{word}Item" for word in ("Put", "Update", "Delete"))
#: Certificates that were in the middle of being issued, by how far they had got.
_ISSUING = ("ready", "claimed", "signed", "stored")
#: Nobody had proven all of these when everything stopped.
_UNPROVEN = ("never looked at", "looked at", "half proven")


@pytest.mark.timeout(2400, func_only=True)
def test_every_order_comes_to_its_end_once_whatever_was_going_on(
    service: Service, tmp_path: Path
) -> None:
    laps = [time.monotonic()]
    orders = Orders(service, tmp_path / "heard")
    place_and_kill(orders)
    laps.append(time.monotonic())
    ask_people(orders)
    before = stop_with_everything_under_way(orders)
    laps.append(time.monotonic())
    go_on(orders)
    until(lambda: all_ended(orders), 2 * WITHIN, "every order has come to its end", every=5)
    laps.append(time.monotonic())
    every_change_is_numbered_once(orders, before)
    nothing_is_there_twice(orders)
    lists_are_right(orders, before)
    until(lambda: not orders.running(), WITHIN, "nothing runs for orders that have ended", every=2)
    everybody_is_told(orders)
    laps.append(time.monotonic())
    took = [round(end - start) for start, end in zip(laps, laps[1:], strict=False)]
    print(f"{len(orders.ids)} orders placed, stopped and started, ended, counted in {took} s")


class Before:
    """What there was before the end: the feed, and the number of each list (RFC 5280 5.2.3)."""

    def __init__(self, orders: Orders) -> None:
        self.feed = orders.feed()
        self.lists = {
            label: crl_number(orders, label)
            for label, end in orders.ends.items()
            if end == "revoked"
        }


def crl_number(orders: Orders, label: str) -> int:
    """The number of the list that the order's certificate names."""
    _, crl = verification.fetch_crl(orders.chain(label))
    assert crl is not None
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def place_and_kill(orders: Orders) -> None:
    """Orders that end before everything does, while one worker of each kind is killed."""
    orders.listen()
    orders.place("issued", "kept", "again")
    orders.place("revoked", "gone", "unlisted", "agreed to go", "asked to go")
    orders.place("rejected", "too late")
    orders.place("canceled", "cancelled")
    issued = ("kept", "again", "gone", "unlisted", "agreed to go", "asked to go")
    orders.prove(*issued)
    assert kill_workers(orders.service, *_KILLED, most=1), "nobody was there to be killed"
    orders.cancel("cancelled")
    orders.until("valid", *issued)
    orders.revoke("gone", now=True)

    def is_too_late() -> bool:
        """The time is taken away again and again: a look under way writes what it has read."""
        move_deadline(orders.service, orders.ids["too late"], -timedelta(seconds=1))
        return orders.statuses("too late") == {"invalid"}

    until(is_too_late, WITHIN, "an order is out of time", every=0.5)
    until(lambda: orders.listed("gone"), WITHIN, "the first revocation is on the list", every=1)


def ask_people(orders: Orders) -> None:
    """What waits for people: for whoever approves, reviews, reads his mail, publishes records."""
    orders.place("issued", "asked by mail", "of a company", "not agreed to", *_UNPROVEN[1:])
    orders.place("rejected", "late meanwhile")
    orders.revoke("asked to go")
    orders.reissue("again")
    orders.prove_half("half proven")
    orders.read_the_letter("asked by mail")
    until(lambda: orders.looks("looked at"), WITHIN, "an order was looked at in vain", every=0.5)


def stop_with_everything_under_way(orders: Orders) -> Before:
    """One order at each step of its way, where it stays because something does not work; then the
    emulator ends, begins again, and everything works.
    """
    service = orders.service
    with ExitStack() as outage:

        def nobody_runs(*functions: str) -> None:
            outage.enter_context(throttled(service, *functions))

        nobody_runs("reconcile")  # it would go on with what is held up here
        orders.place("issued", *_ISSUING)
        claim_sign_and_store(orders, outage)
        nobody_runs("issue-certificate", "publish-crl", "send-mail", "send-webhooks")
        orders.prove("ready")
        orders.revoke("unlisted", now=True)
        orders.place("issued", "mail not sent")
        until(lambda: orders.proven("ready"), WITHIN, "an order waits for its issue", every=0.5)
        orders.until("revoked", "unlisted")
        nobody_runs("record-revocation")
        orders.revoke("agreed to go", now=True)
        until(lambda: orders.is_told("mail not sent"), WITHIN, "a change has its number", every=1)
        nobody_runs("number-changes", "check-order")
        kill_workers(service, "number-changes", "check-order")
        orders.place("issued", "never looked at")
        for label in (*_UNPROVEN, "mail not sent", "asked by mail"):
            move_deadline(service, orders.ids[label], timedelta(hours=1))
        move_deadline(service, orders.ids["late meanwhile"], timedelta())
        before = Before(orders)
        they_are_where_they_should_be(orders)
        service.stack.restart(print)
    return before


def claim_sign_and_store(orders: Orders, outage: ExitStack) -> None:
    """Certificates that were claimed; signed, too; and stored, too, but not recorded.

    They stay so until the outage ends: whoever tries again may not read, or not write, what stands
    in the store under that id, or not sign at all.
    """

    def may_not(*actions: str, to: str = "*") -> AbstractContextManager[None]:
        return denied(orders.service, "issue-certificate", *actions, to=to)

    unsigned = outage.enter_context(ExitStack())
    unsigned.enter_context(may_not("kms:Sign"))
    orders.prove("signed", "stored")
    orders.until("processing", "signed", "stored")
    outage.enter_context(may_not("s3:PutObject", to=orders.object("signed")))
    with may_not(*_WRITES):
        unsigned.close()
        until(lambda: is_refused(orders, "signed", "PutObject"), WITHIN, "it was signed")
        until(lambda: is_refused(orders, "stored", "dynamodb"), WITHIN, "it was stored")
        outage.enter_context(may_not("s3:GetObject", to=orders.object("stored")))
        kill_workers(orders.service, "issue-certificate")  # who has read it already
    outage.enter_context(may_not("kms:Sign"))
    orders.prove("claimed")
    orders.until("processing", "claimed")


def is_refused(orders: Orders, label: str, what: str) -> bool:
    """Whether one more worker that takes up what was claimed is refused just that."""
    (number,) = orders.certificate_ids(label)
    task = {"order_id": orders.ids[label], "certificate_id": number, "run": 1}
    try:
        invoke(orders.service.stack, f"{STACK}-issue-certificate", task)
    except RuntimeError as failed:
        return what in str(failed)  # not so where a killed worker was to do it
    return False


def they_are_where_they_should_be(orders: Orders) -> None:
    for label in ("claimed", "signed", "stored"):
        assert orders.statuses(label) == {"processing"}, label
        assert orders.stored(label) is (label == "stored"), label
    for label in ("ready", *_UNPROVEN, "mail not sent", "asked by mail", "of a company"):
        assert orders.statuses(label) == {"pending"}, label
    assert orders.looks("never looked at") == 0 < orders.looks("looked at")
    assert not orders.is_told("never looked at"), "its change has no number"
    assert orders.statuses("again") == {"valid", "awaiting_approval"}
    assert orders.statuses("not agreed to") == {"awaiting_approval"}
    assert orders.statuses("agreed to go") == orders.statuses("asked to go") == {"valid"}
    assert orders.statuses("unlisted") == {"revoked"}
    assert orders.listed("gone") and not orders.listed("unlisted")


def go_on(orders: Orders) -> None:
    """What people do after it: publish what the zones forgot, decide, review, read mail."""
    until(lambda: orders.status("kept") == "issued", WITHIN, "the API answers again")
    orders.prove(*_UNPROVEN, "mail not sent")
    for request_id in orders.requests:
        insist(lambda number=request_id: orders.agree(number), f"decide about {request_id}")
    orders.prove("not agreed to")
    insist(lambda: orders.review("of a company"), "review a company")
    insist(orders.answer_the_letter, "answer a mail")


def all_ended(orders: Orders) -> bool:
    """Whether all have. If not, the reconciler is asked again."""
    left = orders.left()
    unlisted = [
        label
        for label, end in orders.ends.items()
        if end == "revoked" and label not in left and not orders.listed(label)
    ]
    if left or unlisted:
        print(left, unlisted, reconcile(orders.service))
    return not left and not unlisted


def reconcile(service: Service) -> str:
    """What a pass over everything overdue found, or why it failed: the next one goes on."""
    function = service.stack.outputs["ReconcileFunction"]
    try:
        return str(invoke(service.stack, function, {"at_once": True}))
    except (RuntimeError, HTTPClientError) as failed:
        return str(failed)


def numbered(service: Service) -> Books | None:
    """The books once every change has its number."""
    found = Books.read(service)
    if not found.unnumbered:
        return found
    print(found.unnumbered, "changes without a number", reconcile(service))
    return None


def every_change_is_numbered_once(orders: Orders, before: Before) -> None:
    """In every account; and what a follower had read before stands there unchanged."""
    books = until(lambda: numbered(orders.service), WITHIN, "every change has its number", every=3)
    for account, numbers in books.numbers.items():
        assert numbers == list(range(1, len(numbers) + 1)), account
    assert set(books.changes.values()) == {1}
    feed = orders.feed()
    cursors = [row["cursor"] for row in feed]  # some numbers are for operators alone
    assert cursors == sorted(set(cursors))
    assert feed[: len(before.feed)] == before.feed


def nothing_is_there_twice(orders: Orders) -> None:
    """Every issued certificate is stored, numbered and told of once, every other never."""
    books = Books.read(orders.service)
    assert {label: orders.status(label) for label in orders.ends} == orders.ends
    for label, end in orders.ends.items():
        for number in orders.certificate_ids(label):
            issued, revoked = int(end in ("issued", "revoked")), int(end == "revoked")
            seen = (books.stored[number], len(books.serials.get(number, [])))
            assert seen == (issued, issued), (label, number)
            assert books.told["certificate_issued", number] == issued, (label, number)
            assert books.told["certificate_revoked", number] == revoked, (label, number)
    assert len(orders.certificate_ids("again")) == 2
    every = [serial for serials in books.serials.values() for serial in serials]
    assert len(set(every)) == len(every)


def lists_are_right(orders: Orders, before: Before) -> None:
    """On the lists is what was revoked, and nothing else; their numbers only rise."""
    for label, end in orders.ends.items():
        if end in ("issued", "revoked"):
            assert orders.listed(label) is (end == "revoked"), label
    for label, number in before.lists.items():
        after = crl_number(orders, label)
        assert after > number or (label == "gone" and after == number), label


def everybody_is_told(orders: Orders) -> None:
    """The webhook hears of every certificate; whose order ended after the outage gets one mail."""
    issued = {
        orders.ids[label] for label, end in orders.ends.items() if end in ("issued", "revoked")
    }
    until(lambda: orders.heard_of() == issued, WITHIN, "the webhook heard of all", every=1)
    people = ("mail not sent", "asked by mail", "of a company", "not agreed to")
    after = [*_ISSUING, *_UNPROVEN, *people]
    orders.until_mail("is issued", *after)
    sent = Counter({label: len(orders.mails(label, "is issued")) for label in after})
    assert set(sent.values()) == {1}, sent
