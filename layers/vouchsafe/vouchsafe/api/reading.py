"""From an order's body to a wish in our own words, with everything that was wrong or ignored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from ..domain.addresses import check_address
from ..domain.authorization import DcvMethodName
from ..domain.errors import Flaw, invalid
from ..domain.order import OrderDetails
from ..domain.products import Product, ValidationLevel
from ..domain.records import ENGINES
from ..domain.validity import DurationWish, is_given
from ..domain.wishes import OrderWish
from .dialect import METHOD_WORDS, METHODS
from .liberal import Part, flaws_of, unknown_fields
from .schemas import CertificatePart, OrderBody, Validity

_HASHES = ("sha256", "sha384", "sha512")
_PAYMENTS = ("balance", "card", "profile", "wire_transfer")
_TERM_YEARS = (1, 2, 3)
_MOST_ADDRESSES = 50

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
)

#: Fields that are understood but change nothing here, and what is said about them.
_WITHOUT_EFFECT = {
    "dcv_emails": "is ignored: the order is not validated by e-mail",
    "auto_renew": "is kept, but orders are not renewed automatically",
    "auto_reissue": "is kept, but certificates are not reissued automatically",
    "certificate_dcv_scope": "is ignored",
    "certificate.organization_units": "is ignored: it is not part of certificates any more",
    "certificate.ca_cert_id": "is ignored: the service chooses the issuing certificate",
    "certificate.profile_option": "is ignored: there is one profile for this product",
}


def validated[T: Part](model: type[T], body: dict[str, Any]) -> tuple[T, list[str]]:
    """A body as its model, and what there is to remark. Raises VouchsafeError with every flaw."""
    part, flaws, warnings = _read(model, body)
    if flaws:
        raise invalid(*flaws)
    return part, warnings


def _read[T: Part](model: type[T], body: dict[str, Any]) -> tuple[T, list[Flaw], list[str]]:
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
    order, flaws, warnings = _read(OrderBody, body)
    certificate = order.certificate or CertificatePart()
    method = _method(order.dcv_method, product, flaws)
    _check_words(order, certificate, flaws)
    warnings += _remarks(order, product)
    return OrderWish(
        common_name=certificate.common_name or "",
        dns_names=tuple(certificate.dns_names),
        csr=certificate.csr or "",
        method=method,
        signature_hash=(certificate.signature_hash or "").lower(),
        order_validity=_duration("order_validity", order.order_validity),
        old_validity=_old_duration(order),
        certificate_validity=_duration("certificate.cert_validity", certificate.cert_validity),
        details=_details(order, certificate, flaws),
        flaws=tuple(flaws),
        warnings=tuple(warnings),
    )


def check_offered(product: Product) -> None:
    """Raises VouchsafeError(INVALID) for a product that cannot be ordered here yet."""
    if not product.on:
        reason = f"{product.product_id} is not available in this deployment yet"
        raise invalid(Flaw("product", reason))


def _method(word: str | None, product: Product, flaws: list[Flaw]) -> DcvMethodName:
    """The method asked for, or the product's default; it must be one that can be used today."""
    usable = sorted(METHOD_WORDS[m] for m in product.methods & ENGINES)
    use = f"use {' or '.join(usable)}"
    method = METHODS.get(word.lower()) if word else product.default_method
    if any(flaw.field == "dcv_method" for flaw in flaws):
        pass
    elif method is None:
        reason = f"must be one of {', '.join(METHODS)}" if word else f"is required; {use}"
        flaws.append(Flaw("dcv_method", reason))
    elif method not in product.methods & ENGINES:
        asked = METHOD_WORDS[method] if word else f"{METHOD_WORDS[method]} (the default)"
        reason = f"{asked} is not available in this deployment yet; {use}"
        flaws.append(Flaw("dcv_method", reason))
    return method or DcvMethodName.DNS_TXT


def _check_words(order: OrderBody, certificate: CertificatePart, flaws: list[Flaw]) -> None:
    wanted = (certificate.signature_hash or "").lower()
    if wanted and wanted not in _HASHES:
        reason = f"must be one of {', '.join(_HASHES)}"
        flaws.append(Flaw("certificate.signature_hash", reason))
    if order.payment_method and order.payment_method not in _PAYMENTS:
        flaws.append(Flaw("payment_method", f"must be one of {', '.join(_PAYMENTS)}"))


def _remarks(order: OrderBody, product: Product) -> list[str]:
    """What was given but has no effect: nothing is dropped without a word."""
    found = []
    if product.level is ValidationLevel.DV and _says_something(order.organization):
        found.append("organization: is ignored: a DV certificate names no organization")
    for path, remark in _WITHOUT_EFFECT.items():
        part: Any = order
        for step in path.split("."):
            part = getattr(part, step, None)
        if _says_something(part):
            found.append(f"{path}: {remark}")
    return found


def _says_something(value: Any) -> bool:
    """Whether a value, at any depth, is more than zeros and blanks."""
    if isinstance(value, dict):
        return any(map(_says_something, value.values()))
    if isinstance(value, list):
        return any(map(_says_something, value))
    return is_given(value)


def _duration(path: str, given: Validity | None) -> DurationWish:
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


def _details(order: OrderBody, certificate: CertificatePart, flaws: list[Flaw]) -> OrderDetails:
    extras = {name: value for name in _ECHOED if is_given(value := getattr(order, name))}
    if certificate.server_platform and certificate.server_platform.id is not None:
        extras["server_platform_id"] = certificate.server_platform.id
    validity = _given_validity(order)
    if validity:
        extras["order_validity"] = validity
    return OrderDetails(
        notify=_addresses(order.additional_emails, flaws),
        locale=order.locale or "en",
        quiet=bool(order.disable_renewal_notifications),
        extras=extras,
    )


def _given_validity(order: OrderBody) -> dict[str, Any]:
    """The term as it was asked for, in the current form."""
    wish = _duration("", order.order_validity)
    wish = wish if wish.given else _old_duration(order)
    for name in ("custom_expiration_date", "days", "years"):
        if is_given(value := getattr(wish, name)):
            return {name: value}
    return {}


def _addresses(given: list[str], flaws: list[Flaw]) -> tuple[str, ...]:
    if len(given) > _MOST_ADDRESSES:
        flaws.append(Flaw("additional_emails", f"holds more than {_MOST_ADDRESSES} addresses"))
        return ()
    for position, address in enumerate(given):
        try:
            check_address(address)
        except ValueError as error:
            flaws.append(Flaw(f"additional_emails[{position}]", str(error)))
    return tuple(given)
