"""A book with one order, a mailer, and all that telling by mail works with."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders import (
    MOMENT,
    NAMES,
    a_certificate,
    a_change,
    a_hierarchy,
    a_private_key,
    a_user,
    an_account,
    an_authorization,
    an_order,
)
from tests.fakes import FakeBook, FakeMailer, FakeStore, FrozenClock, Tripwire
from vouchsafe.domain.certificate import Issued
from vouchsafe.domain.changes import Change, ChangeKind, NumberedChange
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.notices import Mail
from vouchsafe.domain.order import Order
from vouchsafe.services.mail_desk import Desk
from vouchsafe.services.notification import TOLD
from vouchsafe.services.telling import tell

BASE = "https://ca.example/services/v2"
SERIAL = 0x0123456789ABCDEF0123456789ABCDEF
END = MOMENT + timedelta(days=90)
#: What the account of worlds made from now on does without.
MAILS_OFF: ContextVar[tuple[str, ...]] = ContextVar("MAILS_OFF", default=())


def a_stored_certificate(*names: str) -> bytes:
    """DER of a certificate for `names` from MOMENT to END."""
    hierarchy = a_hierarchy()
    builder = x509.CertificateBuilder(
        hierarchy.issuing.subject, x509.Name([]), a_private_key().public_key()
    )
    builder = builder.serial_number(SERIAL).not_valid_before(MOMENT).not_valid_after(END)
    names_in = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    builder = builder.add_extension(names_in, critical=True)
    return builder.sign(hierarchy.issuing_key, hashes.SHA256()).public_bytes(Encoding.DER)


ISSUED = Issued(
    serial=SERIAL,
    issuer_id="test-ec-1",
    shard=0,
    sha1="",
    sha256="",
    not_before=MOMENT,
    not_after=END,
    issued_at=MOMENT,
)


@dataclass
class World:
    """A book with one order, and a mailer."""

    tripwire: Tripwire = field(default_factory=Tripwire)
    order: Order = field(default_factory=an_order)
    certificate: Any = field(default_factory=a_certificate)
    authorizations: tuple[Any, ...] = tuple(an_authorization(name) for name in NAMES)
    people: tuple[Any, ...] = (an_account(), a_user())
    others: tuple[Any, ...] = ()  # further records
    operators: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.book = FakeBook()
        pack = Authorizations(order_id=1001, certificate_id=5001, items=self.authorizations)
        self.book.commit(self.order, self.certificate, pack, *self.people, *self.others)
        if off := MAILS_OFF.get():
            account = self.book.account(1)
            assert account is not None
            self.book.commit(replace(account, mails_off=off, version=account.version + 1))
        self.book._tripwire = self.tripwire
        self.mailer = FakeMailer(self.tripwire)
        self.store = FakeStore()
        self.store.put(5001, a_stored_certificate(*NAMES))
        self.clock = FrozenClock(MOMENT)

    @property
    def desk(self) -> Desk:
        return Desk(
            ledger=self.book,
            accounts=self.book,
            domains=self.book,
            claims=self.book,
            mailer=self.mailer,
            store=self.store,
            cases=self.book,
            clock=self.clock,
            base_url=BASE,
            dcv_domain="ca.example",
            operators=self.operators,
        )

    def tell(self, change: Change | None = None) -> str:
        return tell(NumberedChange(number=1, change=change or a_change()), self.desk, TOLD)

    def mail_about(self, kind: ChangeKind, **changed: Any) -> Mail:
        """The one mail that a change of that kind brings."""
        outcome = self.tell(a_change(kind=kind, **changed))
        assert outcome == "told", outcome
        (mail,) = self.mailer.sent
        return mail
