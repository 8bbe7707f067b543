"""What webhooks are told of a change: by filter, container, settings; and how it is verified."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import MOMENT, a_certificate, an_issuer_record, an_order
from tests.builders_accounts import an_organization
from tests.builders_domains import a_domain, with_row
from tests.builders_people import a_container
from tests.builders_webhooks import ENDPOINT, a_webhook
from tests.unit.webhooks.hook_world import World
from vouchsafe.api.webhook_words import EVENTS, VENDOR_EVENTS
from vouchsafe.domain.certificate import CertificateStatus, Issued
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.shared_changes import SHARED
from vouchsafe.domain.webhooks import WebhookSettings

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"


def told(world: World) -> list[dict[str, Any]]:
    """What the endpoint was shown."""
    return [json.loads(body) for _, body, _ in world.receiver.got]


def issue(world: World, after: timedelta) -> None:
    """The order's certificate, issued so long after it was asked for."""
    pack = Authorizations(order_id=1001, certificate_id=5001, items=())
    world.book.commit(an_order(), a_certificate(), pack)
    issued = Issued(
        serial=1,
        issuer_id=an_issuer_record().issuer_id,
        shard=0,
        sha1="",
        sha256="",
        not_before=MOMENT,
        not_after=MOMENT + timedelta(days=30),
        issued_at=MOMENT + after,
    )
    world.book.commit(a_certificate(version=2, status=CertificateStatus.VALID, issued=issued))
    world.happen(ChangeKind.CERTIFICATE_ISSUED)


@pytest.mark.parametrize(
    ("after", "wanted", "count"),
    [(5, False, 0), (5, True, 1), (300, False, 1), (300, True, 1)],
)
def test_a_certificate_that_came_with_its_answer_is_told_where_that_is_wanted(
    after: int, wanted: bool, count: int
) -> None:
    world = World()
    world.add(a_webhook(settings=WebhookSettings(instant=wanted)))
    issue(world, timedelta(seconds=after))
    world.tell()
    assert len(told(world)) == count
    assert world.state().cursor == 1


@pytest.mark.parametrize(("chain", "instant_chain"), [(False, True), (True, False)])
@pytest.mark.parametrize("after", [5, 300])
def test_chains_are_sent_where_they_are_wanted(
    after: int, chain: bool, instant_chain: bool
) -> None:
    world = World()
    settings = WebhookSettings(instant=True, chain=chain, instant_chain=instant_chain)
    world.add(a_webhook(settings=settings))
    issuer = an_issuer_record()
    world.book.commit(issuer)
    world.store.put(5001, issuer.certificate)
    issue(world, timedelta(seconds=after))
    world.tell()
    (shown,) = told(world)
    wanted = instant_chain if after == 5 else chain
    assert ("certificate_chain" in shown["data"]) is wanted
    if wanted:
        rows = shown["data"]["certificate_chain"]
        assert all(row["pem"].startswith("-----BEGIN CERTIFICATE-----") for row in rows)
        assert len(rows) == 3


def test_a_webhook_of_a_container_is_told_what_lies_in_it_and_nothing_else() -> None:
    world = World()
    world.book.commit(a_container(), an_order(container_id=31))
    world.book.commit(an_order(order_id=1002))
    world.book.commit(*with_row(a_domain(container_id=31)), an_organization())
    names = ("certificate_revoked", "domain_validated", "organization_validated", "key_exported")
    world.add(a_webhook(container_id=31, events=names))
    world.happen()
    world.happen(order_id=1002)
    nothing: dict[str, Any] = {"order_id": None, "certificate_id": None}
    world.happen(ChangeKind.DOMAIN_PROVEN, subject="domain 801", **nothing)
    world.happen(ChangeKind.ORGANIZATION_VALIDATED, subject="organization 601", **nothing)
    world.happen(ChangeKind.KEY_EXPORTED, **nothing)
    world.tell()
    assert [each["cursor"] for each in told(world)] == [1, 3]


@pytest.mark.parametrize(
    ("kind", "days", "count"),
    [
        (ChangeKind.DOMAIN_EXPIRED, (30,), 0),
        (ChangeKind.DOMAIN_EXPIRED, (0,), 1),
        (ChangeKind.DOMAIN_EXPIRING, (90, 60), 0),
        (ChangeKind.DOMAIN_EXPIRING, (30,), 1),
    ],
)
def test_notices_come_at_the_days_that_are_wanted(
    kind: ChangeKind, days: tuple[int, ...], count: int
) -> None:
    world = World()
    names = ("domain_expired", "domain_revalidation_notice")
    world.add(a_webhook(events=names, settings=WebhookSettings(days=days)))
    data = {"domain_id": 801, "name": "example.com", "proven_until": "2026-12-21T12:00:00Z"}
    ids = {"order_id": None, "certificate_id": None}
    world.happen(kind, subject="domain 801", data=data, **ids)
    world.tell()
    assert len(told(world)) == count


def test_every_shared_change_has_a_name_and_every_vendors_name_a_change() -> None:
    assert {kind.value for kind in SHARED} <= set(EVENTS)
    assert set(VENDOR_EVENTS) <= set(EVENTS)
    assert frozenset(SHARED) >= frozenset().union(*VENDOR_EVENTS.values())


def _verifier() -> Any:
    """The page's own verifier."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(code.strip().splitlines()) <= 14
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102
    return names["verified"]


def test_the_pages_verifier_takes_what_we_sign_and_nothing_else() -> None:
    world = World()
    world.add()
    world.happen()
    world.tell()
    ((_, body, headers),) = world.receiver.got
    said, verified = headers["X-Vouchsafe-Signature"], _verifier()
    secret, now = "vwh_a-secret-to-sign-with-for-tests", MOMENT.timestamp()
    assert verified(secret, said, body, now)
    assert verified(secret, said, body, now + 299)
    assert not verified(secret, said, body, now + 301)
    assert not verified(secret, said, body, now - 301)
    assert not verified(secret, said, body + b" ", now)
    assert not verified(secret + "x", said, body, now)
    assert not verified(secret, said.replace("t=1", "t=2"), body, now)
    assert not verified(secret, "", body, now)


def test_a_change_of_endpoint_while_it_is_told_goes_on_with_the_new_one() -> None:
    world = World()
    hook = world.add()
    world.happen()
    world.tell()
    world.book.commit(replace(hook, endpoint="https://new.example.com/", version=2))
    world.happen()
    world.tell()
    assert [url for url, _, _ in world.receiver.got] == [ENDPOINT, "https://new.example.com/"]
