"""CAA (RFC 8659, RFC 8657) as a table: who may issue for what."""

from __future__ import annotations

import pytest

from tests.unit.validation.answers import caa, failed, mixed, nothing
from vouchsafe.domain.authorization import CaaFinding
from vouchsafe.domain.caa import climb, ends_climb, judge_caa
from vouchsafe.domain.looking import CaaQuestion
from vouchsafe.domain.resolution import Resolution, Said, ServerSaid, Status

OURS = "ca.example.net"
ACCOUNT = "acct:1@ca.example.net"
NAME = "www.example.com"


def asked(*sets: Resolution, wildcard: bool = False) -> CaaFinding:
    question = CaaQuestion(
        name=NAME,
        wildcard=wildcard,
        issuer_domains=(OURS, "second.example.net"),
        validation_method="ca-tbr-7",
        account_uri=ACCOUNT,
    )
    return judge_caa(question, sets)


ISSUE, WILD = "issue", "issuewild"

PERMITTED = [
    [(0, ISSUE, OURS)],
    [(0, ISSUE, "CA.Example.NET")],
    [(0, ISSUE, f"  {OURS}  ")],
    [(0, ISSUE, f"{OURS};")],
    [(0, ISSUE, f"{OURS} ; ")],
    [(0, "ISSUE", OURS)],
    [(0, ISSUE, "second.example.net")],
    [(0, ISSUE, "other.example.net"), (0, ISSUE, OURS)],
    [(0, ISSUE, ";"), (0, ISSUE, OURS)],
    [(0, ISSUE, "%%%"), (0, ISSUE, OURS)],
    [(0, "iodef", "mailto:security@example.com")],
    [(128, "iodef", "mailto:security@example.com")],
    [(128, ISSUE, OURS)],
    [(1, "unknown", "x"), (0, ISSUE, OURS)],
    [(127, "unknown", "x")],
    [(0, "unknown", "x")],
    [(128, "contactemail", "a@example.com")],
    [(128, "issuemail", ";")],
    [(0, WILD, ";")],
    [(0, WILD, ";"), (0, ISSUE, OURS)],
    [(0, ISSUE, f"{OURS}; validationmethods=ca-tbr-7")],
    [(0, ISSUE, f"{OURS}; validationmethods=dns-01,CA-TBR-7")],
    [(0, ISSUE, f"{OURS}; VALIDATIONMETHODS=ca-tbr-7")],
    [(0, ISSUE, f"{OURS}; accounturi={ACCOUNT}")],
    [(0, ISSUE, f"{OURS}; accounturi = {ACCOUNT}")],
    [(0, ISSUE, f"{OURS};accounturi={ACCOUNT};validationmethods=ca-tbr-7")],
    [(0, ISSUE, f"{OURS}; policy=ev")],
    [(0, ISSUE, f"{OURS}; empty=")],
]

REFUSED = [
    [(0, ISSUE, ";")],
    [(0, ISSUE, "")],
    [(0, ISSUE, "other.example.net")],
    [(0, ISSUE, f"x{OURS}")],
    [(0, ISSUE, f"{OURS}.")],
    [(0, ISSUE, f"{OURS} other")],
    [(0, ISSUE, f"{OURS}; policy")],
    [(0, ISSUE, f"{OURS}; a=b;")],
    [(0, ISSUE, f"{OURS}; a=b c=d")],
    [(0, ISSUE, f"{OURS}; bad_tag=x")],
    [(0, ISSUE, f"{OURS}; a=\\xff\x00")],
    [(0, ISSUE, "%%%")],
    [(0, ISSUE, "; policy=ev")],
    [(128, "unknown", "x"), (0, ISSUE, OURS)],
    [(129, "unknown", "x")],
    [(255, "tbs", "x"), (0, ISSUE, OURS)],
    [(0, ISSUE, f"{OURS}; validationmethods=http-01")],
    [(0, ISSUE, f"{OURS}; validationmethods=")],
    [(0, ISSUE, f"{OURS}; validationmethods=ca-tbr-7,")],
    [(0, ISSUE, f"{OURS}; validationmethods=ca_tbr_7,ca-tbr-7")],
    [(0, ISSUE, f"{OURS}; validationmethods=ca-tbr-7; validationmethods=ca-tbr-7")],
    [(0, ISSUE, f"{OURS}; accounturi=acct:2@ca.example.net")],
    [(0, ISSUE, f"{OURS}; accounturi={ACCOUNT.upper()}")],
    [(0, ISSUE, f"{OURS}; accounturi={ACCOUNT}; accounturi={ACCOUNT}")],
]


@pytest.mark.parametrize("records", PERMITTED, ids=str)
def test_permitted(records: list[tuple[int, str, str]]) -> None:
    finding = asked(caa(NAME, *records))
    assert (finding.completed, finding.permitted) == (True, True)
    assert finding.deciding_name == NAME
    assert finding.ttl == 300


