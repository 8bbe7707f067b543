"""What the details of an order say about CAA, name by name."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import MOMENT, NAMES, a_certificate, an_authorization, an_order
from tests.unit.api.driving import Api
from vouchsafe.api.caa_words import caa_standing
from vouchsafe.domain.authorization import CaaCheck, CaaFinding, PerspectiveVerdict
from vouchsafe.domain.caa_causes import caa_telling
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.identifiers import Identifier


def _finding(name: str, *, completed: bool = True, permitted: bool = True) -> CaaFinding:
    return CaaFinding(
        name=name,
        completed=completed,
        permitted=permitted,
        deciding_name=name,
        deciding_record='0 issue "other.example"',
        ttl=60,
        detail="only other.example may",
        issuer="ca.example.net",
    )


def _pending(api: Api, caa: CaaCheck) -> None:
    items = tuple(an_authorization(name) for name in NAMES)
    api.book.commit(
        an_order(),
        a_certificate(caa=caa),
        Authorizations(order_id=1001, certificate_id=5001, items=items),
    )


def test_every_name_shows_where_caa_stands_and_what_to_do_about_it() -> None:
    first, second = NAMES
    forbidding = replace(
        _finding(second, permitted=False),
        deciding_name="example.com",
        deciding_record='0 issue "other.example"',
        issuer="ca.example.net",
    )
    place = PerspectiveVerdict(perspective="eu-west-1", rir="RIPE", completed=True, passed=True)
    check = CaaCheck(
        checked_at=MOMENT,
        good_until=MOMENT,
        permitted=False,
        findings=(_finding(first), forbidding),
        perspectives=(place,),
    )
    api = Api()
    _pending(api, caa=check)
    rows = api.call("GET", "order/certificate/1001").json["validations"]
    permitted, forbidden = (row["caa"] for row in rows)
    assert (permitted["status"], "cause" in permitted) == ("permitted", False)
    assert permitted["perspectives"][0]["perspective"] == "eu-west-1"
    assert forbidden["status"] == "forbidden"
    assert forbidden["cause"] == "caa_forbids"
    assert forbidden["record_name"] == "example.com"
    assert forbidden["record"] == '0 issue "other.example"'
    assert forbidden["advice"].startswith('Add CAA example.com 0 issue "ca.example.net", or')
    assert forbidden["dnssec"] == "unknown"


def test_a_wildcards_caa_is_told_apart_from_its_base_names() -> None:
    wild = replace(_finding("example.com", permitted=False), wildcard=True)
    check = CaaCheck(
        checked_at=MOMENT,
        good_until=MOMENT,
        permitted=False,
        findings=(wild, _finding("example.com")),
    )
    certificate = a_certificate(caa=check)
    assert caa_standing(certificate, Identifier("*.example.com"))["caa"]["status"] == "forbidden"
    assert caa_standing(certificate, Identifier("example.com"))["caa"]["status"] == "permitted"
    assert caa_standing(certificate, Identifier("www.example.com")) == {}
    assert caa_standing(a_certificate(), Identifier("example.com")) == {}


def test_a_look_up_that_failed_is_another_cause() -> None:
    telling = caa_telling(_finding("a.example.com", completed=False, permitted=False))
    assert telling is not None
    assert telling.cause == "caa_lookup_failed"
    assert telling.explanation.startswith("CAA for a.example.com could not be looked up: only")


def test_advice_for_a_wildcard_names_the_tag_that_decided() -> None:
    wild = replace(_finding("example.com", permitted=False), wildcard=True)
    by_issue = caa_telling(wild)
    by_issuewild = caa_telling(replace(wild, deciding_record='0 issuewild ";"'))
    assert by_issue is not None and by_issuewild is not None
    assert ' 0 issue "ca.example.net"' in by_issue.advice
    assert ' 0 issuewild "ca.example.net"' in by_issuewild.advice
    assert caa_telling(_finding("example.com")) is None
