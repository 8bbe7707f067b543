"""Who is told of requests, ends, organizations and domains; and when nobody is any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_change, an_account, an_authorization, an_order
from tests.builders_accounts import a_domain_proof, a_validation, an_organization
from tests.builders_domains import a_domain, with_row
from tests.builders_people import a_container
from tests.letter_gallery import (
    BOSS,
    CLERK,
    PEOPLE,
    asked,
    by_mail,
    decided,
    ended,
    issued,
    made,
    mailed,
    ordered,
    waiting,
)
from tests.letter_world import END, ISSUED, World
from vouchsafe.domain.accounts import Role, User, UserStatus
from vouchsafe.domain.authorization import AuthorizationStatus, MailTrouble
from vouchsafe.domain.certificate import CertificateKind, CertificateStatus
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.order import OrderDetails, StatusReason
from vouchsafe.domain.organization import Contact, OrganizationCheck
from vouchsafe.domain.parking import Parked
from vouchsafe.domain.requests import RequestKind, RequestStatus

K = ChangeKind


def person(number: int, role: Role, container_id: int, **changed: Any) -> User:
    name = f"{role}-{container_id}"
    fields = {"user_id": number, "email": f"{name}@example.com", "role": role}
    return replace(CLERK, container_id=container_id, **(fields | changed))


def told(world: World, kind: ChangeKind, **changed: Any) -> set[str]:
    """Who gets a mail about a change of that kind."""
    before = len(world.mailer.sent)
    world.tell(a_change(kind=kind, **changed))
    return {each for mail in world.mailer.sent[before:] for each in mail.to}


CROWD = (
    person(20, Role.MANAGER, 31),
    person(21, Role.MANAGER, 32),
    person(22, Role.STANDARD_USER, 31),
    person(23, Role.LIMITED_USER, 31),
    person(24, Role.FINANCE_MANAGER, 31),
    person(25, Role.STANDARD_USER, 3),
    person(26, Role.ADMINISTRATOR, 3, status=UserStatus.INACTIVE),
    a_container(),
    a_container(container_id=32, name="Elsewhere"),
    a_container(container_id=33, parent_id=31, ancestor_ids=(3, 31), name="Below"),
)


class TestRequests:
    def crowded(self, container_id: int = 31, **account: Any) -> World:
        world = asked("en", RequestKind.NEW)
        order = replace(ordered("en"), container_id=container_id, version=2)
        world.book.commit(order, *CROWD)
        if account:
            world.book.commit(replace(an_account(version=2), **account))
        return world

    @pytest.mark.parametrize("container_id", [31, 33])
    def test_those_who_may_decide_are_asked(self, container_id: int) -> None:
        world = self.crowded(container_id)
        assert told(world, K.REQUEST_CREATED, request_id=301) == {
            "boss@example.com",
            "manager-31@example.com",
        }

    def test_where_two_people_are_wanted_the_requester_is_not_asked(self) -> None:
        for two in (True, False):
            world = asked("en", RequestKind.REVOKE)
            boss = replace(CLERK, role=Role.ADMINISTRATOR, version=2)
            world.book.commit(boss, an_account(two_person=two, version=2))
            own = "ada@example.com" in told(world, K.REQUEST_CREATED, request_id=301)
            assert own is not two

    @pytest.mark.parametrize("kind", [K.REQUEST_CREATED, K.REQUEST_REMINDER_DUE])
    def test_nobody_is_asked_about_what_is_decided(self, kind: ChangeKind) -> None:
        world = decided("en", RequestKind.NEW, RequestStatus.APPROVED)
        assert told(world, kind, request_id=301) == set()

    def test_who_decides_about_his_own_request_is_not_told_so(self) -> None:
        world = asked("en", RequestKind.NEW, status=RequestStatus.APPROVED, reviewer_id=7)
        assert told(world, K.REQUEST_APPROVED, request_id=301) == set()

    def test_a_rejected_revocation_is_between_those_two(self) -> None:
        world = decided("en", RequestKind.REVOKE, RequestStatus.REJECTED)
        assert told(world, K.REQUEST_REJECTED, request_id=301) == {"ada@example.com"}

    @pytest.mark.parametrize(
        "reason", [StatusReason.APPROVAL_REJECTED, StatusReason.APPROVAL_LAPSED]
    )
    def test_an_end_by_a_request_is_told_once_by_the_request(self, reason: StatusReason) -> None:
        assert told(ended("en", reason), K.ORDER_REJECTED) == set()

    def test_the_clock_of_a_revocation_runs_out_in_words(self) -> None:
        world = asked("en", RequestKind.REVOKE)
        world.clock.advance(timedelta(hours=30))
        told(world, K.REQUEST_REMINDER_DUE, request_id=301)
        assert world.mailer.sent[0].subject.endswith("that time is over")


class TestNudges:
    def test_nothing_once_everything_is_shown(self) -> None:
        world = World(authorizations=(an_authorization(status=AuthorizationStatus.VALID),))
        assert told(world, K.PROOF_REMINDER_DUE, data={"hours": 1}) == set()

    @pytest.mark.parametrize("status", sorted(set(CertificateStatus) - {CertificateStatus.PENDING}))
    def test_nothing_once_the_order_is_over(self, status: CertificateStatus) -> None:
        world = waiting("en")
        world.book.commit(
            replace(world.certificate, status=status, version=2),
            Authorizations(order_id=1001, certificate_id=5001, items=world.authorizations),
        )
        assert told(world, K.PROOF_REMINDER_DUE, data={"hours": 1}) == set()

    def test_nothing_while_it_waits_for_people(self) -> None:
        world = waiting("en")
        parked = Parked(gates=(), since=MOMENT, until=MOMENT + timedelta(days=90))
        world.book.commit(
            replace(world.certificate, parked=parked, version=2),
            Authorizations(order_id=1001, certificate_id=5001, items=world.authorizations),
        )
        assert told(world, K.PROOF_REMINDER_DUE, data={"hours": 1}) == set()

    def test_a_value_that_came_by_mail_is_nowhere(self) -> None:
        one = replace(by_mail("www.example.com"), random_value=an_authorization().random_value)
        world = World(authorizations=(one,))
        mail = world.mail_about(K.PROOF_REMINDER_DUE, data={"hours": 48})
        assert one.random_value is not None
        assert one.random_value.value not in mail.text + mail.html + mail.subject

    def test_of_many_names_some_are_shown_and_the_rest_counted(self) -> None:
        names = [f"n{number}.example.com" for number in range(250)]
        world = World(authorizations=tuple(an_authorization(name) for name in names))
        mail = world.mail_about(K.PROOF_REMINDER_DUE, data={"hours": 66})
        assert mail.text.count("Type: TXT") == 25 and "225 more names are missing" in mail.text
        assert len(mail.html) < 100_000

    def test_while_one_mailbox_may_still_answer_nothing_is_told(self) -> None:
        one = by_mail("www.example.com", trouble=MailTrouble.BOUNCED)
        first, second = one.mailings
        left = replace(one, mailings=(first, replace(second, trouble=None)))
        assert told(World(authorizations=(left,)), K.MAIL_BOUNCED) == set()

    def test_that_nobody_is_left_is_told_once_however_many_mails_come_back(self) -> None:
        world = mailed("en", trouble=MailTrouble.BOUNCED)
        first = told(world, K.MAIL_BOUNCED, change_id="a" * 26)
        second = told(world, K.MAIL_BOUNCED, change_id="b" * 26)
        assert (first, second) == ({"ada@example.com", "ops@example.com"}, set())


class TestLadder:
    DATA: dict[str, Any] = {"days": 30, "audience": "owner"}

    def test_from_owner_to_team_to_administrators(self) -> None:
        seen = []
        for audience in ("owner", "team", "administrators"):
            world = issued("en")
            order = replace(world.order, container_id=31, version=2)
            world.book.commit(order, *CROWD)
            data = {"days": 7, "audience": audience}
            seen.append(told(world, K.EXPIRY_REMINDER_DUE, data=data))
        owner, team, everybody = seen
        assert owner == {"ada@example.com", "ops@example.com"}
        assert team - owner == {"manager-31@example.com", "standard_user-31@example.com"}
        assert everybody - team == {"boss@example.com"}

    def test_nothing_where_the_client_asked_for_silence(self) -> None:
        world = issued("en")
        quiet = replace(world.order, details=OrderDetails(quiet=True), version=2)
        world.book.commit(quiet)
        assert told(world, K.EXPIRY_REMINDER_DUE, data=self.DATA) == set()

    def test_nothing_about_a_revoked_certificate(self) -> None:
        world = issued("en", certificate=made(version=1))
        world.book.commit(replace(made(), status=CertificateStatus.REVOKED, version=2))
        assert told(world, K.EXPIRY_REMINDER_DUE, data=self.DATA) == set()

    @pytest.mark.parametrize(
        ("kind", "silent"),
        [
            (CertificateKind.REISSUE, True),
            (CertificateKind.DUPLICATE, False),  # another one beside it, which may be elsewhere
        ],
    )
    def test_a_reissue_that_lasts_longer_replaces_it(
        self, kind: CertificateKind, silent: bool
    ) -> None:
        longer = replace(ISSUED, serial=5, not_after=END + timedelta(days=1))
        other = replace(made(certificate_id=5002, kind=kind), issued=longer)
        world = issued("en", others=(other,))
        assert (told(world, K.EXPIRY_REMINDER_DUE, data=self.DATA) == set()) is silent

    @pytest.mark.parametrize("done", [False, True])
    def test_a_renewal_replaces_it_once_it_is_issued(self, done: bool) -> None:
        longer = replace(ISSUED, serial=5, not_after=END + timedelta(days=80))
        new = made(order_id=1002, certificate_id=5002)
        new = replace(new, issued=longer if done else None)
        if not done:
            new = replace(new, status=CertificateStatus.PENDING)
        world = issued("en", others=(new, an_order(order_id=1002, certificate_id=5002)))
        world.book.commit(replace(world.order, renewed_by=1002, version=2))
        assert (told(world, K.EXPIRY_REMINDER_DUE, data=self.DATA) == set()) is done


class TestOrganizations:
    def change(self, **data: Any) -> dict[str, Any]:
        until = a_validation().validated_until.isoformat()
        said = {"organization_id": 601, "check": "ov", "validated_until": until}
        return {"order_id": None, "certificate_id": None, "data": said | data}

    def test_administrators_and_the_contacts_are_told(self) -> None:
        further = Contact(first_name="C", last_name="D", email="c@example.com", contact_id=1)
        organization = an_organization(contacts=(further,), validations=(a_validation(),))
        world = World(people=PEOPLE, others=(organization,))
        assert told(world, K.ORGANIZATION_EXPIRING, **self.change()) == {
            "boss@example.com",
            "ada@example.com",
            "c@example.com",
        }

    @pytest.mark.parametrize("kind", [K.ORGANIZATION_EXPIRED, K.ORGANIZATION_EXPIRING])
    def test_nothing_where_a_later_validation_stands(self, kind: ChangeKind) -> None:
        later = a_validation(
            check=OrganizationCheck.EV, validated_until=MOMENT + timedelta(days=398)
        )
        world = World(people=PEOPLE, others=(an_organization(validations=(later,)),))
        assert told(world, kind, **self.change()) == set()

    def test_an_organization_that_is_gone_is_not_spoken_of(self) -> None:
        assert told(World(people=PEOPLE), K.ORGANIZATION_EXPIRED, **self.change()) == set()


class TestDomains:
    def change(self) -> dict[str, Any]:
        until = (MOMENT + timedelta(days=14)).isoformat()
        data = {"domain": "example.com", "proven_until": until}
        return {"order_id": None, "certificate_id": None, "data": data}

    def test_those_who_look_after_the_domain_are_told(self) -> None:
        domain = with_row(a_domain(container_id=31))
        world = World(people=(*PEOPLE, *CROWD), others=domain)
        assert told(world, K.DOMAIN_EXPIRING, **self.change()) == {
            "boss@example.com",
            "manager-31@example.com",
            "standard_user-31@example.com",
        }

    def test_nothing_once_it_is_proven_anew(self) -> None:
        for proven_at in (MOMENT - timedelta(days=190), MOMENT + timedelta(minutes=5)):
            proof = replace(a_domain_proof().proof, proven_at=proven_at)
            records = (*with_row(a_domain()), a_domain_proof(proof=proof))
            world = World(people=PEOPLE, others=records)
            anew = told(world, K.DOMAIN_EXPIRED, **self.change()) == set()
            assert anew is (proven_at > MOMENT)

    def test_nothing_about_a_domain_that_only_came_behind_an_order(self) -> None:
        ordered = with_row(a_domain(random_value=None))
        world = World(people=PEOPLE, others=ordered)
        assert told(world, K.DOMAIN_EXPIRING, **self.change()) == set()

    def test_of_several_those_are_told_of_that_are_still_growing_old(self) -> None:
        names = ("example.com", "example.net", "example.org", "gone.example")
        others = [
            record
            for n, name in enumerate(names[:3])
            for record in with_row(a_domain(domain_id=801 + n, place=n, name=name))
        ]
        newer = replace(a_domain_proof().proof, proven_at=MOMENT + timedelta(minutes=5))
        proof = a_domain_proof(authorization_domain="example.net", proof=newer)
        world = World(people=PEOPLE, others=(*others, proof))
        change = self.change()
        change["data"]["together"] = list(names)
        told(world, K.DOMAIN_EXPIRING, **change)
        (mail,) = world.mailer.sent
        assert "example.com and one more name" in mail.subject
        assert "example.org" in mail.text
        assert "example.net" not in mail.text
        assert "gone.example" not in mail.text

    def test_nothing_about_a_domain_that_is_gone_or_switched_off(self) -> None:
        assert told(World(people=PEOPLE), K.DOMAIN_EXPIRED, **self.change()) == set()
        off = World(people=PEOPLE, others=with_row(a_domain(active=False)))
        assert told(off, K.DOMAIN_EXPIRED, **self.change()) == set()


def test_who_cancels_an_order_is_not_told_so() -> None:
    world = ended("en", None)
    assert told(world, K.ORDER_CANCELLED, actor="user 7") == {"ops@example.com"}


def test_without_an_address_of_theirs_operators_are_not_written_to() -> None:
    change = a_change(kind=K.KEY_REPORTED, order_id=None, account_id=0, data={"spki_sha256": "ab"})
    assert World().tell(change) == "nothing to tell"


def test_a_refused_address_keeps_the_mail_from_none_of_the_others() -> None:
    world = World(people=(PEOPLE[0], BOSS, CLERK))
    world.mailer.refused = {"ops@example.com"}
    assert world.tell() == "told"
    assert [mail.to for mail in world.mailer.sent] == [("ada@example.com",)]
    assert world.tell() == "told before"
