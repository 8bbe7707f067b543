"""Revocation for whoever shows that he holds a certificate's key (BR 4.9.12; RFC 8555 7.6)."""

from __future__ import annotations

import hashlib

from ..domain.certificate import Certificate
from ..domain.errors import not_found
from ..domain.revocation import RevocationReason
from ..ports import Ledger
from .key_proofs import IntakePorts, Outcome, check_proof, spend, withdraw_proven
from .problem_settling import settle_cases

_COMMENTS = "Asked for by whoever holds the key of this certificate."


def revoke_by_key(
    der: bytes, serial: int, proof: str, reason: RevocationReason, ports: IntakePorts
) -> Outcome:
    """Have a certificate revoked for somebody who shows that he holds its key.

    For keyCompromise the key is blocked for everybody as well, whatever the certificate's state,
    since this is the proof that a report alone is not (BR 4.9.12, 6.1.1.3); and open cases that
    report it are settled. Raises not_found for a certificate that is not exactly one of ours,
    INVALID for a proof that is none.
    """
    certificate = _ours(der, serial, ports.ledger)
    what = f"revoke {reason}"
    challenge = check_proof(proof, certificate, serial, what, field="csr", ports=ports)
    spend(challenge, ports)
    outcome = withdraw_proven(certificate, reason, _COMMENTS, ports)
    settle_cases(serial, reason, outcome, ports)
    return outcome


def _ours(der: bytes, serial: int, ledger: Ledger) -> Certificate:
    """The certificate that is these very bytes. Raises not_found, whatever else is known."""
    dossier, digest = ledger.order_of_serial(serial), hashlib.sha256(der).hexdigest()
    for certificate in dossier.certificates if dossier else ():
        issued = certificate.issued
        if issued is not None and (issued.serial, issued.sha256) == (serial, digest):
            return certificate
    raise not_found("certificate")
