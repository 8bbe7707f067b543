"""Reports to those whom CAA's iodef names: who gets one, how often, and what is in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.fakes import FakeBook, FakeMailer, FrozenClock
from vouchsafe.domain.authorization import CaaCheck, CaaFinding
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.iodef import Refusal, data_of, mailboxes, read, refusals, web_addresses
from vouchsafe.services.caa_reports import report_refusals

BOX = "mailto:security@example.com"


def a_refusal(name: str = "www.example.com", at: str = "example.com", *iodef: str) -> Refusal:
    return Refusal(
        name=name,
        deciding_name=at,
        deciding_record='0 issue "other.example.net"',
        detail="names another issuer",
        issuer="ca.example.net",
        iodef=iodef or (BOX,),
    )


class Desk:
    """The report's service on fakes."""

    def __init__(self) -> None:
        self.claims, self.mailer, self.clock = FakeBook(), FakeMailer(), FrozenClock(MOMENT)

    def report(self, *refused: Refusal, kind: ChangeKind = ChangeKind.CAA_REFUSED) -> str:
        change = Change(
            change_id="c" * 26,
            account_id=1,
            kind=kind,
            at=self.clock.now(),
            actor="system",
            order_id=1001,
            data=data_of(refused),
        )
        return report_refusals(change, claims=self.claims, mailer=self.mailer, clock=self.clock)

    @property
    def sent(self) -> list[tuple[str, ...]]:
        return [mail.to for mail in self.mailer.sent]


def test_the_owner_gets_a_mail_that_says_what_was_asked_and_what_forbids_it() -> None:
    desk = Desk()
    assert desk.report(a_refusal(), a_refusal("*.example.com")) == "example.com: reported"
    (mail,) = desk.mailer.sent
    assert mail.to == ("security@example.com",)
    assert mail.subject == "CAA report: no certificate was issued for www.example.com"
    assert (
        mail.text
        == """\
We are the certificate authority ca.example.net. On 2026-11-21 12:00 UTC we did
not issue a TLS certificate that was asked for, because the CAA records of example.com
do not permit us to.

    Name asked for: www.example.com
    CAA records at: example.com
    They permit: other.example.net

    Name asked for: *.example.com
    CAA records at: example.com
    They permit: other.example.net

    Reference: order 1001

No certificate was issued; nothing has to be done. If the request is one of yours, permit it with
this record; while the order waits, it then goes on by itself:

    example.com CAA 0 issue "ca.example.net"

You get this message because those CAA records name your address in an iodef property (RFC 8659).
We send one such message a day for a domain at most. To get no more, remove the property.
"""
    )


def test_a_domain_is_reported_once_a_day_whatever_its_names() -> None:
    desk = Desk()
    desk.report(a_refusal())
    assert (
        desk.report(a_refusal("b.example.com", "b.example.com")) == "example.com: reported before"
    )
    assert len(desk.sent) == 1
    desk.clock.advance(timedelta(days=1))
    desk.report(a_refusal())
    assert len(desk.sent) == 2


def test_a_mailbox_is_written_to_once_a_day_whatever_number_of_domains_names_it() -> None:
    desk = Desk()
    victim = "mailto:victim@elsewhere.example"
    for number in range(5):
        desk.report(a_refusal("x", f"n{number}.com", victim))
    desk.report(a_refusal("x", "other.com", "mailto:VICTIM@elsewhere.example", BOX))
    assert desk.sent == [("victim@elsewhere.example",), ("security@example.com",)]


def test_each_domain_of_an_order_gets_its_own_report() -> None:
    desk = Desk()
    outcome = desk.report(
        a_refusal(), a_refusal("www.example.org", "example.org", "mailto:a@example.org")
    )
    assert outcome == "example.com: reported; example.org: reported"
    assert desk.sent == [("security@example.com",), ("a@example.org",)]
    assert "example.org" not in desk.mailer.sent[0].text


def test_the_same_change_told_twice_is_reported_once() -> None:
    desk = Desk()
    desk.report(a_refusal())
    desk.report(a_refusal())
    assert len(desk.sent) == 1


def test_a_carrier_in_trouble_is_tried_again() -> None:
    desk = Desk()
    desk.mailer.failures = [Unavailable("SES is down")]
    with pytest.raises(Unavailable):
        desk.report(a_refusal())
    assert desk.report(a_refusal()) == "example.com: reported"
    assert len(desk.sent) == 1


