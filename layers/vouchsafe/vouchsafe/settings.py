"""What a function is told of its surroundings: the environment, read once into a frozen object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

from .domain.issuers import KeyType, Trust
from .domain.limits import VENDOR_LIMITS, Limit, parse_limits
from .domain.products import ManagedKeyType
from .domain.profile_rules import NO_RULES, ProfileRules, parse_profile_rules


class Stage(StrEnum):
    """Where this runs. Only `local` accepts anything of the lab."""

    LOCAL = "local"
    STAGING = "staging"
    PRODUCTION = "production"


class SettingsError(Exception):
    """The environment is not one this function can work in; the message names the variable."""


def _words(text: str) -> tuple[str, ...]:
    """The non-empty parts of a comma separated list."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _seconds(text: str) -> timedelta:
    return timedelta(seconds=int(text))


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=int(text))


def _days(text: str) -> timedelta:
    return timedelta(days=int(text))


def _flag(text: str) -> bool:
    """`true` or `false`; anything else is a mistake worth stopping for."""
    if text not in {"true", "false"}:
        raise ValueError("must be true or false")
    return text == "true"


def _on_or_off(text: str) -> bool:
    """`on` or `off`; anything else is a mistake worth stopping for."""
    if text not in {"on", "off"}:
        raise ValueError("must be on or off")
    return text == "on"


def _address(text: str) -> tuple[str, int]:
    """`host:port` of one server."""
    host, _, port = text.rpartition(":")
    if not host:
        raise ValueError("must be host:port")
    return host, int(port)


