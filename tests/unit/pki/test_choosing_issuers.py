"""Which issuing CA makes a new certificate: by product, by date, by state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import MOMENT, an_issuer_record
from vouchsafe.domain.issuers import Issuer, IssuerState, Trust, choose_issuer, signs_at
from vouchsafe.domain.products import PRODUCTS

DV, OV, EV = PRODUCTS["ssl_dv_geotrust"], PRODUCTS["ssl_basic"], PRODUCTS["ssl_ev_basic"]
PRIVATE = PRODUCTS["private_ssl_plus"]
A_DAY = timedelta(days=1)


def _issuer(issuer_id: str, **changed: Any) -> Issuer:
    return an_issuer_record(issuer_id=issuer_id, **({"trust": Trust.PRIVATE} | changed))


def test_a_private_product_never_chains_to_a_public_issuer() -> None:
    public, private = _issuer("public", trust=Trust.PUBLIC), _issuer("private")
    for product in (PRIVATE, PRODUCTS["cloud_basic"]):
        assert choose_issuer([public], product, MOMENT) is None
        assert choose_issuer([public, private], product, MOMENT) == private


def test_a_public_product_takes_a_private_issuer_only_where_no_public_one_ever_signed() -> None:
    private = _issuer("private")
    staged = _issuer("public", trust=Trust.PUBLIC, state=IssuerState.STAGED)
    active = _issuer("public", trust=Trust.PUBLIC)
    retired = _issuer("public", trust=Trust.PUBLIC, state=IssuerState.RETIRED)
    assert choose_issuer([private], DV, MOMENT) == private
    assert choose_issuer([staged, private], DV, MOMENT) == private
    assert choose_issuer([active, private], DV, MOMENT) == active
    assert choose_issuer([retired, private], DV, MOMENT) is None


def test_the_issuer_activated_last_takes_over_at_its_very_second() -> None:
    old, new = _issuer("e1"), _issuer("e2", active_from=MOMENT + A_DAY)
    both = [new, old]
    assert choose_issuer(both, DV, MOMENT + A_DAY - timedelta(seconds=1)) == old
    assert choose_issuer(both, DV, MOMENT + A_DAY) == new


@pytest.mark.parametrize("state", [IssuerState.RETIRED, IssuerState.STAGED])
def test_neither_staged_nor_retired_ones_sign(state: IssuerState) -> None:
    assert choose_issuer([_issuer("e1", state=state)], DV, MOMENT) is None


def test_an_issuer_signs_until_the_second_before_its_end() -> None:
    issuer = _issuer("e1", not_after=MOMENT + A_DAY)
    assert signs_at(issuer, MOMENT + A_DAY - timedelta(seconds=1))
    assert not signs_at(issuer, MOMENT + A_DAY)


def test_who_names_the_product_goes_before_who_names_its_level_before_who_serves_all() -> None:
    everything = _issuer("all", active_from=MOMENT)
    extended = _issuer("ev", serves=("ev",), active_from=MOMENT - A_DAY)
    basic = _issuer("basic", serves=("ssl_ev_basic", "dv"), active_from=MOMENT - 2 * A_DAY)
    three = [everything, extended, basic]
    assert choose_issuer(three, EV, MOMENT) == basic
    assert choose_issuer(three, PRODUCTS["ssl_ev_plus"], MOMENT) == extended
    assert choose_issuer(three, DV, MOMENT) == basic
    assert choose_issuer(three, OV, MOMENT) == everything
    assert choose_issuer([extended], DV, MOMENT) is None


def test_of_two_activated_at_once_the_choice_is_still_one_whatever_their_order() -> None:
    one, two = _issuer("e1"), _issuer("e2")
    assert choose_issuer([one, two], DV, MOMENT) == choose_issuer([two, one], DV, MOMENT) == two