def test_another_worker_that_is_at_it_is_waited_for_and_keeps_its_claim() -> None:
    desk = Desk()
    day = f"{MOMENT:%Y-%m-%d}"
    held = f"caa-report-{day}-example.com"
    assert desk.claims.take(held, MOMENT, MOMENT + timedelta(minutes=5))
    with pytest.raises(Unavailable):
        desk.report(a_refusal())
    assert not desk.claims.take(held, MOMENT, MOMENT + timedelta(minutes=5))
    desk.clock.advance(timedelta(minutes=6))
    assert desk.report(a_refusal()) == "example.com: reported"


def test_a_web_address_is_on_record_and_not_called() -> None:
    desk = Desk()
    outcome = desk.report(a_refusal("x", "example.com", "https://iodef.example.com/"))
    assert (outcome, desk.sent) == ("example.com: only by web", [])


def test_without_a_mailbox_nobody_is_told() -> None:
    assert Desk().report(a_refusal("x", "example.com", "ftp://x")) == "example.com: nobody to tell"


def test_other_changes_are_none_of_its_business() -> None:
    desk = Desk()
    assert desk.report(a_refusal(), kind=ChangeKind.NAME_PROVEN) == ""
    assert not desk.sent


@pytest.mark.parametrize(
    ("value", "box"),
    [
        ("mailto:a@example.com", "a@example.com"),
        ("MAILTO:a@example.com?subject=Win%20a%20prize&bcc=b@example.com", "a@example.com"),
        ("mailto:a%2Bb@example.com", "a+b@example.com"),
        ("mailto:a@example.com,b@example.com", None),
        ("mailto:a@example.com%0d%0aBcc: b@example.com", None),
        ('mailto:"a b"@example.com', None),
        ("mailto:a@localhost", None),
        ("mailto:a@[192.0.2.1]", None),
        ("mailto:@example.com", None),
        ("mailto:" + "a" * 65 + "@example.com", None),
        ("mailto:a@" + "b" * 60 + "." + ("c" * 60 + ".") * 3 + "example.com", None),
        ("a@example.com", None),
        ("https://a@example.com", None),
    ],
)
def test_only_one_plain_mailbox_is_taken_from_a_value(value: str, box: str | None) -> None:
    assert mailboxes([a_refusal("x", "example.com", value)]) == ((box,) if box else ())


def test_at_most_two_mailboxes_of_a_domain_are_told() -> None:
    values = tuple(f"mailto:n{number}@example.com" for number in range(4))
    assert len(mailboxes([a_refusal("x", "example.com", *values)])) == 2


def test_web_addresses_are_listed_once() -> None:
    found = web_addresses([a_refusal("x", "y.com", "https://a", "http://b", "https://a", BOX)])
    assert found == ("https://a", "http://b")


@pytest.mark.parametrize(
    ("record", "permits"),
    [
        ('0 issue ";"', "nobody"),
        ('0 issue "a.example; accounturi=x"; 0 issue "b.example"', "a.example, b.example"),
        ('0 issue "Buy now! http://spam.example"', "nobody, or under conditions"),
        ("0 issue \"<script>alert('x')</script>\"", "nobody, or under conditions"),
        ('128 tbs "Click here"', "nobody, or under conditions"),
    ],
)
def test_words_of_the_record_are_not_repeated(record: str, permits: str) -> None:
    """Whoever runs a domain words its records: the mail must not carry them to a stranger."""
    desk = Desk()
    refused = a_refusal()
    desk.report(
        Refusal(
            name=refused.name,
            deciding_name=refused.deciding_name,
            deciding_record=record,
            detail="spam, spam",
            issuer=refused.issuer,
            iodef=refused.iodef,
        )
    )
    text = desk.mailer.sent[0].text
    assert f"They permit: {permits}" in text
    assert "spam" not in text and "Click" not in text and "script" not in text


def test_a_check_that_could_not_look_is_no_refusal() -> None:
    def finding(completed: bool, permitted: bool) -> CaaFinding:
        return CaaFinding(
            name="a.com",
            completed=completed,
            permitted=permitted,
            deciding_name="a.com",
            deciding_record="",
            ttl=0,
            detail="",
        )

    rows = (finding(True, False), finding(False, False), finding(True, True))
    check = CaaCheck(checked_at=MOMENT, good_until=MOMENT, permitted=False, findings=rows)
    assert len(refusals(check)) == 1
    assert refusals(None) == ()


def test_refusals_come_back_out_of_a_change_as_they_went_in() -> None:
    refused = (a_refusal(), a_refusal("*.b.com", "b.com", "https://x", BOX))
    assert read(data_of(refused)) == refused
