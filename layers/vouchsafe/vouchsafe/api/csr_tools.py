"""The route that judges a certificate request before anything is ordered with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..dependencies import OrdersApi
from ..domain.blocked_keys import key_hash, refusal
from ..domain.csr_findings import CsrFinding, ExpectedOrganization, refuses
from ..domain.csr_rules import judge_csr
from ..domain.errors import Flaw, invalid
from ..domain.identifiers import Identifier, parse_identifier
from ..domain.organization import Organization
from ..domain.products import PRODUCTS, KeySource, Product, ValidationLevel
from ..domain.validity import is_given, whole_number
from ..services.idempotency import used
from ..services.order_organizations import expected_of
from .call import Answer, Call, answer_json, told
from .idempotency import once_only
from .liberal import says_something
from .reading import validated
from .schemas import CsrBody

if TYPE_CHECKING:
    from ..domain.csr import Csr

#: Whose rules are asked for when no product is named: the flow whose step this is.
_BY_DEFAULT = {False: "advanced_dv", True: "advanced_ov"}
_NEEDED = ("name", "country", "state", "city")


def validate(call: Call, deps: OrdersApi) -> Answer:
    """POST csr/validate: everything there is to say about a request, at once."""
    body, warnings = validated(CsrBody, call.body())
    flaws: list[Flaw] = []
    inner = body.certificate
    csr = body.csr or (inner.csr if inner else None)
    common_name = body.common_name or (inner.common_name if inner else None)
    others = body.dns_names or (inner.dns_names if inner else [])
    if not csr:
        flaws.append(Flaw("csr", "is required"))
    product = _product(body, flaws)
    given = _known(body.organization, call, deps, flaws)
    organization = _organization(given, product, deps.clock.now(), flaws)
    names = _names(common_name, others, flaws)
    if flaws:
        raise invalid(*flaws)
    request, findings = judge_csr(csr or "", product, names, organization)
    findings += _blocked(request, deps) + _unwanted(request, product, deps)
    answer = answer_json(_report(request, findings, warnings))
    key = used(once_only(call, lambda judged: judged), answer, deps.clock.now())
    if key:
        deps.ledger.commit(*key)
    return answer


def _unwanted(request: Csr | None, product: Product, deps: OrdersApi) -> tuple[CsrFinding, ...]:
    """What the deployment itself does not take (`ProfileRules`)."""
    rule = deps.settings.profile_rules.of(product)
    fault = rule.key_fault(request.public_key) if request else None
    if request is None or fault is None:
        return ()
    return (CsrFinding(field="key", found=request.key, expected="another key", message=fault),)


def _blocked(request: Csr | None, deps: OrdersApi) -> tuple[CsrFinding, ...]:
    """What an order with that key would be refused for, too."""
    block = deps.ledger.blocked_key(key_hash(request.public_key)) if request else None
    if request is None or block is None:
        return ()
    expected = "a key that is not blocked"
    found = CsrFinding(field="key", found=request.key, expected=expected, message=refusal(block))
    return (found,)


def _product(body: CsrBody, flaws: list[Flaw]) -> Product:
    named = body.product_name_id
    if named and named not in PRODUCTS:
        flaws.append(Flaw("product_name_id", "is no product"))
    elif named and PRODUCTS[named].key_source is KeySource.MANAGED:
        flaws.append(Flaw("product_name_id", "takes no request: its keys are made by the service"))
    by_default = PRODUCTS[_BY_DEFAULT[says_something(body.organization)]]
    return PRODUCTS.get(named or "", by_default)


def _known(given: Any, call: Call, deps: OrdersApi, flaws: list[Flaw]) -> Any:
    """The organization's fields as given, or the one on record where only its id is given."""
    if not isinstance(given, dict) or not is_given(given.get("id")) or is_given(given.get("name")):
        return given
    number = whole_number(given["id"])
    found = None
    if number is not None:
        found = deps.accounts.organization(call.principal.account_id, number)
    if found is None:
        flaws.append(Flaw("organization.id", "is no organization of this account"))
        return None
    return found


def _organization(
    given: Any, product: Product, now: datetime, flaws: list[Flaw]
) -> ExpectedOrganization | None:
    """What O, C, ST and L must say, where the product certifies an organization."""
    if product.level is ValidationLevel.DV:
        return None
    if isinstance(given, Organization):
        return expected_of(given, now)
    texts = {name: _text(given, name) for name in (*_NEEDED, "english_name")}
    if any(flaw.field.startswith("organization") for flaw in flaws):
        return None
    missing = [name for name in _NEEDED if not texts[name]]
    flaws += [Flaw(f"organization.{name}", "is required for this product") for name in missing]
    return ExpectedOrganization(
        names=tuple(filter(None, (texts["name"], texts["english_name"]))),
        country=texts["country"],
        state=texts["state"],
        locality=texts["city"],
    )


def _text(given: Any, name: str) -> str:
    value = given.get(name) if isinstance(given, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _names(common_name: str | None, others: list[str], flaws: list[Flaw]) -> tuple[Identifier, ...]:
    """The names the request is held against, common name first; none without a common name."""
    if not common_name:
        return ()
    found = []
    places = ("common_name", *(f"dns_names[{position}]" for position in range(len(others))))
    for place, text in zip(places, (common_name, *others), strict=True):
        try:
            found.append(parse_identifier(text))
        except ValueError as error:
            flaws.append(Flaw(place, str(error)))
    return tuple(found)


def _report(
    csr: Csr | None, findings: tuple[CsrFinding, ...], warnings: list[str]
) -> dict[str, Any]:
    report: dict[str, Any] = {
        "valid": not refuses(findings),
        "findings": [
            {
                "field": each.field,
                "found": each.found,
                "expected": each.expected,
                "severity": each.severity.value,
                "message": each.message,
            }
            for each in findings
        ],
    }
    if csr is not None:
        report |= {
            "key": csr.key,
            "signature_hash": csr.signature_hash,
            "subject": [{"attribute": name, "value": value} for name, value in csr.subject],
            "dns_names": list(csr.requested_names),
        }
    return report | told(warnings)
