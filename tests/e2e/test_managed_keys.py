"""Keys that the service makes: never seen until their owner takes them out, and then recorded."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from tests.e2e.service import Service, until
from tests.e2e.workers import workers, workers_can_be_found
from tests.lab.client import Response

PASSPHRASE = "correct horse battery"
NAME = "www.managed.lab.example.com"


def sent(certificate_name: str, *others: str) -> dict[str, Any]:
    """The body of a good order: no request."""
    return {
        "certificate": {"common_name": NAME, "dns_names": list(others)},
        "certificate_name": certificate_name,
        "order_validity": {"years": 1},
        "dcv_method": "dns-cname-token",
    }


def openssl(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def issued(service: Service) -> dict[str, Any]:
    """An order proven by CNAME and issued over a key of the service."""
    placed = service.try_order(sent("managed"), product="cloud_basic")
    assert placed.status == 201, placed.body
    order_id = placed.json()["id"]
    for one in service.client.order(order_id)["validations"]:
        assert one["record_type"] == "CNAME"
        label, _, rest = one["record_name"].partition(".")
        assert rest == NAME and len(label) == 33
        target = one["record_value"].partition(".")[0]
        assert target.startswith("_") and len(target) == 33
    service.prove(order_id)
    service.check_now(order_id)
    return service.until_status(order_id, "issued")


def export(service: Service, issued: dict[str, Any], **body: Any) -> Response:
    path = f"certificate/{issued['certificate']['id']}/private_key/export"
    headers = {"Accept": "*/*"}
    return service.client.call("POST", path, {"passphrase": PASSPHRASE} | body, headers)


def test_an_order_without_a_request_is_issued_over_a_key_of_the_service(
    service: Service, issued: dict[str, Any]
) -> None:
    assert "csr" not in issued["certificate"]
    assert (issued["certificate_status"], issued["certificate_name"]) == ("Normal", "managed")
    assert list(service.chain(issued["certificate"]["id"]).names) == [NAME]


def test_a_request_is_refused(service: Service) -> None:
    body = sent("refused")
    body["certificate"]["csr"] = "-----BEGIN CERTIFICATE REQUEST-----"
    answer = service.try_order(body, product="cloud_basic")
    assert (answer.status, answer.problem()[0]) == (400, "invalid_field|certificate.csr")


def test_openssl_reads_the_pkcs12_file_with_the_passphrase_alone(
    service: Service, issued: dict[str, Any], tmp_path: Path
) -> None:
    answer = export(service, issued, format="pkcs12")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/x-pkcs12")
    file = tmp_path / "key.p12"
    file.write_bytes(answer.body)
    arguments = ("pkcs12", "-in", str(file), "-nodes", "-passin")
    read = openssl(*arguments, f"pass:{PASSPHRASE}")
    assert read.returncode == 0, read.stderr
    assert read.stdout.count("BEGIN CERTIFICATE") == 2
    assert belongs(service, issued, read.stdout[read.stdout.index("-----BEGIN PRIVATE KEY") :])
    assert openssl(*arguments, "pass:another one here").returncode != 0


def test_openssl_reads_the_pem_file_with_the_passphrase_alone(
    service: Service, issued: dict[str, Any], tmp_path: Path
) -> None:
    answer = export(service, issued, format="pem")
    assert answer.status == 200, answer.body
    file = tmp_path / "key.pem"
    file.write_bytes(answer.body)
    read = openssl("pkey", "-in", str(file), "-passin", f"pass:{PASSPHRASE}")
    assert read.returncode == 0, read.stderr
    assert belongs(service, issued, read.stdout)
    assert openssl("pkey", "-in", str(file), "-passin", "pass:another one here").returncode != 0


def belongs(service: Service, issued: dict[str, Any], private: str) -> bool:
    """Whether a private key is that of the issued certificate as it is downloaded."""
    path = f"certificate/{issued['certificate']['id']}/download/format/pem"
    pem = service.client.call("GET", path, headers={"Accept": "*/*"}).body
    certified = x509.load_pem_x509_certificate(pem).public_key()
    key = load_pem_private_key(private.encode(), None).public_key()
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key.public_bytes(*form) == certified.public_bytes(*form)


def test_every_export_stands_in_the_audit_log_without_a_secret(
    service: Service, issued: dict[str, Any]
) -> None:
    assert export(service, issued, format="pkcs12", compatible=True).status == 200

    def told() -> Any:
        about = f"audit-log?object=certificate%20{issued['certificate']['id']}"
        rows = service.client.ask("GET", about)["entries"]
        mine = [row for row in rows if row["kind"] == "key_exported"]
        return [row for row in mine if row["after"].get("compatible")] and (mine, str(rows))

    mine, text = until(told, 30, "the export is in the log")
    assert {row["certificate_id"] for row in mine} == {issued["certificate"]["id"]}
    assert PASSPHRASE not in text and "PRIVATE" not in text


def test_another_account_finds_no_key(stranger: Service, issued: dict[str, Any]) -> None:
    answer = export(stranger, issued, format="pem")
    assert (answer.status, answer.problem()[0]) == (404, "not_found|certificate")


def test_a_reissue_has_a_key_of_its_own(service: Service, issued: dict[str, Any]) -> None:
    path = f"order/certificate/{issued['id']}/reissue"
    body = {
        "certificate": {"common_name": NAME, "dns_names": [], "server_platform": {"id": 45}},
        "skip_approval": True,
    }
    answer = service.client.call("POST", path, body)
    assert answer.status == 201, answer.body
    again = service.until_status(issued["id"], "issued")
    assert again["certificate"]["id"] != issued["certificate"]["id"]
    assert export(service, again, format="pem").status == 200
    old = export(service, issued, format="pem")
    assert old.status == 200  # a reissue revokes nothing


@pytest.mark.skipif(not workers_can_be_found(), reason="needs /proc to find their credentials")
def test_neither_function_signs_and_each_has_its_half_only(
    service: Service, issued: dict[str, Any]
) -> None:
    assert export(service, issued, format="pem").status == 200
    outputs = service.stack.outputs
    bound = {"order": str(issued["id"]), "certificate": str(issued["certificate"]["id"])}
    for name in ("make-key", "managed-keys-api"):
        kms = workers(service.stack, name)[0].client("kms", service.stack)
        for key in ("IssuingKeyArn", "RootKeyArn", "EvidenceKeyArn"):
            with pytest.raises(ClientError, match="AccessDenied"):
                kms.sign(KeyId=outputs[key], Message=b"anything", SigningAlgorithm="ECDSA_SHA_256")
    opener = workers(service.stack, "managed-keys-api")[0].client("kms", service.stack)
    with pytest.raises(ClientError, match="AccessDenied"):
        opener.generate_data_key_pair(
            KeyId=outputs["ManagedKeysKeyArn"],
            KeyPairSpec="ECC_NIST_P256",
            EncryptionContext=bound,
        )
    maker = workers(service.stack, "make-key")[0].client("kms", service.stack)
    wrapped = maker.generate_data_key_pair(
        KeyId=outputs["ManagedKeysKeyArn"], KeyPairSpec="ECC_NIST_P256", EncryptionContext=bound
    )["PrivateKeyCiphertextBlob"]
    with pytest.raises(ClientError, match="AccessDenied"):
        maker.decrypt(
            KeyId=outputs["ManagedKeysKeyArn"], CiphertextBlob=wrapped, EncryptionContext=bound
        )
    issuer = workers(service.stack, "issue-certificate")[0].client("kms", service.stack)
    with pytest.raises(ClientError, match="AccessDenied"):
        issuer.decrypt(
            KeyId=outputs["ManagedKeysKeyArn"], CiphertextBlob=wrapped, EncryptionContext=bound
        )
