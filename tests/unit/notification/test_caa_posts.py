"""Reports posted to those whom CAA's iodef names by a web address: who, how often, and what."""

from __future__ import annotations

from datetime import timedelta
from xml.etree.ElementTree import fromstring

import pytest

from tests.builders import MOMENT
from tests.fake_outgoing import FakeOutgoing
from tests.fakes import FakeBook, FrozenClock
from tests.unit.notification.test_caa_reports import BOX, a_refusal
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.iodef import Refusal, data_of
from vouchsafe.outgoing_ports import PostCause
from vouchsafe.services.caa_posts import MOST_A_DAY, post_refusals

URL = "https://reports.example.net/iodef"
IODEF = "{urn:ietf:params:xml:ns:iodef-2.0}"


class Desk:
    """The service on fakes."""

    def __init__(self) -> None:
        self.claims, self.outgoing, self.clock = FakeBook(), FakeOutgoing(), FrozenClock(MOMENT)

    def post(
        self,
        *refused: Refusal,
        account: int = 1,
        last_try: bool = False,
        kind: ChangeKind = ChangeKind.CAA_REFUSED,
    ) -> str:
        change = Change(
            change_id="c" * 26,
            account_id=account,
            kind=kind,
            at=self.clock.now(),
            actor="system",
            order_id=1001,
            data=data_of(refused),
        )
        return post_refusals(
            change,
            claims=self.claims,
            outgoing=self.outgoing,
            clock=self.clock,
            last_try=last_try,
        )

    @property
    def posted(self) -> list[str]:
        return [url for url, _, _ in self.outgoing.posted]


def named(domain: str, *urls: str) -> Refusal:
    return a_refusal(f"www.{domain}", domain, *(urls or (URL,)))


def test_the_address_gets_one_document_that_says_what_was_asked_and_what_forbids_it() -> None:
    desk = Desk()
    wild = a_refusal("*.example.com", "example.com", URL)
    assert desk.post(named("example.com"), wild) == "example.com: answered 200"
    ((url, body, headers),) = desk.outgoing.posted
    assert (url, headers) == (URL, {"Content-Type": "text/xml; charset=utf-8"})
    document = fromstring(body)
    assert (document.tag, document.get("version")) == (f"{IODEF}IODEF-Document", "2.00")
    incident = document.find(f"{IODEF}Incident")
    assert incident is not None and incident.get("purpose") == "reporting"
    assert [child.tag.removeprefix(IODEF) for child in incident] == [
        *("IncidentID", "DetectTime", "GenerationTime", "Description", "Contact"),
        *("EventData", "EventData", "AdditionalData"),
    ]
    assert incident.findtext(f"{IODEF}IncidentID") == "c" * 26
    assert incident.findtext(f"{IODEF}GenerationTime") == "2026-11-21T12:00:00Z"
    told = [
        {each.get("meaning"): each.text for each in event.iter(f"{IODEF}AdditionalData")}
        for event in incident.iter(f"{IODEF}EventData")
    ]
    assert told == [
        {"name": name, "caa-records-at": "example.com", "caa-permits": "other.example.net"}
        for name in ("www.example.com", "*.example.com")
    ]


def test_no_word_of_the_records_owner_gets_into_a_document() -> None:
    desk = Desk()
    words = '0 issue "buy <b>now</b> at evil.example"; 0 issue "]]><x/>"'
    refused = Refusal(
        name="www.example.com",
        deciding_name="example.com",
        deciding_record=words,
        detail="names another issuer: buy now",
        issuer="ca.example.net",
        iodef=(URL,),
    )
    desk.post(refused)
    body = desk.outgoing.posted[0][1].decode()
    assert "buy" not in body and "<x/>" not in body and "evil" not in body


def test_a_domain_is_posted_about_once_a_day() -> None:
    desk = Desk()
    desk.post(named("example.com"))
    assert "posted before" in desk.post(named("example.com"))
    assert desk.posted == [URL]
    desk.clock.advance(timedelta(days=1))
    desk.post(named("example.com"))
    assert desk.posted == [URL, URL]


def test_a_host_is_posted_to_once_a_day_whatever_path_port_or_case_and_whoever_names_it() -> None:
    desk = Desk()
    for number, url in enumerate((URL, f"{URL}/2", "HTTPS://Reports.Example.NET:443/x?y#z")):
        desk.post(named(f"n{number}.com", url), account=number)
    assert desk.posted == [URL]


def test_one_accounts_orders_cause_so_many_posts_a_day_and_others_go_on() -> None:
    desk = Desk()
    for number in range(MOST_A_DAY + 3):
        desk.post(named(f"n{number}.com", f"https://h{number}.example.net/"))
    assert len(desk.posted) == MOST_A_DAY
    desk.post(named("other.com", "https://other.example.net/"), account=2)
    assert len(desk.posted) == MOST_A_DAY + 1


def test_a_domain_has_two_addresses_posted_to_at_most_and_mailboxes_are_not_meant() -> None:
    desk = Desk()
    urls = [f"https://h{number}.example.net/" for number in range(4)]
    desk.post(named("example.com", BOX, *urls))
    assert desk.posted == urls[:2]


@pytest.mark.parametrize(
    "url",
    [
        "http://reports.example.net/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://reports.example.net:8443/",
        "https://a@reports.example.net/",
        "https://[::1",
        "https://reports.example.net/" + "a" * 200,
    ],
)
def test_what_may_not_be_called_is_said_and_costs_no_claim(url: str) -> None:
    desk = Desk()
    refused = named("example.com", url[:200])  # as long as is kept
    assert "example.com: not called: " in desk.post(refused)
    assert desk.posted == [] and desk.claims.records == FakeBook().records


@pytest.mark.parametrize("cause", [PostCause.TIME_OUT, PostCause.TLS_FAILED, PostCause.DNS_FAILED])
def test_what_the_other_side_does_not_take_is_tried_again_and_then_given_up(
    cause: PostCause,
) -> None:
    desk = Desk()
    desk.outgoing.causes[URL] = cause
    with pytest.raises(Unavailable, match=cause):
        desk.post(named("example.com"))
    with pytest.raises(Unavailable, match=cause):
        desk.post(named("example.com"))
    assert desk.post(named("example.com"), last_try=True) == f"example.com: {cause}"
    assert "posted before" in desk.post(named("example.com"))


def test_a_status_that_is_no_success_is_tried_again_too() -> None:
    desk = Desk()
    desk.outgoing.status = 503
    with pytest.raises(Unavailable, match="503"):
        desk.post(named("example.com"))
    desk.outgoing.status = 200
    assert desk.post(named("example.com")) == "example.com: answered 200"


def test_trouble_of_our_own_is_never_given_up() -> None:
    desk = Desk()
    desk.outgoing.causes[URL] = PostCause.OWN_TROUBLE
    with pytest.raises(Unavailable):
        desk.post(named("example.com"), last_try=True)


def test_what_was_posted_before_another_address_failed_is_not_posted_again() -> None:
    desk = Desk()
    bad = "https://bad.example.net/"
    desk.outgoing.causes[bad] = PostCause.REFUSED
    refused = named("example.com", URL, bad)
    with pytest.raises(Unavailable):
        desk.post(refused)
    desk.outgoing.causes.clear()
    desk.post(refused)
    assert desk.posted == [URL, bad, bad]


def test_other_changes_are_nothing_to_post() -> None:
    desk = Desk()
    assert desk.post(named("example.com"), kind=ChangeKind.ORDER_TIMED_OUT) == ""
    assert desk.posted == []