def _from(variable: str, parse: Callable[[str], Any], default: Any = None) -> Any:
    """A field filled from an environment variable; empty counts as not given."""
    return field(default=default, metadata={"variable": variable, "parse": parse})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every variable any function reads. What a function needs it demands with `require`."""

    stage: Stage = _from("STAGE", Stage, Stage.PRODUCTION)
    log_level: str = _from("LOG_LEVEL", str, "INFO")

    table_name: str | None = _from("TABLE_NAME", str)
    limits_table_name: str | None = _from("LIMITS_TABLE_NAME", str)
    rate_limits: tuple[Limit, ...] = _from("RATE_LIMITS", parse_limits, VENDOR_LIMITS)
    store_bucket: str | None = _from("STORE_BUCKET", str)
    publication_bucket: str | None = _from("PUBLICATION_BUCKET", str)
    publication_url: str | None = _from("PUBLICATION_URL", lambda text: text.rstrip("/"))
    order_machine_arn: str | None = _from("ORDER_MACHINE_ARN", str)
    revocation_machine_arn: str | None = _from("REVOCATION_MACHINE_ARN", str)
    check_domain_function: str | None = _from("CHECK_DOMAIN_FUNCTION", str)
    lint_draft_function: str | None = _from("LINT_DRAFT_FUNCTION", str)
    notice_queue_url: str | None = _from("NOTICE_QUEUE_URL", str)
    evidence_queue_url: str | None = _from("EVIDENCE_QUEUE_URL", str)
    notice_reader: str | None = _from("NOTICE_READER", str)  # functions that read the queues
    evidence_reader: str | None = _from("EVIDENCE_READER", str)
    report_reader: str | None = _from("REPORT_READER", str)
    webhook_reader: str | None = _from("WEBHOOK_READER", str)
    event_bus_name: str | None = _from("EVENT_BUS_NAME", str)
    report_queue_url: str | None = _from("REPORT_QUEUE_URL", str)
    parked_queue_urls: tuple[str, ...] = _from("PARKED_QUEUE_URLS", _words, ())
    metrics_namespace: str = _from("POWERTOOLS_METRICS_NAMESPACE", str, "vouchsafe")
    webhook_queue_url: str | None = _from("WEBHOOK_QUEUE_URL", str)
    evidence_key_ref: str | None = _from("EVIDENCE_KEY_REF", str)
    mail_from: str | None = _from("MAIL_FROM", str)
    ses_configuration_set: str | None = _from("SES_CONFIGURATION_SET", str)
    operators_mail: tuple[str, ...] = _from("OPERATORS_MAIL", _words, ())
    canary_name: str | None = _from("CANARY_NAME", str)
    canary_zone_id: str | None = _from("CANARY_ZONE_ID", str)
    canary_every: timedelta = _from("CANARY_MINUTES", _minutes, timedelta(hours=1))
    base_url: str | None = _from("BASE_URL", lambda text: text.rstrip("/"))

    perspective_arns: tuple[str, ...] = _from("PERSPECTIVE_ARNS", _words, ())
    region: str = _from("AWS_REGION", str, "")  # set by Lambda itself
    perspective_name: str = _from("PERSPECTIVE_NAME", str, "primary")
    perspective_rir: str = _from("PERSPECTIVE_RIR", str, "ARIN")
    caa_domains: tuple[str, ...] = _from("CAA_DOMAINS", _words, ())
    dcv_domain: str | None = _from("DCV_DOMAIN", str)

    first_gap: timedelta = _from("FIRST_GAP_SECONDS", _seconds, timedelta(seconds=60))
    gap_growth_percent: int = _from("GAP_GROWTH_PERCENT", int, 8)
    gap_cap: timedelta = _from("GAP_CAP_SECONDS", _seconds, timedelta(minutes=30))
    window: timedelta = _from("WINDOW_SECONDS", _seconds, timedelta(hours=72))
    organization_wait: timedelta = _from("ORGANIZATION_WAIT_DAYS", _days, timedelta(days=90))

    subscriber_agreement_version: str = _from("SUBSCRIBER_AGREEMENT_VERSION", str, "1")

    issuer_trust: Trust = _from("ISSUER_TRUST", Trust, Trust.PRIVATE)
    whois_contacts: bool = _from("WHOIS_CONTACTS", _on_or_off, False)
    issuer_key_type: KeyType = _from("ISSUER_KEY_TYPE", KeyType, KeyType.EC_P256)
    root_key_ref: str | None = _from("ROOT_KEY_REF", str)
    issuing_key_ref: str | None = _from("ISSUING_KEY_REF", str)
    managed_keys: bool = _from("MANAGED_KEYS", _on_or_off, True)
    managed_key_ref: str | None = _from("MANAGED_KEY_REF", str)
    managed_key_type: ManagedKeyType = _from(
        "MANAGED_KEY_TYPE", ManagedKeyType, ManagedKeyType.EC_P256
    )
    key_blocklist: str | None = _from("KEY_BLOCKLIST", str)  # an object of the store bucket
    crl_shards: int = _from("CRL_SHARDS", int, 16)
    profile_rules: ProfileRules = _from("PROFILE_RULES", parse_profile_rules, NO_RULES)

    lab_dns_roots: tuple[str, ...] = _from("LAB_DNS_ROOTS", _words, ())
    lab_trust_anchors: tuple[str, ...] = _from("LAB_TRUST_ANCHORS", _words, ())
    lab_dns_port: int | None = _from("LAB_DNS_PORT", int)
    lab_dns_direct: tuple[str, int] | None = _from("LAB_DNS_DIRECT", _address)
    lab_http_port: int | None = _from("LAB_HTTP_PORT", int)
    lab_https_port: int | None = _from("LAB_HTTPS_PORT", int)
    lab_tls_roots: str | None = _from("LAB_TLS_ROOTS", str)  # a file of PEM certificates
    lab_loopback: bool = _from("LAB_LOOPBACK", _flag, False)
    lab_lint_waiver: bool = _from("LAB_LINT_WAIVER", _flag, False)

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Self:
        """Read `env`. Raises SettingsError naming the first variable that cannot be used."""
        given = {}
        for each in fields(cls):
            variable = each.metadata["variable"]
            text = env.get(variable, "").strip()
            if not text:
                continue
            try:
                given[each.name] = each.metadata["parse"](text)
            except ValueError as error:
                raise SettingsError(f"{variable}: {error}") from error
        settings = cls(**given)
        settings._refuse_lab_elsewhere()
        return settings

    def _refuse_lab_elsewhere(self) -> None:
        """The lab lets look-ups reach private addresses; nothing open to outsiders may do that."""
        if self.stage is Stage.LOCAL:
            return
        for each in fields(self):
            variable = each.metadata["variable"]
            if variable.startswith("LAB_") and getattr(self, each.name) != each.default:
                raise SettingsError(f"{variable}: accepted in stage local only, not {self.stage}")

    @property
    def asks_registries(self) -> bool:
        """Whether WHOIS names contacts: never beside a public issuer, whatever the switch says."""
        return self.whois_contacts and self.issuer_trust is Trust.PRIVATE

    def require(self, name: str) -> str:
        """The text of the field `name`. Raises SettingsError when it is not set."""
        value: str | None = getattr(self, name)
        if not value:
            raise SettingsError(f"{name.upper()} is not set")
        return value
