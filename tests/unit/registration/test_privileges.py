"""What keys give: never more than the key they are made with, in any combination."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, a_user, an_account, an_api_key
from tests.fakes import FakeBook, FrozenClock, SeededEntropy
from vouchsafe.domain.accounts import Principal, Restriction, Role
from vouchsafe.domain.errors import ErrorCode, VouchsafeError
from vouchsafe.domain.privileges import ALLOWED, LEFT, Action, gives_no_more, privileges
from vouchsafe.services.api_keys import KeyWish, make_key
from vouchsafe.services.keys import CreatedKey, authenticate

CUSTOMERS = [role for role in Role if role is not Role.OPERATOR]
PAIRS = list(itertools.product(Role, Restriction))
SOON, LATER = MOMENT + timedelta(days=1), MOMENT + timedelta(days=2)
HERE, INSIDE, ELSEWHERE = "192.0.2.0/24", "192.0.2.128/25", "198.51.100.0/24"


def a_principal(**changed: Any) -> Principal:
    fields: dict[str, Any] = {
        "account_id": 1,
        "user_id": 7,
        "container_id": 3,
        "role": Role.ADMINISTRATOR,
        "restriction": Restriction.NONE,
        "key_id": 41,
    }
    return Principal(**(fields | changed))


def test_every_action_and_every_restriction_has_its_row() -> None:
    assert set(ALLOWED) == set(Action)
    assert set(LEFT) == set(Restriction)


@pytest.mark.parametrize(("role", "restriction"), PAIRS)
def test_a_restriction_only_takes_away(role: Role, restriction: Restriction) -> None:
    assert privileges(role, restriction).items() <= privileges(role, Restriction.NONE).items()


@pytest.mark.parametrize("restriction", Restriction)
def test_an_operator_never_orders_and_a_customer_never_operates(restriction: Restriction) -> None:
    operators = set(privileges(Role.OPERATOR, restriction))
    assert operators <= {Action.OVERSEE, Action.OPERATE, Action.IDENTIFY}
    for role in CUSTOMERS:
        assert not set(privileges(role, restriction)) & {Action.OVERSEE, Action.OPERATE}


def test_the_restrictions_order_as_their_names_say() -> None:
    assert LEFT[Restriction.ORDERS] < LEFT[Restriction.ORDERS_DOMAINS_ORGANIZATIONS]
    assert LEFT[Restriction.ORDERS_DOMAINS_ORGANIZATIONS] < LEFT[Restriction.NONE]
    reading = {action for action in Action if action.name.startswith("LOOK")}
    reading |= {Action.IDENTIFY, Action.OVERSEE, Action.AUDIT}
    assert LEFT[Restriction.VIEW_ONLY] == reading


def _made(maker: Principal, owner: Role, wish: KeyWish) -> CreatedKey | None:
    """The key the service makes for user 8 of that role; None when it refuses."""
    book = FakeBook()
    book.commit(an_account(), a_user(user_id=8, role=owner), a_user(role=maker.role))
    try:
        return make_key(
            8,
            wish,
            maker,
            accounts=book,
            ledger=book,
            clock=FrozenClock(MOMENT),
            entropy=SeededEntropy(),
        )
    except VouchsafeError as refused:
        assert refused.code is ErrorCode.FORBIDDEN
        return None


@pytest.mark.parametrize(("maker", "limited"), list(itertools.product(CUSTOMERS, Restriction)))
@pytest.mark.parametrize(("owner", "wanted"), list(itertools.product(CUSTOMERS, Restriction)))
def test_no_key_can_be_made_that_does_more_than_its_maker(
    maker: Role, limited: Restriction, owner: Role, wanted: Restriction
) -> None:
    principal = a_principal(role=maker, restriction=limited)
    made = _made(principal, owner, KeyWish(name="x", restriction=wanted))
    if made is not None:
        given = privileges(made.record.role, made.record.restriction)
        own = privileges(maker, limited)
        assert all(scope <= own[action] for action, scope in given.items())
        assert maker is Role.ADMINISTRATOR or owner is not Role.ADMINISTRATOR


def test_an_unrestricted_administrator_makes_keys_for_anybody() -> None:
    for owner, wanted in itertools.product(CUSTOMERS, Restriction):
        made = _made(a_principal(), owner, KeyWish(name="x", restriction=wanted))
        assert made is not None
        assert (made.record.role, made.record.restriction) == (owner, wanted)


@pytest.mark.parametrize(
    ("maker", "wish", "end"),
    [
        (None, None, None),
        (None, SOON, SOON),
        (SOON, None, SOON),
        (LATER, SOON, SOON),
        (SOON, SOON, SOON),
        (SOON, LATER, "refused"),
    ],
)
def test_a_key_never_outlives_its_maker(maker: Any, wish: Any, end: Any) -> None:
    made = _made(a_principal(expires_at=maker), Role.MANAGER, KeyWish(name="x", expires_at=wish))
    assert ("refused" if made is None else made.record.expires_at) == end


@pytest.mark.parametrize(
    ("maker", "wish", "ranges"),
    [
        ((), (), ()),
        ((), (HERE,), (HERE,)),
        ((HERE,), (), (HERE,)),
        ((HERE,), (INSIDE,), (INSIDE,)),
        ((INSIDE,), (HERE,), "refused"),
        ((HERE,), (ELSEWHERE,), "refused"),
        ((HERE,), (INSIDE, ELSEWHERE), "refused"),
        ((HERE, ELSEWHERE), (INSIDE, ELSEWHERE), (INSIDE, ELSEWHERE)),
        ((HERE,), ("2001:db8::/32",), "refused"),
        (("2001:db8::/32",), ("2001:db8:1::/48",), ("2001:db8:1::/48",)),
    ],
)
def test_a_key_is_good_nowhere_that_its_maker_is_not(maker: Any, wish: Any, ranges: Any) -> None:
    principal = a_principal(source_ranges=maker)
    made = _made(principal, Role.MANAGER, KeyWish(name="x", source_ranges=wish))
    assert ("refused" if made is None else made.record.source_ranges) == ranges


def test_a_key_gives_no_more_than_itself() -> None:
    for role, restriction in itertools.product(CUSTOMERS, Restriction):
        key = an_api_key(role=role, restriction=restriction)
        assert gives_no_more(key, a_principal(role=role, restriction=restriction))


@pytest.mark.parametrize("source", ["192.0.2.7", "::ffff:192.0.2.7"])
def test_an_ipv4_caller_is_known_in_either_spelling(source: str) -> None:
    book = FakeBook()
    book.commit(an_api_key("secret", source_ranges=(HERE,), expires_at=SOON))
    principal = authenticate("secret", source, accounts=book, clock=FrozenClock(MOMENT))
    assert (principal.source_ranges, principal.expires_at) == ((HERE,), SOON)
