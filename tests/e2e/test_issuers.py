"""A second issuing CA, of another key type, takes over; the first one's certificates live on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from deploy.regions import PERSPECTIVES
from tests.e2e.service import Service, until
from tests.e2e.test_main_path import revoke_and_see
from tests.lab.accounts import invoke
from tests.lab.client import send
from tests.lab.deploy import (
    PERSPECTIVE_STACK,
    deploy_primary,
    lab_parameters,
    outputs,
    primary_parameters,
)
from tests.lab.stack import Stack
from tests.lab.verification import Chain, OpenSsl
from vouchsafe.adapters.remembered import LIFE


def _ceremony(stack: Stack, action: str, **properties: Any) -> Any:
    """What an operator asks of the ceremony's function, and its answer."""
    answer = invoke(stack, stack.outputs["CeremonyFunction"], {"action": action, **properties})
    assert "errors" not in answer, answer
    return answer


def _refused(stack: Stack, action: str, **properties: Any) -> str:
    answer = invoke(stack, stack.outputs["CeremonyFunction"], {"action": action, **properties})
    return str(answer["errors"][0]["message"])


def _further_key(stack: Stack, spec: Any) -> str:
    """One more key in the key service, which the stack's signing roles then may use."""
    made = stack.emulator.client("kms").create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")
    arn = str(made["KeyMetadata"]["Arn"])
    perspectives = [
        outputs(stack.emulator, PERSPECTIVE_STACK, place.region)["Arn"] for place in PERSPECTIVES
    ]
    lab = lab_parameters(stack.options, stack.ports)
    parameters = primary_parameters(stack.options, lab, stack.front, perspectives)
    deploy_primary(stack.emulator, parameters | {"FurtherIssuingKeyArns": arn}, stack.logs)
    return arn


def test_an_issuer_with_another_key_type_takes_over_and_the_older_one_keeps_its_own(
    service: Service, tmp_path: Path
) -> None:
    stack = service.stack
    older = service.issue("older.issuers.lab.example.com")
    old_chain = service.chain(older["certificate"]["id"])

    key = _further_key(stack, "RSA_3072")
    wish = {"IssuerId": "e2", "KeyRef": key, "KeyType": "rsa_3072", "IssuingName": "Lab Issuing R2"}
    assert _ceremony(stack, "add", **wish)["State"] == "staged"
    assert _ceremony(stack, "add", **wish)["MadeNow"] == "false"
    assert "unpublished" in _refused(stack, "activate", IssuerId="e2")
    published = invoke(stack, stack.outputs["PublishCrlFunction"], {})["published"]
    assert {one["issuer_id"] for one in published} == {"e2"}
    waiting = service.place("waiting.issuers.lab.example.com")  # placed before the roll-over
    assert _ceremony(stack, "activate", IssuerId="e2")["SignsNow"] is True
    assert _ceremony(stack, "retire", IssuerId="e1")["State"] == "retired"
    time.sleep(LIFE + 1)  # containers remember who signs for so long

    newer = service.issue("newer.issuers.lab.example.com")
    new_chain = service.chain(newer["certificate"]["id"])
    service.prove(waiting["id"])
    service.check_now(waiting["id"])
    waited = service.until_status(waiting["id"], "issued")
    for chain in (new_chain, service.chain(waited["certificate"]["id"])):
        _assert_from(chain, "Lab Issuing R2", "e2", tmp_path)
        assert isinstance(chain.between[0].public_key(), rsa.RSAPublicKey)
    assert newer["certificate"]["ca_cert"]["id"] == "e2"

    again = service.chain(older["certificate"]["id"])
    assert again == old_chain
    _assert_from(again, "Vouchsafe Issuing E1", "e1", tmp_path)
    revoke_and_see(service, older["certificate"]["id"], old_chain, tmp_path)
    revoke_and_see(service, newer["certificate"]["id"], new_chain, tmp_path)

    listed = service.client.ask("GET", "certificate/intermediates")["intermediates"]
    names = {row["subject_common_name"] for row in listed}
    assert names >= {"Vouchsafe Issuing E1", "Lab Issuing R2"}
    told = {row["IssuerId"]: row["State"] for row in _ceremony(stack, "list")["Issuers"]}
    assert told == {"e1": "retired", "e2": "active"}


def _assert_from(chain: Chain, issuing: str, issuer_id: str, folder: Path) -> None:
    """The chain is that issuer's, points to that issuer's files, and OpenSSL accepts it."""
    subject = chain.between[0].subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert [name.value for name in subject] == [issuing]
    assert f"/crl/{issuer_id}/" in chain.crl_url
    access = chain.leaf.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    fetched = until(lambda: send("GET", access[0].access_location.value), 10, "its issuer's file")
    assert x509.load_der_x509_certificate(fetched.body) == chain.between[0]
    accepted, said = OpenSsl(folder).verify(chain)
    assert accepted, said
