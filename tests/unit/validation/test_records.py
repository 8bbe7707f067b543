from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.fakes import SeededEntropy
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.methods import LOOKED_UP
from vouchsafe.domain.records import ENGINES, Record, new_random_value, record_for


def test_a_value_is_an_underscore_and_26_lower_case_base32_characters() -> None:
    value = new_random_value(SeededEntropy(), MOMENT)
    assert re.fullmatch(r"_[a-z2-7]{26}", value.value)
    assert value.expires_at - value.created_at == timedelta(days=30)


def test_values_differ() -> None:
    entropy = SeededEntropy()
    values = {new_random_value(entropy, MOMENT).value for _ in range(50)}
    assert len(values) == 50


@pytest.mark.parametrize("name", ["www.example.com", "*.www.example.com"])
def test_a_txt_record_stands_at_the_name_a_wildcards_at_its_base(name: str) -> None:
    record = record_for(Identifier(name), DcvMethodName.DNS_TXT, "_v", "ca.example.net")
    assert record == Record(type="TXT", name="www.example.com", value="_v")


def test_the_other_records_are_printed_as_agreed() -> None:
    name = Identifier("www.example.com")
    assert record_for(name, DcvMethodName.DNS_CNAME, "_v", "ca.example.net") == Record(
        type="CNAME", name="_v.www.example.com", value="dcv.ca.example.net"
    )
    assert record_for(name, DcvMethodName.HTTP_FILE, "_v", "ca.example.net") == Record(
        type="HTTP",
        name="http://www.example.com/.well-known/pki-validation/fileauth.txt",
        value="_v",
    )
    with pytest.raises(ValueError, match="publishes no record"):
        record_for(name, DcvMethodName.EMAIL, "_v", "ca.example.net")


def test_only_methods_with_an_engine_are_switched_on() -> None:
    built = {DcvMethodName.DNS_TXT, DcvMethodName.DNS_CNAME, DcvMethodName.HTTP_FILE}
    assert built <= ENGINES
    assert built == LOOKED_UP
