"""What the mails about orders say: the facts of an order, as its reader needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from ..domain.accounts import Account, User
from ..domain.authorization import Authorization, AuthorizationStatus, DcvMethodName
from ..domain.certificate import Certificate, CertificateKind, CertificateStatus
from ..domain.changes import Change
from ..domain.dossier import Dossier
from ..domain.errors import Unavailable
from ..domain.letter_kinds import Language, LetterKind, language_of
from ..domain.letter_words import REASONS, WORDS
from ..domain.methods import LOOKED_UP
from ..domain.notices import Facts
from ..domain.products import find_product
from ..domain.records import Record, record_for
from .letter_recipients import order_people
from .mail_desk import (
    NOTHING,
    Compose,
    Desk,
    Notice,
    Rows,
    account_words,
    listed,
    moment_words,
    names_phrase,
    person_words,
)

_FILE = "HTTP"  # the type of a record that is a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One change of an order, and all that a letter about it may speak of."""

    change: Change
    dossier: Dossier
    certificate: Certificate
    account: Account | None
    user: User | None
    language: Language
    desk: Desk

    @property
    def authorizations(self) -> tuple[Authorization, ...]:
        """Those of the certificate."""
        return self.dossier.authorizations.get(self.certificate.certificate_id, ())

    @property
    def words(self) -> Mapping[str, str]:
        """The smaller words of the letter's language."""
        return WORDS[self.language]

    @property
    def again(self) -> bool:
        """Whether it is about a reissue or duplicate of an order that stays as it is."""
        return self.certificate.kind is not CertificateKind.NEW


type Composed = tuple[LetterKind, Facts]


def occasion_of(change: Change, desk: Desk) -> Occasion | None:
    """The change with its order as it stands now; None for a change of no order."""
    dossier = desk.ledger.order(change.order_id) if change.order_id else None
    if dossier is None:
        return None
    order = dossier.order
    return Occasion(
        change=change,
        dossier=dossier,
        certificate=dossier.certificate(change.certificate_id or order.certificate_id),
        account=desk.accounts.account(order.account_id),
        user=desk.accounts.user(order.account_id, order.user_id),
        language=language_of(order.details.locale),
        desk=desk,
    )


def of_order(
    compose: Callable[[Occasion], Composed | None],
    whom: Callable[[Occasion], tuple[str, ...]] | None = None,
) -> Compose:
    """A letter about an order: to its people, or to `whom` says."""

    def composed(change: Change, desk: Desk) -> Notice | None:
        occasion = occasion_of(change, desk)
        if occasion is None:
            return None
        to = whom(occasion) if whom else order_people(occasion.dossier.order, occasion.user)
        letter = compose(occasion) if to else None
        if letter is None:
            return None
        return Notice(
            kind=letter[0],
            facts=letter[1],
            language=occasion.language,
            to=to,
            account=occasion.account,
        )

    return composed


def for_new_order(occasion: Occasion) -> Composed | None:
    """What to publish, and who was written to; nothing once the certificate waits no more."""
    if occasion.certificate.status is not CertificateStatus.PENDING:
        return None
    open_ones = still_open(occasion)
    if not open_ones:
        return None
    records = _records(open_ones, occasion.desk.dcv_domain)
    files: Rows = [(each.name, each.value) for each in records if each.type == _FILE]
    rows = [(each.name, each.type, each.value) for each in records if each.type != _FILE]
    mails = [(one.identifier.value, written_to(one)) for one in open_ones if by_mail(one)]
    shown = {"records": rows, "files": files, "mails": mails}
    kind = LetterKind.PUBLISH_FILES if files else LetterKind.PROVE_CONTROL
    return LetterKind.PUBLISH_RECORDS if rows else kind, facts_of(occasion, shown)


def still_open(occasion: Occasion) -> list[Authorization]:
    """The names of which nothing is shown yet."""
    return [a for a in occasion.authorizations if a.status is AuthorizationStatus.PENDING]


def by_mail(one: Authorization) -> bool:
    """Whether the name is approved by mail."""
    return one.method is DcvMethodName.EMAIL


def written_to(one: Authorization) -> str:
    """The mailboxes that were asked about a name; never what stands in the mails."""
    return ", ".join(mailing.contact.address for mailing in one.mailings) or NOTHING


def record_of(one: Authorization, dcv_domain: str) -> Record | None:
    """What is to be published for a name. A value that proves by arriving never stands here."""
    if one.method not in LOOKED_UP or one.random_value is None:
        return None
    return record_for(one.identifier, one.method, one.random_value.value, dcv_domain)


def is_file(record: Record) -> bool:
    """Whether it goes to a web server."""
    return record.type == _FILE


def _records(authorizations: Iterable[Authorization], dcv_domain: str) -> list[Record]:
    """What is to be published, each record once."""
    records = (record_of(each, dcv_domain) for each in authorizations)
    return list(dict.fromkeys(record for record in records if record is not None))


def for_issued(occasion: Occasion) -> Composed | None:
    """The certificate as it stands in the store."""
    der = occasion.desk.store.get(occasion.certificate.certificate_id)
    if der is None:
        raise Unavailable(f"certificate {occasion.certificate.certificate_id} cannot be read")
    certificate = x509.load_der_x509_certificate(der)
    alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    until = moment_words(certificate.not_valid_after_utc)
    row = (
        listed(alternatives.value.get_values_for_type(x509.DNSName), occasion.language),
        moment_words(certificate.not_valid_before_utc),
        until,
        f"{certificate.serial_number:032x}",
        certificate.fingerprint(SHA256()).hex(),
    )
    return LetterKind.ISSUED, facts_of(occasion, {"certificate": [row]}, valid_until=until)


def for_revoked(occasion: Occasion) -> Composed | None:
    """Which certificate was withdrawn, when and why."""
    issued, revoked = occasion.certificate.issued, occasion.certificate.revoked
    if issued is None or revoked is None:
        return None
    reason = REASONS[occasion.language][revoked.reason]
    row = (f"{issued.serial:032x}", moment_words(revoked.revoked_at), reason)
    return LetterKind.REVOKED, facts_of(occasion, {"revocation": [row]})


def facts_of(occasion: Occasion, rows: Mapping[str, Rows], **more: str) -> Facts:
    """What every letter about an order may say, with these rows."""
    order, certificate = occasion.dossier.order, occasion.certificate
    product, words = find_product(order.product_id), occasion.words
    names = names_phrase([each.value for each in certificate.identifiers], occasion.language)
    again = "again" if occasion.again else "new"
    common = {
        "order_id": str(order.order_id),
        "certificate_id": str(certificate.certificate_id),
        "product_id": order.product_id,
        "product": product.name if product else order.product_id,
        "account": account_words(occasion.account, order.account_id),
        "person": person_words(occasion.user, occasion.language),
        "names": names,
        "wish": words[f"wish_{certificate.kind}"].format(names=names),
        "ending": words[f"ending_{again}"],
        "over": words[f"over_{again}"],
        "deadline": moment_words(certificate.window.deadline) if certificate.window else NOTHING,
        "base_url": occasion.desk.base_url,
    }
    return Facts(words=common | more, rows=rows)
