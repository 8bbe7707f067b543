"""OpenSSL's command line takes every certificate and list we make, with its strict rules on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.interop.made import (
    BARE,
    HOST,
    IDN,
    ISSUERS,
    LISTS,
    LONG,
    SHAPES,
    WILD,
    Chain,
    Shape,
    chain_of,
    crl_of,
    entries_for,
    issuer_of,
    lists,
    program,
    root_crl_of,
    run,
    write,
)
from vouchsafe.domain.crls import revoked_ca_entry
from vouchsafe.domain.drafting import revoked_entry
from vouchsafe.domain.issuers import CaRevocationReason
from vouchsafe.domain.revocation import RevocationReason

pytestmark = pytest.mark.system

#: A name that each first name of a shape must serve.
SERVED = {HOST: BARE, LONG: LONG, IDN: IDN, WILD: "any.example.com"}
#: As `openssl crl -text` words them; those that CRLs do not say are not there.
REASONS = {
    RevocationReason.KEY_COMPROMISE: "Key Compromise",
    RevocationReason.AFFILIATION_CHANGED: "Affiliation Changed",
    RevocationReason.SUPERSEDED: "Superseded",
    RevocationReason.CESSATION_OF_OPERATION: "Cessation Of Operation",
    RevocationReason.PRIVILEGE_WITHDRAWN: "Privilege Withdrawn",
}


def _verify(folder: Path, chain: Chain, *more: str | Path) -> tuple[int, str]:
    root = write(folder, "root.pem", chain.root)
    issuing = write(folder, "issuing.pem", chain.issuing)
    leaf = write(folder, "leaf.pem", chain.leaf)
    chained = ("-CAfile", root, "-untrusted", issuing)
    given = ("-x509_strict", "-purpose", "sslserver")
    done = run(program("openssl", "openssl"), "verify", *given, *chained, *more, leaf)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_openssl_verifies_every_shape_strictly_for_its_names_alone(
    shape: Shape, tmp_path: Path
) -> None:
    chain = chain_of(shape)
    code, said = _verify(tmp_path, chain, "-verify_hostname", SERVED[shape.names[0]])
    assert code == 0, said
    code, said = _verify(tmp_path, chain, "-verify_hostname", "example.net")
    assert code != 0 and "hostname mismatch" in said


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_openssl_takes_the_lists_for_it_and_refuses_what_they_revoke(
    shape: Shape, tmp_path: Path
) -> None:
    chain = chain_of(shape)
    serial = chain.request.serial
    entry = revoked_entry(serial, chain.request.not_before, RevocationReason.KEY_COMPROMISE)
    for name, entries, word in (("good", (), ""), ("revoked", (entry,), "certificate revoked")):
        given = lists(crl_of(shape.issuer, entries), root_crl_of(shape.issuer))
        crls = write(tmp_path, f"{name}.pem", *given)
        for check in ("-crl_check", "-crl_check_all"):
            code, said = _verify(tmp_path, chain, check, "-CRLfile", crls)
            assert (code != 0) is bool(word), said
            assert word in said


@pytest.mark.parametrize("kind", ISSUERS)
@pytest.mark.parametrize("reasons", LISTS)
def test_openssl_checks_a_lists_signature_and_prints_what_is_on_it(
    kind: str, reasons: str, tmp_path: Path
) -> None:
    crl = write(tmp_path, "list.pem", *lists(crl_of(kind, entries_for(LISTS[reasons]))))
    issuing = write(tmp_path, "issuing.pem", chain_of(Shape(issuer=kind)).issuing)
    openssl = program("openssl", "openssl")
    done = run(openssl, "crl", "-in", crl, "-CAfile", issuing, "-verify", "-noout", "-text")
    assert "verify OK" in done.stderr
    assert done.stdout.count("Serial Number:") == len(LISTS[reasons])
    assert f"http://ca.example.org/crl/{issuer_of(kind).issuer_id}/3.crl" in done.stdout
    told = re.findall(r"CRL Reason Code: \n\s+(.+)", done.stdout)
    assert told == [REASONS[each] for each in LISTS[reasons] if each in REASONS]


def test_openssl_refuses_a_list_that_another_issuer_signed(tmp_path: Path) -> None:
    crl = write(tmp_path, "list.pem", *lists(crl_of("p256")))
    other = write(tmp_path, "other.pem", chain_of(Shape(issuer="p384")).issuing)
    done = run(program("openssl", "openssl"), "crl", "-in", crl, "-CAfile", other, "-verify")
    assert "verify OK" not in done.stderr


@pytest.mark.parametrize("reason", CaRevocationReason)
def test_openssl_refuses_what_an_issuing_ca_signed_that_is_on_its_roots_list(
    reason: CaRevocationReason, tmp_path: Path
) -> None:
    chain = chain_of(Shape())
    issuing = revoked_ca_entry(chain.issuing.serial_number, chain.request.not_before, reason)
    given = lists(crl_of(Shape().issuer), root_crl_of(Shape().issuer, [issuing]))
    crls = write(tmp_path, "lists.pem", *given)
    code, said = _verify(tmp_path, chain, "-crl_check_all", "-CRLfile", crls)
    assert code != 0
    assert "error 23 at 1 depth lookup: certificate revoked" in said


@pytest.mark.parametrize("kind", ISSUERS)
def test_openssl_verifies_the_root_list(kind: str, tmp_path: Path) -> None:
    crl = write(tmp_path, "list.pem", *lists(root_crl_of(kind)))
    root = write(tmp_path, "root.pem", chain_of(Shape(issuer=kind)).root)
    done = run(program("openssl", "openssl"), "crl", "-in", crl, "-CAfile", root, "-verify")
    assert "verify OK" in done.stderr
