"""The verifier of `cryptography`, strict by the web's rules, and a linter on all we issue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from tests.interop.made import (
    ISSUERS,
    LINTER,
    LISTS,
    NOW,
    SHAPES,
    Shape,
    chain_of,
    crl_of,
    entries_for,
    root_crl_of,
)
from tests.interop.test_openssl import SERVED
from vouchsafe.domain.linting import refusing


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_web_verifier_accepts_every_shape_for_its_names_alone(shape: Shape) -> None:
    chain = chain_of(shape)
    policy = PolicyBuilder().store(Store([chain.root])).time(NOW + timedelta(days=1))

    def verified(name: str) -> list[x509.Certificate]:
        verifier = policy.build_server_verifier(x509.DNSName(name))
        return verifier.verify(chain.leaf, [chain.issuing])

    assert verified(SERVED[shape.names[0]]) == [chain.leaf, chain.issuing, chain.root]
    with pytest.raises(VerificationError):
        verified("example.net")


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_linter_finds_nothing_to_refuse_in_what_was_signed(shape: Shape) -> None:
    """The draft was linted before; this is the certificate itself, under its real signature."""
    signed = chain_of(shape).leaf.public_bytes(Encoding.DER)
    assert refusing(LINTER.certificate(signed)) == ()


@pytest.mark.parametrize("kind", ISSUERS)
def test_the_linter_finds_nothing_to_refuse_in_the_cas(kind: str) -> None:
    chain = chain_of(Shape(issuer=kind))
    for certificate in (chain.issuing, chain.root):
        assert refusing(LINTER.certificate(certificate.public_bytes(Encoding.DER))) == ()


@pytest.mark.parametrize("kind", ISSUERS)
def test_the_linter_finds_nothing_to_refuse_in_the_lists(kind: str) -> None:
    for reasons in LISTS.values():
        assert refusing(LINTER.crl(crl_of(kind, entries_for(reasons)))) == ()
    assert refusing(LINTER.crl(root_crl_of(kind))) == ()
