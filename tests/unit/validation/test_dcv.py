from __future__ import annotations

import pytest

from tests.unit.validation.answers import TOKEN, agreed, alias_of, failed, mixed, nothing
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.causes import CauseCode
from vouchsafe.domain.dcv import (
    CAA_METHOD_LABELS,
    Match,
    authorization_domains,
    judge_txt,
    place_of,
    question_for,
)
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import DcvAnswer
from vouchsafe.domain.resolution import Resolution, Said, Status
from vouchsafe.domain.sightings import judge_dcv, nothing_near
from vouchsafe.domain.suspicions import Suspicion, suspicions

TXT = DcvMethodName.DNS_TXT
NAME = "www.example.com"
OWNERS = (NAME, f"_dnsauth.{NAME}", "example.com", "_dnsauth.example.com")


def judged(*seen: Resolution, doubled: Resolution | None = None, name: str = NAME) -> DcvAnswer:
    elsewhere = {Suspicion.DOUBLED: doubled} if doubled else {}
    return judge_dcv(question_for(Identifier(name), TXT, TOKEN), seen, elsewhere)


def all_empty(status: Status = Status.NODATA) -> list[Resolution]:
    return [nothing(owner, status) for owner in OWNERS]


def test_a_record_counts_at_the_name_and_its_parents_each_with_dnsauth_nearest_first() -> None:
    places = authorization_domains(Identifier("a.www.example.co.uk"), TXT)
    assert [place.owner for place in places] == [
        "a.www.example.co.uk",
        "_dnsauth.a.www.example.co.uk",
        "www.example.co.uk",
        "_dnsauth.www.example.co.uk",
        "example.co.uk",
        "_dnsauth.example.co.uk",
    ]


def test_the_steps_to_an_authorization_domain_are_told() -> None:
    place = place_of(Identifier("*.www.example.com"), TXT, "_dnsauth.example.com", ("v.other.net",))
    assert place.name == "example.com"
    assert place.steps == (
        "wildcard label removed: *.www.example.com -> www.example.com",
        "leftmost label removed: www.example.com -> example.com",
        "record at the name with _dnsauth in front: _dnsauth.example.com",
        "CNAME followed to v.other.net",
    )


def test_a_record_elsewhere_counts_for_nothing() -> None:
    with pytest.raises(ValueError, match="does not count"):
        place_of(Identifier(NAME), TXT, "com")
    with pytest.raises(ValueError, match="does not count"):
        place_of(Identifier("example.com"), TXT, NAME)


def test_a_method_without_an_engine_has_no_places() -> None:
    with pytest.raises(ValueError, match="cannot be looked up"):
        authorization_domains(Identifier(NAME), DcvMethodName.EMAIL)


def test_caa_names_our_methods_by_their_br_sections() -> None:
    assert CAA_METHOD_LABELS[TXT] == "ca-tbr-7"
    assert CAA_METHOD_LABELS[DcvMethodName.HTTP_FILE] == "ca-tbr-18"


@pytest.mark.parametrize(
    ("records", "match"),
    [
        ([(TOKEN,)], Match.EXACT),
        ([("v=spf1 -all",), (TOKEN,)], Match.EXACT),
        ([("first", TOKEN)], Match.EXACT),
        ([(TOKEN[:10], TOKEN[10:])], Match.CUT),
        ([(TOKEN[:-1],)], Match.CUT),
        ([(f"token={TOKEN}",)], Match.CUT),
        ([(f"{TOKEN} {TOKEN}",)], Match.CUT),
        ([(f"{TOKEN} ",)], Match.QUOTED),
        ([(f'"{TOKEN}"',)], Match.QUOTED),
        ([(TOKEN.upper(),)], Match.WRONG_CASE),
        ([("_" + "z" * 26,)], Match.OTHER),
        ([("",)], Match.OTHER),
        ([], Match.NOTHING),
    ],
)
def test_one_whole_string_must_be_the_value(records: list[tuple[str, ...]], match: Match) -> None:
    assert judge_txt(records, TOKEN) is match


@pytest.mark.parametrize("owner", OWNERS)
def test_the_value_proves_the_name_wherever_it_counts(owner: str) -> None:
    before = [nothing(other) for other in OWNERS[: OWNERS.index(owner)]]
    answer = judged(*before, agreed(owner, (TOKEN,)))
    assert (answer.passed, answer.completed, answer.cause) == (True, True, "proven")
    assert answer.authorization_domain == owner
    assert answer.record == TOKEN


