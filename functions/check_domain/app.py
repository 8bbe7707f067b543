"""Looks for the values of domains: of one when somebody asks, of those that are due on schedule."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from vouchsafe import bootstrap, bootstrap_watch, parts
from vouchsafe.dependencies import CheckingDomains
from vouchsafe.domain.authorization import Contact
from vouchsafe.domain.contact_wire import contact_to_json
from vouchsafe.domain.duties import Duty
from vouchsafe.domain.first_look import FirstLookRequest
from vouchsafe.domain.schedule import Schedule
from vouchsafe.domain.wire import read_json, to_json
from vouchsafe.observability import left_behind, logger
from vouchsafe.services.domain_checks import Checks, check_domain, check_due_domains
from vouchsafe.services.email_contacts import find_contacts, find_registered
from vouchsafe.services.first_look import first_look
from vouchsafe.services.looking import Eyes, ValidationPolicy

#: A round ends before the next one begins, and before the function's own time is up.
_MOST = 1000
_BUDGET = timedelta(seconds=80)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Take account_id and domain_id, give {"result", "cause", "explanation", "advice"}; or take
    contacts_of, a list of names, and give {"contacts": [...]}; or take first_look, a
    FirstLookRequest, and give a FirstLookReport, both as JSON, and keep nothing; or take anything
    else, and give how many due domains were looked at, proven, and left for next time."""
    checks = checks_of(bootstrap.check_domain())
    if "contacts_of" in event:
        found = _contacts([str(name) for name in event["contacts_of"]], checks)
        logger().info("contacts.found", extra={"count": len(found)})
        return {"contacts": [contact_to_json(each) for each in found]}
    if "first_look" in event:
        seen = first_look(read_json(FirstLookRequest, event["first_look"]), checks.eyes)
        told = {"names": len(seen.names), "findings": len(seen.findings)}
        logger().info("names.glanced_at", extra=told)
        return to_json(seen)
    if "domain_id" in event:
        ids = int(event["account_id"]), int(event["domain_id"])
        logger().append_keys(account_id=ids[0], domain_id=ids[1])
        outcome = asdict(check_domain(*ids, checks))
        logger().info("domain.checked", extra={"result": outcome["result"]})
        return outcome
    counts = asdict(check_due_domains(checks, most=_MOST, budget=_BUDGET))
    if left_behind(Duty.CHECK_DOMAIN, counts["left"]):
        bootstrap_watch.duty_done(Duty.CHECK_DOMAIN)
    logger().info("domains.checked", extra=counts)
    return counts


def _contacts(domains: list[str], checks: Checks) -> list[Contact]:
    found = list(find_contacts(domains, checks.eyes))
    registries = parts.registries()
    if registries is not None:
        found += find_registered(domains, registries, checks.eyes.clock.now())
    return found


def checks_of(given: CheckingDomains) -> Checks:
    """What checks need, of the parts and settings `given`."""
    settings = given.settings
    policy = ValidationPolicy(
        caa_domains=settings.caa_domains, dcv_domain=settings.dcv_domain or ""
    )
    return Checks(
        ledger=given.ledger,
        domains=given.domains,
        eyes=Eyes(
            looker=given.looker,
            perspectives=given.perspectives,
            clock=given.clock,
            policy=policy,
        ),
        entropy=given.entropy,
        schedule=Schedule(
            first_gap=settings.first_gap,
            growth_percent=settings.gap_growth_percent,
            cap=settings.gap_cap,
            window=settings.window,
        ),
    )
