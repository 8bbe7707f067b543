"""Drafts that were linted: the only things a signer takes (BR 4.3.1.2).

A LintedDraft comes out of `prepare` or `resume` and nowhere else, so that "signed without lint" is
not a mistake anybody can make. CRLs work alike, in `crls`.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .crls import CrlRequest, LintedCrl, prepare_crl, revoked_entry
from .drafts import Draft, ca_parts
from .gate import pass_gate
from .identifiers import Identifier
from .issuers import Issuer
from .leaf_extensions import leaf_extensions
from .linting import Finding, Lint, LintRefused, Severity, refuse_if_any
from .organization import ValidatedIdentity
from .profiles import NOBODY, profile_for, subject_of
from .signatures import algorithm_for, assemble
from .tbs import tbs_certificate

_PREPARED = object()  # known to this module alone


@dataclass(frozen=True, slots=True)
class LintedDraft:
    """DER TBSCertificate that passed the gate and the linter; `prepare` and `resume` make it."""

    tbs: bytes
    issuer_id: str
    _made_here: InitVar[object]
    remarks: tuple[str, ...] = ()  # what the linter said all the same: severity and code

    def __post_init__(self, _made_here: object) -> None:
        if _made_here is not _PREPARED:
            raise TypeError("a LintedDraft comes from drafting.prepare or drafting.resume")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuanceRequest:
    """Everything one certificate is made of. `identity` is who OV and EV certificates name.

    `not_before` and `not_after` (both inclusive, BR 1.6.1) are aware and whole seconds;
    `signature_hash` counts under RSA issuers only; the URLs are plain http. `names_subject` says
    whether the subject repeats the common name.
    """

    level: str  # dv, ov, ev
    identity: ValidatedIdentity | None = None
    issuer: Issuer
    serial: int
    not_before: datetime
    not_after: datetime
    common_name: str
    identifiers: tuple[Identifier, ...]
    public_key: bytes  # DER SubjectPublicKeyInfo
    signature_hash: str = "sha256"
    crl_url: str
    ca_url: str
    names_subject: bool = True


def prepare(request: IssuanceRequest, *, lint: Lint) -> LintedDraft:
    """The draft for `request`, past our own gate and then `lint`.

    `lint` sees the TBS bytes under a fixed placeholder signature, as BR 4.3.1.2 allows. Raises
    LintRefused with every finding that forbids the signature.
    """
    return _admit(tbs_of(request), request.issuer, lint, request.level, request.identity)


def resume(
    tbs: bytes,
    *,
    issuer: Issuer,
    lint: Lint,
    level: str = "dv",
    identity: ValidatedIdentity | None = None,
) -> LintedDraft:
    """The draft that was stored as `tbs` before, looked at again as if it were new.

    `level` and `identity` are those it was prepared with. Raises LintRefused as `prepare` does, and
    ValueError for bytes that `issuer` cannot sign.
    """
    return _admit(tbs, issuer, lint, level, identity)


def public_key_of(csr: x509.CertificateSigningRequest) -> bytes:
    """The DER SubjectPublicKeyInfo of a certificate request, in its one encoding (BR 7.1.3.1)."""
    return csr.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _admit(
    tbs: bytes, issuer: Issuer, lint: Lint, level: str, identity: ValidatedIdentity | None
) -> LintedDraft:
    draft = Draft.to_sign(tbs, issuer, level=level, identity=identity)
    refuse_if_any(pass_gate(draft))
    findings = lint(draft.encoded)
    refuse_if_any(findings)
    remarks = tuple(f"{each.severity.name.lower()} {each.code}" for each in findings)
    return LintedDraft(tbs, issuer.issuer_id, _PREPARED, remarks)


def tbs_of(request: IssuanceRequest) -> bytes:
    """What `request` looks like to a signer, the issuer's name byte for byte as it stands there."""
    profile = profile_for(request.level)
    subject = _subject(request)
    return tbs_certificate(
        serial=request.serial,
        algorithm=algorithm_for(request.issuer.key_type, request.signature_hash),
        issuer=ca_parts(request.issuer.certificate).subject,
        validity=(request.not_before, request.not_after),
        subject=subject,
        public_key=request.public_key,
        extensions=leaf_extensions(
            usages=profile.usages(request.public_key),
            policy_oid=profile.policy_oid,
            issuing=request.issuer.certificate,
            ca_url=request.ca_url,
            crl_url=request.crl_url,
            names=_names(request),
            names_critical=subject == NOBODY,
        ),
    )


def _subject(request: IssuanceRequest) -> bytes:
    try:
        common_name = request.common_name if request.names_subject else ""
        return subject_of(request.level, common_name, request.identity)
    except ValueError as error:
        unfit = Finding(Severity.ERROR, "vouchsafe.subject", str(error), "BR 7.1.4.2")
        raise LintRefused([unfit]) from error


def _names(request: IssuanceRequest) -> list[str]:
    """The names, the common name first (BR 7.1.2.7.12)."""
    names = [identifier.value for identifier in request.identifiers]
    if request.common_name in names:
        names.remove(request.common_name)
        names.insert(0, request.common_name)
    return names


__all__ = [
    "CrlRequest",
    "IssuanceRequest",
    "LintRefused",
    "LintedCrl",
    "LintedDraft",
    "assemble",
    "prepare",
    "prepare_crl",
    "public_key_of",
    "resume",
    "revoked_entry",
    "tbs_of",
]