@pytest.mark.parametrize("records", REFUSED, ids=str)
def test_refused(records: list[tuple[int, str, str]]) -> None:
    finding = asked(caa(NAME, *records))
    assert (finding.completed, finding.permitted) == (True, False)
    assert finding.deciding_name == NAME
    assert finding.deciding_record
    assert finding.detail


@pytest.mark.parametrize(
    ("records", "permitted"),
    [
        ([(0, ISSUE, OURS)], True),
        ([(0, ISSUE, ";")], False),
        ([(0, WILD, OURS)], True),
        ([(0, WILD, OURS), (0, ISSUE, ";")], True),
        ([(0, WILD, ";"), (0, ISSUE, OURS)], False),
        ([(0, WILD, "other.example.net"), (0, ISSUE, OURS)], False),
        ([(0, "iodef", "mailto:a@example.com")], True),
        ([(0, WILD, f"{OURS}; validationmethods=http-01")], False),
    ],
    ids=str,
)
def test_for_a_wildcard_issuewild_stands_instead_of_issue(
    records: list[tuple[int, str, str]], permitted: bool
) -> None:
    assert asked(caa(NAME, *records), wildcard=True).permitted is permitted


def test_the_climb_goes_from_the_name_to_the_top_level_domain() -> None:
    assert climb("a.www.example.com") == (
        "a.www.example.com",
        "www.example.com",
        "example.com",
        "com",
    )


def test_the_nearest_set_decides_and_ends_the_climb() -> None:
    nearest = caa(NAME, (0, ISSUE, OURS))
    assert ends_climb(nearest)
    assert asked(nearest, caa("example.com", (0, ISSUE, ";"))).permitted
    finding = asked(caa(NAME), caa("example.com", (0, ISSUE, ";")))
    assert (finding.permitted, finding.deciding_name) == (False, "example.com")


def test_a_set_without_issue_properties_ends_the_climb_too() -> None:
    only_iodef = caa(NAME, (0, "iodef", "mailto:a@example.com"))
    assert ends_climb(only_iodef)
    assert asked(only_iodef, caa("example.com", (0, ISSUE, ";"))).permitted


def test_no_records_up_to_the_top_permit_everybody() -> None:
    finding = asked(*(nothing(name, rdtype="CAA") for name in climb(NAME)))
    assert (finding.completed, finding.permitted, finding.deciding_name) == (True, True, "")


def test_a_name_that_does_not_exist_is_climbed_over() -> None:
    missing = nothing(NAME, Status.NXDOMAIN, "CAA")
    assert not ends_climb(missing)
    assert not asked(missing, caa("example.com", (0, ISSUE, ";"))).permitted


def test_a_climb_that_was_not_finished_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="not followed to the top"):
        asked(nothing(NAME, rdtype="CAA"))


@pytest.mark.parametrize("status", [Status.TIME_OUT, Status.SERVFAIL, Status.LAME])
def test_a_failed_look_up_is_never_a_permission(status: Status) -> None:
    failure = failed(NAME, status, Said.TIME_OUT, rdtype="CAA")
    assert ends_climb(failure)
    finding = asked(failure)
    assert (finding.completed, finding.permitted) == (False, False)
    assert finding.detail.startswith(f"CAA {NAME}: ns1")


def test_a_failure_below_a_permitting_parent_is_a_failure() -> None:
    sets = [failed(NAME, Status.SERVFAIL, rdtype="CAA"), caa("example.com", (0, ISSUE, OURS))]
    assert not asked(*sets).completed


def test_servers_with_different_sets_must_all_permit() -> None:
    ours, theirs = [("0", ISSUE, OURS)], [("0", ISSUE, "other.example.net")]
    assert not asked(mixed(NAME, ours, theirs, rdtype="CAA")).permitted
    both = mixed(NAME, ours, [("0", ISSUE, OURS), ("0", ISSUE, ";")], rdtype="CAA")
    assert asked(both).permitted


def test_where_one_server_shows_nothing_the_parents_must_permit_as_well() -> None:
    half = mixed(NAME, [("0", ISSUE, OURS)], [], rdtype="CAA")
    assert not ends_climb(half)
    assert not asked(half, caa("example.com", (0, ISSUE, ";"))).permitted
    assert asked(half, caa("example.com", (0, ISSUE, OURS))).permitted


def test_servers_that_differ_by_a_cname_leave_it_unclear() -> None:
    alias = ServerSaid(server="ns2", said=Said.ALIAS, target="x.example.net")
    half = mixed(NAME, [("0", ISSUE, OURS)], [], rdtype="CAA")
    unclear = Resolution(
        name=NAME, rdtype="CAA", status=Status.DISAGREEMENT, said=(half.said[0], alias)
    )
    assert ends_climb(unclear)
    assert not asked(unclear).completed
