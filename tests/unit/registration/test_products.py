from __future__ import annotations

from vouchsafe.api.dialect import METHOD_WORDS
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.issuers import Trust
from vouchsafe.domain.products import PRODUCTS, KeySource, NameShape, ValidationLevel, offered
from vouchsafe.domain.profiles import PROFILES
from vouchsafe.domain.records import ENGINES


def test_managed_keys_are_for_private_trust_only() -> None:
    managed = [p for p in PRODUCTS.values() if p.key_source is KeySource.MANAGED]
    assert managed
    assert {p.trust for p in managed} == {Trust.PRIVATE}


def test_extended_validation_takes_no_wildcards() -> None:
    extended = {p.names for p in PRODUCTS.values() if p.level is ValidationLevel.EV}
    assert extended == {NameShape.SINGLE, NameShape.MULTI}


def test_whatever_is_on_can_be_validated_today() -> None:
    on = [p for p in PRODUCTS.values() if p.on]
    assert {p.level for p in on} == set(ValidationLevel)
    assert all(p.methods & ENGINES and p.level.value in PROFILES for p in on)
    managed = [p.product_id for p in on if p.key_source is KeySource.MANAGED]
    assert managed == ["cloud_basic"]


def test_what_is_for_private_use_is_offered_under_private_issuers_only() -> None:
    for product in PRODUCTS.values():
        assert offered(product, Trust.PRIVATE) is product.on
        assert offered(product, Trust.PUBLIC) is (product.on and product.trust is Trust.PUBLIC)
    assert offered(PRODUCTS["private_ssl_plus"], Trust.PRIVATE)


def test_products_with_keys_of_ours_are_off_where_keys_are_not_made() -> None:
    for product in PRODUCTS.values():
        own = product.key_source is KeySource.CSR
        assert offered(product, Trust.PRIVATE, managed_keys=False) is (product.on and own)


def test_every_method_has_a_word_on_the_wire() -> None:
    assert set(METHOD_WORDS) == set(DcvMethodName)
