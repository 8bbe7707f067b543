"""The composition root: settings become adapters become what a function family is given.

One builder per family, made once per container. Adapters are imported inside the builders, so that
a function loads the libraries of its own family and no others.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from . import dependencies as give
from .adapters.clock import OsEntropy, SystemClock
from .clients import client, lambda_in
from .settings import Settings

if TYPE_CHECKING:
    from .adapters.s3 import S3CertificateStore, S3Publication
    from .adapters.stepfunctions import StepFunctionsWorkflow
    from .ports import Linter, Looker
    from .services import issuance, publishing


@cache
def settings() -> Settings:
    """The environment of this container. Raises SettingsError when it cannot be used."""
    return Settings.from_environment(os.environ)


def _table(adapter: str) -> Any:
    """The named adapter of the DynamoDB table, e.g. `DynamoLedger`."""
    from .adapters import dynamodb

    return getattr(dynamodb, adapter)(client("dynamodb"), settings().require("table_name"))


def _store() -> S3CertificateStore:
    from .adapters.s3 import S3CertificateStore

    return S3CertificateStore(client("s3"), settings().require("store_bucket"))


def _publication() -> S3Publication:
    from .adapters.s3 import S3Publication

    return S3Publication(client("s3"), settings().require("publication_bucket"))


def _workflow() -> StepFunctionsWorkflow:
    from .adapters.stepfunctions import StepFunctionsWorkflow

    return StepFunctionsWorkflow(
        client("stepfunctions"),
        order_machine_arn=settings().require("order_machine_arn"),
        revocation_machine_arn=settings().require("revocation_machine_arn"),
    )


def _linter() -> Linter:
    from .adapters.pkilint import PkilintLinter

    return PkilintLinter(waive_local_urls=settings().lab_lint_waiver)


def _queue() -> Any:
    from .adapters.sqs import SqsNoticeQueue

    return SqsNoticeQueue(client("sqs"), settings().require("notice_queue_url"))


def _looker() -> Looker:
    from .adapters.looker import network_looker

    return network_looker(settings())


def _caller() -> dict[str, Any]:
    """What every function behind the API is given."""
    return {
        "settings": settings(),
        "clock": SystemClock(),
        "entropy": OsEntropy(),
        "accounts": _table("DynamoAccounts"),
        "ledger": _table("DynamoLedger"),
    }


@cache
def orders_api() -> give.OrdersApi:
    return give.OrdersApi(
        **_caller(), looks=_table("DynamoLooks"), workflow=_workflow(), store=_store()
    )


@cache
def certificates_api() -> give.CertificatesApi:
    return give.CertificatesApi(**_caller(), issuers=_table("DynamoIssuers"), store=_store())


@cache
def requests_api() -> give.RequestsApi:
    return give.RequestsApi(**_caller(), workflow=_workflow())


@cache
def accounts() -> give.AccountMaking:
    return give.AccountMaking(**_caller())


@cache
def check_order() -> give.Checking:
    from .adapters.perspectives import LambdaPerspectives

    return give.Checking(
        settings=settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=_table("DynamoLedger"),
        looks=_table("DynamoLooks"),
        looker=_looker(),
        perspectives=LambdaPerspectives(settings().perspective_arns, lambda_in),
    )


@cache
def issue_certificate() -> issuance.Ports:
    from .adapters.kms import KmsCertificateSigner
    from .services import issuance

    return issuance.Ports(
        ledger=_table("DynamoLedger"),
        issuers=_table("DynamoIssuers"),
        store=_store(),
        signer=KmsCertificateSigner(client("kms")),
        linter=_linter(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        publication_url=settings().require("publication_url"),
    )


@cache
def record_revocation() -> give.RecordingRevocation:
    return give.RecordingRevocation(
        settings=settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=_table("DynamoLedger"),
    )


@cache
def publish_crl() -> publishing.Ports:
    from .adapters.kms import KmsCrlSigner
    from .services import publishing

    return publishing.Ports(
        ledger=_table("DynamoLedger"),
        issuers=_table("DynamoIssuers"),
        revocations=_table("DynamoRevocations"),
        publication=_publication(),
        signer=KmsCrlSigner(client("kms")),
        linter=_linter(),
        clock=SystemClock(),
        publication_url=settings().require("publication_url"),
    )


@cache
def announce_revocation() -> give.AnnouncingRevocation:
    return give.AnnouncingRevocation(
        settings=settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=_table("DynamoLedger"),
    )


@cache
def ceremony() -> give.Ceremony:
    from .adapters.kms import KmsCeremonyKeys

    return give.Ceremony(
        settings=settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=_table("DynamoLedger"),
        issuers=_table("DynamoIssuers"),
        keys=KmsCeremonyKeys(client("kms")),
        publication=_publication(),
        linter=_linter(),
    )


@cache
def number_changes() -> give.NumberingChanges:
    return give.NumberingChanges(
        settings=settings(), clock=SystemClock(), feed=_table("DynamoFeed"), queue=_queue()
    )


@cache
def send_mail() -> give.SendingMail:
    from .adapters.ses import SesMailer

    mailer = SesMailer(
        client("sesv2"),
        sender=settings().require("mail_from"),
        configuration_set=settings().require("ses_configuration_set"),
    )
    return give.SendingMail(
        settings=settings(),
        clock=SystemClock(),
        ledger=_table("DynamoLedger"),
        accounts=_table("DynamoAccounts"),
        store=_store(),
        claims=_table("DynamoClaims"),
        mailer=mailer,
    )


@cache
def reconcile() -> give.Reconciling:
    return give.Reconciling(
        settings=settings(),
        clock=SystemClock(),
        ledger=_table("DynamoLedger"),
        work=_table("DynamoWorkList"),
        feed=_table("DynamoFeed"),
        queue=_queue(),
        workflow=_workflow(),
    )


@cache
def perspective() -> give.Looking:
    return give.Looking(settings=settings(), looker=_looker())
