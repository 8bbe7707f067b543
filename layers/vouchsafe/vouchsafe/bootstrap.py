"""The composition root: settings become adapters become what a function family is given.

One builder per family, made once per container. Adapters are imported inside the builders, so that
a function loads the libraries of its own family and no others.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from . import dependencies as give
from . import parts
from .adapters.clock import OsEntropy, SystemClock, pause
from .clients import client, hasty_client

if TYPE_CHECKING:
    from .ports import RateLimits
    from .services import issuance, publishing


def _caller(*, limits: RateLimits | None = None) -> dict[str, Any]:
    """Who calls, when, how often, and where things are kept."""
    return {
        "limits": limits,
        "settings": parts.settings(),
        "clock": SystemClock(),
        "entropy": OsEntropy(),
        "accounts": parts.table("DynamoAccounts"),
        "ledger": parts.table("DynamoLedger"),
    }


def _limited() -> dict[str, Any]:
    """What every function behind the API is given."""
    from .adapters.dynamodb import DynamoRateLimits

    table = parts.settings().require("limits_table_name")
    return _caller(limits=DynamoRateLimits(hasty_client("dynamodb"), table))


@cache
def orders_api() -> give.OrdersApi:
    return give.OrdersApi(
        **_limited(),
        reviews=parts.table("DynamoReviews"),
        looks=parts.table("DynamoLooks"),
        lists=parts.table("DynamoOrderLists"),
        workflow=parts.workflow(),
        issuers=parts.issuers(),
        store=parts.store(),
        messages=parts.table("DynamoApprovalMessages"),
        domains=parts.table("DynamoDomains"),
        contacts=parts.contact_finder(),
        trial=parts.trial(),
        known_keys=parts.known_keys(),
    )


@cache
def certificates_api() -> give.CertificatesApi:
    return give.CertificatesApi(
        **_limited(),
        issuers=parts.table("DynamoIssuers"),
        store=parts.store(),
        packets=parts.packets(),
    )


@cache
def requests_api() -> give.RequestsApi:
    return give.RequestsApi(
        **_limited(), workflow=parts.workflow(), policies=parts.table("DynamoPolicies")
    )


def _vetting() -> dict[str, Any]:
    """What everybody is given who may open a gate that certificates wait at."""
    return {
        **_limited(),
        "feed": parts.table("DynamoFeed"),
        "reviews": parts.table("DynamoReviews"),
        "parked": parts.table("DynamoParkedList"),
        "workflow": parts.workflow(),
    }


@cache
def accounts_api() -> give.DomainsApi:
    return give.DomainsApi(
        **_vetting(),
        domains=parts.table("DynamoDomains"),
        checker=parts.domain_checker(),
        webhooks=parts.table("DynamoWebhooks"),
    )


@cache
def operators_api() -> give.OperatorsApi:
    return give.OperatorsApi(
        **_vetting(),
        policies=parts.table("DynamoPolicies"),
        evidence=parts.evidence(),
        keys=parts.table("DynamoKeyBook"),
        issuers=parts.table("DynamoIssuers"),
        cases=parts.table("DynamoCases"),
    )


@cache
def accounts() -> give.AccountMaking:
    return give.AccountMaking(**_caller())


@cache
def check_order() -> give.Checking:
    return give.Checking(
        settings=parts.settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=parts.metered_ledger(),
        looks=parts.metered_looks(),
        looker=parts.looker(),
        perspectives=parts.perspectives(),
        policies=parts.table("DynamoPolicies"),
    )


@cache
def check_domain() -> give.CheckingDomains:
    return give.CheckingDomains(
        settings=parts.settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=parts.table("DynamoLedger"),
        domains=parts.table("DynamoDomains"),
        looker=parts.looker(),
        perspectives=parts.perspectives(),
    )


@cache
def issue_certificate() -> issuance.Ports:
    from .adapters.kms import KmsCertificateSigner
    from .services import issuance

    ledger = parts.metered_ledger()
    return issuance.Ports(
        ledger=ledger,
        desks=ledger,
        policies=parts.table("DynamoPolicies"),
        issuers=parts.issuers(),
        store=parts.store(),
        signer=KmsCertificateSigner(client("kms")),
        linter=parts.linter(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        publication_url=parts.settings().require("publication_url"),
        agreement=parts.settings().subscriber_agreement_version,
        known_keys=parts.known_keys(),
        profile_rules=parts.settings().profile_rules,
    )


def _revoking(ledger: Any) -> give.Revoking:
    return give.Revoking(
        settings=parts.settings(), clock=SystemClock(), entropy=OsEntropy(), ledger=ledger
    )


@cache
def record_revocation() -> give.Revoking:
    return _revoking(parts.table("DynamoLedger"))


@cache
def publish_crl() -> publishing.Ports:
    from .adapters.kms import KmsCrlSigner
    from .services import publishing

    return publishing.Ports(
        ledger=parts.table("DynamoLedger"),
        issuers=parts.table("DynamoIssuers"),
        revocations=parts.table("DynamoRevocations"),
        publication=parts.publication(),
        signer=KmsCrlSigner(client("kms")),
        linter=parts.linter(),
        clock=SystemClock(),
        pause=pause,
        publication_url=parts.settings().require("publication_url"),
    )


@cache
def announce_revocation() -> give.Revoking:
    return _revoking(parts.metered_ledger())


@cache
def ceremony() -> give.Ceremony:
    from .adapters.kms import KmsCeremonyKeys

    return give.Ceremony(
        settings=parts.settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=parts.table("DynamoLedger"),
        issuers=parts.table("DynamoIssuers"),
        keys=KmsCeremonyKeys(client("kms")),
        publication=parts.publication(),
        linter=parts.linter(),
    )


@cache
def number_changes() -> give.NumberingChanges:
    return give.NumberingChanges(
        settings=parts.settings(),
        clock=SystemClock(),
        ledger=parts.table("DynamoLedger"),
        names=parts.table("DynamoNameIndex"),
        domains=parts.table("DynamoDomains"),
        feed=parts.table("DynamoFeed"),
        queue=parts.queue(),
        parked=parts.table("DynamoParkedList"),
        workflow=parts.workflow(),
    )


@cache
def reconcile() -> give.Reconciling:
    return give.Reconciling(
        settings=parts.settings(),
        clock=SystemClock(),
        entropy=OsEntropy(),
        ledger=parts.table("DynamoLedger"),
        work=parts.table("DynamoWorkList"),
        feed=parts.table("DynamoFeed"),
        names=parts.table("DynamoNameIndex"),
        domains=parts.table("DynamoDomains"),
        queue=parts.queue(),
        parked=parts.table("DynamoParkedList"),
        workflow=parts.workflow(),
    )
