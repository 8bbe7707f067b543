"""Brings the CA hierarchy to life: as a custom resource of the stack, or when an operator asks.

Direct: {"action": "ensure"}, with names as in `_PROPERTIES` where the defaults do not suit. A
hierarchy under public trust is made by an operator's direct invocation only, except in stage local.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vouchsafe import bootstrap
from vouchsafe.adapters.cloudformation import as_custom_resource
from vouchsafe.dependencies import Ceremony
from vouchsafe.domain.hierarchy import HierarchyConfig
from vouchsafe.domain.issuers import Trust
from vouchsafe.observability import logger
from vouchsafe.services.ceremony import Ports, ensure_hierarchy
from vouchsafe.settings import Stage

#: What the caller may name, as CloudFormation spells properties.
_PROPERTIES = {
    "IssuerId": "issuer_id",
    "RootName": "root_name",
    "IssuingName": "issuing_name",
    "Organization": "organization",
    "Country": "country",
}
_OPERATOR_STEP = (
    "This issuer is public: its hierarchy is made by hand only. Invoke this function directly with "
    '{"action": "ensure"} in the presence of the witnesses that your practice statement names.'
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A CloudFormation custom resource event, or {"action": "ensure", …properties}."""
    return serve(event, context, bootstrap.ceremony)


def serve(event: dict[str, Any], context: Any, ceremony: Callable[[], Ceremony]) -> dict[str, Any]:
    """Do what `event` asks with what `ceremony` gives. Raises ValueError for an unknown action."""
    if "ResponseURL" in event:
        return as_custom_resource(
            event, "vouchsafe-ca-hierarchy", lambda: _on_stack_event(event, ceremony)
        )
    if event.get("action") != "ensure":
        raise ValueError('the only action is "ensure"')
    return _ensure(ceremony(), event)


def _on_stack_event(event: Mapping[str, Any], ceremony: Callable[[], Ceremony]) -> dict[str, Any]:
    """Deleting never comes here: keys, certificates and records outlive the stack."""
    made = ceremony()
    settings = made.settings
    if settings.issuer_trust is Trust.PUBLIC and settings.stage is not Stage.LOCAL:
        logger().warning("ceremony.operator_needed")
        return {"IssuerId": "", "Operator": _OPERATOR_STEP}
    return _ensure(made, event.get("ResourceProperties", {}))


def _ensure(ceremony: Ceremony, properties: Mapping[str, Any]) -> dict[str, Any]:
    settings = ceremony.settings
    named = {field: str(properties[key]) for key, field in _PROPERTIES.items() if key in properties}
    config = HierarchyConfig(
        publication_url=settings.require("publication_url"),
        root_key_ref=settings.require("root_key_ref"),
        issuing_key_ref=settings.require("issuing_key_ref"),
        issuing_key_type=settings.issuer_key_type,
        trust=settings.issuer_trust,
        shards=settings.crl_shards,
        **named,
    )
    ports = Ports(
        keys=ceremony.keys,
        ledger=ceremony.ledger,
        issuers=ceremony.issuers,
        publication=ceremony.publication,
        linter=ceremony.linter,
        clock=ceremony.clock,
        entropy=ceremony.entropy,
    )
    hierarchy = ensure_hierarchy(ports=ports, config=config)
    issuer = hierarchy.issuer
    outcome = {
        "IssuerId": issuer.issuer_id,
        "NotAfter": issuer.not_after.isoformat(),
        "RootUrl": config.root_url,
        "IssuerUrl": config.issuing_url,
        "MadeNow": "true" if hierarchy.made_now else "false",
    }
    noted = [f"{each.severity.name} {each.code}" for each in hierarchy.findings]
    logger().info("ceremony.ensured", extra={**outcome, "findings": noted})
    return outcome
