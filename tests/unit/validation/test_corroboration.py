from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations

import pytest

from vouchsafe.domain.authorization import CaaFinding
from vouchsafe.domain.calendar import rules_at
from vouchsafe.domain.causes import CauseCode
from vouchsafe.domain.corroboration import (
    REGIONS,
    REMOTE_REGIONS,
    Corroboration,
    corroborate,
    distance_km,
)
from vouchsafe.domain.looking import CaaAnswer, DcvAnswer, LookReport

TODAY = datetime(2026, 11, 21, tzinfo=UTC)  # four remotes must be asked
LATER = datetime(2026, 12, 15, tzinfo=UTC)  # five


def dcv(passed: bool, completed: bool = True) -> DcvAnswer:
    cause = "proven" if passed else "nothing_at_the_name"
    return DcvAnswer(
        name="a.example.com",
        completed=completed,
        passed=passed,
        cause=cause,
        explanation="",
        advice="",
    )


def report(place: str, *answers: DcvAnswer, error: str = "") -> LookReport:
    return LookReport(perspective=place, rir=REGIONS[place].rir, dcv=answers, error=error)


PRIMARY = LookReport(perspective="primary", rir="ARIN", dcv=(dcv(True),))


def weighed(
    states: str, now: datetime = LATER, places: tuple[str, ...] = REMOTE_REGIONS
) -> Corroboration:
    """One letter a remote: y agrees, n does not, - could not look, x could not be asked."""
    made = {
        "y": lambda place: report(place, dcv(True)),
        "n": lambda place: report(place, dcv(False)),
        "-": lambda place: report(place, dcv(False, completed=False)),
        "x": lambda place: report(place, error="timed out"),
    }
    reports = [made[state](place) for place, state in zip(places, states, strict=False)]
    return corroborate(PRIMARY, reports, now).dcv[0]


def test_every_two_regions_lie_500_km_apart_at_least() -> None:
    assert min(distance_km(REGIONS[a], REGIONS[b]) for a, b in combinations(REGIONS, 2)) >= 500


def test_distances_are_right() -> None:
    assert distance_km(REGIONS["us-east-1"], REGIONS["eu-central-1"]) == pytest.approx(
        6550, rel=0.02
    )


def test_six_remote_regions_lie_in_four_registries() -> None:
    assert len(set(REMOTE_REGIONS)) == 6
    registries = {REGIONS[place].rir for place in REMOTE_REGIONS}
    assert registries == {"ARIN", "RIPE", "APNIC", "LACNIC"}


@pytest.mark.parametrize(
    ("states", "now", "quorum", "cause"),
    [
        ("yyyyyy", LATER, "6/6", CauseCode.PROVEN),
        ("yyyyyn", LATER, "5/6", CauseCode.PROVEN),
        ("yyyynn", LATER, "4/6", CauseCode.PROVEN),
        ("yyyyxx", LATER, "4/6", CauseCode.PROVEN),
        ("yyyn-n", LATER, "3/6", CauseCode.TOO_FEW_PERSPECTIVES),
        ("yyynnn", LATER, "3/6", CauseCode.PERSPECTIVES_DISAGREE),
        ("yyyxxx", LATER, "3/6", CauseCode.TOO_FEW_PERSPECTIVES),
        ("nnnnnn", LATER, "0/6", CauseCode.PERSPECTIVES_DISAGREE),
        ("xxxxxx", LATER, "0/6", CauseCode.TOO_FEW_PERSPECTIVES),
        ("yyyyy", LATER, "5/5", CauseCode.PROVEN),
        ("yyyyn", LATER, "4/5", CauseCode.PROVEN),
        ("yyynn", LATER, "3/5", CauseCode.PERSPECTIVES_DISAGREE),
        ("yyyy", LATER, "4/4", CauseCode.TOO_FEW_PERSPECTIVES),
        ("yyyy", TODAY, "4/4", CauseCode.PROVEN),
        ("yyyn", TODAY, "3/4", CauseCode.PROVEN),
        ("yy-n", TODAY, "2/4", CauseCode.TOO_FEW_PERSPECTIVES),
        ("yynn", TODAY, "2/4", CauseCode.PERSPECTIVES_DISAGREE),
        ("yyy", TODAY, "3/3", CauseCode.TOO_FEW_PERSPECTIVES),
        ("", TODAY, "0/0", CauseCode.TOO_FEW_PERSPECTIVES),
    ],
)
def test_the_quorum_follows_the_date_and_the_number_asked(
    states: str, now: datetime, quorum: str, cause: CauseCode
) -> None:
    verdict = weighed(states, now)
    assert (verdict.quorum, verdict.cause) == (quorum, cause)
    assert verdict.corroborated is (cause is CauseCode.PROVEN)


def test_the_dates_are_those_of_the_calendar() -> None:
    assert rules_at(TODAY).remote_perspectives == 4
    assert rules_at(LATER).remote_perspectives == 5


def test_agreeing_places_in_one_registry_region_are_not_enough() -> None:
    reports = [
        LookReport(perspective=f"place-{n}", rir="APNIC", dcv=(dcv(True),)) for n in range(6)
    ]
    verdict = corroborate(PRIMARY, reports, LATER).dcv[0]
    assert (verdict.corroborated, verdict.detail) == (
        False,
        "all agreeing places lie in one RIR region",
    )


def test_a_place_that_answers_twice_counts_once() -> None:
    assert weighed("yyyyyy", places=("us-west-2", "us-west-2", "eu-central-1") * 2).quorum == "2/2"


def test_others_cannot_prove_what_the_primary_does_not_see() -> None:
    blind = LookReport(perspective="primary", rir="ARIN", dcv=(dcv(False),))
    reports = [report(place, dcv(True)) for place in REMOTE_REGIONS]
    assert not corroborate(blind, reports, LATER).dcv[0].corroborated


def test_each_question_has_a_verdict_of_its_own() -> None:
    primary = LookReport(perspective="primary", rir="ARIN", dcv=(dcv(True), dcv(True)))
    reports = [report(place, dcv(True), dcv(False)) for place in REMOTE_REGIONS]
    verdicts = corroborate(primary, reports, LATER).dcv
    assert [one.corroborated for one in verdicts] == [True, False]


def test_a_report_that_is_too_short_corroborates_nothing_beyond_its_end() -> None:
    primary = LookReport(perspective="primary", rir="ARIN", dcv=(dcv(True), dcv(True)))
    reports = [report(place, dcv(True)) for place in REMOTE_REGIONS]
    verdicts = corroborate(primary, reports, LATER).dcv
    assert [one.cause for one in verdicts] == [CauseCode.PROVEN, CauseCode.TOO_FEW_PERSPECTIVES]


def test_caa_is_corroborated_by_permission_not_by_equal_records() -> None:
    def finding(record: str, permitted: bool = True) -> CaaAnswer:
        return CaaAnswer(
            finding=CaaFinding(
                name="a.example.com",
                completed=True,
                permitted=permitted,
                deciding_name="example.com",
                deciding_record=record,
                ttl=1,
                detail="",
            )
        )

    primary = LookReport(perspective="primary", rir="ARIN", caa=(finding("a"),))
    reports = [
        LookReport(perspective=place, rir=REGIONS[place].rir, caa=(finding("b"),))
        for place in REMOTE_REGIONS
    ]
    assert corroborate(primary, reports, LATER).caa[0].corroborated
    refusing = [
        LookReport(perspective=place, rir=REGIONS[place].rir, caa=(finding("b", False),))
        for place in REMOTE_REGIONS
    ]
    assert not corroborate(primary, refusing, LATER).caa[0].corroborated
