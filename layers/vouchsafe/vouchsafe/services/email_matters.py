"""What a mail that asks for an approval is about: a certificate's name, or a domain by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.authorization import Mailing, Proof
from ..domain.certificate import Certificate
from ..domain.changes import ChangeKind
from ..domain.domain_mails import mailing_of_domain, state_of_domain, using_value
from ..domain.domains import Domain, approval_of, approved
from ..domain.dossier import Authorizations, Dossier
from ..domain.email_approval import (
    ApprovalMessage,
    MessageState,
    mailing_of,
    proven_by,
    state_of_name,
)
from ..domain.gates import proof_counts
from ..domain.methods_email import WhoisContact
from ..domain.proofs import DomainProof
from ..domain_ports import Domains
from ..ports import Entropy, Ledger, Record
from .change_records import certificate_change
from .domain_records import domain_records, told_approval
from .new_changes import new_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A mail with what it is about, as both stand now: an order's certificate, or a domain."""

    message: ApprovalMessage
    state: MessageState
    mailing: Mailing | None
    names: tuple[str, ...]
    deadline: datetime | None
    dossier: Dossier | None = None
    certificate: Certificate | None = None
    domain: Domain | None = None


def matter_of(
    message: ApprovalMessage, *, ledger: Ledger, domains: Domains, now: datetime
) -> Matter | None:
    """What the mail is about; None when that is not on record any more."""
    if message.domain_id is not None:
        return _domain_matter(message, domains, now)
    dossier = ledger.order(message.order_id) if message.order_id is not None else None
    if dossier is None or message.certificate_id is None:
        return None
    certificate = dossier.certificate(message.certificate_id)
    items = dossier.authorizations.get(certificate.certificate_id, ())
    about = [(one, mailing_of(one, message.message_id)) for one in items]
    mailings = [mailing for _, mailing in about if mailing is not None]
    names = tuple(one.identifier.value for one, mailing in about if mailing is not None)
    return Matter(
        message=message,
        state=state_of_name(message, certificate, items, now),
        mailing=mailings[0] if mailings else None,
        names=names or (message.name,),
        deadline=certificate.window.deadline if certificate.window else None,
        dossier=dossier,
        certificate=certificate,
    )


def _domain_matter(message: ApprovalMessage, domains: Domains, now: datetime) -> Matter | None:
    assert message.domain_id is not None
    domain = domains.domain(message.account_id, message.domain_id)
    if domain is None:
        return None
    value = domain.random_value
    return Matter(
        message=message,
        state=state_of_domain(message, domain, now),
        mailing=mailing_of_domain(domain, message.message_id),
        names=(domain.name,),
        deadline=value.expires_at if value else None,
        domain=domain,
    )


def proven_records(
    matter: Matter, proof: Proof, actor: str, now: datetime, entropy: Entropy
) -> tuple[Record, ...]:
    """What one commit writes when the mail was answered, besides the mail itself."""
    if matter.domain is not None:
        return _proven_domain(matter.domain, proof, actor=actor, now=now, entropy=entropy)
    assert matter.dossier is not None and matter.certificate is not None
    return _proven_names(
        matter.dossier, matter.certificate, proof, actor=actor, now=now, entropy=entropy
    )


def _proven_names(
    dossier: Dossier,
    certificate: Certificate,
    proof: Proof,
    *,
    actor: str,
    now: datetime,
    entropy: Entropy,
) -> tuple[Record, ...]:
    before = dossier.authorizations[certificate.certificate_id]
    after = proven_by(before, proof, now)
    names = [
        new.identifier.value
        for old, new in zip(before, after, strict=True)
        if proof_counts(new, now) and not proof_counts(old, now)
    ]
    pack = Authorizations(
        order_id=certificate.order_id, certificate_id=certificate.certificate_id, items=after
    )
    change = certificate_change(
        ChangeKind.NAME_PROVEN,
        certificate,
        {"names": names, "address": proof.address, "message_id": proof.message_id},
        now=now,
        entropy=entropy,
        actor=actor,
        subject=f"certificate {certificate.certificate_id}",
    )
    told = replace(change, before={"status": "pending"}, after={"status": "valid"})
    written = replace(certificate, version=certificate.version + 1)
    return written, pack, told, *_reusable(certificate, proof)


def _reusable(certificate: Certificate, proof: Proof) -> tuple[DomainProof, ...]:
    """The proof for the account's other orders; what is for private use alone proves nothing."""
    if proof.br_section == WhoisContact.br_section:
        return ()
    reusable = DomainProof(
        account_id=certificate.account_id,
        authorization_domain=proof.authorization_domain,
        proof=proof,
        order_id=certificate.order_id,
        certificate_id=certificate.certificate_id,
    )
    return (reusable,)


def _proven_domain(
    domain: Domain,
    proof: Proof,
    *,
    actor: str,
    now: datetime,
    entropy: Entropy,
) -> tuple[Record, ...]:
    used = using_value(proof, domain)
    after = approved(domain, approval_of(used))
    reusable = DomainProof(
        account_id=domain.account_id,
        authorization_domain=used.authorization_domain,
        proof=used,
        domain_id=domain.domain_id,
    )
    evidence = {
        "br_section": used.br_section,
        "steps": list(used.steps),
        "address": used.address,
        "message_id": used.message_id,
    }
    assert after.approval is not None
    told = new_change(
        ChangeKind.DOMAIN_PROVEN,
        domain.account_id,
        {"domain_id": domain.domain_id, "name": domain.name, "evidence": evidence},
        now=now,
        entropy=entropy,
        actor=actor,
        subject=f"domain {domain.domain_id}",
        after=told_approval(after.approval),
    )
    return (*domain_records(domain, after), reusable, told)
