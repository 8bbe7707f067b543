"""The organization an order is for: found or made with it, and handed to operators beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..domain.accounts import Principal
from ..domain.csr_findings import ExpectedOrganization
from ..domain.dossier import Allocation
from ..domain.errors import Flaw
from ..domain.order import Order
from ..domain.organization import Organization, OrganizationCheck
from ..domain.products import PRODUCTS, Family, Product, ValidationLevel
from ..domain.reviews import OrganizationReview
from ..domain.wishes import OrderWish
from ..ports import Accounts, Entropy, Record, Reviews
from .organizations import equal_one, new_organization
from .reviews import is_asked_for, open_review, stands, submit

FIELD = "organization.id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What an OV or EV order is for, as read; nothing for DV, which names nobody.

    A new organization has no id yet; `place` is where it comes among the account's. `check` is what
    operators are still to be asked for, `review` the open review that is asked in.
    """

    organization: Organization | None = None
    place: int = 0
    check: OrganizationCheck | None = None
    review: OrganizationReview | None = None
    flaws: tuple[Flaw, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether it is made with the order."""
        return self.organization is not None and not self.organization.organization_id

    @property
    def opens_review(self) -> bool:
        """Whether a review begins with the order."""
        return self.check is not None and self.review is None


def choose(
    wish: OrderWish,
    product: Product,
    principal: Principal,
    now: datetime,
    *,
    accounts: Accounts,
    reviews: Reviews,
) -> Chosen:
    """The organization that the wish names or describes: an equal one of the account is taken.

    One look-up, and one of its open review where that is to be asked for more. Foreign, unknown and
    inactive ones are flaws alike; products of the guide's flow take validated ones only.
    """
    if product.level is ValidationLevel.DV:
        return Chosen()
    check = OrganizationCheck(product.level.value)
    found, place = _found(wish, principal, now, accounts)
    if found is None:
        return Chosen(flaws=tuple(_missing(wish)))
    strict = product.family is Family.NAVER
    if strict and not stands(found, check, now):
        reason = "is not validated; this product is ordered for validated organizations only"
        return Chosen(organization=found, flaws=(Flaw(FIELD, reason),))
    if is_asked_for(found, check, now):
        return Chosen(organization=found)
    review = open_review(found, reviews)
    return Chosen(organization=found, place=place, check=check, review=review)


def choose_again(
    order: Order, principal: Principal, now: datetime, *, accounts: Accounts, reviews: Reviews
) -> Chosen:
    """The same for a further certificate of an order: its organization is validated again if that
    is over, whatever the product; what was issued names it already.
    """
    product = replace(PRODUCTS[order.product_id], family=Family.CERTCENTRAL)
    wish = OrderWish(organization_id=order.organization_id)
    return choose(wish, product, principal, now, accounts=accounts, reviews=reviews)


def _found(
    wish: OrderWish, principal: Principal, now: datetime, accounts: Accounts
) -> tuple[Organization | None, int]:
    """The organization, and which of the account's a new one is; 0 where none was described."""
    if wish.organization_id is not None:
        found = accounts.organization(principal.account_id, wish.organization_id)
        return (found if found is not None and found.active else None), 0
    if wish.organization is None:
        return None, 0
    described = replace(wish.organization, account_id=principal.account_id, created_at=now)
    known = accounts.organizations_of(principal.account_id)
    return equal_one(described, known) or described, len(known) + 1


def _missing(wish: OrderWish) -> list[Flaw]:
    if wish.organization_id is not None:
        return [Flaw(FIELD, "is not an active organization of this account")]
    if any(flaw.field.startswith("organization") for flaw in wish.flaws):
        return []  # what was described is at fault, and named
    return [Flaw(FIELD, "is required for this product, or a whole organization is")]


def judged(wish: OrderWish, chosen: Chosen, now: datetime) -> OrderWish:
    """The wish with what is wrong with its organization, and what a request must say of it."""
    return replace(
        wish,
        flaws=(*wish.flaws, *chosen.flaws),
        expected=expected_of(chosen.organization, now) if chosen.organization else None,
    )


def expected_of(organization: Organization, now: datetime) -> ExpectedOrganization:
    """O, C, ST and L as they were validated, or else as they are on record."""
    names = tuple(filter(None, (organization.name, organization.english_name)))
    standing = organization.validation_for(OrganizationCheck.OV, now)
    identity = standing.identity if standing else None
    if identity is None:
        return ExpectedOrganization(
            names=names,
            country=organization.country,
            state=organization.state,
            locality=organization.city,
        )
    return ExpectedOrganization(
        names=tuple(dict.fromkeys((identity.name, *names))),
        country=identity.country,
        state=identity.state,
        locality=identity.locality,
    )


def settle(
    chosen: Chosen,
    ids: Allocation,
    principal: Principal,
    container_id: int,
    *,
    now: datetime,
    entropy: Entropy,
) -> tuple[Organization | None, tuple[Record, ...]]:
    """The organization as the order finds it, and what the order's own commit writes of it.

    `ids` hold a number for a new organization and for a new review; a new one stands in the
    order's container.
    """
    organization, records = chosen.organization, list[Record]()
    if organization is None:
        return None, ()
    if chosen.is_new:
        described = replace(
            organization, organization_id=ids.organizations[0], container_id=container_id
        )
        organization, made = new_organization(described, chosen.place, principal, entropy)
        records += made
    if chosen.check is None:
        return organization, tuple(records)
    before = replace(organization, version=0) if chosen.is_new else organization
    submitted = submit(
        before,
        (chosen.check,),
        principal,
        review=chosen.review,
        review_id=next(iter(ids.reviews), None),
        now=now,
        entropy=entropy,
    )
    others = records[1:]  # the organization itself is written as submitted
    return submitted.organization, (*submitted.records, *others)