@pytest.mark.parametrize(
    ("seen", "cause", "words"),
    [
        (all_empty(), CauseCode.NOTHING_AT_THE_NAME, "the name exists, but has no TXT record"),
        (all_empty(Status.NXDOMAIN), CauseCode.NAME_DOES_NOT_EXIST, "NXDOMAIN"),
        (
            [agreed(NAME, ("_" + "y" * 26,)), *all_empty()[1:]],
            CauseCode.OLD_VALUE_SERVED,
            'older value: "_yyyyyyyyyyyyyyyyyyyyyyyyyy". It is served by ns1 (192.0.2.1)',
        ),
        (
            [mixed(NAME, [(TOKEN,)], [("_" + "y" * 26,)]), *all_empty()[1:]],
            CauseCode.OLD_VALUE_SERVED,
            "served by ns2 (192.0.2.2); caches",
        ),
        ([agreed(NAME, ("v=spf1 -all",)), *all_empty()[1:]], CauseCode.VALUE_DIFFERS, "v=spf1"),
        ([agreed(NAME, (f'"{TOKEN}"',)), *all_empty()[1:]], CauseCode.VALUE_QUOTED, "quotation"),
        ([agreed(NAME, (TOKEN[:20],)), *all_empty()[1:]], CauseCode.VALUE_CUT, "part of the value"),
        ([agreed(NAME, (TOKEN.upper(),)), *all_empty()[1:]], CauseCode.VALUE_WRONG_CASE, "case"),
        (
            [*all_empty()[:2], mixed("example.com", [(TOKEN,)], []), all_empty()[3]],
            CauseCode.SERVERS_DISAGREE,
            "With the value: ns1 (192.0.2.1). Without: ns2 (192.0.2.2).",
        ),
        (
            [failed(NAME, Status.TIME_OUT, Said.TIME_OUT), *all_empty()[1:]],
            CauseCode.TIME_OUT,
            "ns1 (192.0.2.1): time out",
        ),
        (
            [failed(NAME, Status.LAME, Said.LAME), *all_empty()[1:]],
            CauseCode.SERVERS_FAIL,
            "ns1 (192.0.2.1): lame",
        ),
        (
            [failed(NAME, Status.NO_DELEGATION, detail="com says that it does not exist")],
            CauseCode.NO_DELEGATION,
            "com says that it does not exist",
        ),
        (
            [failed(NAME, Status.OWN_TROUBLE, Said.OWN_TROUBLE)],
            CauseCode.OWN_TROUBLE,
            "trouble on our side",
        ),
    ],
)
def test_what_is_in_the_way_is_named(seen: list[Resolution], cause: CauseCode, words: str) -> None:
    answer = judged(*seen)
    assert not answer.passed
    assert answer.cause == cause
    assert words in answer.explanation
    assert answer.advice


def test_ordinary_txt_records_of_a_parent_are_not_worth_a_word() -> None:
    seen = all_empty()
    seen[2] = agreed("example.com", ("v=spf1 -all",))
    assert judged(*seen).cause == CauseCode.NOTHING_AT_THE_NAME


def test_an_old_value_at_the_parent_is() -> None:
    seen = all_empty()
    seen[2] = agreed("example.com", ("_" + "y" * 26,))
    assert judged(*seen).cause == CauseCode.OLD_VALUE_SERVED


def test_a_domain_added_twice_is_recognized() -> None:
    doubled = agreed(f"{NAME}.example.com", (TOKEN,))
    answer = judged(*all_empty(), doubled=doubled)
    assert answer.cause == CauseCode.RECORD_AT_DOUBLED_LABEL
    assert 'Enter the name as "www"' in answer.advice
    assert answer.observations[0].question == "TXT www.example.com.example.com"


def test_at_the_registrable_domain_itself_the_short_name_is_an_at_sign() -> None:
    doubled = agreed("example.com.example.com", (TOKEN,))
    seen = [nothing("example.com"), nothing("_dnsauth.example.com")]
    assert 'Enter the name as "@"' in judged(*seen, doubled=doubled, name="example.com").advice


def test_other_places_are_worth_a_look_only_when_nothing_near_the_value_was_seen() -> None:
    question = question_for(Identifier(NAME), TXT, TOKEN)
    assert suspicions(question) == {
        Suspicion.DOUBLED: ("www.example.com.example.com", "TXT"),
        Suspicion.WITHOUT_UNDERSCORE: ("dnsauth.www.example.com", "TXT"),
        Suspicion.ELSEWHERE: ("example.com", "NS"),
    }
    assert nothing_near(question, all_empty())
    assert not nothing_near(question, [agreed(NAME, (TOKEN.upper(),))])
    assert not nothing_near(question, [failed(NAME, Status.TIME_OUT)])
    long = ".".join(["a" * 60] * 4) + ".com"
    assert Suspicion.DOUBLED not in suspicions(question_for(Identifier(long), TXT, TOKEN))


def test_a_look_that_could_not_see_every_place_is_not_complete() -> None:
    assert judged(*all_empty()).completed
    assert not judged(*all_empty()[:3], failed(OWNERS[3], Status.TIME_OUT)).completed


def test_one_silent_place_does_not_hide_a_proof_at_another() -> None:
    assert judged(failed(NAME, Status.TIME_OUT), agreed(OWNERS[1], (TOKEN,))).passed


def test_a_cname_at_the_bare_name_proves_the_name_itself_only() -> None:
    at_name = alias_of(agreed(NAME, (TOKEN,)), "x.other.net")
    assert judged(at_name).passed
    assert judged(at_name).aliases == ("x.other.net",)
    at_parent = alias_of(agreed("example.com", (TOKEN,)), "x.other.net")
    answer = judged(nothing(NAME), nothing(OWNERS[1]), at_parent)
    assert (answer.passed, answer.cause) == (False, CauseCode.VALUE_BEHIND_ALIAS)
    wildcard = judged(at_name, name=f"*.{NAME}")
    assert (wildcard.passed, wildcard.cause) == (False, CauseCode.VALUE_BEHIND_ALIAS)
    assert f"_dnsauth.{NAME}" in wildcard.advice


def test_a_cname_at_dnsauth_is_followed_for_everybody() -> None:
    delegated = alias_of(agreed(f"_dnsauth.{NAME}", (TOKEN,)), "x.other.net")
    assert judged(nothing(NAME), delegated, name=f"*.{NAME}").passed
