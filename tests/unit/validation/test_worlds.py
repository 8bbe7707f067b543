"""Each world yields exactly its cause, and each cause of the DNS and the web has a world."""

from __future__ import annotations

import pytest

from tests.builders import TOKEN
from tests.unit.validation.internet import Internet
from tests.unit.validation.web_servers import WebServers
from tests.unit.validation.worlds import OURS, WORLDS, Place, World
from vouchsafe.adapters.looker import NetworkLooker
from vouchsafe.domain.causes import CauseCode
from vouchsafe.domain.causes_dns import DNS_CAUSES
from vouchsafe.domain.causes_dnssec import DNSSEC_CAUSES
from vouchsafe.domain.causes_web import WEB_CAUSES
from vouchsafe.domain.dcv import question_for
from vouchsafe.domain.identifiers import Identifier
from vouchsafe.domain.looking import LookRequest


def test_every_cause_of_the_dns_and_the_web_has_a_world() -> None:
    of_names = set(DNS_CAUSES) | set(WEB_CAUSES) | set(DNSSEC_CAUSES) - {CauseCode.CAA_BOGUS}
    assert {world.cause for world in WORLDS} == of_names


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
