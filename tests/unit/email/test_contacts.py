"""Contacts that DNS names: what counts, and how many places must see them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.builders import MOMENT
from vouchsafe.adapters.contact_looks import look_for_contacts
from vouchsafe.domain.authorization import Contact, ContactSource
from vouchsafe.domain.contact_wire import contact_from_json, contact_to_json
from vouchsafe.domain.contacts import corroborated_contacts, judge_contacts
from vouchsafe.domain.looking import (
    ContactAnswer,
    ContactQuestion,
    LookReport,
    LookRequest,
    NamedContact,
)
from vouchsafe.domain.resolution import Rdata, Resolution, Said, ServerSaid, Status
from vouchsafe.domain.wire import report_from_json, request_from_json, to_json

QUESTION = ContactQuestion(name="shop.example.com")
TXT = "_validation-contactemail.shop.example.com"
SEEN = NamedContact(address="tls@example.org", source=ContactSource.CAA, found_at="example.com")
PLACES = (
    ("us-west-2", "ARIN"),
    ("eu-central-1", "RIPE"),
    ("eu-west-1", "RIPE"),
    ("ap-northeast-1", "APNIC"),
    ("ap-southeast-2", "APNIC"),
    ("sa-east-1", "LACNIC"),
)


def found(name: str, rdtype: str, *sets: Sequence[Rdata]) -> Resolution:
    """What one server after another answered."""
    said = tuple(
        ServerSaid(
            server=f"ns{number}",
            said=Said.ANSWER if records else Said.NODATA,
            records=tuple(records),
        )
        for number, records in enumerate(sets or [()])
    )
    status = Status.ANSWER if any(sets) else Status.NODATA
    if len({one.records for one in said}) > 1:
        status = Status.DISAGREEMENT
    return Resolution(name=name, rdtype=rdtype, status=status, said=said)


def failed(name: str, rdtype: str) -> Resolution:
    return Resolution(name=name, rdtype=rdtype, status=Status.TIME_OUT, detail="no answer")


NOTHING = found(TXT, "TXT")


def addresses(answer: ContactAnswer) -> list[tuple[str, str]]:
    return [(one.address, str(one.source)) for one in answer.contacts]


@pytest.mark.parametrize("flags", ["0", "128"])
def test_the_contact_property_of_the_deciding_set_counts_critical_or_not(flags: str) -> None:
    records = [(flags, "ContactEmail", "tls@example.org"), ("0", "issue", "ca.example")]
    caa = [found("shop.example.com", "CAA"), found("example.com", "CAA", records)]
    answer = judge_contacts(QUESTION, caa, NOTHING)
    assert answer.completed
    assert addresses(answer) == [("tls@example.org", "caa")]
    assert answer.contacts[0].found_at == "example.com"


def test_a_nearer_set_without_contacts_hides_those_above() -> None:
    near = [("0", "issue", "ca.example")]
    answer = judge_contacts(QUESTION, [found("shop.example.com", "CAA", near)], NOTHING)
    assert addresses(answer) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "tls",
        "mailto:tls@example.org",
        " tls@example.org",
        "a@example.org b@example.org",
        "<tls@example.org>",
        "tls@example.org,",
    ],
)
def test_what_is_not_one_address_and_nothing_else_is_none(value: str) -> None:
    caa = [found("example.com", "CAA", [("0", "contactemail", value)])]
    txt = found(TXT, "TXT", [(value,)])
    assert addresses(judge_contacts(QUESTION, caa, txt)) == []


def test_the_txt_record_counts_below_the_domain_its_strings_joined() -> None:
    txt = found(TXT, "TXT", [("tls@", "example.org"), ("second@example.org",)])
    answer = judge_contacts(QUESTION, [found("shop.example.com", "CAA")], txt)
    assert set(addresses(answer)) == {
        ("tls@example.org", "dns_txt"),
        ("second@example.org", "dns_txt"),
    }


def test_a_contact_that_some_server_does_not_name_is_none() -> None:
    one, both = ("0", "contactemail", "a@example.org"), ("0", "contactemail", "b@example.org")
    caa = [found("example.com", "CAA", [one, both], [both])]
    assert addresses(judge_contacts(QUESTION, caa, NOTHING)) == [("b@example.org", "caa")]


def test_a_failed_look_up_is_said_and_hides_nothing_that_was_found() -> None:
    txt = found(TXT, "TXT", [("tls@example.org",)])
    answer = judge_contacts(QUESTION, [failed("shop.example.com", "CAA")], txt)
    assert not answer.completed
    assert addresses(answer) == [("tls@example.org", "dns_txt")]
    assert "CAA shop.example.com" in answer.detail


def test_caa_is_asked_upwards_until_a_set_decides_and_txt_at_the_domain_alone() -> None:
    asked: list[tuple[str, str]] = []

    class Session:
        def ask(self, name: str, rdtype: str) -> Resolution:
            asked.append((rdtype, name))
            if (name, rdtype) == ("example.com", "CAA"):
                return found(name, rdtype, [("0", "contactemail", "tls@example.org")])
            return found(name, rdtype)

    answer = look_for_contacts(Session(), QUESTION)
    assert asked == [("CAA", "shop.example.com"), ("CAA", "example.com"), ("TXT", TXT)]
    assert addresses(answer) == [("tls@example.org", "caa")]


def reports(*seen: bool | None) -> list[LookReport]:
    """What each place saw; None: it could not look."""
    made = []
    for (place, rir), one in zip(PLACES, seen, strict=True):
        if one is None:
            made.append(LookReport(perspective=place, rir=rir, error="time out"))
            continue
        contacts = (SEEN,) if one else ()
        answer = ContactAnswer(name="shop.example.com", completed=True, contacts=contacts)
        made.append(LookReport(perspective=place, rir=rir, contacts=(answer,)))
    return made


PRIMARY = LookReport(
    perspective="primary",
    rir="ARIN",
    contacts=(ContactAnswer(name="shop.example.com", completed=True, contacts=(SEEN,)),),
)


@pytest.mark.parametrize(
    ("seen", "quorum"),
    [
        ((True,) * 6, "6/6"),
        ((True, True, True, True, False, None), "4/6"),
        ((True, True, True, False, False, False), None),
        ((None,) * 6, None),
    ],
)
def test_enough_other_places_must_name_the_same_mailbox(
    seen: tuple[bool | None, ...], quorum: str | None
) -> None:
    contacts = corroborated_contacts(PRIMARY, reports(*seen), MOMENT)
    assert [one.quorum for one in contacts] == ([quorum] if quorum else [])


def test_a_contact_knows_where_and_when_it_was_found_and_who_saw_it() -> None:
    (one,) = corroborated_contacts(PRIMARY, reports(*(True,) * 6), MOMENT)
    assert (one.address, one.authorization_domain) == ("tls@example.org", "shop.example.com")
    assert (one.source, one.found_at) == (ContactSource.CAA, "example.com")
    assert one.looked_at == MOMENT
    assert [each.perspective for each in one.perspectives][:2] == ["primary", "us-west-2"]


def test_the_same_mailbox_by_another_record_does_not_agree() -> None:
    other = NamedContact(address="tls@example.org", source=ContactSource.DNS_TXT, found_at=TXT)
    answer = ContactAnswer(name="shop.example.com", completed=True, contacts=(other,))
    places = [LookReport(perspective=p, rir=r, contacts=(answer,)) for p, r in PLACES]
    assert corroborated_contacts(PRIMARY, places, MOMENT) == ()


def test_contacts_cross_as_json_and_come_back() -> None:
    (one,) = corroborated_contacts(PRIMARY, reports(*(True,) * 6), MOMENT)
    assert contact_from_json(contact_to_json(one)) == one
    plain = Contact(address="admin@example.com", authorization_domain="example.com")
    assert contact_from_json(contact_to_json(plain)) == plain


def test_questions_and_answers_cross_regions_as_json() -> None:
    request = LookRequest(contacts=(QUESTION,))
    assert request_from_json(to_json(request)) == request
    assert report_from_json(to_json(PRIMARY)) == PRIMARY
