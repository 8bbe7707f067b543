"""What one order may cost the name servers of a zone, whatever names are in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from tests.builders import TOKEN
from tests.unit.validation.answers import nothing
from tests.unit.validation.eyes import World
from vouchsafe.adapters.dcv_looks import look_dcv
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.adapters.question_budget import MOST_QUESTIONS, Budgeted
from vouchsafe.domain.authorization import DcvMethodName
from vouchsafe.domain.dcv import authorization_domains, question_for, steps_to
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import CaaQuestion, LookRequest
from vouchsafe.domain.resolution import Resolution, Status

TXT, CNAME = DcvMethodName.DNS_TXT, DcvMethodName.DNS_CNAME
#: As long as a name may be (RFC 1035 2.3.4), in as many labels as that takes.
DEEPEST = ".".join("abcdefghij"[n % 10] for n in range(119)) + ".example.com"


class Counting(World):
    """A session that knows nothing and counts what it is asked."""

    asked: list[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.asked = []

    def ask(self, name: str, rdtype: str) -> Resolution:
        self.asked.append((name, rdtype))
        return super().ask(name, rdtype) if rdtype != "CAA" else nothing(name, rdtype="CAA")

    def session(self, seconds: float) -> Counting:
        return self


@pytest.mark.parametrize("method", [CNAME, TXT])
def test_the_deepest_name_costs_a_bounded_number_of_questions(method: DcvMethodName) -> None:
    world = Counting()
    question = question_for(Identifier(DEEPEST), method, TOKEN, "ca.example.net")
    answer = look_dcv(question, session=world, probe=world, until=math.inf)
    assert not answer.passed
    assert 32 <= len(set(world.asked)) <= 60


def test_a_record_counts_at_the_nearest_and_the_topmost_levels_of_a_deep_name() -> None:
    names = list(dict.fromkeys(one.name for one in authorization_domains(Identifier(DEEPEST), TXT)))
    assert len(names) == 16
    assert names[0] == DEEPEST
    assert names[-1] == "example.com"
    assert names[7] == DEEPEST.split(".", 7)[7]
    assert names[8] == ".".join(DEEPEST.split(".")[-9:])


def test_a_name_of_sixteen_levels_counts_at_all_of_them() -> None:
    name = ".".join("abcdefghijklmno") + ".example.com"
    names = {one.name for one in authorization_domains(Identifier(name), TXT)}
    assert len(names) == 16


def test_many_labels_removed_are_told_as_one_step() -> None:
    assert steps_to(Identifier(DEEPEST), "example.com") == (
        f"119 leftmost labels removed: {DEEPEST} -> example.com",
    )
    assert steps_to(Identifier("*.a.b.example.com"), "example.com") == (
        "wildcard label removed: *.a.b.example.com -> a.b.example.com",
        "leftmost label removed: a.b.example.com -> b.example.com",
        "leftmost label removed: b.example.com -> example.com",
    )


def test_caa_is_climbed_to_the_top_however_deep_the_name_is() -> None:
    """RFC 8659 3 knows no end before the top-level domain."""
    world = Counting()
    looker = NetworkLooker(world, perspective="primary", rir="ARIN")
    question = CaaQuestion(name=DEEPEST, wildcard=False, issuer_domains=("ca.example.net",))
    (answer,) = looker.look(LookRequest(caa=(question,))).caa
    assert answer.finding.permitted
    assert len(world.asked) == len(DEEPEST.split("."))
    assert world.asked[-1] == ("com", "CAA")


def _asked(questions: Sequence[tuple[str, str]], most: int) -> tuple[list[Status], int]:
    world = Counting()
    budgeted = Budgeted(world, most)
    return [budgeted.ask(*one).status for one in questions], len(world.asked)


def test_what_goes_beyond_a_looks_questions_is_not_asked_and_no_answer() -> None:
    names = [(f"n{number}.example.com", "TXT") for number in range(4)]
    statuses, asked = _asked([*names, names[0]], most=3)
    assert statuses == [Status.NODATA] * 3 + [Status.OWN_TROUBLE, Status.NODATA]
    assert asked == 4  # the three, and one of them again, which the session itself remembers


def test_250_names_as_people_have_them_stay_far_below_it() -> None:
    world = Counting()
    looker = NetworkLooker(world, perspective="primary", rir="ARIN", probe=world)  # type: ignore[arg-type]
    names = [f"a{number}.b{number}.c.example.com" for number in range(250)]
    asked = [question_for(Identifier(name), TXT, TOKEN) for name in names]
    looker.look(LookRequest(dcv=tuple(asked)))
    assert len(set(world.asked)) < MOST_QUESTIONS / 2
