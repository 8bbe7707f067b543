"""CRLs: a shard's ledger becomes one signed list whose number only rises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509

from ..domain import drafting
from ..domain.certificate import Certificate, CertificateStatus
from ..domain.changes import NOISE_BYTES, Change, ChangeKind, new_change_id
from ..domain.errors import Conflict, Unavailable
from ..domain.issuers import Issuer, crl_url
from ..domain.requests import Request
from ..domain.revocation import CrlState, RevokedSerial
from ..ports import (
    Clock,
    CrlSigner,
    Entropy,
    Issuers,
    Ledger,
    Linter,
    Publication,
    RevocationLedger,
)

#: How long a CRL may be relied on. Without OCSP pointers it is renewed within 4 days (BR 4.9.7).
CRL_LIFE = timedelta(days=4)
#: A shard is published anew after this long, whatever happened.
REFRESH = timedelta(hours=6)
_ATTEMPTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What publishing needs."""

    ledger: Ledger
    issuers: Issuers
    revocations: RevocationLedger
    publication: Publication
    signer: CrlSigner
    linter: Linter
    clock: Clock
    publication_url: str


def publish_crl(issuer_id: str, shard: int, *, ports: Ports) -> int:
    """Publish a CRL holding all that was recorded for the shard before; the number that stands.

    Raises Unavailable when it could not; the list published before stays untouched then.
    """
    issuer = ports.issuers.get(issuer_id)
    if issuer is None:
        raise Unavailable(f"issuer {issuer_id} is not on record")
    state = _reserve_number(issuer_id, shard, ports)
    now = ports.clock.now().replace(microsecond=0)
    lines = _lines(ports.revocations.revoked(issuer_id, shard), state)
    request = drafting.CrlRequest(
        issuer=issuer,
        shard=shard,
        number=state.number,
        this_update=now,
        next_update=now + CRL_LIFE,
        url=crl_url(ports.publication_url, issuer_id, shard),
        entries=tuple(line.entry for line in lines),
    )
    crl = ports.signer.sign(issuer, drafting.prepare_crl(request, lint=ports.linter.crl))
    _check(crl, issuer, state.number, len(lines))
    return _replace(crl, state, now, ports)


def publish_due(*, ports: Ports) -> list[tuple[str, int, int]]:
    """Every shard that was never published, or whose CRL is older than REFRESH (BR 4.9.7).

    Of every issuer: one that is staged has empty lists before it signs, a retired one goes on until
    it is over itself, and its certificates with it; one last list says so. Called often, it does
    little: one read per shard. Gives (issuer, shard, number) per publication. A shard that
    cannot be published stops no other; all such trouble is raised at the end.
    """
    stale = ports.clock.now() - REFRESH
    published: list[tuple[str, int, int]] = []
    troubles: list[Exception] = []
    for issuer in ports.issuers.all():
        for shard in range(issuer.shards):
            try:
                state = ports.revocations.state(issuer.issuer_id, shard)
                if _is_due(state, min(stale, issuer.not_after)):
                    number = publish_crl(issuer.issuer_id, shard, ports=ports)
                    published.append((issuer.issuer_id, shard, number))
            except (Unavailable, drafting.LintRefused, ValueError) as trouble:
                troubles.append(trouble)
    if troubles:
        raise ExceptionGroup(f"{len(troubles)} CRLs could not be published", troubles)
    return published


def _is_due(state: CrlState | None, stale: datetime) -> bool:
    return state is None or state.published_at is None or state.published_at <= stale


def announce_revocation(
    order_id: int, request_id: int, *, ledger: Ledger, clock: Clock, entropy: Entropy
) -> None:
    """Write down that the request's revocations stand in a published CRL, and tell. Once each.

    Raises Unavailable while others write the same order.
    """
    for _ in range(_ATTEMPTS):
        dossier = ledger.order(order_id)
        if dossier is None:
            raise Unavailable(f"order {order_id} cannot be read")
        request = dossier.request(request_id)
        try:
            for certificate_id in request.certificate_ids:
                certificate = dossier.certificate(certificate_id)
                _announce(certificate, request, ledger, clock.now(), entropy)
            if request.done_at is None:
                done = replace(request, done_at=clock.now(), version=request.version + 1)
                ledger.commit(done)
        except Conflict:
            continue
        return
    raise Unavailable(f"order {order_id} is being changed by others")


