"""Domains: added, read, switched on and off, removed, submitted for validation."""

from __future__ import annotations

from typing import Any

from ..dependencies import DomainsApi
from ..domain.domains import Domain, current_approval
from ..domain.identifiers import Identifier
from ..domain.organization import Organization
from ..domain.products import ValidationLevel
from ..domain.proofs import Standing, domains_to_ask
from ..services.domain_changes import remove_domain, set_activity
from ..services.domain_records import read_domain
from ..services.domain_values import Submission, submit_for
from ..services.domains import Added, add_domain
from .call import Answer, Call, answer_json, told
from .domain_lists import wants_reuse
from .domain_reading import Reading, read_domain_wish, read_kinds, read_method
from .domain_rows import KINDS, dcv_token, domain_row, looking, validation_rows
from .domain_schemas import DomainBody, DomainValidationBody
from .idempotency import once_only
from .paging import says_yes
from .reading import validated


def add(call: Call, deps: DomainsApi) -> Answer:
    """POST domain: its id, and what to publish."""
    wish, warnings = read_domain_wish(*validated(DomainBody, call.body()))

    def answer(added: Added) -> Answer:
        return _to_publish(added, warnings, deps)

    added = add_domain(
        wish,
        call.principal,
        first_gap=deps.settings.first_gap,
        once=once_only(call, answer),
        accounts=deps.accounts,
        ledger=deps.ledger,
        domains=deps.domains,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(added)


def _to_publish(added: Added, warnings: list[str], deps: DomainsApi) -> Answer:
    said = list(warnings)
    if added.covered_by:
        said.append(f"name: is covered already by the proof of {added.covered_by}")
    token = dcv_token(added.domain, deps.settings.dcv_domain or "")
    return answer_json({"id": added.domain.domain_id} | token | told(said), 201)


def read(call: Call, deps: DomainsApi) -> Answer:
    """GET domain/{id}[?include_dcv=&include_validation=&include_validation_reuse_status=]."""
    domain = read_domain(call.number("domain"), call.principal, domains=deps.domains)
    standing = _standing(domain, deps)
    now = deps.clock.now()
    approval = current_approval(domain, standing.proofs, now)
    info = domain_row(domain, approval, now, reuse=wants_reuse(call))
    if standing.organization is not None:
        info["organization"] = _details_of(standing.organization)
    if says_yes(call.query, "include_dcv"):
        info |= dcv_token(domain, deps.settings.dcv_domain or "") | looking(domain)
    if says_yes(call.query, "include_validation"):
        info["validations"] = _validations(domain, standing, call, deps)
    return answer_json(info)


def _standing(domain: Domain, deps: DomainsApi) -> Standing:
    asked = domains_to_ask([Identifier(domain.name)])
    return deps.ledger.standing(domain.account_id, asked, organization_id=domain.organization_id)


def _details_of(organization: Organization) -> dict[str, Any]:
    return {
        "id": organization.organization_id,
        "name": organization.name,
        "status": "active" if organization.active else "inactive",
        "assumed_name": organization.assumed_name,
        "display_name": organization.display_name,
        "is_active": organization.active,
    }


def _validations(
    domain: Domain, standing: Standing, call: Call, deps: DomainsApi
) -> list[dict[str, Any]]:
    now, person = deps.clock.now(), None
    if domain.verified_user_id is not None:
        person = deps.accounts.user(call.principal.account_id, domain.verified_user_id)
    approval = current_approval(domain, standing.proofs, now)
    return validation_rows(domain, approval, standing.organization, now, person=person)


def read_validation(call: Call, deps: DomainsApi) -> Answer:
    """GET domain/{id}/validation."""
    domain = read_domain(call.number("domain"), call.principal, domains=deps.domains)
    return answer_json({"validations": _validations(domain, _standing(domain, deps), call, deps)})


def submit(call: Call, deps: DomainsApi) -> Answer:
    """POST domain/{id}/validation: kinds the proof is to serve; with a method, a new value."""
    number = call.number("domain")
    read_domain(number, call.principal, domains=deps.domains)
    body, _ = validated(DomainValidationBody, call.body())
    reading = Reading()
    named = body.dcv_method or (body.dcv.method if body.dcv else None)
    method = read_method(body.dcv_method, body.dcv, reading) if named else None
    kinds = read_kinds(body.validations, reading)
    if not body.validations:
        reading.add("validations", "is required")
    reading.refuse()
    assert kinds is not None
    submission = Submission(
        kinds=kinds.levels,
        verified_user_id=kinds.user_id,
        verified_user_field=kinds.user_field,
        method=method,
    )
    submit_for(
        number,
        call.principal,
        submission,
        first_gap=deps.settings.first_gap,
        once=once_only(call, _done),
        accounts=deps.accounts,
        ledger=deps.ledger,
        domains=deps.domains,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def _done(_: Domain) -> Answer:
    return Answer(status=204)


def activate(call: Call, deps: DomainsApi) -> Answer:
    """PUT domain/{id}/activate."""
    return _switch(call, deps, active=True)


def deactivate(call: Call, deps: DomainsApi) -> Answer:
    """PUT domain/{id}/deactivate."""
    return _switch(call, deps, active=False)


def _switch(call: Call, deps: DomainsApi, *, active: bool) -> Answer:
    set_activity(
        call.number("domain"),
        call.principal,
        active=active,
        first_gap=deps.settings.first_gap,
        ledger=deps.ledger,
        domains=deps.domains,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def remove(call: Call, deps: DomainsApi) -> Answer:
    """DELETE domain/{id}."""
    remove_domain(
        call.number("domain"),
        call.principal,
        ledger=deps.ledger,
        domains=deps.domains,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def list_validation_types(call: Call, deps: DomainsApi) -> Answer:
    """GET domain/validation-type."""
    del call, deps
    rows = [
        {
            "type": kind.value,
            "name": name,
            "description": description,
            "requires_user": kind is ValidationLevel.EV,
            "requires_dcv": True,
        }
        for kind, (name, description) in KINDS.items()
    ]
    return answer_json({"validation_types": rows})
