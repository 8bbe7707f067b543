"""The issuing authority: from a certificate whose gates are open to one stored certificate.

The numbered steps are those of docs/issuance-cycle.md. Everything may be repeated, killed between
any two calls, and run by twins at once; the outcome is the same one certificate.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from cryptography import x509

from ..domain import drafting
from ..domain.blocked_keys import key_hash
from ..domain.calendar import longest_not_after
from ..domain.certificate import Certificate, CertificateStatus, Intent, NamedOrganization
from ..domain.desk import Desk, Hint
from ..domain.dossier import Dossier, SerialClaim
from ..domain.errors import Conflict, Unavailable
from ..domain.gates import Gate, assess
from ..domain.grounds import Grounds
from ..domain.issuers import Issuer, crl_url, shard_of
from ..domain.lifecycle import followed, moved
from ..domain.linting import Finding, Severity
from ..domain.order import Order
from ..domain.organization import OrganizationValidation, ValidatedIdentity
from ..domain.products import PRODUCTS
from .blocking import key_of
from .issuance_outcomes import Drafting, IssueOutcome, Ports, give_up, record, refuse
from .key_gate import blocked, key_use, refuse_known
from .tightening import issuer_for, tightened

#: Room for clients whose clocks run behind; BR 7.1.2.7 allows 48 hours.
BACKDATE = timedelta(hours=1)
#: An intent whose notBefore is older than this is not signed any more but given up.
INTENT_LIFE = timedelta(hours=24)
#: No signature may start in the last minutes of an intent's life: longer than any function may run,
#: so that no late twin can still store a certificate whose serial was given up meanwhile.
LAST_CALL = timedelta(minutes=20)
_SERIAL_BYTES = 16  # 128 bits, of which BR 7.1.2.7 asks 64 from a CSPRNG
_ATTEMPTS = 5
_UNKNOWN = Hint()


def issue_certificate(
    order_id: int, certificate_id: int, run: int, *, ports: Ports, hint: Hint = _UNKNOWN
) -> IssueOutcome:
    """Bring one certificate id to its certificate, or say why it cannot be now.

    Raises Unavailable for trouble of our own that may pass: the caller tries again.
    """
    for _ in range(_ATTEMPTS):
        desk = ports.desks.desk(order_id, certificate_id, hint)  # 1. load
        if desk is None:
            raise Unavailable(f"certificate {certificate_id} of order {order_id} cannot be read")
        try:
            return _issue(desk, desk.dossier.certificate(certificate_id), run, ports)
        except Conflict:
            continue
    raise Unavailable(f"certificate {certificate_id} is being changed by others")


def _issue(desk: Desk, certificate: Certificate, run: int, ports: Ports) -> IssueOutcome:
    if certificate.status is CertificateStatus.VALID:
        return IssueOutcome(outcome="issued", cause="it was issued before")
    if certificate.status is CertificateStatus.PROCESSING:
        return _resume(desk, certificate, ports)
    if certificate.status is not CertificateStatus.PENDING:
        return IssueOutcome(outcome="not_issuable", cause=f"it is {certificate.status}")
    if run < certificate.run:
        return IssueOutcome(outcome="superseded", cause=f"run {certificate.run} took over")
    now = ports.clock.now()
    late = now + LAST_CALL  # what lapses before a slow signer is done is looked at anew first
    grounds = ports.admission.weighed(certificate, desk.standing, desk.lists, late)
    if outcome := _closed(desk.dossier, certificate, late, grounds):
        return outcome
    named = named_for(desk.dossier.order, grounds.validation)
    return _claim(desk.dossier, replace(certificate, named=named), now, ports)


def _closed(
    dossier: Dossier, certificate: Certificate, moment: datetime, grounds: Grounds
) -> IssueOutcome | None:
    """The answer when a gate is not open at `moment`, for what is claimed already as well.

    The validation that a claimed certificate names must still stand, too.
    """
    items = dossier.authorizations[certificate.certificate_id]
    unclaimed = replace(certificate, status=CertificateStatus.PENDING)
    closed = set(assess(unclaimed, items, now=moment, grounds=grounds).closed)
    if certificate.named and certificate.named.validation.validated_until <= moment:
        closed.add(Gate.ORGANIZATION)
    if not closed:
        return None
    told = ", ".join(gate.value for gate in Gate if gate in closed)
    return IssueOutcome(outcome="gates_closed", cause=f"still closed: {told}")


def named_for(order: Order, validation: OrganizationValidation | None) -> NamedOrganization | None:
    """Whom the certificate names: only what was validated ever stands in a subject."""
    if validation is None or order.organization_id is None:
        return None
    return NamedOrganization(organization_id=order.organization_id, validation=validation)


def _claim(dossier: Dossier, certificate: Certificate, now: datetime, ports: Ports) -> IssueOutcome:
    """Steps 2 and 3: draft and lint, then claim and store the intent in one write.

    The use of the key is written along, which fails for a blocked key: whoever blocks it from now
    on finds this certificate in the sweep.
    """
    if not certificate.csr:
        return IssueOutcome(outcome="needs_key", cause="the service makes its key first")
    issuer = issuer_for(certificate, now, ports.issuers)
    try:
        request = request_for(certificate, issuer, now, ports)
        refuse_known(request.public_key, ports.known_keys)
        draft = drafting.prepare(request, lint=ports.linter.certificate)
    except drafting.LintRefused as refused:
        return refuse(dossier, certificate, refused, ports)
    intent = Intent(
        serial=request.serial,
        issuer_id=issuer.issuer_id,
        shard=shard_of(request.serial, issuer),
        tbs=draft.tbs,
        not_before=request.not_before,
        not_after=request.not_after,
        recorded_at=now,
        lint=draft.remarks,
    )
    claimed = replace(moved(certificate, CertificateStatus.PROCESSING), intent=intent)
    order = followed(dossier.order, claimed)
    claim = SerialClaim(
        serial=intent.serial,
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
    )
    use = key_use(certificate, intent, request.public_key)
    try:
        ports.ledger.commit(claimed, *order, claim, use)
    except Conflict:
        block = ports.ledger.blocked_key(use.spki_sha256)
        if block is None:
            raise
        return refuse(dossier, certificate, blocked(block), ports)
    current = replace(dossier, order=order[0]) if order else dossier
    return _sign(current, claimed, issuer, draft, ports)


def request_for(
    certificate: Certificate, issuer: Issuer, now: datetime, ports: Drafting
) -> drafting.IssuanceRequest:
    """What is to be drafted. Raises LintRefused when the term asked for is over already, and for
    what the deployment's own rules do not take.
    """
    serial = (int.from_bytes(ports.entropy.bytes(_SERIAL_BYTES)) >> 1) | (1 << 126)
    not_before = now.replace(microsecond=0) - BACKDATE
    not_after = min(
        certificate.ends_at.replace(microsecond=0), _longest(not_before), issuer.not_after
    )
    if not_after <= now:
        over = Finding(Severity.ERROR, "vouchsafe.term_over", f"its term ended at {not_after}")
        raise drafting.LintRefused([over])
    csr = x509.load_der_x509_csr(certificate.csr)
    asked = drafting.IssuanceRequest(
        level=PRODUCTS[certificate.product_id].level,
        identity=_identity(certificate),
        issuer=issuer,
        serial=serial,
        not_before=not_before,
        not_after=not_after,
        common_name=certificate.common_name,
        identifiers=certificate.identifiers,
        public_key=drafting.public_key_of(csr),
        signature_hash=certificate.signature_hash,
        crl_url=crl_url(ports.publication_url, issuer.issuer_id, shard_of(serial, issuer)),
        ca_url=f"{ports.publication_url}/ca/{issuer.issuer_id}.cer",
    )
    return tightened(asked, certificate, ports.profile_rules)


def _identity(certificate: Certificate) -> ValidatedIdentity | None:
    return certificate.named.validation.identity if certificate.named else None


def _longest(not_before: datetime) -> datetime:
    """The latest notAfter that is lawful whenever in the intent's life the signature is made.

    BR 6.3.2 goes by the day of issue: notBefore may lie a day before that, and before new rules.
    """
    last = longest_not_after(not_before + INTENT_LIFE) - INTENT_LIFE
    return min(longest_not_after(not_before), last)


def _resume(desk: Desk, certificate: Certificate, ports: Ports) -> IssueOutcome:
    """A claim whose work was cut off: finish it with the very same bytes, or give the serial up.

    It lapses where since the claim its key was blocked, or its issuer's certificate revoked.
    """
    dossier, intent = desk.dossier, certificate.intent
    assert intent is not None, "a processing certificate always has its intent"
    stored = ports.store.get(certificate.certificate_id)
    if stored is not None:
        return record(dossier, certificate, stored, ports)
    issuer = ports.issuers.get(intent.issuer_id)
    if issuer is None:
        raise Unavailable(f"issuer {intent.issuer_id} is not on record")
    now = ports.clock.now()
    end = _end_of_life(certificate, intent)
    blocking = ports.ledger.blocked_key(key_hash(key_of(certificate)))
    stopped = blocking is not None or issuer.revoked_at is not None
    if now < end - LAST_CALL and not stopped:
        late = now + LAST_CALL
        grounds = ports.admission.weighed(certificate, desk.standing, desk.lists, late)
        if outcome := _closed(dossier, certificate, late, grounds):
            return outcome  # it may open again; if not, the intent lapses
        draft = drafting.resume(
            intent.tbs,
            issuer=issuer,
            lint=ports.linter.certificate,
            level=PRODUCTS[certificate.product_id].level,
            identity=_identity(certificate),
        )
        return _sign(dossier, certificate, issuer, draft, ports)
    if now < end:
        raise Unavailable(f"certificate {certificate.certificate_id} waits for its intent to lapse")
    return give_up(dossier, certificate, intent, ports)


def _end_of_life(certificate: Certificate, intent: Intent) -> datetime:
    """Until when the stored bytes may be signed: notBefore recent, CAA fresh (BR 4.2.2.1)."""
    end = intent.not_before + INTENT_LIFE
    return min(end, certificate.caa.good_until) if certificate.caa else end


def _sign(
    dossier: Dossier,
    certificate: Certificate,
    issuer: Issuer,
    draft: drafting.LintedDraft,
    ports: Ports,
) -> IssueOutcome:
    """Steps 4 and 5: sign, store under the certificate's id unless a twin was first."""
    signed = ports.signer.sign(issuer, draft)
    stored = ports.store.put(certificate.certificate_id, signed)
    return record(dossier, certificate, stored, ports)


__all__ = ["IssueOutcome", "Ports", "issue_certificate", "named_for", "request_for"]
