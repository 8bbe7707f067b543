"""GnuTLS's certtool shares no code with OpenSSL, and takes the same certificates and lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interop.made import (
    ISSUERS,
    LISTS,
    SHAPES,
    Shape,
    chain_of,
    crl_of,
    entries_for,
    lists,
    program,
    run,
    write,
)
from tests.interop.test_openssl import SERVED
from vouchsafe.domain.drafting import revoked_entry
from vouchsafe.domain.revocation import RevocationReason

pytestmark = pytest.mark.system

_SERVER_AUTH = "1.3.6.1.5.5.7.3.1"


def _certtool() -> str:
    return program("certtool", "gnutls-bin")


def _verify(folder: Path, shape: Shape, host: str, *more: str | Path) -> tuple[int, str]:
    chain = chain_of(shape)
    bundle = write(folder, "chain.pem", chain.leaf, chain.issuing)
    trusted = ("--load-ca-certificate", write(folder, "root.pem", chain.root))
    asked = ("--verify-hostname", host, "--verify-purpose", _SERVER_AUTH)
    done = run(_certtool(), "--verify", *trusted, *asked, *more, "--infile", bundle)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_certtool_verifies_every_shape_for_its_names_alone(shape: Shape, tmp_path: Path) -> None:
    code, said = _verify(tmp_path, shape, SERVED[shape.names[0]])
    assert code == 0, said
    assert "Chain verification output: Verified. The certificate is trusted." in said
    code, said = _verify(tmp_path, shape, "example.net")
    assert code != 0 and "not trusted" in said.lower()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_certtool_refuses_what_a_list_revokes(shape: Shape, tmp_path: Path) -> None:
    chain = chain_of(shape)
    entry = revoked_entry(
        chain.request.serial, chain.request.not_before, RevocationReason.SUPERSEDED
    )
    good = write(tmp_path, "good.pem", *lists(crl_of(shape.issuer)))
    revoking = write(tmp_path, "revoking.pem", *lists(crl_of(shape.issuer, [entry])))
    host = SERVED[shape.names[0]]
    assert _verify(tmp_path, shape, host, "--load-crl", good)[0] == 0
    code, said = _verify(tmp_path, shape, host, "--load-crl", revoking)
    assert code != 0 and "revoked" in said


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_certtool_prints_every_certificate_without_a_complaint(
    shape: Shape, tmp_path: Path
) -> None:
    chain = chain_of(shape)
    leaf = write(tmp_path, "leaf.pem", chain.leaf)
    done = run(_certtool(), "--certificate-info", "--infile", leaf)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    for name in shape.names:
        assert f"DNSname: {name}" in done.stdout
    assert "Unknown extension" not in done.stdout
    assert chain.request.crl_url in done.stdout


@pytest.mark.parametrize("kind", ISSUERS)
@pytest.mark.parametrize("reasons", LISTS)
def test_certtool_verifies_a_list_of_each_kind(kind: str, reasons: str, tmp_path: Path) -> None:
    crl = write(tmp_path, "list.pem", *lists(crl_of(kind, entries_for(LISTS[reasons]))))
    issuing = write(tmp_path, "issuing.pem", chain_of(Shape(issuer=kind)).issuing)
    trusted = ("--load-ca-certificate", issuing)
    done = run(_certtool(), "--verify-crl", *trusted, "--infile", crl)
    assert "Verified." in done.stdout and done.returncode == 0, done.stdout + done.stderr
    printed = run(_certtool(), "--crl-info", "--infile", crl).stdout
    assert printed.count("Serial Number (hex):") == len(LISTS[reasons])
