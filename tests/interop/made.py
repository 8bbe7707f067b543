"""What the service issues, made here and now by its own code, as files that other programs read.

Every certificate goes the way of production: drafted, past the gate and the linter, signed, joined
to its chain. Only the keys are in memory. The moment is the present, since not every program can be
told another one.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.builders_pki import (
    a_config,
    a_key,
    an_issuance_request,
    an_issuer,
    issuing_key,
    root_key,
)
from tests.fakes_pki import SoftwareCertificateSigner, SoftwareCrlSigner
from tests.golden.cases import a_korean_identity
from vouchsafe.adapters.pkilint import PkilintLinter
from vouchsafe.domain.drafting import (
    CrlRequest,
    IssuanceRequest,
    prepare,
    prepare_crl,
    revoked_entry,
)
from vouchsafe.domain.issuers import Issuer
from vouchsafe.domain.revocation import RevocationReason

LINTER = PkilintLinter(waive_local_urls=False)
#: Now, to the minute, a little back: it stays the same for the whole run, and keeps issuers alike.
NOW = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5)

HOST, BARE, WILD = "www.example.com", "example.com", "*.example.com"
LONG = f"{'a' * 60}.example.com"  # too long for a common name
IDN = "xn--bcher-kva.example.com"  # bücher
SEVERAL = [HOST, BARE]

type Pem = x509.Certificate | x509.CertificateRevocationList


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing to issue: its profile, the subscriber's key, the issuer's key, its names."""

    level: str = "dv"
    key: str = "p256"
    issuer: str = "p256"
    names: Sequence[str] = (HOST, BARE)
    days: int = 40  # within the limit of every season to come; 7: short-lived
    common_name: bool = True

    def __str__(self) -> str:
        named = "" if list(self.names) == SEVERAL else f"-{self.names[0][:12]}"
        bare = "" if self.common_name else "-bare"
        life = "" if self.days == 40 else f"-{self.days}d"  # noqa: PLR2004
        return f"{self.level}-{self.key}-under-{self.issuer}{named}{bare}{life}"


PROFILES = [
    Shape(level, key, issuer)
    for level in ("dv", "ov", "ev")
    for key in ("p256", "rsa2048")
    for issuer in ("p256", "rsa3072")
]
SHAPES = [
    *PROFILES,
    Shape(key="p384", issuer="p384"),
    Shape("ov", "rsa2048", "p384"),
    *(
        Shape(key=key, issuer=issuer, names=names)
        for key, issuer in (("p256", "p256"), ("rsa2048", "rsa3072"))
        for names in ((LONG,), (IDN,), (WILD, BARE))
    ),
    Shape("ov", names=(LONG,)),
    Shape("ov", names=(WILD, BARE)),
    *(Shape(level, days=7) for level in ("dv", "ov", "ev")),
    Shape(key="rsa2048", issuer="rsa4096", days=7),
    *(Shape(level, common_name=False) for level in ("dv", "ov", "ev")),
]
ISSUERS = ("p256", "p384", "rsa3072", "rsa4096")
#: Lists of none, of one, and of an entry for each reason.
LISTS: dict[str, tuple[RevocationReason, ...]] = {
    "none": (),
    "one": (RevocationReason.KEY_COMPROMISE,),
    "all reasons": tuple(RevocationReason),
}


@cache
def issuer_of(kind: str) -> Issuer:
    """The issuer with a key of that kind, under a P-384 root, made a day ago."""
    return an_issuer(kind, made_at=NOW - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Chain:
    """A certificate and what it hangs from."""

    shape: Shape
    request: IssuanceRequest
    leaf: x509.Certificate
    issuing: x509.Certificate
    root: x509.Certificate


@cache
def chain_of(shape: Shape) -> Chain:
    """The certificate of that shape, issued now."""
    issuer = issuer_of(shape.issuer)
    request = an_issuance_request(
        list(shape.names),
        key=a_key(shape.key),
        issuer=issuer,
        level=shape.level,
        identity=None if shape.level == "dv" else a_korean_identity(),
        not_before=NOW,
        not_after=NOW + timedelta(days=shape.days, seconds=-1),
        names_subject=shape.common_name,
    )
    draft = prepare(request, lint=LINTER.certificate)
    signed = SoftwareCertificateSigner(issuing_key(shape.issuer)).sign(issuer, draft)
    load = x509.load_der_x509_certificate
    return Chain(shape, request, load(signed), load(issuer.certificate), load(issuer.root))


def crl_of(kind: str, entries: Sequence[bytes] = (), shard: int = 3) -> bytes:
    """A DER CRL of that issuer."""
    issuer = issuer_of(kind)
    request = CrlRequest(
        issuer=issuer,
        shard=shard,
        number=2,
        this_update=NOW,
        next_update=NOW + timedelta(days=4),
        url=f"http://ca.example.org/crl/e1/{shard}.crl",
        entries=entries,
    )
    linted = prepare_crl(request, lint=LINTER.crl)
    return SoftwareCrlSigner(issuing_key(kind)).sign(issuer, linted)


def root_crl_of(kind: str, entries: Sequence[bytes] = ()) -> bytes:
    """The DER CRL of that issuer's root, over issuing certificates."""
    issuer = issuer_of(kind)
    as_issuer = replace(issuer_of("p384"), issuer_id="root", certificate=issuer.root)
    request = CrlRequest(
        issuer=as_issuer,
        shard=0,
        number=1,
        this_update=NOW,
        next_update=NOW + timedelta(days=300),
        url=a_config().root_crl_url,
        entries=entries,
        about_cas=True,
    )
    linted = prepare_crl(request, lint=LINTER.crl)
    return SoftwareCrlSigner(root_key()).sign(as_issuer, linted)


def entries_for(reasons: Sequence[RevocationReason]) -> list[bytes]:
    """An entry for each reason, with serials of no certificate of ours."""
    return [revoked_entry((1 << 126) + n, NOW, reason) for n, reason in enumerate(reasons)]


def write(folder: Path, name: str, *objects: Pem) -> Path:
    """The objects as one PEM file."""
    path = folder / name
    path.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in objects))
    return path


def lists(*encoded: bytes) -> list[Pem]:
    """DER CRLs, read."""
    return [x509.load_der_x509_crl(each) for each in encoded]


def program(name: str, package: str) -> str:
    """The path of a program of the system; skips the calling test where there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here (package {package})")
    return found


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """A program's answer, whatever it is."""
    return subprocess.run(
        [str(each) for each in command], capture_output=True, text=True, check=False, timeout=60
    )