def _announce(
    certificate: Certificate, request: Request, ledger: Ledger, now: datetime, entropy: Entropy
) -> None:
    revoked = certificate.revoked
    if certificate.status is not CertificateStatus.REVOKED or revoked is None:
        return
    if revoked.published_at is not None:
        return
    told = replace(
        certificate,
        revoked=replace(revoked, published_at=now),
        version=certificate.version + 1,
    )
    change = Change(
        change_id=new_change_id(now, entropy.bytes(NOISE_BYTES)),
        account_id=certificate.account_id,
        kind=ChangeKind.CERTIFICATE_REVOKED,
        at=now,
        actor=f"user {request.reviewer_id}",
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
        request_id=request.request_id,
        data={"reason": revoked.reason.value, "revoked_at": revoked.revoked_at.isoformat()},
        subject=f"certificate {certificate.certificate_id}",
        before={"status": CertificateStatus.VALID.value},
        after={"status": CertificateStatus.REVOKED.value, "reason": revoked.reason.value},
    )
    ledger.commit(told, change)


def _reserve_number(issuer_id: str, shard: int, ports: Ports) -> CrlState:
    """Take the next CRL number for good before any line is read (RFC 5280 5.2.3)."""
    for _ in range(_ATTEMPTS):
        state = ports.revocations.state(issuer_id, shard)
        taken = (
            replace(state, number=state.number + 1, version=state.version + 1)
            if state
            else CrlState(
                issuer_id=issuer_id,
                shard=shard,
                number=1,
                published_number=0,
                published_at=None,
                next_update=None,
                etag=None,
            )
        )
        try:
            ports.ledger.commit(taken)
        except Conflict:
            continue
        return taken
    raise Unavailable(f"no CRL number for {issuer_id}/{shard}: too many at once")


def _lines(recorded: Iterable[RevokedSerial], state: CrlState) -> list[RevokedSerial]:
    """What the CRL must list: an entry leaves only after one CRL past its end (RFC 5280 3.3)."""
    seen = state.published_at
    return [line for line in recorded if seen is None or line.not_after >= seen]


def _check(crl: bytes, issuer: Issuer, number: int, entries: int) -> None:
    """Never replace a good list by one that does not verify, parse or count right."""
    parsed = x509.load_der_x509_crl(crl)
    key = x509.load_der_x509_certificate(issuer.certificate).public_key()
    stated = parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    if not parsed.is_signature_valid(key):  # type: ignore[arg-type]
        raise Unavailable("the new CRL's signature does not verify")
    if stated != number or len(parsed) != entries:
        raise Unavailable("the new CRL does not hold what it should")


def _replace(crl: bytes, state: CrlState, now: datetime, ports: Ports) -> int:
    """Put the list in place of an older one only; a newer one that stands holds our lines, too."""
    for _ in range(_ATTEMPTS):
        standing = ports.publication.crl(state.issuer_id, state.shard)
        number, etag = _number_of(standing)
        if number >= state.number:
            return number
        try:
            new = ports.publication.put_crl(state.issuer_id, state.shard, crl, replaces=etag)
        except Conflict:
            continue
        _remember(state, now, new, ports)
        return state.number
    raise Unavailable(f"the CRL {state.issuer_id}/{state.shard} is being replaced by others")


def _number_of(standing: tuple[bytes, str] | None) -> tuple[int, str | None]:
    if standing is None:
        return 0, None
    parsed = x509.load_der_x509_crl(standing[0])
    number = parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    return number, standing[1]


def _remember(mine: CrlState, now: datetime, etag: str, ports: Ports) -> None:
    """Note what was published; losing this write to a newer publication is fine."""
    for _ in range(_ATTEMPTS):
        state = ports.revocations.state(mine.issuer_id, mine.shard)
        if state is None or state.published_number >= mine.number:
            return
        noted = replace(
            state,
            published_number=mine.number,
            published_at=now,
            next_update=now + CRL_LIFE,
            etag=etag,
            version=state.version + 1,
        )
        try:
            ports.ledger.commit(noted)
        except Conflict:
            continue
        return
