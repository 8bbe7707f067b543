"""Reissues and duplicates: when an order may have one, which names it may hold, when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from .certificate import Certificate, CertificateKind, CertificateStatus
from .dossier import Dossier
from .errors import ErrorCode, Flaw, VouchsafeError
from .identifiers import Identifier, parse_identifier
from .issuers import KeyType
from .mailings import planned_contacts
from .method_wishes import MethodWish
from .order import OrderStatus
from .order_plans import JudgedWish, OrderPlan
from .products import Product
from .profile_rules import NO_RULES, ProfileRules
from .requests import RequestKind, RequestStatus
from .validity import DurationWish
from .wishes import COMMON_NAME, DNS_NAMES, OrderWish, judge_order

_LAST_MOMENT = timedelta(days=1)


def check_state(dossier: Dossier, now: datetime) -> None:
    """Raises VouchsafeError(CONFLICT) unless the order may have a further certificate now."""
    order = dossier.order
    if order.status is not OrderStatus.VALID:
        raise _conflict("Only an issued order can be reissued or duplicated.")
    if dossier.under_way is not None:
        raise _conflict("A reissue or duplicate is under way; wait for it or cancel it first.")
    if order.term_ends_at <= now + _LAST_MOMENT:
        raise _conflict("The order's term ends within a day; place a new order.")
    open_states = {RequestStatus.PENDING, RequestStatus.APPROVED}
    for request in dossier.requests:
        revocation = request.kind is RequestKind.REVOKE and request.whole_order
        if revocation and request.status in open_states:
            raise _conflict("The revocation of the whole order was asked for.")


def original(dossier: Dossier) -> Certificate:
    """The certificate that duplicates are made of: the one the order points at, when valid.

    Raises VouchsafeError(CONFLICT) when it was revoked.
    """
    newest = dossier.newest
    if newest.status is not CertificateStatus.VALID or newest.issued is None:
        raise _conflict("The order's certificate is not valid; reissue it instead.")
    return newest


def name_flaws(dossier: Dossier, kind: CertificateKind, wish: OrderWish) -> tuple[Flaw, ...]:
    """A duplicate's names are its original's; one may be the common name, wildcards cover more.

    Names that cannot be read are judged with the rest.
    """
    if kind is not CertificateKind.DUPLICATE:
        return ()
    there = original(dossier).identifiers
    given = [(COMMON_NAME, wish.common_name)] if wish.common_name else []
    given += [(f"{DNS_NAMES}[{place}]", text) for place, text in enumerate(wish.dns_names)]
    flaws = []
    found = set()
    for where, text in given:
        try:
            name = parse_identifier(text)
        except ValueError:
            continue
        found.add(name)
        if name not in there and not _below_wildcard(name, there):
            flaws.append(Flaw(where, f"{name.value} is not a name of the original certificate"))
    missing = [name.value for name in there if name not in found]
    if wish.dns_names and missing:
        flaws.append(Flaw(DNS_NAMES, f"must hold the original's names, too: {', '.join(missing)}"))
    return tuple(flaws)


def _below_wildcard(name: Identifier, there: tuple[Identifier, ...]) -> bool:
    wide = (one.base for one in there if one.wildcard)
    return any(name.base == base or name.base.endswith(f".{base}") for base in wide)


def judge_again(
    dossier: Dossier,
    kind: CertificateKind,
    wish: OrderWish,
    product: Product,
    *,
    now: datetime,
    issuer_keys: KeyType,
    rules: ProfileRules = NO_RULES,
) -> JudgedWish:
    """Judge a reissue or duplicate by the rules of its product; it ends within the order's term.

    A duplicate ends with its original. Raises VouchsafeError(CONFLICT) when there is none.
    """
    order = dossier.order
    names = wish.dns_names
    if kind is CertificateKind.DUPLICATE and not names:
        names = tuple(name.value for name in original(dossier).identifiers)
        names = tuple(name for name in names if name != wish.common_name)
    term_day = f"{order.term_ends_at.astimezone(UTC):%Y-%m-%d}"
    whole = replace(
        wish,
        dns_names=names,
        method=_same_method(dossier),
        certificate_name=order.certificate_name or "",
        order_validity=DurationWish(custom_expiration_date=term_day),
        old_validity=DurationWish(),
        flaws=(*wish.flaws, *name_flaws(dossier, kind, wish)),
    )
    judged = judge_order(whole, product, now=now, issuer_keys=issuer_keys, rules=rules)
    plan = judged.plan
    if plan is None:
        return judged
    if kind is CertificateKind.DUPLICATE:
        return replace(judged, plan=_ending_with(original(dossier), plan, wish))
    ends_at = min(plan.term.ends_at, order.term_ends_at)
    return replace(judged, plan=replace(plan, term=replace(plan.term, ends_at=ends_at)))


def _same_method(dossier: Dossier) -> MethodWish:
    """How the order's names were proven before, and who got mails then."""
    newest = dossier.newest
    proven = dossier.authorizations.get(newest.certificate_id, ())
    return MethodWish(method=newest.dcv_method, given=False, kept=planned_contacts(proven))


def _ending_with(first: Certificate, plan: OrderPlan, wish: OrderWish) -> OrderPlan:
    """A duplicate ends with its original, or earlier if that is wished for."""
    assert first.issued is not None, "an original was issued"
    latest = first.issued.not_after
    ends_at = min(plan.term.ends_at, latest) if wish.certificate_validity.given else latest
    warnings = tuple(text for text in plan.warnings if text not in plan.term.warnings)
    return replace(plan, term=replace(plan.term, ends_at=ends_at), warnings=warnings)


def _conflict(detail: str) -> VouchsafeError:
    return VouchsafeError(ErrorCode.CONFLICT, detail, subject="order")
