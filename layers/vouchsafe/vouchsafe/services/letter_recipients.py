"""Who gets a mail, by their part in the order or the account, never those deactivated; and in which
language an account is written to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..domain.accounts import Account, Role, User, UserStatus
from ..domain.addresses import folded
from ..domain.letter_kinds import Language, language_of_country
from ..domain.order import Order
from ..domain.privileges import ALLOWED, Action, Scope
from ..domain.requests import Request
from .mail_desk import Desk


def addresses(given: Iterable[str]) -> tuple[str, ...]:
    """Each address once, in any case, as first given."""
    kept: dict[str, str] = {}
    for address in filter(None, given):
        kept.setdefault(folded(address), address)
    return tuple(kept.values())


def reachable_by(user: User | None) -> tuple[str, ...]:
    """The address of a person who takes part."""
    return (user.email,) if user is not None and user.status is UserStatus.ACTIVE else ()


def order_people(order: Order, user: User | None) -> tuple[str, ...]:
    """Who placed the order (`user`), and whom it names."""
    return addresses((*reachable_by(user), *order.details.notify))


def usual_language(account_id: int, desk: Desk) -> Language:
    """That of the account's first organization; English without any."""
    first = next(iter(desk.accounts.organizations_of(account_id)), None)
    return language_of_country(first.country) if first else Language.ENGLISH


def administrators(account_id: int, desk: Desk) -> tuple[str, ...]:
    """The account's administrators."""
    return _mailboxes(one for one in _active(account_id, desk) if _administers(one))


def caretakers(account_id: int, container_id: int, action: Action, desk: Desk) -> tuple[str, ...]:
    """Those of a container who may do that with more than their own things; and administrators."""
    people = _active(account_id, desk)
    team = [one for one in people if one.container_id == container_id and _may(one, action)]
    return _mailboxes((*team, *(one for one in people if _administers(one))))


def teammates(order: Order, desk: Desk) -> tuple[str, ...]:
    """Those of the order's container who may order with more than their own orders."""
    people = _active(order.account_id, desk)
    return _mailboxes(
        one for one in people if one.container_id == order.container_id and _may(one, Action.ORDER)
    )


def approvers(
    order: Order, request: Request, account: Account | None, desk: Desk
) -> tuple[str, ...]:
    """Who may decide about a request: as `decisions` lets them.

    Administrators all, but their own not where the account wants a second person; managers what
    others ask for in their container and below it.
    """
    line = desk.ledger.standing(order.account_id, container_id=order.container_id).line
    around = {order.container_id, *(each.container_id for each in line)}
    two = account is not None and account.two_person
    return _mailboxes(
        one
        for one in _active(order.account_id, desk)
        if _decides(one, around, own=one.user_id == request.requester_id, two=two)
    )


def _decides(user: User, around: set[int], *, own: bool, two: bool) -> bool:
    scope = ALLOWED[Action.DECIDE].get(user.role, Scope.NOTHING)
    if scope is Scope.EVERYTHING:
        return not (own and two)
    return scope is Scope.CONTAINERS and not own and user.container_id in around


def _active(account_id: int, desk: Desk) -> Sequence[User]:
    everybody = desk.accounts.users_of(account_id)
    return [one for one in everybody if one.status is UserStatus.ACTIVE]


def _administers(user: User) -> bool:
    return user.role is Role.ADMINISTRATOR


def _may(user: User, action: Action) -> bool:
    return ALLOWED[action].get(user.role, Scope.NOTHING) > Scope.OWN


def _mailboxes(people: Iterable[User]) -> tuple[str, ...]:
    return addresses(one.email for one in people)
