"""Another CSR for what is not issued yet; an approval given for the old one is void."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ..domain.accounts import Principal
from ..domain.blocked_keys import key_hash
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import NOISE_BYTES, ChangeKind
from ..domain.csr_findings import CsrSeverity, ExpectedOrganization, told
from ..domain.csr_rules import judge_csr
from ..domain.dossier import Authorizations, Dossier
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid
from ..domain.lifecycle import followed, moved
from ..domain.mailings import planned_contacts
from ..domain.products import PRODUCTS, KeySource
from ..domain.profile_rules import NO_RULES, ProfileRules
from ..domain.requests import Request, RequestKind, RequestStatus
from ..domain.traces import traced
from ..key_ports import KnownKeys
from ..ports import Clock, Entropy, Ledger, Record
from .asking import asked, created, void_changes, voided
from .attempts import attempted
from .blocking import refuse_blocked
from .idempotency import OnceOnly
from .known_keys import known_flaws
from .new_orders import order_change
from .opening import closed
from .order_organizations import expected_of
from .ownership import owned

if TYPE_CHECKING:
    from ..domain.csr import Csr

_FIELD = "csr"
_OPEN = {CertificateStatus.AWAITING_APPROVAL, CertificateStatus.PENDING}


def replace_csr(
    order_id: int,
    text: str,
    principal: Principal,
    *,
    once: OnceOnly[None] | None = None,
    rules: ProfileRules = NO_RULES,
    known_keys: KnownKeys | None = None,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
) -> None:
    """Put another CSR under what an order has pending; the same one again changes nothing.

    An approval that was given or asked for is void: a new request takes its place. Raises
    not_found, INVALID with every flaw, or CONFLICT when nothing is pending.
    """

    def attempt(now: datetime) -> tuple[None, Sequence[Record]]:
        dossier = owned(ledger.order(order_id), principal)
        certificate = _pending(dossier)
        csr = _judged(text, certificate, _expected(dossier, ledger, now))
        _refuse_unwanted(csr, certificate, rules)
        refuse_blocked(ledger.blocked_key(key_hash(csr.public_key)), _FIELD)
        if flaws := known_flaws(csr, known_keys, _FIELD):
            raise invalid(*flaws)
        if csr.der == certificate.csr:
            return None, ()
        edit = _Edit(dossier=dossier, certificate=certificate, der=csr.der, now=now)
        return None, _records(edit, principal, ledger, entropy)

    what = f"order {order_id}"
    attempted(attempt, once=once, order_id=order_id, what=what, ledger=ledger, clock=clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    dossier: Dossier
    certificate: Certificate
    der: bytes
    now: datetime


def _pending(dossier: Dossier) -> Certificate:
    certificate = dossier.under_way
    if certificate is None or certificate.status not in _OPEN:
        raise VouchsafeError(
            ErrorCode.CONFLICT, "Nothing of this order is pending.", subject="order"
        )
    return certificate


def _expected(dossier: Dossier, ledger: Ledger, now: datetime) -> ExpectedOrganization | None:
    """What the request must say of the organization that the order is for, if it is for one."""
    order = dossier.order
    if order.organization_id is None:
        return None
    standing = ledger.standing(order.account_id, organization_id=order.organization_id)
    return expected_of(standing.organization, now) if standing.organization else None


def _judged(text: str, certificate: Certificate, expected: ExpectedOrganization | None) -> Csr:
    product = PRODUCTS[certificate.product_id]
    if product.key_source is KeySource.MANAGED:
        raise invalid(Flaw(_FIELD, "this product's keys are made by the service"))
    if not text:
        raise invalid(Flaw(_FIELD, "is required"))
    csr, findings = judge_csr(text, product, certificate.identifiers, expected)
    flaws = [Flaw(_FIELD, told(one)) for one in findings if one.severity is CsrSeverity.ERROR]
    if flaws or csr is None:
        raise invalid(*flaws)
    return csr


def _refuse_unwanted(csr: Csr, certificate: Certificate, rules: ProfileRules) -> None:
    """Raises VouchsafeError(INVALID) for a key that the deployment does not take."""
    fault = rules.of(PRODUCTS[certificate.product_id]).key_fault(csr.public_key)
    if fault:
        raise invalid(Flaw(_FIELD, fault))


def _records(
    edit: _Edit, principal: Principal, ledger: Ledger, entropy: Entropy
) -> tuple[Record, ...]:
    certificate, now = edit.certificate, edit.now
    noise = entropy.bytes(NOISE_BYTES)
    change = order_change(edit.dossier.order, ChangeKind.CSR_REPLACED, principal, now, noise)
    told_change = replace(change, certificate_id=certificate.certificate_id)
    request = _request_for(edit.dossier, certificate)
    if request is None:
        edited = replace(certificate, csr=edit.der, version=certificate.version + 1)
        return edited, traced(told_change, certificate, edited)
    edited = _awaiting(edit)
    pack = Authorizations(
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        items=closed(
            certificate.identifiers,
            certificate.dcv_method,
            planned_contacts(edit.dossier.authorizations[certificate.certificate_id]),
        ),
    )
    fresh = asked(
        edited,
        ledger.allocate(requests=1).requests[0],
        principal,
        approved=False,
        comments=request.comments,
        now=now,
    )
    void = voided(edit.dossier, certificate.certificate_id, now)
    return (
        edited,
        pack,
        *followed(edit.dossier.order, edited),
        *void,
        *void_changes(void, principal, now, entropy),
        fresh,
        traced(told_change, certificate, edited),
        created(fresh, principal, now, entropy),
    )


def _awaiting(edit: _Edit) -> Certificate:
    """The certificate with its new CSR, before approval: no values are shown, no window runs."""
    certificate = edit.certificate
    if certificate.status is CertificateStatus.PENDING:
        certificate = moved(certificate, CertificateStatus.AWAITING_APPROVAL)
    else:
        certificate = replace(certificate, version=certificate.version + 1)
    return replace(
        certificate, csr=edit.der, random_value=None, window=None, next_look_at=None, caa=None
    )


def _request_for(dossier: Dossier, certificate: Certificate) -> Request | None:
    """The newest approval asked for or given for this certificate."""
    decided = {RequestStatus.PENDING, RequestStatus.APPROVED}
    mine = [
        request
        for request in dossier.requests
        if request.kind is not RequestKind.REVOKE
        and request.status in decided
        and request.certificate_ids == (certificate.certificate_id,)
    ]
    return mine[-1] if mine else None
