"""The parts that several function families are given, each made from the container's settings."""

from __future__ import annotations

import os
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from . import observability
from .clients import awaiting_client, bounded_client, client, lambda_in
from .settings import Settings

if TYPE_CHECKING:
    from .adapters.known_keys import S3KnownKeys
    from .adapters.lines import SqsLine
    from .adapters.remembered import RememberedIssuers
    from .adapters.s3 import S3CertificateStore, S3EvidenceStore, S3PacketStore, S3Publication
    from .adapters.stepfunctions import StepFunctionsWorkflow
    from .mail_ports import Registries
    from .outgoing_ports import Outgoing
    from .ports import DomainChecker, Linter, Looker, Perspectives
    from .trial_ports import TrialPorts

#: Seconds that dry runs wait for contacts, and then for the look and the linter.
_CONTACT_SECONDS = 6
_TRIAL_SECONDS = 15


@cache
def settings() -> Settings:
    """The environment of this container. Raises SettingsError when it cannot be used."""
    return Settings.from_environment(os.environ)


def table(adapter: str) -> Any:
    """The named adapter of the DynamoDB table, e.g. `DynamoLedger`."""
    from .adapters import dynamodb

    return getattr(dynamodb, adapter)(client("dynamodb"), settings().require("table_name"))


def metered_ledger() -> Any:
    """The order book of those who end certificates: what they commit is counted."""
    from .adapters.metered import MeteredLedger

    return MeteredLedger(table("DynamoLedger"), observability.tell)


def metered_looks() -> Any:
    """Where looks are kept, each of them counted."""
    from .adapters.metered import MeteredLooks

    return MeteredLooks(table("DynamoLooks"), observability.tell)


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


def issuers() -> RememberedIssuers:
    """The issuing CAs, asked for once a minute."""
    from .adapters.remembered import RememberedIssuers

    return RememberedIssuers(table("DynamoIssuers"))


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


@cache
def line(name: str) -> SqsLine:
    """The line of that name, one of `bootstrap_lines.LINES`: who sends and who reads share it."""
    from .adapters.lines import SqsLine

    return SqsLine(
        client("sqs"),
        settings().require(f"{name}_queue_url"),
        invoker=partial(client, "lambda"),
        reader=getattr(settings(), f"{name}_reader"),
    )


def queue() -> Any:
    """The queue of numbered changes. Issues go to be packed, CAA's refusals to be posted, what is
    shared on the bus, and what may concern webhooks to them, too."""
    from .adapters.eventbridge import EventBusQueue
    from .adapters.sqs import ForkedQueue, LinedNotices
    from .domain.changes import ChangeKind
    from .domain.shared_changes import SHARED
    from .services.webhook_waking import WAKING

    notices = LinedNotices(line("notice"))
    to_pack = LinedNotices(line("evidence"))
    to_post = LinedNotices(line("report"))
    bus = EventBusQueue(client("events"), settings().require("event_bus_name"))
    packed = ForkedQueue(notices, to_pack, [ChangeKind.CERTIFICATE_ISSUED])
    posted = ForkedQueue(packed, to_post, [ChangeKind.CAA_REFUSED])
    to_webhooks = LinedNotices(line("webhook"))
    return ForkedQueue(ForkedQueue(posted, to_webhooks, WAKING), bus, SHARED)


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


def domain_checker() -> DomainChecker:
    """Has a checker look at a domain, now."""
    from .adapters.domain_checker import LambdaDomainChecker

    function = settings().require("check_domain_function")
    return LambdaDomainChecker(awaiting_client("lambda"), function)


def trial() -> TrialPorts:
    """The functions that dry runs are made with: each is given up in time."""
    from .adapters.contact_finder import LambdaContactFinder
    from .adapters.trial import LambdaFirstLook, LambdaLintOnly
    from .trial_ports import TrialPorts

    checker = settings().require("check_domain_function")
    patient = bounded_client("lambda", _TRIAL_SECONDS)
    return TrialPorts(
        policies=table("DynamoPolicies"),
        issuers=table("DynamoIssuers"),
        first_look=LambdaFirstLook(patient, checker),
        linter=LambdaLintOnly(patient, settings().require("lint_draft_function")),
        contacts=LambdaContactFinder(bounded_client("lambda", _CONTACT_SECONDS), checker),
        publication_url=settings().require("publication_url"),
        profile_rules=settings().profile_rules,
        agreement=settings().subscriber_agreement_version,
    )
