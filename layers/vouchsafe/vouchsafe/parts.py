"""The parts that several function families are given, each made from the container's settings."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from .clients import awaiting_client, client, lambda_in
from .settings import Settings

if TYPE_CHECKING:
    from .adapters.known_keys import S3KnownKeys
    from .adapters.s3 import S3CertificateStore, S3EvidenceStore, S3PacketStore, S3Publication
    from .adapters.stepfunctions import StepFunctionsWorkflow
    from .mail_ports import Registries
    from .outgoing_ports import Outgoing
    from .ports import Linter, Looker, Perspectives


@cache
def settings() -> Settings:
    """The environment of this container. Raises SettingsError when it cannot be used."""
    return Settings.from_environment(os.environ)


def table(adapter: str) -> Any:
    """The named adapter of the DynamoDB table, e.g. `DynamoLedger`."""
    from .adapters import dynamodb

    return getattr(dynamodb, adapter)(client("dynamodb"), settings().require("table_name"))


def store() -> S3CertificateStore:
    """The bucket that certificates are written to, once each."""
    from .adapters.s3 import S3CertificateStore

    return S3CertificateStore(client("s3"), settings().require("store_bucket"))


def known_keys() -> S3KnownKeys | None:
    """The operator's list of known keys, in the store bucket; None without one."""
    name = settings().key_blocklist
    if not name:
        return None
    from .adapters.known_keys import S3KnownKeys

    return S3KnownKeys(client("s3"), settings().require("store_bucket"), name)


def evidence() -> S3EvidenceStore:
    """The same bucket, for files about organizations."""
    from .adapters.s3 import S3EvidenceStore

    return S3EvidenceStore(client("s3"), settings().require("store_bucket"))


def publication() -> S3Publication:
    """The bucket that anybody reads through the distribution."""
    from .adapters.s3 import S3Publication

    return S3Publication(client("s3"), settings().require("publication_bucket"))


def workflow() -> StepFunctionsWorkflow:
    """The two state machines."""
    from .adapters.stepfunctions import StepFunctionsWorkflow

    return StepFunctionsWorkflow(
        client("stepfunctions"),
        order_machine_arn=settings().require("order_machine_arn"),
        revocation_machine_arn=settings().require("revocation_machine_arn"),
    )


def linter() -> Linter:
    """The third-party linter."""
    from .adapters.pkilint import PkilintLinter

    return PkilintLinter(waive_local_urls=settings().lab_lint_waiver)


def queue() -> Any:
    """The queue of numbered changes; those of issue go to be packed, too, and CAA's refusals to be
    posted."""
    from .adapters.sqs import ForkedQueue, SqsNoticeQueue
    from .domain.changes import ChangeKind

    notices = SqsNoticeQueue(client("sqs"), settings().require("notice_queue_url"))
    to_pack = SqsNoticeQueue(client("sqs"), settings().require("evidence_queue_url"))
    to_post = SqsNoticeQueue(client("sqs"), settings().require("report_queue_url"))
    packed = ForkedQueue(notices, to_pack, [ChangeKind.CERTIFICATE_ISSUED])
    return ForkedQueue(packed, to_post, [ChangeKind.CAA_REFUSED])


def packets() -> S3PacketStore:
    """The store's bucket, for the evidence of certificates."""
    from .adapters.s3 import S3PacketStore

    return S3PacketStore(client("s3"), settings().require("store_bucket"))


def looker() -> Looker:
    """Looks from where this function runs."""
    from .adapters.looker import network_looker

    return network_looker(settings())


def outgoing() -> Outgoing:
    """Posts to https addresses that outsiders named; for senders alone, which do nothing else."""
    from .adapters.fenced_post import fenced_post

    return fenced_post(settings())


def registries() -> Registries | None:
    """WHOIS, where the switch is on and the issuer private."""
    if not settings().asks_registries:
        return None
    from .adapters.whois import whois_client

    return whois_client(settings())


def perspectives() -> Perspectives:
    """The remote perspectives of this deployment. Raises ValueError for places too near."""
    from .adapters.perspectives import LambdaPerspectives

    return LambdaPerspectives(settings().perspective_arns, lambda_in, home=settings().region)


def contact_finder() -> Any:
    """Has a checker look up whom DNS names as contacts."""
    from .adapters.contact_finder import LambdaContactFinder

    return LambdaContactFinder(
        awaiting_client("lambda"), settings().require("check_domain_function")
    )
