"""What a customer wishes for, and what it comes to: the rules of an order before it is one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from .certificate_name import FIELD as CERTIFICATE_NAME
from .certificate_name import check_certificate_name
from .csr_findings import CsrSeverity, ExpectedOrganization, told
from .csr_rules import judge_csr
from .errors import Flaw
from .identifiers import Identifier, parse_identifier
from .issuers import KeyType
from .method_wishes import MethodPlan, MethodWish, for_trust, plan_method
from .order import OrderDetails
from .order_plans import JudgedWish, OrderPlan
from .organization import Organization
from .products import Family, KeySource, NameShape, Product
from .profile_rules import NO_RULES, ProfileRules
from .validity import DurationWish, Term, settle_term

if TYPE_CHECKING:
    from .csr import Csr

#: The most names one order takes.
MOST_NAMES = 250
COMMON_NAME = "certificate.common_name"
DNS_NAMES = "certificate.dns_names"
CSR = "certificate.csr"
_DEFAULT_HASH = "sha256"
_HASH_OF_CURVE = {KeyType.EC_P256: "sha256", KeyType.EC_P384: "sha384"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWish:
    """A new order as the client put it, in our words. Empty text means not given.

    `flaws` and `warnings` are what was found while reading it; a wish with flaws becomes no order.
    """

    common_name: str = ""
    dns_names: tuple[str, ...] = ()
    csr: str = ""
    method: MethodWish = field(default_factory=MethodWish)
    method_flaw: Flaw | None = None  # why the method proves no name here; proven names need none
    certificate_name: str = ""
    organization_id: int | None = None
    organization: Organization | None = None  # as described, without an id
    expected: ExpectedOrganization | None = None  # what a request must say of it
    container_id: int | None = None  # None: the orderer's own
    signature_hash: str = ""
    skip_approval: bool = False
    order_validity: DurationWish = field(default_factory=DurationWish)
    old_validity: DurationWish = field(default_factory=DurationWish)
    certificate_validity: DurationWish = field(default_factory=DurationWish)
    details: OrderDetails = field(default_factory=OrderDetails)
    flaws: tuple[Flaw, ...] = ()
    warnings: tuple[str, ...] = ()


class _Findings:
    """Collects flaws and warnings over a whole wish."""

    def __init__(self, wish: OrderWish) -> None:
        self.flaws = list(wish.flaws)
        self.warnings = list(wish.warnings)

    def flaw(self, where: str, reason: str) -> None:
        self.flaws.append(Flaw(where, reason))

    def required(self, where: str) -> None:
        """Something is missing; unless it is known already that it could not be read."""
        unread = (flaw.field for flaw in self.flaws)
        if not any(field.startswith(where) or where.startswith(f"{field}.") for field in unread):
            self.flaw(where, "is required")


def judge_order(
    wish: OrderWish,
    product: Product,
    *,
    now: datetime,
    issuer_keys: KeyType,
    rules: ProfileRules = NO_RULES,
) -> JudgedWish:
    """Judge a whole wish for `product` at `now` (aware), under issuing keys of type `issuer_keys`
    and the deployment's own `rules`.

    Every flaw there is is named, those found while reading included.
    """
    found = _Findings(wish)
    identifiers = _names(wish, product, found)
    csr = _csr(wish, product, identifiers, found)
    rule = rules.of(product)
    key = csr.public_key if csr else None
    found.flaws += rule.flaws(identifiers, key, (COMMON_NAME, DNS_NAMES, CSR))
    _check_certificate_name(wish.certificate_name, product, found)
    signature_hash = _hash(wish.signature_hash, issuer_keys, found)
    method = _method(for_trust(wish.method, product.trust), identifiers, now, found)
    term = _term(wish, now, found)
    read = JudgedWish(identifiers=identifiers, csr=csr, method=method, flaws=(), plan=None)
    missing = csr is None and product.key_source is KeySource.CSR
    if found.flaws or missing or term is None:
        return replace(read, flaws=(*found.flaws, *filter(None, [wish.method_flaw])))
    plan = OrderPlan(
        identifiers=identifiers,
        csr=csr,
        signature_hash=signature_hash,
        term=term,
        method=method,
        certificate_name=wish.certificate_name or None,
        method_flaw=wish.method_flaw,
        warnings=(*found.warnings, *term.warnings, *rule.remark(term.ends_at, now)),
    )
    return replace(read, plan=plan)


def _term(wish: OrderWish, now: datetime, found: _Findings) -> Term | None:
    """The order's term; None where there is none, which is a flaw unless it was told already."""
    term = settle_term(wish.order_validity, wish.old_validity, wish.certificate_validity, now)
    if isinstance(term, Term):
        return term
    unread = any(flaw.field.startswith("order_validity") for flaw in wish.flaws)
    known = unread and not wish.order_validity.given and not wish.old_validity.given
    found.flaws.extend(() if known else term)
    return None


