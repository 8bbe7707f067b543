"""What each mail is about: the facts of an order, as its reader needs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from ..domain.accounts import Account, User
from ..domain.authorization import Authorization, AuthorizationStatus
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.dossier import Dossier
from ..domain.errors import Unavailable
from ..domain.letters import CAUSES, NAMES, REASONS, WORDS, Language, LetterKind
from ..domain.methods import LOOKED_UP
from ..domain.notices import Facts
from ..domain.products import find_product
from ..domain.records import Record, record_for
from ..ports import CertificateStore

type Rows = Sequence[tuple[str, ...]]

_NAMES_SHOWN = 20
_FILE = "HTTP"  # the type of a record that is a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One change, and all that a letter about it may speak of."""

    dossier: Dossier
    certificate: Certificate
    account: Account | None
    user: User | None
    language: Language
    base_url: str
    dcv_domain: str = ""  # ours, to which CNAME records point
    store: CertificateStore

    @property
    def authorizations(self) -> tuple[Authorization, ...]:
        """Those of the certificate."""
        return self.dossier.authorizations.get(self.certificate.certificate_id, ())


def for_new_order(occasion: Occasion) -> tuple[LetterKind, Facts] | None:
    """What to publish; nothing once the certificate does not wait for it any more."""
    if occasion.certificate.status is not CertificateStatus.PENDING:
        return None
    open_ones = [a for a in occasion.authorizations if a.status is AuthorizationStatus.PENDING]
    if not open_ones:
        return None
    records = _records(open_ones, occasion.dcv_domain)
    if records and all(record.type == _FILE for record in records):
        rows: Rows = [(record.name, record.value) for record in records]
        return LetterKind.PUBLISH_FILES, _facts(occasion, "records", rows)
    kind = LetterKind.PUBLISH_RECORDS if records else LetterKind.PROVE_CONTROL
    rows = [(record.name, record.type, record.value) for record in records]
    return kind, _facts(occasion, "records", rows)


def _records(authorizations: Iterable[Authorization], dcv_domain: str) -> Sequence[Record]:
    """What is to be published, each record once.

    A value that proves by arriving in a mail never stands here.
    """
    records = (
        record_for(each.identifier, each.method, each.random_value.value, dcv_domain)
        for each in authorizations
        if each.method in LOOKED_UP and each.random_value is not None
    )
    return list(dict.fromkeys(records))


def for_issued(occasion: Occasion) -> tuple[LetterKind, Facts] | None:
    """The certificate as it stands in the store."""
    der = occasion.store.get(occasion.certificate.certificate_id)
    if der is None:
        raise Unavailable(f"certificate {occasion.certificate.certificate_id} cannot be read")
    certificate = x509.load_der_x509_certificate(der)
    alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    row = (
        _listed(alternatives.value.get_values_for_type(x509.DNSName), occasion.language),
        _moment(certificate.not_valid_before_utc),
        _moment(certificate.not_valid_after_utc),
        f"{certificate.serial_number:032x}",
        certificate.fingerprint(SHA256()).hex(),
    )
    until = _moment(certificate.not_valid_after_utc)
    return LetterKind.ISSUED, _facts(occasion, "certificate", [row], valid_until=until)


def for_timed_out(occasion: Occasion) -> tuple[LetterKind, Facts] | None:
    """What was missing at the end: names not proven, CAA that forbids, or else it was us."""
    ours = (occasion.certificate.common_name, "–", WORDS[occasion.language]["our_trouble"])
    missing = [*_unproven(occasion), *_forbidden(occasion)] or [ours]
    return LetterKind.TIMED_OUT, _facts(occasion, "missing", missing)


def _unproven(occasion: Occasion) -> Iterable[tuple[str, ...]]:
    for each in occasion.authorizations:
        look = each.last_look
        if each.status is AuthorizationStatus.VALID:
            continue
        if look is None:
            yield each.identifier.value, "–", WORDS[occasion.language]["never"]
            continue
        saw = CAUSES[occasion.language].get(look.cause, look.explanation)
        yield each.identifier.value, _moment(look.looked_at), saw


def _forbidden(occasion: Occasion) -> Iterable[tuple[str, ...]]:
    caa, words = occasion.certificate.caa, WORDS[occasion.language]
    if caa is None:
        return
    for finding in caa.findings:
        if not finding.permitted:
            saw = words["caa_forbids"] if finding.completed else words["caa_unknown"]
            told = saw.format(name=finding.deciding_name)
            yield finding.name, _moment(caa.checked_at), told


def for_revoked(occasion: Occasion) -> tuple[LetterKind, Facts] | None:
    """Which certificate was withdrawn, when and why."""
    issued, revoked = occasion.certificate.issued, occasion.certificate.revoked
    if issued is None or revoked is None:
        return None
    reason = REASONS[occasion.language][revoked.reason]
    row = (f"{issued.serial:032x}", _moment(revoked.revoked_at), reason)
    return LetterKind.REVOKED, _facts(occasion, "revocation", [row])


def _facts(occasion: Occasion, source: str, rows: Rows, **more: str) -> Facts:
    order, certificate = occasion.dossier.order, occasion.certificate
    product = find_product(order.product_id)
    words = {
        "order_id": str(order.order_id),
        "certificate_id": str(certificate.certificate_id),
        "product_id": order.product_id,
        "product": product.name if product else order.product_id,
        "account": occasion.account.name if occasion.account else str(order.account_id),
        "person": _person(occasion),
        "names": _names([each.value for each in certificate.identifiers], occasion.language),
        "deadline": _moment(certificate.window.deadline) if certificate.window else "–",
        "base_url": occasion.base_url,
    }
    return Facts(words=words | more, rows={source: rows})


def _person(occasion: Occasion) -> str:
    user = occasion.user
    return f"{user.first_name} {user.last_name}" if user else WORDS[occasion.language]["somebody"]


def _names(names: Sequence[str], language: Language) -> str:
    """All names in a phrase short enough for a subject."""
    others = len(names) - 1
    return NAMES[language][min(others, 2)].format(first=names[0], others=others)


def _listed(names: Sequence[str], language: Language) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN])
    rest = len(names) - _NAMES_SHOWN
    return f"{shown} {WORDS[language]['and_more'].format(count=rest)}" if rest > 0 else shown


def _moment(moment: datetime) -> str:
    """A form that no country reads as another day."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
