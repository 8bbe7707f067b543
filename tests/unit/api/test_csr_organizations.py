"""The CSR tool for organizations: O, C, ST and L beside CN."""

from __future__ import annotations

import pytest

from tests.unit.api.csr_material import ORGANIZATION, SUBJECT, changed, check, csr, fields

GOOD = {
    "as it stands": {},
    "the other name": {"O": "\uc608\uc2dc \uc8fc\uc2dd\ud68c\uc0ac"},
    "decomposed": {
        "O": "\u110b\u1168\u1109\u1175 \u110c\u116e\u1109\u1175\u11a8\u1112\u116c\u1109\u1161"
    },
    "white space": {"O": "  Example   Inc. ", "L": " Seongnam-si"},
    "country in small letters": {"C": "kr"},
}


@pytest.mark.parametrize("case", GOOD)
def test_an_organizations_request_may_be_spelled_so(case: str) -> None:
    report = check(
        csr=changed(**GOOD[case]), common_name="www.example.com", organization=ORGANIZATION
    )
    assert (report["valid"], report["findings"]) == (True, [])


BAD = {
    "another organization": ({"O": "Example Incorporated"}, ["O"]),
    "other letters": ({"O": "EXAMPLE INC."}, ["O"]),
    "another country": ({"C": "US"}, ["C"]),
    "another state": ({"ST": "gyeonggi-do"}, ["ST"]),
    "another city": ({"L": "Seoul"}, ["L"]),
    "no organization": ({"O": None}, ["O"]),
    "no country": ({"C": None}, ["C"]),
    "no state": ({"ST": None}, ["ST"]),
    "no city": ({"L": None}, ["L"]),
    "another name": ({"CN": "example.com"}, ["CN"]),
    "everything": (
        {"CN": "example.com", "O": "X", "C": "US", "ST": "Y", "L": "Z"},
        ["CN", "O", "C", "ST", "L"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_whatever_differs_from_the_organization_is_found_at_once(case: str) -> None:
    attributes, expected = BAD[case]
    report = check(
        csr=changed(**attributes), common_name="www.example.com", organization=ORGANIZATION
    )
    assert report["valid"] is False
    assert fields(report) == expected
    assert all(finding["expected"] for finding in report["findings"])


def test_extra_and_repeated_attributes_are_found_with_an_organization() -> None:
    text = csr(*SUBJECT, ("OU", "IT"), ("O", "Example Inc."))
    report = check(csr=text, common_name="www.example.com", organization=ORGANIZATION)
    assert (report["valid"], fields(report)) == (False, ["O", "OU"])
