"""Who is told what, and that it happens once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import (
    MOMENT,
    NAMES,
    TOKEN,
    a_certificate,
    a_change,
    a_user,
    an_account,
    an_authorization,
    an_order,
)
from tests.fakes import Cut, Tripwire
from tests.letter_world import BASE, ISSUED, World, a_stored_certificate
from vouchsafe.domain import canary
from vouchsafe.domain.authorization import (
    AuthorizationStatus,
    CaaCheck,
    CaaFinding,
    DcvMethodName,
    LookSummary,
)
from vouchsafe.domain.certificate import CertificateStatus, Revoked
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.errors import Unavailable
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.methods import LOOKED_UP
from vouchsafe.domain.notices import Mail
from vouchsafe.domain.order import Order, OrderDetails
from vouchsafe.domain.records import record_for
from vouchsafe.domain.revocation import RevocationReason
from vouchsafe.services.notification import TOLD
from vouchsafe.services.telling import LEASE

KEY = '-H "X-DC-DEVKEY: $API_KEY"'
GOLDEN = Path(__file__).parents[2] / "golden" / "mails"


def in_korean() -> Order:
    return an_order(details=OrderDetails(notify=("ops@example.com",), locale="ko_KR"))


class TestWhom:
    def test_the_one_who_ordered_and_those_the_order_names(self) -> None:
        assert World().mail_about(ChangeKind.ORDER_PLACED).to == (
            "ada@example.com",
            "ops@example.com",
        )

    def test_each_address_once(self) -> None:
        notify = ("ADA@example.com", "ops@example.com", "ops@example.com")
        world = World(order=an_order(details=OrderDetails(notify=notify)))
        assert world.mail_about(ChangeKind.ORDER_PLACED).to == (
            "ada@example.com",
            "ops@example.com",
        )

    def test_without_the_user_those_the_order_names(self) -> None:
        mail = World(people=(an_account(),)).mail_about(ChangeKind.ORDER_PLACED)
        assert mail.to == ("ops@example.com",)
        assert "Somebody in your account ordered" in mail.text

    def test_with_nobody_nothing_is_sent(self) -> None:
        world = World(people=(), order=an_order(details=OrderDetails()))
        assert world.tell() == "nothing to tell"
        assert world.mailer.sent == []

    def test_of_the_canarys_orders_nobody_hears(self) -> None:
        world = World()
        assert world.tell(a_change(account_id=canary.ACCOUNT)) == "nothing to tell"
        assert world.mailer.sent == []

    def test_more_recipients_than_one_message_takes_are_told_in_several(self) -> None:
        notify = tuple(f"n{number}@example.com" for number in range(60))
        world = World(order=an_order(details=OrderDetails(notify=notify)))
        assert world.tell() == "told"
        assert [len(mail.to) for mail in world.mailer.sent] == [50, 11]

    def test_who_was_told_already_is_not_told_again_when_a_later_message_fails(self) -> None:
        notify = tuple(f"n{number}@example.com" for number in range(60))
        world = World(order=an_order(details=OrderDetails(notify=notify)))
        send = world.mailer.send

        def fail_after_one(mail: Mail) -> str:
            world.mailer.failures = [Unavailable("throttled")] if world.mailer.sent else []
            return send(mail)

        world.mailer.send = fail_after_one  # type: ignore[method-assign]
        with pytest.raises(Unavailable):
            world.tell()
        world.mailer.send = send  # type: ignore[method-assign]
        assert world.tell() == "told"
        assert [len(mail.to) for mail in world.mailer.sent] == [50, 11]


class TestOnce:
    def test_the_same_change_again_sends_nothing(self) -> None:
        world = World()
        assert [world.tell(), world.tell()] == ["told", "told before"]
        assert len(world.mailer.sent) == 1

    def test_while_another_worker_is_at_it_the_message_waits(self) -> None:
        world = World()
        world.book.take(f"{a_change().change_id}-mail", MOMENT, MOMENT + LEASE)
        with pytest.raises(Unavailable, match="another worker"):
            world.tell()
        world.clock.advance(LEASE)
        assert world.tell() == "told"

    def test_after_trouble_at_the_carrier_the_next_try_sends(self) -> None:
        world = World()
        world.mailer.failures = [Unavailable("SES is throttling")]
        with pytest.raises(Unavailable):
            world.tell()
        assert world.tell() == "told"
        assert len(world.mailer.sent) == 1

    def test_a_worker_that_died_anywhere_loses_no_mail(self) -> None:
        calls = self._calls_of_one_telling()
        for at in range(1, calls + 1):
            for after in (False, True):
                world = World(tripwire=Tripwire(at, after=after))
                with pytest.raises(Cut):
                    world.tell()
                world.clock.advance(LEASE)
                assert world.tell() in {"told", "told before"}
                # A worker that dies between sending and noting so is the one way to a second mail.
                twice = world.tripwire.calls[at - 1] == "mailer.send" and after
                twice |= world.tripwire.calls[at - 1] == "claims.finish" and not after
                assert len(world.mailer.sent) == (2 if twice else 1), (at, after)

    def _calls_of_one_telling(self) -> int:
        world = World()
        world.tell()
        assert world.tripwire.calls[-3:] == ["claims.take", "mailer.send", "claims.finish"]
        return len(world.tripwire.calls)


class TestKinds:
    def test_every_kind_of_change_is_decided_on(self) -> None:
        assert set(TOLD) == set(ChangeKind)

    @pytest.mark.parametrize("kind", [kind for kind, compose in TOLD.items() if compose is None])
    def test_the_others_send_nothing(self, kind: ChangeKind) -> None:
        world = World()
        assert world.tell(a_change(kind=kind)) == "nothing to tell"
        assert world.mailer.sent == []

    def test_a_change_of_no_order_sends_nothing(self) -> None:
        assert World().tell(a_change(order_id=None)) == "nothing to tell"


class TestOrderPlaced:
    def test_it_shows_every_record_to_set_once(self) -> None:
        names = ("www.example.com", "*.example.com", "example.com")
        mail = World(
            certificate=a_certificate(identifiers=tuple(Identifier(name) for name in names)),
            authorizations=tuple(an_authorization(name) for name in names),
        ).mail_about(ChangeKind.ORDER_PLACED)
        assert mail.text.count(f"Value: {TOKEN}") == 2
        assert "Name: www.example.com\n    Type: TXT" in mail.text
        assert "Name: example.com\n    Type: TXT" in mail.text
        assert "2026-11-24 12:00 UTC" in mail.text
        assert mail.subject == (
            "Order 1001: publish a DNS record for www.example.com and 2 more names"
        )

    def test_it_says_who_ordered_what_for_whom(self) -> None:
        text = World().mail_about(ChangeKind.ORDER_PLACED).text
        assert "Ada Example ordered a TLS certificate for www.example.com and one more" in text
        assert "GeoTrust DV SSL, order 1001, account Example Ltd" in text

    def test_a_name_already_proven_needs_no_record(self) -> None:
        proven = an_authorization(NAMES[1], status=AuthorizationStatus.VALID)
        mail = World(authorizations=(an_authorization(NAMES[0]), proven)).mail_about(
            ChangeKind.ORDER_PLACED
        )
        assert mail.text.count("Type: TXT") == 1

    @pytest.mark.parametrize("locale", ["en_US", "ko_KR"])
    @pytest.mark.parametrize("method", sorted(LOOKED_UP))
    def test_what_is_to_be_published_reads_as_it_was_agreed(
        self, method: DcvMethodName, locale: str
    ) -> None:
        names = ("www.example.com", "example.com")
        mail = World(
            order=an_order(details=OrderDetails(locale=locale)),
            authorizations=tuple(an_authorization(name, method=method) for name in names),
        ).mail_about(ChangeKind.ORDER_PLACED)
        for name in names:
            record = record_for(Identifier(name), method, TOKEN, "ca.example")
            assert record.name in mail.text and record.value in mail.text
        path = GOLDEN / f"publish-{method}-{locale[:2]}.txt"
        text = f"Subject: {mail.subject}\n\n{mail.text}"
        if not path.exists():  # pragma: no cover
            path.write_text(text, "utf-8")
            pytest.fail(f"{path.name} was written; read it, then run this again")
        assert text == path.read_text("utf-8")

    def test_an_order_by_e_mail_shows_no_value(self) -> None:
        by_mail = an_authorization(method=DcvMethodName.EMAIL)
        mail = World(authorizations=(by_mail,)).mail_about(ChangeKind.ORDER_PLACED)
        assert TOKEN not in mail.text + mail.html + mail.subject
        assert f"curl {KEY} {BASE}/order/certificate/1001\n" in mail.text

    @pytest.mark.parametrize(
        "status", [status for status in CertificateStatus if status != CertificateStatus.PENDING]
    )
    def test_it_is_not_sent_once_there_is_nothing_to_publish(
        self, status: CertificateStatus
    ) -> None:
        world = World(certificate=a_certificate(status=status))
        assert world.tell() == "nothing to tell"


class TestCertificateIssued:
    def a_world(self, **changed: Any) -> World:
        valid = a_certificate(status=CertificateStatus.VALID, issued=ISSUED)
        return World(certificate=valid, **changed)

    def test_it_shows_the_certificate_as_it_is_and_how_to_get_it(self) -> None:
        mail = self.a_world().mail_about(ChangeKind.CERTIFICATE_ISSUED)
        for part in (
            "Names: www.example.com, example.com",
            "Valid from: 2026-11-21 12:00 UTC",
            "Valid until: 2027-02-19 12:00 UTC",
            "Serial number: 0123456789abcdef0123456789abcdef",
            f'curl -H "X-DC-DEVKEY: $API_KEY" {BASE}/certificate/5001/download/format/pem_all',
        ):
            assert part in mail.text
        assert mail.subject.startswith("Order 1001: the certificate for www.example.com")

    def test_many_names_are_shortened_with_their_count(self) -> None:
        world = self.a_world()
        names = [f"n{number}.example.com" for number in range(250)]
        world.store.objects[5001] = a_stored_certificate(*names)
        text = world.mail_about(ChangeKind.CERTIFICATE_ISSUED).text
        assert "n19.example.com and 230 more\n" in text
        assert "n20.example.com" not in text

    def test_a_certificate_that_cannot_be_read_yet_is_told_later(self) -> None:
        world = self.a_world()
        world.store.objects.clear()
        with pytest.raises(Unavailable):
            world.tell(a_change(kind=ChangeKind.CERTIFICATE_ISSUED))
        world.store.put(5001, a_stored_certificate(*NAMES))
        assert world.tell(a_change(kind=ChangeKind.CERTIFICATE_ISSUED)) == "told"


class TestOrderTimedOut:
    LOOK = LookSummary(
        looked_at=MOMENT + timedelta(hours=71),
        cause="nothing_at_the_name",
        explanation="TXT example.com: nothing at the name; it does not exist.",
        advice="Publish it.",
    )

    def a_world(self, **changed: Any) -> World:
        ended = AuthorizationStatus.TIMED_OUT
        given: dict[str, Any] = {
            "certificate": a_certificate(status=CertificateStatus.INVALID),
            "authorizations": (
                an_authorization("example.com", status=ended, last_look=self.LOOK),
                an_authorization("www.example.com", status=AuthorizationStatus.VALID),
            ),
        }
        return World(**(given | changed))

    def test_it_says_what_was_missing_and_how_to_order_again(self) -> None:
        mail = self.a_world().mail_about(ChangeKind.ORDER_TIMED_OUT)
        assert "Name: example.com\n    Seen on: 2026-11-24 11:00 UTC" in mail.text
        assert self.LOOK.explanation in mail.text
        assert "Name: www.example.com" not in mail.text
        assert f"curl -X POST {KEY} {BASE}/order/certificate/1001/reorder\n" in mail.text

    def test_it_advises_nothing_that_a_dead_order_could_not_use(self) -> None:
        mail = self.a_world().mail_about(ChangeKind.ORDER_TIMED_OUT)
        assert self.LOOK.advice not in mail.text
        assert TOKEN not in mail.text + mail.html

    @pytest.mark.parametrize(
        ("completed", "cause"),
        [
            (True, "CAA at example.com does not permit us to issue for it"),
            (False, "CAA could not be looked up"),
        ],
    )
    def test_caa_that_gave_no_permission_is_the_cause(self, completed: bool, cause: str) -> None:
        finding = CaaFinding(
            name="www.example.com",
            completed=completed,
            permitted=False,
            deciding_name="example.com",
            deciding_record='0 issue ";"',
            ttl=300,
            detail="",
        )
        caa = CaaCheck(checked_at=MOMENT, good_until=MOMENT, permitted=False, findings=(finding,))
        certificate = a_certificate(status=CertificateStatus.INVALID, caa=caa)
        proven = an_authorization("www.example.com", status=AuthorizationStatus.VALID)
        mail = self.a_world(certificate=certificate, authorizations=(proven,)).mail_about(
            ChangeKind.ORDER_TIMED_OUT
        )
        assert (
            f"Name: www.example.com\n    Seen on: 2026-11-21 12:00 UTC\n    What we saw: {cause}"
            in (mail.text)
        )

    def test_with_nothing_missing_it_was_us(self) -> None:
        proven = an_authorization("www.example.com", status=AuthorizationStatus.VALID)
        mail = self.a_world(authorizations=(proven,)).mail_about(ChangeKind.ORDER_TIMED_OUT)
        assert "trouble on our side" in mail.text

    def test_a_name_never_looked_at_says_so(self) -> None:
        mail = self.a_world(authorizations=(an_authorization(),)).mail_about(
            ChangeKind.ORDER_TIMED_OUT
        )
        assert "not looked at yet" in mail.text


class TestCertificateRevoked:
    def a_world(self, **changed: Any) -> World:
        revoked = Revoked(revoked_at=MOMENT, reason=RevocationReason.KEY_COMPROMISE, request_id=301)
        certificate = a_certificate(
            status=CertificateStatus.REVOKED, issued=ISSUED, revoked=revoked
        )
        return World(certificate=certificate, **changed)

    def test_it_says_which_when_and_why(self) -> None:
        mail = self.a_world().mail_about(ChangeKind.CERTIFICATE_REVOKED)
        assert "Serial number: 0123456789abcdef0123456789abcdef" in mail.text
        assert "Revoked on: 2026-11-21 12:00 UTC" in mail.text
        assert "Reason: the private key is or may be known to others" in mail.text


class TestKorean:
    def test_the_order_decides_the_language(self) -> None:
        mail = World(order=in_korean()).mail_about(ChangeKind.ORDER_PLACED)
        assert mail.subject == (
            "주문 1001: www.example.com 외 1개 도메인의 DNS 레코드를 등록해 주십시오"
        )
        assert f"값: {TOKEN}" in mail.text
        assert '<html lang="ko">' in mail.html

    def test_what_was_seen_is_in_korean_too(self) -> None:
        mail = TestOrderTimedOut().a_world(order=in_korean()).mail_about(ChangeKind.ORDER_TIMED_OUT)
        assert "확인 결과: 해당 이름에 필요한 레코드가 없습니다." in mail.text

    def test_a_revocation_gives_its_reason_in_korean(self) -> None:
        mail = (
            TestCertificateRevoked()
            .a_world(order=in_korean())
            .mail_about(ChangeKind.CERTIFICATE_REVOKED)
        )
        assert "사유: 개인 키가 유출되었거나" in mail.text

    def test_other_languages_read_english(self) -> None:
        details = replace(an_order().details, locale="fr")
        mail = World(order=an_order(details=details)).mail_about(ChangeKind.ORDER_PLACED)
        assert mail.subject.startswith("Order 1001")


class TestHtml:
    def test_it_says_what_the_text_says(self) -> None:
        mail = World().mail_about(ChangeKind.ORDER_PLACED)
        assert f">{TOKEN}</td>" in mail.html
        assert "2026-11-24 12:00 UTC" in mail.html
        assert f"<title>{mail.subject}</title>" in mail.html

    def test_what_people_chose_themselves_is_escaped(self) -> None:
        account = an_account(name="<script>alert(1)</script> & Sons")
        mail = World(people=(account, a_user())).mail_about(ChangeKind.ORDER_PLACED)
        assert "<script>" not in mail.html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in mail.html
