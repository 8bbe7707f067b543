"""From an order's body to a wish in our own words, with everything that was wrong or ignored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from ..domain.authorization import DcvMethodName
from ..domain.errors import Flaw, invalid
from ..domain.method_wishes import MethodWish
from ..domain.order import OrderDetails
from ..domain.products import Product
from ..domain.records import ENGINES
from ..domain.validity import DurationWish, is_given, whole_number
from ..domain.wishes import OrderWish
from .call import as_id
from .dialect import METHOD_WORDS, METHODS
from .liberal import Part, flaws_of, says_something, unknown_fields
from .remarks import check_addresses, check_words, remarks
from .schemas import CertificatePart, OrderBody, Validity

_TERM_YEARS = (1, 2, 3)

#: Kept as they came and given back with the order.
_ECHOED = (
    "comments",
    "processor_comment",
    "custom_fields",
    "locale",
    "payment_method",
    "skip_approval",
    "auto_renew",
    "custom_renewal_message",
    "renewal_of_order_id",
    "renewed_thumbprint",
    "alternative_order_id",
    "technical_contact",
    "disable_ct",
    "auto_reissue",
    "dcv_emails",
    "cs_provisioning_method",
)


def validated[T: Part](model: type[T], body: dict[str, Any]) -> tuple[T, list[str]]:
    """A body as its model, and what there is to remark. Raises VouchsafeError with every flaw."""
    part, flaws, warnings = read_part(model, body)
    if flaws:
        raise invalid(*flaws)
    return part, warnings


def read_part[T: Part](model: type[T], body: dict[str, Any]) -> tuple[T, list[Flaw], list[str]]:
    """A body as its model; fields that cannot be read are left out and named."""
    warnings: list[str] = []
    try:
        part = model.model_validate(body, context={"warnings": warnings})
    except ValidationError as error:
        rest = _without(body, [each["loc"] for each in error.errors()])
        part = model.model_validate(rest, context={"warnings": []})
        return part, list(flaws_of(error)), warnings
    return part, [], warnings + unknown_fields(part)


def _without(body: dict[str, Any], places: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """A copy of the body without the fields at fault; a list with one faulty entry goes whole."""
    rest = dict(body)
    for place in places:
        first, inner = str(place[0]), place[1:]
        deeper = bool(inner) and isinstance(rest.get(first), dict)
        if deeper:
            rest[first] = _without(rest[first], [inner])
        else:
            rest.pop(first, None)
    return rest


def read_order(body: dict[str, Any], product: Product) -> OrderWish:
    """The wish that a body expresses for `product`; never raises, flaws travel with the wish."""
    order, flaws, warnings = read_part(OrderBody, body)
    certificate = order.certificate or CertificatePart()
    method, method_flaw = _method(order.dcv_method, product)
    unreadable = any(flaw.field == "dcv_method" for flaw in flaws)
    by_default = order.dcv_method is None and product.default_method is not None
    if method_flaw and not by_default and not unreadable:
        flaws.append(method_flaw)
    flaws += check_words(order, certificate)
    flaws += check_addresses(order.additional_emails)
    container_id = read_container(order.container, flaws)
    warnings += remarks(order, product)
    return OrderWish(
        common_name=certificate.common_name or "",
        dns_names=tuple(certificate.dns_names),
        csr=certificate.csr or "",
        method=MethodWish(method=method, given=not by_default, emails=order.dcv_emails),
        method_flaw=method_flaw if by_default and not unreadable else None,
        certificate_name=order.certificate_name or "",
        organization_id=_organization_id(order.organization),
        container_id=container_id,
        signature_hash=(certificate.signature_hash or "").lower(),
        skip_approval=bool(order.skip_approval or certificate.skip_approval),
        order_validity=duration("order_validity", order.order_validity),
        old_validity=_old_duration(order),
        certificate_validity=duration("certificate.cert_validity", certificate.cert_validity),
        details=_details(order, certificate),
        flaws=tuple(flaws),
        warnings=tuple(warnings),
    )


def _organization_id(given: Any) -> int | None:
    """The id of the organization that is named, as a number or as text."""
    named = given.get("id") if isinstance(given, dict) else None
    return as_id(str(named).strip()) if is_given(named) else None


def read_container(given: Any, flaws: list[Flaw]) -> int | None:
    """The id of the container that is named, as an object or bare; None for none and for zero."""
    named = given.get("id") if isinstance(given, dict) else given
    if not says_something(named):
        return None
    number = as_id(str(named).strip())
    if number is None:
        flaws.append(Flaw("container.id", "must be the number of a container"))
    return number


def _method(word: str | None, product: Product) -> tuple[DcvMethodName, Flaw | None]:
    """The method asked for, or the product's default; it must be one that can be used today."""
    usable = product.methods & ENGINES
    use = f"use {' or '.join(sorted(METHOD_WORDS[m] for m in usable))}"
    method = METHODS.get(word.lower()) if word else product.default_method
    if method is None:
        reason = f"must be one of {', '.join(METHODS)}" if word else f"is required; {use}"
    elif method not in product.methods:
        reason = f"{METHOD_WORDS[method]} is not a method of {product.product_id}; {use}"
    elif method not in usable:
        asked = METHOD_WORDS[method] if word else f"{METHOD_WORDS[method]} (the default)"
        reason = f"{asked} is not available in this deployment yet; {use}"
    else:
        return method, None
    return method or DcvMethodName.DNS_TXT, Flaw("dcv_method", reason)


def duration(path: str, given: Validity | None) -> DurationWish:
    """A duration as a wish; `path` is where it stands in the body."""
    wish = given or Validity()
    return DurationWish(
        years=wish.years,
        days=wish.days,
        custom_expiration_date=wish.custom_expiration_date,
        years_field=f"{path}.years",
        days_field=f"{path}.days",
        date_field=f"{path}.custom_expiration_date",
        years_allowed=_TERM_YEARS,
    )


def _old_duration(order: OrderBody) -> DurationWish:
    return DurationWish(
        years=order.validity_years,
        days=order.validity_days,
        custom_expiration_date=order.custom_expiration_date,
    )


def _details(order: OrderBody, certificate: CertificatePart) -> OrderDetails:
    extras = {name: value for name in _ECHOED if is_given(value := getattr(order, name))}
    if certificate.server_platform and certificate.server_platform.id is not None:
        extras["server_platform_id"] = certificate.server_platform.id
    validity = _given_validity(order)
    if validity:
        extras["order_validity"] = validity
    if shorter := _first_given(duration("", certificate.cert_validity)):
        extras["cert_validity"] = shorter
    return OrderDetails(
        notify=tuple(order.additional_emails),
        locale=order.locale or "en",
        quiet=bool(order.disable_renewal_notifications),
        extras=extras,
    )


def _given_validity(order: OrderBody) -> dict[str, Any]:
    """The term as it was asked for, in the current form."""
    wish = duration("", order.order_validity)
    return _first_given(wish if wish.given else _old_duration(order))


def _first_given(wish: DurationWish) -> dict[str, Any]:
    """The part of a wish that counts, under its name."""
    for name in ("custom_expiration_date", "days", "years"):
        if is_given(value := getattr(wish, name)):
            number = None if name == "custom_expiration_date" else whole_number(value)
            return {name: value if number is None else number}
    return {}
