"""CAA within the life of an order: when it is looked at, again, by whom, and what is told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import MOMENT
from tests.unit.validation.checking import Bench
from vouchsafe.adapters.dynamodb.attributes import encode_fields, size_of
from vouchsafe.domain.changes import ChangeKind
from vouchsafe.domain.corroboration import REMOTE_REGIONS
from vouchsafe.domain.gates import Gate, Verdict, assess
from vouchsafe.domain.iodef import read

FIRST_LOOK = MOMENT + timedelta(seconds=60)
NAMES = ("www.example.com", "*.example.com", "example.com", "shop.example.com", "www.example.com")


def proven(*names: str) -> Bench:
    """An order for `names` whose values are published, not looked at yet."""
    bench = Bench(names=list(dict.fromkeys(names)))
    bench.publish("example.com")
    return bench


def test_caa_is_looked_up_once_for_each_name_of_the_order_and_for_no_other() -> None:
    bench = proven(*NAMES)
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY
    (request,) = [one for one in bench.looker.requests if one.caa]
    assert [(one.name, one.wildcard) for one in request.caa] == [
        ("www.example.com", False),
        ("example.com", True),
        ("example.com", False),
        ("shop.example.com", False),
    ]
    (remote,) = [one for one in bench.perspectives.requests if one.caa]
    assert remote.caa == request.caa


def test_a_check_older_than_eight_hours_is_made_again_for_every_name() -> None:
    bench = proven(*NAMES)
    bench.check_at(FIRST_LOOK)
    later = FIRST_LOOK + timedelta(hours=8)
    certificate, items = bench.certificate, bench.dossier.authorizations[5001]
    almost = assess(certificate, items, now=later - timedelta(seconds=1))
    assert almost.verdict is Verdict.READY
    assert assess(certificate, items, now=later).closed == (Gate.CAA,)
    bench.world.caa["shop.example.com"] = (0, "issue", ";")
    assert bench.check_at(later, run=2).verdict is Verdict.WAITING
    first, second = [one.caa for one in bench.looker.requests if one.caa]
    assert first == second
    assert not bench.certificate.caa.permitted  # type: ignore[union-attr]


def test_the_questions_name_us_the_account_and_the_method() -> None:
    bench = proven("www.example.com")
    bench.check_at(FIRST_LOOK)
    question = next(one.caa[0] for one in bench.looker.requests if one.caa)
    assert question.issuer_domains == ("ca.example.net",)
    assert question.account_uri == f"acct:{bench.certificate.account_id}@ca.example.net"
    assert question.validation_method == "ca-tbr-7"


def test_the_others_are_not_asked_where_our_own_place_sees_a_refusal() -> None:
    bench = proven("www.example.com")
    bench.world.caa["example.com"] = (0, "issue", ";")
    bench.check_at(FIRST_LOOK)
    assert not [one for one in bench.perspectives.requests if one.caa]


def test_a_permission_that_too_few_others_read_is_waited_for_and_no_refusal() -> None:
    bench = proven("www.example.com")
    bench.looker.meanwhile = [
        lambda: None,
        lambda: bench.perspectives.down.update(REMOTE_REGIONS[:3]),
    ]
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.WAITING
    (finding,) = bench.certificate.caa.findings  # type: ignore[union-attr]
    assert (finding.completed, finding.permitted) == (False, False)
    assert ChangeKind.CAA_REFUSED not in [one.kind for one in bench.changes]
    bench.perspectives.down.clear()
    assert bench.check_at(bench.certificate.next_look_at or MOMENT).verdict is Verdict.READY


def test_each_attempt_to_corroborate_starts_from_zero() -> None:
    """Three places agree at first, the other three later: that makes six at no time."""
    bench = proven("www.example.com")
    bench.perspectives.down = set(REMOTE_REGIONS[:3])
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.WAITING
    bench.perspectives.down = set(REMOTE_REGIONS[3:])
    outcome = bench.check_at(bench.certificate.next_look_at or MOMENT)
    assert outcome.verdict is Verdict.WAITING
    assert bench.names["www.example.com"].proof is None


def test_a_refusal_is_told_once_however_often_it_is_seen_and_again_when_it_changes() -> None:
    bench = proven("www.example.com", "*.example.com")
    bench.world.caa["example.com"] = (0, "issue", "other.example.net")
    bench.check_at(FIRST_LOOK)
    for _ in range(3):
        bench.check_at(bench.certificate.next_look_at or MOMENT)
    (told,) = [one for one in bench.changes if one.kind is ChangeKind.CAA_REFUSED]
    assert [(one.name, one.deciding_name) for one in read(told.data)] == [
        ("www.example.com", "example.com"),
        ("*.example.com", "example.com"),
    ]
    assert read(told.data)[0].issuer == "ca.example.net"
    bench.world.caa["example.com"] = (0, "issue", ";")
    bench.check_at(bench.certificate.next_look_at or MOMENT)
    assert [one.kind for one in bench.changes].count(ChangeKind.CAA_REFUSED) == 2


@pytest.mark.parametrize("names", [1, 250])
def test_findings_kept_of_a_refusal_are_few(names: int) -> None:
    bench = Bench(names=[f"n{number}.example.com" for number in range(names)])
    bench.publish("example.com")
    bench.world.caa["example.com"] = (0, "issue", ";")
    bench.check_at(FIRST_LOOK)
    assert len(bench.certificate.caa.findings) == min(names, 10)  # type: ignore[union-attr]


def test_a_permission_for_250_of_the_longest_names_fits_the_certificates_item() -> None:
    """Every finding as wordy as they come; an item may have 400 KB."""
    names = [f"{n:03}." + ".".join(["a" * 60] * 4)[:230] + ".example.com" for n in range(250)]
    bench = Bench(names=names)
    bench.publish("example.com")
    for name in names:
        bench.world.caa[name] = (0, "issue", "ca.example.net; policy=" + "x" * 400)
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY
    check = bench.certificate.caa
    assert check is not None and len(check.findings) == 250
    assert size_of({"M": encode_fields(bench.certificate)}) < 330_000
