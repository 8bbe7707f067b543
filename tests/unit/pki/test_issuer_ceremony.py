"""Further issuing CAs: made under our root, requested, taken in, put to work, retired."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from functions.ceremony.app import serve
from tests.builders_pki import NOW, PUBLICATION_URL, a_key
from tests.ceremony_world import World, a_world
from vouchsafe.domain.blocked_keys import BlockReason, key_hash
from vouchsafe.domain.issuers import IssuerState, KeyType
from vouchsafe.services.accounts import OPERATORS

EVENTS = Path(__file__).parents[3] / "events"
E2 = {"IssuerId": "e2", "KeyRef": "key-2", "IssuingName": "Vouchsafe Issuing E2"}
P384 = E2 | {"KeyType": "ec_p384"}


def _world(kind: str = "p384") -> World:
    """A world with a hierarchy, and one more key in it."""
    world = a_world()
    world.ask("ensure")
    world.keys.add("key-2", a_key(kind, "second"))
    return world


def _why(answer: dict[str, Any]) -> str:
    return "; ".join(each["message"] for each in answer["errors"])


@pytest.mark.parametrize(
    ("kind", "key_type"),
    [("p256", "ec_p256"), ("p384", "ec_p384"), ("rsa3072", "rsa_3072"), ("rsa4096", "rsa_4096")],
)
def test_another_issuing_ca_of_any_key_type_is_made_under_the_same_root(
    kind: str, key_type: str
) -> None:
    world = _world(kind)
    answer = world.ask("add", **E2, KeyType=key_type)
    assert (answer["IssuerId"], answer["State"], answer["MadeNow"]) == ("e2", "staged", "true")
    first, second = world.issuer("e1"), world.issuer("e2")
    assert second.root == first.root
    assert second.key_type is KeyType(key_type)
    certificate = x509.load_der_x509_certificate(second.certificate)
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(second.root))
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name is not None
    assert points[0].full_name[0].value == f"{PUBLICATION_URL}/crl/root-e1/0.crl"
    assert world.publication.objects["ca/e2.cer"] == second.certificate


def test_a_ca_made_later_starts_later_and_never_outlives_its_root() -> None:
    world = _world()
    world.clock.advance(timedelta(days=365 * 19))
    world.ask("add", **P384)
    certificate = x509.load_der_x509_certificate(world.issuer("e2").certificate)
    root = x509.load_der_x509_certificate(world.issuer("e2").root)
    assert certificate.not_valid_before_utc == world.clock.now() - timedelta(hours=12)
    assert certificate.not_valid_after_utc == root.not_valid_after_utc


def test_adding_it_again_changes_nothing() -> None:
    world = _world()
    world.ask("add", **P384)
    standing, published = world.issuer("e2"), dict(world.publication.objects)
    answer = world.ask("add", **P384)
    assert answer["MadeNow"] == "false"
    assert (world.issuer("e2"), world.publication.objects) == (standing, published)
    assert [each.data["action"] for each in world.changes()] == ["made", "added"]


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"IssuerId": "E 2"}, "IssuerId"),
        ({"IssuerId": "e1"}, "issuer_id"),
        ({"IssuingName": "Vouchsafe Issuing E1"}, "name_in_use"),
        ({"IssuingName": "Vouchsafe Root R1"}, "name_in_use"),
        ({"IssuingName": ""}, "IssuingName"),
        ({"KeyRef": "issuing-key", "KeyType": "ec_p256"}, "key_in_use"),
        ({"KeyRef": "root-key"}, "key_in_use"),
        ({"KeyRef": "weak", "KeyType": "ec_p256"}, "key_type"),
        ({"KeyType": "ec_p256"}, "key_type"),
        ({"KeyType": "ed25519"}, "KeyType"),
        ({"Parent": "e9"}, "Parent"),
        ({"RootKeyRef": "weak2"}, "root_key"),
        ({"Country": "zz"}, "lint"),
        ({"Shards": "0"}, "Shards"),
    ],
)
def test_what_cannot_be_added_is_refused_by_name(changed: dict[str, str], word: str) -> None:
    world = _world()
    world.keys.add("weak", a_key("rsa2048", "weak"))
    world.keys.add("weak2", a_key("p256", "another root"))
    signatures = world.keys.signatures
    assert word in _why(world.ask("add", **(P384 | changed)))
    assert world.keys.signatures == signatures
    assert [issuer.issuer_id for issuer in world.book.all()] == ["e1"]


def test_the_new_cas_own_key_is_blocked_for_subscribers() -> None:
    world = _world()
    world.ask("add", **P384)
    spki = world.keys.describe("key-2").public_key
    block = world.book.blocked_key(key_hash(spki))
    assert block is not None
    assert block.reason is BlockReason.CA_KEY


def test_an_issuer_is_activated_once_its_lists_are_published_and_not_before() -> None:
    world = _world()
    world.ask("add", **P384)
    assert "unpublished: no CRL yet for shard 0, 1" in _why(world.ask("activate", IssuerId="e2"))
    published = {(each.issuer_id, each.shard) for each in world.publish_crls()}
    assert published >= {("e2", 0), ("e2", 1)}
    answer = world.ask("activate", IssuerId="e2")
    assert answer["SignsNow"] is True
    assert world.ask("list")["Products"]["ssl_basic"] == "e2"


def _ready() -> World:
    world = _world()
    world.ask("add", **P384)
    world.publish_crls()
    return world


def test_an_issuer_takes_over_at_its_date() -> None:
    world = _ready()
    start = NOW + timedelta(days=10)
    answer = world.ask("activate", IssuerId="e2", From=start.isoformat())
    assert (answer["State"], answer["SignsNow"]) == ("active", False)
    assert world.ask("list")["Products"]["ssl_basic"] == "e1"
    world.clock.advance(timedelta(days=10))
    assert world.ask("list")["Products"]["ssl_basic"] == "e2"


def test_activating_again_keeps_the_date_and_records_nothing() -> None:
    world = _ready()
    past = (NOW - timedelta(days=3)).isoformat()
    world.ask("activate", IssuerId="e2", From=past)
    standing, told = world.issuer("e2"), len(world.changes())
    world.clock.advance(timedelta(hours=1))
    for properties in ({}, {"From": past}, {"From": standing.since.isoformat()}):
        world.ask("activate", IssuerId="e2", **properties)
    assert world.issuer("e2") == standing
    assert len(world.changes()) == told


def test_the_older_one_takes_over_again_when_it_is_activated_anew() -> None:
    world = _ready()
    world.ask("activate", IssuerId="e2")
    world.clock.advance(timedelta(hours=1))
    world.ask("activate", IssuerId="e1", From=world.clock.now().isoformat())
    assert world.ask("list")["Products"]["ssl_basic"] == "e1"


def test_an_issuer_may_serve_one_level_or_product_alone() -> None:
    world = _ready()
    world.ask("activate", IssuerId="e2", Serves=["ev", "ssl_plus"])
    products = world.ask("list")["Products"]
    assert {products["ssl_ev_basic"], products["ssl_plus"]} == {"e2"}
    assert {products["ssl_basic"], products["ssl_dv_geotrust"]} == {"e1"}
    assert world.issuer("e2").serves == ("ev", "ssl_plus")


@pytest.mark.parametrize(
    ("properties", "word"),
    [
        ({"IssuerId": "e2", "From": "soon"}, "From"),
        ({"IssuerId": "e2", "From": "2099-01-01"}, "date"),
        ({"IssuerId": "e2", "Serves": ["dv", "xv"]}, "no level and no product: xv"),
        ({"IssuerId": "e9"}, "issuer"),
        ({}, "IssuerId"),
    ],
)
def test_what_cannot_be_activated_is_refused_by_name(properties: dict[str, Any], word: str) -> None:
    world = _ready()
    assert word in _why(world.ask("activate", **properties))
    assert world.issuer("e2").state is IssuerState.STAGED


def test_the_last_issuer_is_retired_on_purpose_only() -> None:
    world = _ready()
    assert "nobody_serves: without it nobody makes" in _why(world.ask("retire", IssuerId="e1"))
    world.ask("activate", IssuerId="e2")
    assert world.ask("retire", IssuerId="e1")["State"] == "retired"
    assert world.ask("retire", IssuerId="e2", Anyway="true")["State"] == "retired"
    assert world.ask("list")["Products"] == {}


def test_serving_less_must_not_leave_products_alone_either() -> None:
    world = _ready()
    assert "nobody_serves" in _why(world.ask("activate", IssuerId="e1", Serves=["ev"]))
    assert world.issuer("e1").serves == ()


def test_a_retired_issuer_stays_retired() -> None:
    world = _ready()
    world.ask("activate", IssuerId="e2")
    world.ask("retire", IssuerId="e1")
    standing = world.issuer("e1")
    world.ask("retire", IssuerId="e1")
    assert world.issuer("e1") == standing
    assert "for good" in _why(world.ask("activate", IssuerId="e1"))


def test_a_retired_issuers_lists_go_on_until_it_is_over_and_end_with_one_after_it() -> None:
    world = _world()
    world.clock.advance(timedelta(days=1))
    world.ask("add", **P384)
    world.publish_crls()
    world.ask("activate", IssuerId="e2")
    world.ask("retire", IssuerId="e1")
    world.clock.advance(timedelta(hours=7))
    assert {each.issuer_id for each in world.publish_crls()} == {"e1", "e2"}
    end = world.issuer("e1").not_after
    assert end < world.issuer("e2").not_after
    world.clock.advance(end - world.clock.now() + timedelta(minutes=1))
    assert {each.issuer_id for each in world.publish_crls()} == {"e1", "e2"}
    world.clock.advance(timedelta(hours=7))
    assert {each.issuer_id for each in world.publish_crls()} == {"e2"}


def test_every_step_is_on_record_under_the_operators_account() -> None:
    world = _ready()
    world.clock.advance(timedelta(minutes=1))
    world.ask("activate", IssuerId="e2")
    world.clock.advance(timedelta(minutes=1))
    world.ask("retire", IssuerId="e1")
    changes = world.changes()
    assert [each.data["action"] for each in changes] == ["made", "added", "activated", "retired"]
    assert {(each.account_id, each.actor) for each in changes} == {(OPERATORS, "operator")}
    assert changes[2].subject == "issuer e2"
    assert (changes[2].before["state"], changes[2].after["state"]) == ("staged", "active")


def test_every_sample_event_is_answered_as_its_name_says() -> None:
    told = {
        "ensure": ("MadeNow", "true"),
        "request": ("Request", "-----BEGIN CERTIFICATE REQUEST-----"),
        "add": ("State", "staged"),
        "import": ("State", "staged"),
        "activate": ("Serves", "['ev', 'ssl_basic']"),
        "retire": ("State", "retired"),
        "revoke": ("Reason", "cessationOfOperation"),
        "list": ("Products", "{}"),
    }
    files = {path.stem.partition("-")[2]: path for path in EVENTS.glob("ceremony-*.json")}
    assert files.keys() == told.keys()
    world = a_world()
    world.keys.add("key-2", a_key("p384", "second"))
    world.keys.add("key-x", a_key("p256", "brought in"))
    for action, (key, value) in told.items():
        answer = serve(json.loads(files[action].read_text()), None, world.given)
        assert str(answer[key]).startswith(value)
        world.publish_crls()
