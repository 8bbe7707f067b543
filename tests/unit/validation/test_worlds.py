"""Each world yields exactly its cause, and each cause has a world."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.builders import TOKEN
from tests.unit.email.world import World as MailWorld
from tests.unit.validation.internet import Internet
from tests.unit.validation.order_worlds import (
    LOOK,
    MAIL_WORLDS,
    ORDER_WORLDS,
    MailingWorld,
    OrderWorld,
    Stage,
)
from tests.unit.validation.web_servers import WebServers
from tests.unit.validation.worlds import HOST, OURS, WORLDS, Place, World
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.domain.cause import CauseCode
from vouchsafe.domain.causes_dns import DNS_CAUSES
from vouchsafe.domain.causes_dnssec import DNSSEC_CAUSES
from vouchsafe.domain.causes_mail import MAIL_CAUSES
from vouchsafe.domain.causes_web import WEB_CAUSES
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.gates import Verdict
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import LookRequest


def test_every_cause_but_success_has_a_world_and_stands_on_the_page() -> None:
    asked = {world.cause for world in WORLDS}
    signed = set(DNSSEC_CAUSES) - {CauseCode.CAA_BOGUS}
    assert asked == set(DNS_CAUSES) | set(WEB_CAUSES) | signed
    ordered = {world.cause for world in ORDER_WORLDS}
    mailed = {world.cause for world in MAIL_WORLDS}
    assert mailed == set(MAIL_CAUSES)
    assert asked | ordered | mailed == set(CauseCode) - {CauseCode.PROVEN}
    page = (Path(__file__).parents[3] / "docs" / "causes.md").read_text("utf-8")
    assert re.findall("^## `(.+)`$", page, re.MULTILINE) == [str(code) for code in CauseCode]


def test_a_world_without_a_fault_yields_success(internet: Internet) -> None:
    stage = Stage(internet)
    stage.publish()
    assert stage.bench.check_at(LOOK).verdict is Verdict.READY
    seen = stage.bench.names[HOST].last_look
    assert seen is not None and seen.cause == CauseCode.PROVEN


@pytest.mark.parametrize("world", ORDER_WORLDS, ids=lambda world: world.make.__name__.strip("_"))
def test_every_world_of_an_order_yields_its_cause(world: OrderWorld, internet: Internet) -> None:
    stage = Stage(internet)
    world.make(stage)
    cause, words = stage.told()
    assert cause == world.cause, words
    assert world.words in words


@pytest.mark.parametrize("world", MAIL_WORLDS, ids=lambda world: world.make.__name__.strip("_"))
def test_every_world_of_mails_yields_its_cause(world: MailingWorld) -> None:
    mails = MailWorld()
    (row,) = mails.info(world.make(mails))["validations"]
    assert row["cause"] == world.cause, row
    assert world.words in row["explanation"]


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.title)
def test_every_world_yields_its_cause(world: World, internet: Internet, web: WebServers) -> None:
    world.make(Place(internet, web))
    question = question_for(Identifier(world.name), world.method, TOKEN, OURS)
    looker = NetworkLooker(
        internet.resolver(), perspective="primary", rir="ARIN", probe=web.probe()
    )
    (answer,) = looker.look(LookRequest(dcv=(question,))).dcv
    assert (answer.passed, answer.cause) == (False, world.cause), answer.explanation
    assert world.words in answer.explanation
    assert TOKEN in answer.advice or answer.advice
    assert answer.observations
