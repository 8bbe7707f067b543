"""The golden certificates: fixed inputs, and the bytes to be signed that they have always made.

`python -m tests.golden.cases` writes the files anew; read the difference before you keep it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.builders_organizations import a_registration, an_identity
from tests.builders_pki import an_issuance_request, an_issuer
from vouchsafe.domain import der
from vouchsafe.domain.drafting import (
    CrlRequest,
    IssuanceRequest,
    prepare,
    prepare_crl,
    revoked_entry,
    tbs_of,
)
from vouchsafe.domain.organization import ValidatedIdentity
from vouchsafe.domain.precertificates import Sct, final_tbs, precertificate_tbs
from vouchsafe.domain.revocation import RevocationReason

HERE = Path(__file__).parent
#: The public half of an RSA 2048 key, so that the file does not change with every run.
RSA_PUBLIC_KEY = HERE / "rsa2048.spki.hex"
_START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def a_golden_rsa_key() -> bytes:
    """The DER SubjectPublicKeyInfo of the golden RSA key."""
    return bytes.fromhex(RSA_PUBLIC_KEY.read_text())


def a_korean_identity() -> ValidatedIdentity:
    """An organization whose name no PrintableString could hold."""
    return an_identity(
        name="예제 (주식회사 예제)",
        country="KR",
        state="서울특별시",
        locality="종로구",
        registration=a_registration(
            number="110111-1234567",
            agency="서울중앙지방법원 등기국",
            jurisdiction_country="KR",
            jurisdiction_state="Seoul",
        ),
    )


def an_ev_request(**changed: Any) -> IssuanceRequest:
    """An EV request; EV certificates hold no wildcard names."""
    names = ("www.example.com", "example.com")
    return an_issuance_request(names, level="ev", identity=a_korean_identity(), **changed)


def _leaf(request: IssuanceRequest) -> bytes:
    return prepare(request, lint=lambda _: ()).tbs


def _timestamps() -> list[Sct]:
    """Of two logs; their signatures mean nothing here."""
    return [
        Sct(
            log_id=bytes([number] * 32), timestamp=1_795_000_000_000 + number, signature=b"\x30\x00"
        )
        for number in (1, 2)
    ]


def _list(*reasons: RevocationReason) -> bytes:
    entries = [
        revoked_entry((1 << 126) + number, _START, reason) for number, reason in enumerate(reasons)
    ]
    request = CrlRequest(
        issuer=an_issuer(),
        shard=3,
        number=41,
        this_update=_START,
        next_update=_START + timedelta(days=4),
        url="http://ca.example.org/crl/e1/3.crl",
        entries=entries,
    )
    return prepare_crl(request, lint=lambda _: ()).tbs


def _ca_tbs(certificate: bytes) -> bytes:
    (tbs, *_) = [whole for _, whole, _ in der.children(certificate)]
    return tbs


CASES: dict[str, Callable[[], bytes]] = {
    "root": lambda: _ca_tbs(an_issuer().root),
    "issuing": lambda: _ca_tbs(an_issuer().certificate),
    "leaf-ec": lambda: _leaf(an_issuance_request()),
    "leaf-rsa": lambda: _leaf(an_issuance_request(public_key=a_golden_rsa_key())),
    "leaf-under-p384": lambda: _leaf(an_issuance_request(issuer=an_issuer("p384"))),
    "leaf-ov-ec": lambda: _leaf(an_issuance_request(level="ov", identity=a_korean_identity())),
    "leaf-ov-rsa": lambda: _leaf(
        an_issuance_request(level="ov", identity=a_korean_identity(), public_key=a_golden_rsa_key())
    ),
    "leaf-ev-ec": lambda: _leaf(an_ev_request()),
    "leaf-ev-rsa": lambda: _leaf(an_ev_request(public_key=a_golden_rsa_key())),
    "leaf-private-ov": lambda: _leaf(
        an_issuance_request(
            level="ov", identity=a_korean_identity(), issuer=an_issuer(issuer_id="private")
        )
    ),
    "leaf-short-lived": lambda: _leaf(
        an_issuance_request(not_after=_START + timedelta(days=7, seconds=-1))
    ),
    "leaf-without-common-name": lambda: _leaf(an_issuance_request(names_subject=False)),
    "leaf-precertificate": lambda: precertificate_tbs(tbs_of(an_issuance_request())),
    "leaf-with-scts": lambda: final_tbs(tbs_of(an_issuance_request()), _timestamps()),
    "leaf-ev-precertificate": lambda: precertificate_tbs(tbs_of(an_ev_request())),
    "leaf-ev-with-scts": lambda: final_tbs(tbs_of(an_ev_request()), _timestamps()),
    "leaf-long-name": lambda: _leaf(an_issuance_request([f"{'a' * 60}.example.com"])),
    "crl-empty": _list,
    "crl-all-reasons": lambda: _list(*RevocationReason),
}


def path_of(name: str) -> Path:
    """The file of one case."""
    return HERE / f"{name}.tbs.hex"


def in_lines(data: bytes) -> str:
    """Bytes as hexadecimal, 32 to a line."""
    text = data.hex()
    return "".join(f"{text[at : at + 64]}\n" for at in range(0, len(text), 64))


if __name__ == "__main__":
    for case, make in CASES.items():
        path_of(case).write_text(in_lines(make()))
