"""Brings CAs to life: as a custom resource of the stack, or when an operator asks.

Direct: {"action": …} with one of `_ACTIONS`, and properties as in docs/ca-hierarchy.md. A hierarchy
under public trust is made by an operator's direct invocation only, except in stage local.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vouchsafe import bootstrap
from vouchsafe.adapters.cloudformation import as_custom_resource
from vouchsafe.api.ceremony_events import Given, made, row
from vouchsafe.api.problems import error_body
from vouchsafe.dependencies import Ceremony
from vouchsafe.domain.errors import Flaw, VouchsafeError, invalid
from vouchsafe.domain.issuers import Trust
from vouchsafe.observability import logger
from vouchsafe.services.accounts import DEPLOYMENT
from vouchsafe.services.ca_signing import Ports
from vouchsafe.services.ceremony import ensure_hierarchy
from vouchsafe.services.issuer_ceremony import add_issuer, import_issuer, request_issuer
from vouchsafe.services.issuer_changes import (
    activate_issuer,
    retire_issuer,
    revoke_issuer,
    served_now,
)
from vouchsafe.services.root_crls import publish_root_crl
from vouchsafe.settings import Stage

_OPERATOR_STEP = (
    "This issuer is public: its hierarchy is made by hand only. Invoke this function directly with "
    '{"action": "ensure"} in the presence of the witnesses that your practice statement names.'
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A CloudFormation custom resource event, or {"action": …, …properties}."""
    return serve(event, context, bootstrap.ceremony)


def serve(event: dict[str, Any], context: Any, ceremony: Callable[[], Ceremony]) -> dict[str, Any]:
    """Do what `event` asks with what `ceremony` gives; what is refused is answered as `errors`."""
    del context
    if "ResponseURL" in event:
        return as_custom_resource(
            event, "vouchsafe-ca-hierarchy", lambda: _on_stack_event(event, ceremony)
        )
    try:
        return _on_request(event, ceremony)
    except VouchsafeError as refused:
        logger().warning("ceremony.refused", extra={"why": refused.detail})
        return error_body(refused)


def _on_stack_event(event: Mapping[str, Any], ceremony: Callable[[], Ceremony]) -> dict[str, Any]:
    """Deleting never comes here: keys, certificates and records outlive the stack.

    With the property `Only: settings`, all that is asked is whether the settings can be read.
    """
    given = ceremony()
    settings = given.settings
    if event.get("ResourceProperties", {}).get("Only") == "settings":
        return {"ProfileRules": f"{len(settings.profile_rules.rows)} rules"}
    if settings.issuer_trust is Trust.PUBLIC and settings.stage is not Stage.LOCAL:
        logger().warning("ceremony.operator_needed")
        return {"IssuerId": "", "Operator": _OPERATOR_STEP}
    return _ensure(Given(event.get("ResourceProperties", {}), settings), _ports(given), "system")


def _on_request(event: Mapping[str, Any], ceremony: Callable[[], Ceremony]) -> dict[str, Any]:
    action = _ACTIONS.get(event.get("action", ""))
    if action is None:
        raise invalid(Flaw("action", f"must be one of {', '.join(_ACTIONS)}"))
    given = ceremony()
    return action(Given(event, given.settings), _ports(given), DEPLOYMENT)


def _ports(given: Ceremony) -> Ports:
    return Ports(
        keys=given.keys,
        ledger=given.ledger,
        issuers=given.issuers,
        publication=given.publication,
        linter=given.linter,
        clock=given.clock,
        entropy=given.entropy,
    )


def _ensure(given: Given, ports: Ports, actor: str) -> dict[str, Any]:
    config = given.config()
    hierarchy = ensure_hierarchy(ports=ports, config=config, actor=actor)
    outcome = made(hierarchy) | {"RootUrl": config.root_url, "IssuerUrl": config.issuing_url}
    noted = [f"{each.severity.name} {each.code}" for each in hierarchy.findings]
    logger().info("ceremony.ensured", extra={**outcome, "findings": noted})
    return outcome


def _add(given: Given, ports: Ports, actor: str) -> dict[str, Any]:
    parent = ports.issuers.get(given.text("Parent", "e1"))
    if parent is None:
        raise invalid(Flaw("Parent", "is no issuer on record"))
    hierarchy = add_issuer(given.config(parent), actor=actor, ports=ports)
    return _told("added", made(hierarchy))


def _request(given: Given, ports: Ports, actor: str) -> dict[str, Any]:
    request = request_issuer(
        given.key_ref(), given.name(), key_type=given.key_type(), actor=actor, ports=ports
    )
    return {"Request": request}


def _import(given: Given, ports: Ports, actor: str) -> dict[str, Any]:
    return _told("imported", made(import_issuer(given.wish(), actor=actor, ports=ports)))


def _activate(given: Given, ports: Ports, actor: str) -> dict[str, Any]:
    issuer = activate_issuer(
        given.text("IssuerId"),
        at=given.moment("From"),
        serves=given.words("Serves"),
        anyway=given.flag("Anyway"),
        actor=actor,
        ports=ports,
    )
    return _told("activated", row(issuer, ports.clock.now()))


def _retire(given: Given, ports: Ports, actor: str) -> dict[str, Any]:
    issuer = retire_issuer(
        given.text("IssuerId"), anyway=given.flag("Anyway"), actor=actor, ports=ports
    )
    return _told("retired", row(issuer, ports.clock.now()))


def _revoke(given: Given, ports: Ports, actor: str) -> dict[str, Any]:
    issuer = revoke_issuer(given.text("IssuerId"), given.reason(), actor=actor, ports=ports)
    crl = given.root_crl(issuer)
    number = publish_root_crl(issuer, crl, ports=ports)
    told = {"RootCrl": crl.url, "RootCrlNumber": number}
    return _told("revoked", row(issuer, ports.clock.now()) | told)


def _list(given: Given, ports: Ports, actor: str) -> dict[str, Any]:
    del given, actor
    now, issuers = ports.clock.now(), ports.issuers.all()
    return {
        "Issuers": [row(issuer, now) for issuer in issuers],
        "Products": served_now(issuers, now),
    }


def _told(event: str, outcome: dict[str, Any]) -> dict[str, Any]:
    logger().info(f"ceremony.{event}", extra=outcome)
    return outcome


_ACTIONS: Mapping[str, Callable[[Given, Ports, str], dict[str, Any]]] = {
    "ensure": _ensure,
    "add": _add,
    "request": _request,
    "import": _import,
    "activate": _activate,
    "retire": _retire,
    "revoke": _revoke,
    "list": _list,
}
