"""The functions as deployed: real handlers, the environment of the template, moto for AWS."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.contracts.aws import TABLE, make_machine, make_table
from tests.contracts.kms import DigestingKms, teach_pairs
from vouchsafe import (
    bootstrap,
    bootstrap_canary,
    bootstrap_clock,
    bootstrap_evidence,
    bootstrap_keys,
    bootstrap_mail,
    bootstrap_outgoing,
    bootstrap_watch,
    bootstrap_webhooks,
    clients,
    parts,
)

_REGION = "us-east-1"
_CACHED = [
    each
    for module in (
        bootstrap,
        bootstrap_canary,
        bootstrap_clock,
        bootstrap_evidence,
        bootstrap_keys,
        bootstrap_mail,
        bootstrap_outgoing,
        bootstrap_watch,
        bootstrap_webhooks,
        clients,
        parts,
    )
    for each in vars(module).values()
    if hasattr(each, "cache_clear")
]


def _forget() -> None:
    """What a container made once belongs to one test only."""
    for each in _CACHED:
        each.cache_clear()


def _key(spec: str) -> str:
    made = boto3.client("kms").create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")
    return str(made["KeyMetadata"]["Arn"])


def _wrapping_key() -> str:
    made = boto3.client("kms").create_key(KeyUsage="ENCRYPT_DECRYPT")
    return str(made["KeyMetadata"]["Arn"])


def _zone(name: str) -> str:
    made = boto3.client("route53").create_hosted_zone(Name=name, CallerReference="canary")
    return str(made["HostedZone"]["Id"]).rpartition("/")[2]


def _made() -> dict[str, str]:
    """Everything the template makes, and the variables that tell of it."""
    make_table(boto3.client("dynamodb"))
    s3 = boto3.client("s3")
    for bucket in ("store", "publication"):
        s3.create_bucket(Bucket=bucket)
    queue = boto3.client("sqs").create_queue(
        QueueName="notices.fifo", Attributes={"FifoQueue": "true"}
    )
    to_pack = boto3.client("sqs").create_queue(
        QueueName="evidence.fifo", Attributes={"FifoQueue": "true"}
    )
    to_post = boto3.client("sqs").create_queue(
        QueueName="reports.fifo", Attributes={"FifoQueue": "true"}
    )
    to_hooks = boto3.client("sqs").create_queue(
        QueueName="webhooks.fifo", Attributes={"FifoQueue": "true"}
    )
    ses = boto3.client("sesv2")
    ses.create_email_identity(EmailIdentity="ca@example.com")
    ses.create_configuration_set(ConfigurationSetName="mail")
    machines = boto3.client("stepfunctions")
    return {
        "TABLE_NAME": TABLE,
        "LIMITS_TABLE_NAME": "limits",  # not made: who cannot be counted is served
        "STORE_BUCKET": "store",
        "PUBLICATION_BUCKET": "publication",
        "PUBLICATION_URL": "http://ca.example.com",
        "NOTICE_QUEUE_URL": queue["QueueUrl"],
        "EVIDENCE_QUEUE_URL": to_pack["QueueUrl"],
        "NOTICE_READER": "send-mail",
        "EVIDENCE_READER": "pack-evidence",
        "REPORT_READER": "send-reports",
        "WEBHOOK_READER": "send-webhooks",
        "EVENT_BUS_NAME": "default",
        "REPORT_QUEUE_URL": to_post["QueueUrl"],
        "PARKED_QUEUE_URLS": f"{queue['QueueUrl']},{to_post['QueueUrl']}",
        "WEBHOOK_QUEUE_URL": to_hooks["QueueUrl"],
        "EVIDENCE_KEY_REF": _key("ECC_NIST_P256"),
        "MANAGED_KEY_REF": _wrapping_key(),
        "MAIL_FROM": "ca@example.com",
        "SES_CONFIGURATION_SET": "mail",
        "BASE_URL": "https://api.example.com/services/v2",
        "ORDER_MACHINE_ARN": make_machine(machines, "order"),
        "REVOCATION_MACHINE_ARN": make_machine(machines, "revocation"),
        "CAA_DOMAINS": "ca.example.com",
        "DCV_DOMAIN": "ca.example.com",
        "CRL_SHARDS": "4",
        "CANARY_NAME": "canary.example.com",
        "CANARY_ZONE_ID": _zone("canary.example.com"),
        "ROOT_KEY_REF": _key("ECC_NIST_P384"),
        "ISSUING_KEY_REF": _key("ECC_NIST_P256"),
    }


def _sign(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
    """The answer of kms:Sign for a digest, which moto would hash once more."""
    asked = json.loads(params["body"])
    asked["Message"] = base64.b64decode(asked["Message"])
    return SimpleNamespace(status_code=200), DigestingKms(boto3.client("kms")).sign(**asked)


#: The functions that were called and not waited for, in the test that runs.
CALLED: list[str] = []


def _called(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
    """Lambda's answer to a call that nobody waits for."""
    assert params["headers"]["X-Amz-Invocation-Type"] == "Event"
    CALLED.append(params["url_path"].split("/")[-2])
    return SimpleNamespace(status_code=202), {"StatusCode": 202}


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A deployment without its functions; the variables they are given."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", _REGION)
    with mock_aws():
        _forget()
        variables: dict[str, Any] = _made()
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        clients.client("kms").meta.events.register("before-call.kms.Sign", _sign)
        teach_pairs(clients.client("kms"))
        CALLED.clear()
        clients.client("lambda").meta.events.register("before-call.lambda.Invoke", _called)
        yield variables
        _forget()
