"""Making the one key of a certificate id, and handing it to its owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..domain.accounts import Principal
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import Change, ChangeKind
from ..domain.errors import ErrorCode, Unavailable, VouchsafeError
from ..domain.key_files import SALT_BYTES, Wrapping, key_file
from ..domain.managed_keys import (
    ManagedKey,
    context_of,
    is_managed,
    may_be_made,
    public_part,
    request_for,
)
from ..domain.products import PRODUCTS
from ..domain.traces import subject_of
from ..managed_key_ports import KeyMaker, KeyOpener, ManagedKeys
from ..ports import CertificateStore, Clock, Entropy, Issuers, Ledger, Record
from .attempts import attempted
from .change_records import certificate_change
from .on_record import order_on_record
from .ownership import owned

_SUBJECT = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeOutcome:
    """What the state machine is told; `cause` is for who reads its history."""

    outcome: str  # made, or not_wanted
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakingPorts:
    """What making keys needs."""

    ledger: Ledger
    maker: KeyMaker
    clock: Clock
    entropy: Entropy


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPorts:
    """What handing a key out needs."""

    ledger: Ledger
    managed: ManagedKeys
    opener: KeyOpener
    store: CertificateStore
    issuers: Issuers
    clock: Clock
    entropy: Entropy


def make_key(order_id: int, certificate_id: int, *, ports: MakingPorts) -> MakeOutcome:
    """Give a certificate id of a managed product its key, once, whoever else is at it.

    The request that the new key signs and the key itself, encrypted, are written in one commit at
    the version that had none; what a loser of that race made is forgotten. Raises Unavailable.
    """

    def attempt(now: datetime) -> tuple[MakeOutcome, Sequence[Record]]:
        dossier = order_on_record(order_id, ledger=ports.ledger)
        certificate = dossier.certificate(certificate_id)
        if not may_be_made(PRODUCTS[certificate.product_id]):
            return MakeOutcome(outcome="not_wanted", cause="its product takes no key of ours"), ()
        if certificate.csr:
            return MakeOutcome(outcome="made", cause="it was made before"), ()
        if certificate.status is not CertificateStatus.PENDING:
            return MakeOutcome(outcome="not_wanted", cause=f"it is {certificate.status}"), ()
        return MakeOutcome(outcome="made"), _made(certificate, now, ports)

    what = f"certificate {certificate_id}"
    return attempted(attempt, once=None, what=what, ledger=ports.ledger, clock=ports.clock)


def _made(certificate: Certificate, now: datetime, ports: MakingPorts) -> Sequence[Record]:
    order_id, certificate_id = certificate.order_id, certificate.certificate_id
    pair = ports.maker.make(context_of(order_id, certificate_id))
    request = request_for(pair.private, certificate.common_name)
    key = ManagedKey(
        certificate_id=certificate_id,
        order_id=order_id,
        account_id=certificate.account_id,
        wrapped=pair.wrapped,
        key_ref=pair.key_ref,
        made_at=now,
    )
    told = certificate_change(
        ChangeKind.MANAGED_KEY_MADE,
        certificate,
        {},
        now=now,
        entropy=ports.entropy,
        subject=subject_of(certificate),
    )
    return replace(certificate, csr=request, version=certificate.version + 1), key, told


def export_key(
    certificate_id: int, wrapping: Wrapping, principal: Principal, *, ports: ExportPorts
) -> bytes:
    """The file with a certificate's key and its chain; that it left is on record before it does.

    Raises not_found, FORBIDDEN for another person's order, CONFLICT for what has no key to hand out
    or none that may still be used, Unavailable.
    """
    dossier = owned(ports.ledger.order_of_certificate(certificate_id), principal, _SUBJECT)
    certificate = dossier.certificate(certificate_id)
    now = ports.clock.now()
    _check_state(certificate, now)
    content = _file(certificate, wrapping, ports)
    told = _exported(certificate, wrapping, principal, now=now, entropy=ports.entropy)
    ports.ledger.commit(told)
    return content


def _check_state(certificate: Certificate, now: datetime) -> None:
    """Raises VouchsafeError(CONFLICT) unless the certificate may be used, with a key of ours."""
    if not is_managed(PRODUCTS[certificate.product_id]):
        raise _conflict("Its key was made by its owner; the service never had it.")
    issued = certificate.issued
    if certificate.status is CertificateStatus.REVOKED:
        raise _conflict("The certificate is revoked; its key is not handed out any more.")
    if issued is None or certificate.status is not CertificateStatus.VALID:
        raise _conflict("The certificate was not issued yet.", "not_issued")
    if issued.not_after <= now:
        raise _conflict("The certificate is over; its key is not handed out any more.")


def _file(certificate: Certificate, wrapping: Wrapping, ports: ExportPorts) -> bytes:
    assert certificate.issued is not None, "asked before"
    number = certificate.certificate_id
    key = ports.managed.managed_key(number)
    leaf = ports.store.get(number)
    issuer = ports.issuers.get(certificate.issued.issuer_id)
    if key is None or leaf is None or issuer is None:
        raise Unavailable(f"certificate {number} cannot be read with its key")
    private = ports.opener.open(key)
    if public_part(private) != _certified(leaf):
        raise ValueError(f"the key kept for certificate {number} is not the one it certifies")
    noise = ports.entropy.bytes(2 * SALT_BYTES)
    return key_file(private, (leaf, issuer.certificate), wrapping, noise=noise)


def _certified(leaf: bytes) -> bytes:
    key = x509.load_der_x509_certificate(leaf).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _exported(
    certificate: Certificate,
    wrapping: Wrapping,
    principal: Principal,
    *,
    now: datetime,
    entropy: Entropy,
) -> Change:
    form = {"format": wrapping.form.value, "compatible": wrapping.compatible}
    told = certificate_change(
        ChangeKind.KEY_EXPORTED,
        certificate,
        {**form, "key_id": principal.key_id, "product": certificate.product_id},
        now=now,
        entropy=entropy,
        actor=f"user {principal.user_id}",
        subject=subject_of(certificate),
    )
    return replace(told, after=form)


def _conflict(detail: str, subject: str = _SUBJECT) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject=subject)
