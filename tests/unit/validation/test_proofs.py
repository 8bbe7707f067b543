"""What a proof is good for again: below its domain, for its age, in its account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT, a_proof, a_random_value, an_authorization
from vouchsafe.domain.authorization import AuthorizationStatus, DcvMethodName
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.proofs import authorize, covers, domains_to_ask, fresh_proofs

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "name", ["example.com", "www.example.com", "*.example.com", "a.b.example.com"]
)
def test_a_dns_proof_reaches_to_everything_below_its_domain(name: str) -> None:
    assert covers(a_proof(), Identifier(name))


@pytest.mark.parametrize("name", ["example.net", "badexample.com", "com"])
def test_a_proof_reaches_to_nothing_else(name: str) -> None:
    assert not covers(a_proof(), Identifier(name))


def test_a_file_proves_one_name_alone() -> None:
    proof = a_proof(method=DcvMethodName.HTTP_FILE)
    assert covers(proof, Identifier("example.com"))
    assert not covers(proof, Identifier("www.example.com"))
    assert not covers(proof, Identifier("*.example.com"))


def test_reuse_goes_by_the_domain_that_a_cname_led_to_not_by_the_name_that_has_it() -> None:
    """The CNAME may lead elsewhere by now: only a look can say."""
    steps = ("CNAME followed to www.example.net", "leftmost label removed: …")
    proof = a_proof(authorization_domain="example.net", steps=steps)
    assert covers(proof, Identifier("shop.example.net"))
    assert not covers(proof, Identifier("www.example.com"))


def test_an_alias_below_dnsauth_leaves_the_domain_what_it_is() -> None:
    steps = (
        "record at the name with _dnsauth in front: _dnsauth.example.com",
        "CNAME followed to proof.example.net",
    )
    assert covers(a_proof(steps=steps), Identifier("www.example.com"))


def test_every_parent_down_to_the_registrable_domain_is_asked_for_once() -> None:
    names = [Identifier("a.b.example.co.uk"), Identifier("*.b.example.co.uk")]
    assert domains_to_ask(names) == (
        "a.b.example.co.uk",
        "b.example.co.uk",
        "example.co.uk",
    )


@pytest.mark.parametrize(("days", "valid"), [(199, True), (200, False)])
def test_a_proof_is_reused_within_the_limit_of_the_day(days: int, valid: bool) -> None:
    proof = a_proof(proven_at=MOMENT - days * DAY)
    (item,) = authorize(
        [Identifier("www.example.com")],
        DcvMethodName.DNS_TXT,
        [a_random_value()],
        {"example.com": proof},
        MOMENT,
    )
    assert (item.status is AuthorizationStatus.VALID) is valid
    assert item.proof == (proof if valid else None)
    assert item.random_value == a_random_value()


def test_a_stale_proof_nearby_does_not_hide_a_good_one_above() -> None:
    proofs = {
        "www.example.com": a_proof(
            authorization_domain="www.example.com", proven_at=MOMENT - 300 * DAY
        ),
        "example.com": a_proof(),
    }
    (item,) = authorize(
        [Identifier("www.example.com")],
        DcvMethodName.DNS_TXT,
        [a_random_value()],
        proofs,
        MOMENT,
    )
    assert item.proof == a_proof()


def test_only_what_a_look_proved_is_a_fresh_proof() -> None:
    before = [an_authorization("www.example.com"), an_authorization("old.example.net")]
    old = a_proof(authorization_domain="example.net")
    before[1] = an_authorization("old.example.net", status=AuthorizationStatus.VALID, proof=old)
    after = [
        an_authorization("www.example.com", status=AuthorizationStatus.VALID, proof=a_proof()),
        before[1],
    ]
    (fresh,) = fresh_proofs(1, 1001, 5001, before=before, after=after)
    assert (fresh.authorization_domain, fresh.proof) == ("example.com", a_proof())
