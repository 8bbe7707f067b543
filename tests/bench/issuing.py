"""Issuing in this process, beside `cryptography` alone doing the same work without our rules.

Policy, proof of possession, building, signing with a key in memory; no linter, no AWS.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import batched

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders_pki import a_csr_pem, a_key, an_issuance_request, an_issuer, issuing_key
from tests.fakes_pki import signature_by
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.domain.csr import parse_csr
from vouchsafe.domain.drafting import IssuanceRequest, prepare
from vouchsafe.domain.identifiers import parse_identifier
from vouchsafe.domain.linting import Lint
from vouchsafe.domain.pem import pem
from vouchsafe.domain.signatures import algorithm_of

COUNT = 200
_ROUNDS = 7
_AT_A_TIME = 25


@dataclass(frozen=True, slots=True)
class Work:
    """One certificate to make: the CSR as PEM text, its names."""

    csr: str
    names: Sequence[str]


@cache
def works(kind: str = "p256", count: int = COUNT) -> tuple[Work, ...]:
    """Requests with two names each and, but for RSA, a key of their own; no name twice."""
    pairs = [(f"www.n{n}.example.com", f"n{n}.example.com") for n in range(count)]
    own = kind == "p256"
    return tuple(
        Work(
            a_csr_pem(pair, key=ec.generate_private_key(ec.SECP256R1()) if own else a_key(kind)),
            pair,
        )
        for pair in pairs
    )


def ours(issuer_kind: str, lint: Lint = lambda _: ()) -> Callable[[Work], bytes]:
    """What the service does for one request."""
    issuer, key = an_issuer(issuer_kind), issuing_key(issuer_kind)
    base = an_issuance_request(issuer=issuer)

    def issue(work: Work) -> bytes:
        csr = parse_csr(work.csr)
        tbs = prepare(_request(base, work, csr.public_key), lint=lint).tbs
        algorithm = algorithm_of(tbs, issuer.key_type)
        signed = algorithm.sealed(tbs, signature_by(key, tbs, algorithm))
        return pem("CERTIFICATE", signed).encode("ascii")

    return issue


def _request(base: IssuanceRequest, work: Work, public_key: bytes) -> IssuanceRequest:
    return IssuanceRequest(
        level=base.level,
        issuer=base.issuer,
        serial=base.serial,
        not_before=base.not_before,
        not_after=base.not_after,
        common_name=work.names[0],
        identifiers=tuple(parse_identifier(name) for name in work.names),
        public_key=public_key,
        crl_url=base.crl_url,
        ca_url=base.ca_url,
    )


def plain(issuer_kind: str) -> Callable[[Work], bytes]:
    """The same certificate, but for its signature, from the library's builder as it is documented:
    a CSR's signature checked, what never changes made once, no policy.
    """
    issuer, key = an_issuer(issuer_kind), issuing_key(issuer_kind)
    issuing = x509.load_der_x509_certificate(issuer.certificate)
    like = x509.load_der_x509_certificate(_sample(issuer_kind))
    kept = [(each.value, each.critical) for each in like.extensions]
    place = [type(value) for value, _ in kept].index(x509.SubjectAlternativeName)
    before, after = kept[:place], kept[place + 1 :]
    digest = hashes.SHA384() if issuer_kind == "p384" else hashes.SHA256()
    base = an_issuance_request(issuer=issuer)

    def issue(work: Work) -> bytes:
        csr = x509.load_pem_x509_csr(work.csr.encode())
        assert csr.is_signature_valid
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, work.names[0])])
        builder = (
            x509.CertificateBuilder()
            .issuer_name(issuing.subject)
            .subject_name(name)
            .public_key(csr.public_key())
            .serial_number(base.serial)
            .not_valid_before(base.not_before)
            .not_valid_after(base.not_after)
        )
        san = x509.SubjectAlternativeName([x509.DNSName(each) for each in work.names])
        for value, critical in (*before, (san, False), *after):
            builder = builder.add_extension(value, critical)
        return builder.sign(key, digest).public_bytes(Encoding.PEM)

    return issue


def _sample(issuer_kind: str) -> bytes:
    pem = ours(issuer_kind)(works()[0])
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def milliseconds(issue: Callable[[Work], object], work: Sequence[Work]) -> float:
    """CPU of this process for one certificate."""
    started = time.process_time()
    for each in work:
        issue(each)
    return (time.process_time() - started) / len(work) * 1000


@dataclass(frozen=True, slots=True)
class Pair:
    """Milliseconds of CPU a certificate, the least of rounds in turns; `rate` is ours over plain.

    Whatever else runs on the machine takes caches away, and only ever adds to what is counted.
    """

    issuer: str
    ours: float
    plain: float
    rate: float


def side_by_side(issuer_kind: str) -> Pair:
    """Ours and plain `cryptography`, in turns."""
    mine, theirs = ours(issuer_kind), plain(issuer_kind)
    parts = list(batched(works(), _AT_A_TIME, strict=True)) * _ROUNDS
    rounds = [(milliseconds(mine, part), milliseconds(theirs, part)) for part in parts]
    own, other = min(each for each, _ in rounds), min(each for _, each in rounds)
    return Pair(issuer_kind, own, other, other / own)


@dataclass(frozen=True, slots=True)
class Linted:
    """Milliseconds of CPU: without the linter, with it, and the linter by itself."""

    without: float
    linted: float
    linter: float

    @property
    def added(self) -> float:
        """What linting adds to a certificate, in times of the linter's own cost."""
        return (self.linted - self.without) / self.linter


def with_lint(issuer_kind: str = "p256") -> Linted:
    """The same with the production linter, in turns with the linter alone."""
    lint, work = PkilintLinter(waive_local_urls=False).certificate, works()[:40]
    bare, full, sample = ours(issuer_kind), ours(issuer_kind, lint), _sample(issuer_kind)
    full(work[0])
    rounds = [
        (
            milliseconds(bare, work),
            milliseconds(full, work),
            milliseconds(lambda _: lint(sample), work),
        )
        for _ in range(5)
    ]
    return Linted(*(statistics.median(each) for each in zip(*rounds, strict=True)))