def _names(wish: OrderWish, product: Product, found: _Findings) -> tuple[Identifier, ...]:
    """All names of the order, each once, common name first."""
    common_name = _name(wish.common_name, COMMON_NAME, found) if wish.common_name else None
    if not wish.common_name:
        found.required(COMMON_NAME)
    if len(wish.dns_names) > MOST_NAMES:
        found.flaw(DNS_NAMES, f"holds more than {MOST_NAMES} names")
        return ()
    others = {}
    for position, text in enumerate(wish.dns_names):
        where = f"{DNS_NAMES}[{position}]"
        identifier = _name(text, where, found)
        if identifier == common_name or identifier in others:
            if identifier is not None:
                found.warnings.append(f"{where}: {identifier.value} is named more than once")
        elif identifier is not None:
            others[identifier] = where
    if common_name is None:
        return ()
    if 1 + len(others) > MOST_NAMES:
        found.flaw(DNS_NAMES, f"makes more than {MOST_NAMES} names together with the common name")
    _check_shape(product, common_name, others, found)
    return (common_name, *others)


def _name(text: str, where: str, found: _Findings) -> Identifier | None:
    try:
        return parse_identifier(text)
    except ValueError as error:
        found.flaw(where, str(error))
        return None


def _check_shape(
    product: Product, common_name: Identifier, others: dict[Identifier, str], found: _Findings
) -> None:
    """Refuse names that the product does not take, each where the client wrote it."""
    if product.names is NameShape.FLEX:
        return
    if product.names is NameShape.WILDCARD:
        if not common_name.wildcard:
            found.flaw(COMMON_NAME, "must be a wildcard name for this product")
        allowed = {Identifier(common_name.base)}
        only = "this product takes the wildcard name and its base name only"
    else:
        if common_name.wildcard:
            found.flaw(COMMON_NAME, "this product takes no wildcard names")
        allowed = {_twin(common_name)}
        only = "this product takes one name and its www or non-www twin only"
    for identifier, where in others.items():
        if product.names is NameShape.MULTI:
            if identifier.wildcard:
                found.flaw(where, "this product takes no wildcard names")
        elif identifier not in allowed:
            found.flaw(where, only)


def _twin(name: Identifier) -> Identifier:
    """`www.x` for `x` and `x` for `www.x`."""
    if name.value.startswith("www."):
        return Identifier(name.value.removeprefix("www."))
    return Identifier(f"www.{name.value}")


def _csr(
    wish: OrderWish, product: Product, names: tuple[Identifier, ...], found: _Findings
) -> Csr | None:
    """The request; what is wrong with it refuses, where it merely differs is remarked.

    None where the service makes the key, which takes no request besides.
    """
    if product.key_source is KeySource.MANAGED:
        if wish.csr:
            found.flaw(CSR, "must be left out: this product's keys are made by the service")
        return None
    if not wish.csr:
        found.required(CSR)
        return None
    csr, findings = judge_csr(wish.csr, product, names, wish.expected)
    for finding in findings:
        if finding.severity is CsrSeverity.ERROR:
            found.flaw(CSR, told(finding))
        else:
            found.warnings.append(f"{CSR}: {told(finding)}")
    return csr


def _method(
    wish: MethodWish, names: tuple[Identifier, ...], now: datetime, found: _Findings
) -> MethodPlan:
    """The method these names are proven by, and whom its mails go to."""
    plan = plan_method(wish, names, now)
    known = {flaw.field for flaw in found.flaws}
    found.flaws.extend(flaw for flaw in plan.flaws if flaw.field not in known)
    found.warnings.extend(plan.warnings)
    return plan


def _check_certificate_name(name: str, product: Product, found: _Findings) -> None:
    if name:
        try:
            check_certificate_name(name)
        except ValueError as error:
            found.flaw(CERTIFICATE_NAME, str(error))
    elif product.family is Family.NAVER:
        found.required(CERTIFICATE_NAME)


def _hash(wanted: str, issuer_keys: KeyType, found: _Findings) -> str:
    """The hash as wished; an EC issuer's curve decides its hash itself (BR 7.1.3.2.2)."""
    fixed = _HASH_OF_CURVE.get(issuer_keys)
    if fixed and wanted and wanted != fixed:
        found.warnings.append(
            f"certificate.signature_hash: {fixed} is used instead of {wanted}, because the curve of"
            " the issuing certificate's key decides the hash"
        )
    return fixed or wanted or _DEFAULT_HASH
