"""Lists of domains: a page anywhere, or the one domain of a name."""

from __future__ import annotations

from ..dependencies import DomainsApi
from ..domain.domains import DomainListing
from ..domain.errors import Flaw, invalid
from ..domain.identifiers import parse_identifier
from ..domain.organization import Organization
from ..domain.products import ValidationLevel
from .call import Answer, Call, answer_json, as_id
from .domain_rows import domain_row, validation_rows
from .paging import LARGEST_OFFSET, MOST_ROWS, says_yes, whole

_FILTERS = frozenset({"filters[name]", "filters[include_validation_reuse_status]"})


def list_domains(call: Call, deps: DomainsApi) -> Answer:
    """GET domain[?container_id=&include_validation=&filters[name]=]."""
    _refuse_unknown_filters(call)
    limit = whole(call.query, "limit", MOST_ROWS, most=MOST_ROWS)
    offset = whole(call.query, "offset", 0, most=LARGEST_OFFSET)
    full = says_yes(call.query, "include_validation")
    reuse = wants_reuse(call)
    rows, total = _found(call, deps, offset, limit)
    now = deps.clock.now()
    organizations = _organizations(rows, call, deps) if full else {}
    listed = []
    for row in rows:
        shown = domain_row(row, row.approval, now, reuse=reuse)
        if full:
            own = organizations.get(row.organization_id or 0)
            shown["validations"] = validation_rows(row, row.approval, own, now)
        listed.append(shown)
    page = {"total": total, "limit": limit, "offset": offset}
    return answer_json({"domains": listed, "page": page})


def _refuse_unknown_filters(call: Call) -> None:
    unknown = [n for n in call.query if n.startswith("filters[") and n not in _FILTERS]
    if unknown:
        known = f"is not known; known are {', '.join(sorted(_FILTERS))}"
        raise invalid(*(Flaw(name, known) for name in sorted(unknown)))


def wants_reuse(call: Call) -> bool:
    """Whether an answer is to say how proofs may be relied on; asked for in two spellings."""
    name = "include_validation_reuse_status"
    return says_yes(call.query, name) or says_yes(call.query, f"filters[{name}]")


def _found(
    call: Call, deps: DomainsApi, offset: int, limit: int
) -> tuple[tuple[DomainListing, ...], int]:
    """The rows asked for, and how many there are in all."""
    account_id = call.principal.account_id
    text = call.query.get("container_id", "").strip()
    container_id = as_id(text) if text not in {"", "0"} else None
    if text not in {"", "0"} and container_id is None:
        return (), 0
    name = call.query.get("filters[name]", "").strip()
    if not name:
        page = deps.domains.domains_page(
            account_id, container_id=container_id, offset=offset, limit=limit
        )
        return page.rows, page.total
    try:
        wanted = parse_identifier(name.removesuffix(".")).value
    except ValueError:
        return (), 0
    domain = deps.domains.domain_named(account_id, wanted)
    if domain is None or container_id not in {None, domain.container_id}:
        return (), 0
    return (domain,)[offset : offset + limit], 1


def _organizations(
    rows: tuple[DomainListing, ...], call: Call, deps: DomainsApi
) -> dict[int, Organization]:
    """The organizations that the rows of OV and EV name, read together."""
    wanted = {
        row.organization_id
        for row in rows
        if row.organization_id is not None and set(row.kinds) != {ValidationLevel.DV}
    }
    found = deps.accounts.organizations_by_id(call.principal.account_id, sorted(wanted))
    return {each.organization_id: each for each in found}
