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
    placement_flaws,
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


def test_every_two_places_we_deploy_to_lie_500_km_apart_at_least() -> None:
    places = ("us-east-1", *REMOTE_REGIONS)
    assert min(distance_km(REGIONS[a], REGIONS[b]) for a, b in combinations(places, 2)) >= 500
    assert placement_flaws(REMOTE_REGIONS, "us-east-1") == ()


@pytest.mark.parametrize(
    ("remotes", "home", "flaw"),
    [
        (("eu-west-1", "eu-west-2"), "", "eu-west-1 and eu-west-2 are 466 km apart"),
        (("eu-central-1", "eu-central-2"), "us-east-1", "eu-central-1 and eu-central-2 are "),
        (("us-west-2", "eu-west-1"), "us-west-2", "us-west-2 and us-west-2 are 0 km apart"),
        (("us-east-2",), "us-east-1", "us-east-1 and us-east-2 are 485 km apart"),
        (("us-west-2", "us-west-2"), "", "us-west-2 and us-west-2 are 0 km apart"),
        (("moon-east-1",), "", "moon-east-1 is no region whose place is known"),
    ],
)
def test_places_too_near_to_each_other_or_to_ours_are_named(
    remotes: tuple[str, ...], home: str, flaw: str
) -> None:
    (told,) = placement_flaws(remotes, home)
    assert told.startswith(flaw)


def test_regions_of_all_five_registries_are_known() -> None:
    registries = {region.rir for region in REGIONS.values()}
    assert registries == {"ARIN", "RIPE", "APNIC", "LACNIC", "AFRINIC"}
    assert all(-90 <= one.latitude <= 90 for one in REGIONS.values())
    assert all(-180 <= one.longitude <= 180 for one in REGIONS.values())


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


@pytest.mark.parametrize(
    ("day", "remotes"),
    [
        (datetime(2026, 3, 15, tzinfo=UTC), 3),
        (datetime(2026, 6, 14, 23, 59, 59, tzinfo=UTC), 3),
        (datetime(2026, 6, 15, tzinfo=UTC), 4),
        (datetime(2026, 12, 14, 23, 59, 59, tzinfo=UTC), 4),
        (datetime(2026, 12, 15, tzinfo=UTC), 5),
        (datetime(2027, 3, 15, tzinfo=UTC), 5),
        (datetime(2028, 3, 15, tzinfo=UTC), 5),
        (datetime(2029, 3, 15, tzinfo=UTC), 5),
    ],
)
def test_the_number_of_places_follows_the_calendar(day: datetime, remotes: int) -> None:
    """So many must be asked; one of them may not agree; one fewer asked means to wait."""
    assert rules_at(day).remote_perspectives == remotes
    for states, cause in (
        ("y" * remotes, CauseCode.PROVEN),
        ("y" * (remotes - 1) + "n", CauseCode.PROVEN),
        ("y" * (remotes - 1) + "x", CauseCode.PROVEN),
        ("y" * (remotes - 2) + "nn", CauseCode.PERSPECTIVES_DISAGREE),
        ("y" * (remotes - 2) + "xx", CauseCode.TOO_FEW_PERSPECTIVES),
        ("y" * (remotes - 1), CauseCode.TOO_FEW_PERSPECTIVES),
    ):
        assert weighed(states, day).cause is cause, states


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2029])
def test_six_places_allow_two_that_do_not_agree_at_every_date(year: int) -> None:
    moment = datetime(year, 12, 31, tzinfo=UTC)
    assert weighed("yyyynx", moment).cause is CauseCode.PROVEN
    assert weighed("yyynnx", moment).cause is not CauseCode.PROVEN


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
