"""docs/openapi-public.json describes exactly what the public pages and calls take and answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from tests.intake_world import SERIAL_TEXT, Answered, IntakeWorld, a_proof, pem
from tests.letter_world import a_stored_certificate
from tests.unit.email.world import Received
from tests.unit.email.world import World as MailWorld
from tests.unit.intake.test_reports import FORM as FILLED
from tests.unit.intake.test_reports import _Trouble
from tests.unit.watching.test_watch import World as WatchWorld
from vouchsafe.api.approval_page import PAGE_LIMITS
from vouchsafe.api.intake_reading import read_complaint, read_key_revocation
from vouchsafe.api.openapi_public import CALLS, describe_public, model_of
from vouchsafe.api.pages import PAGES
from vouchsafe.api.problem_form import Filled, form_page
from vouchsafe.api.public_intake import INTAKE_LIMITS
from vouchsafe.api.public_shapes import KeyRevocation, ProblemReport
from vouchsafe.domain.errors import Unavailable, VouchsafeError
from vouchsafe.domain.letters import Language
from vouchsafe.services.keeping_watch import publish_numbers, watch

type Seen = tuple[str, str, int, str, str]  # path, method, status, media type, body

APPROVE, REPORT = "/v2/approve/{id}", "/v2/problem-report"
CHALLENGE, REVOKE = "/v2/revoke-by-key/challenge", "/v2/revoke-by-key"


def _seen(path: str, method: str, answer: Any) -> Seen:
    """An answer of either world."""
    media = answer.headers["Content-Type"].partition(";")[0]
    if answer.status in {429, 503} and "Retry-After" in answer.headers:
        assert int(answer.headers["Retry-After"]) > 0
    text = answer.text if isinstance(answer, Answered) else answer.html
    return path, method, answer.status, media, text


def _mailed() -> tuple[MailWorld, Received]:
    world = MailWorld()
    world.place_one()
    return world, world.deliver()[0]


def _approvals(method: str) -> Iterator[Seen]:
    """The page of a mail, opened in every state."""

    def ask(world: MailWorld, message: str) -> Seen:
        return _seen(APPROVE, method, world.page(method.upper(), message))

    world, mail = _mailed()
    if method == "post":
        yield _seen(APPROVE, method, world.approve(mail, token="x"))
        yield _seen(APPROVE, method, world.approve(mail))
    yield ask(world, mail.message_id)
    yield ask(world, "nobody")
    world, mail = _mailed()
    world.api.clock.advance(timedelta(hours=72, seconds=1))
    yield ask(world, mail.message_id)
    for _ in range(PAGE_LIMITS[0].count):
        world.page("GET", mail.message_id)
    yield ask(world, mail.message_id)
    world, mail = _mailed()
    world.book._tripwire = _Unreadable()
    yield ask(world, mail.message_id)


class _Unreadable(_Trouble):
    """Nothing can be read either."""

    def crossing(self, name: str) -> Any:
        raise Unavailable(f"{name}: down")


def _intake() -> Iterator[Seen]:
    """Every public call, taken and refused, as JSON and as a form."""
    world = IntakeWorld()
    for method in ("get", "head"):
        yield _seen(REPORT, method, world.call(method.upper(), "problem-report"))
    yield _seen(REPORT, "post", world.report())
    yield _seen(REPORT, "post", world.report(email="finder@example.org", csr=_proof(world)))
    yield _seen(REPORT, "post", world.report(certificate="0"))
    yield _seen(REPORT, "post", world.fill_in(FILLED))
    yield _seen(REPORT, "post", world.fill_in(FILLED | {"evidence": ""}))
    yield from _proofs(IntakeWorld())
    yield from _too_many(IntakeWorld())
    yield from _troubled(IntakeWorld())


def _proof(world: IntakeWorld) -> str:
    return a_proof(world.challenge())


def _proofs(world: IntakeWorld) -> Iterator[Seen]:
    query = {"serial_number": SERIAL_TEXT}
    yield _seen(CHALLENGE, "get", world.call("GET", "revoke-by-key/challenge", query=query))
    yield _seen(CHALLENGE, "get", world.call("GET", "revoke-by-key/challenge"))
    good = {"certificate": pem(), "csr": _proof(world)}
    other = pem(a_stored_certificate("other.example.com"))
    yield _seen(REVOKE, "post", world.post("revoke-by-key", good | {"csr": ""}))
    yield _seen(REVOKE, "post", world.post("revoke-by-key", good | {"certificate": other}))
    yield _seen(REVOKE, "post", world.post("revoke-by-key", good))
    world.clock.advance(timedelta(days=91))
    yield _seen(REVOKE, "post", world.post("revoke-by-key", good | {"csr": _proof(world)}))


def _too_many(world: IntakeWorld) -> Iterator[Seen]:
    for _ in range(INTAKE_LIMITS[0].count):
        world.call("GET", "problem-report")
    yield from _each(world, "")


def _troubled(world: IntakeWorld) -> Iterator[Seen]:
    proof = _proof(world)
    world.book._tripwire = _Trouble()
    yield from _each(world, proof)


def _each(world: IntakeWorld, proof: str) -> Iterator[Seen]:
    for method in ("get", "head"):
        yield _seen(REPORT, method, world.call(method.upper(), "problem-report"))
    yield _seen(REPORT, "post", world.report())
    yield _seen(REPORT, "post", world.fill_in(FILLED))
    query = {"serial_number": SERIAL_TEXT}
    yield _seen(CHALLENGE, "get", world.call("GET", "revoke-by-key/challenge", query=query))
    good = {"certificate": pem(), "csr": proof}
    yield _seen(REVOKE, "post", world.post("revoke-by-key", good))


def _numbers() -> Iterator[Seen]:
    world = WatchWorld()
    publish_numbers(watch(ports=world.ports), ports=world.ports)
    for name, (content, media) in world.outside.pages.items():
        yield f"/{name}", "get", 200, media.partition(";")[0], content.decode()


def test_the_paths_and_methods_are_those_that_are_served() -> None:
    served = {(page.path, method) for page in PAGES for method in page.methods}
    numbers = {(path, method) for path, method in CALLS if not path.startswith("/v2/")}
    assert set(CALLS) == served | numbers
    assert {path for path, _ in numbers} == {path for path, *_ in _numbers()}


@pytest.mark.parametrize("model", [KeyRevocation, ProblemReport])
def test_the_fields_described_are_those_that_are_read_and_shown(model: type[BaseModel]) -> None:
    """Each field that the model says is required is missed; the form asks for the same ones."""
    read = read_complaint if model is ProblemReport else read_key_revocation
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    with pytest.raises(VouchsafeError) as refused:
        read({})
    assert {flaw.field for flaw in refused.value.flaws} == required
    if model is ProblemReport:
        page = form_page(Filled(), Language.ENGLISH, "").partition("<form")[2]
        assert set(re.findall(r' name="(\w+)"', page)) == set(model.model_fields) - {"locale"}


@pytest.mark.parametrize("reason", [*get_args(KeyRevocation.model_fields["reason"].annotation)])
def test_each_reason_described_is_taken(reason: str) -> None:
    fields = {"certificate": pem(), "csr": "x"}
    assert read_key_revocation(fields | {"reason": reason}).reason == reason
    with pytest.raises(VouchsafeError):
        read_key_revocation(fields | {"reason": "privilegeWithdrawn"})


def test_every_reference_leads_somewhere_and_every_name_is_unique() -> None:
    document = describe_public()
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    text = json.dumps(document)
    assert {part.partition('"')[0] for part in text.split('"$ref": "')[1:]} <= known
    operations = [o for path in document["paths"].values() for n, o in path.items() if n in METHODS]
    assert len({each["operationId"] for each in operations}) == len(operations) == len(CALLS)
    assert all("content" not in r for o in _of(document, "head") for r in o["responses"].values())


METHODS = {"get", "head", "post"}


def _of(document: dict[str, Any], method: str) -> list[dict[str, Any]]:
    return [path[method] for path in document["paths"].values() if method in path]


def test_every_answer_is_one_that_the_document_describes_and_every_one_described_comes() -> None:
    seen = [*(s for m in ("get", "head", "post") for s in _approvals(m)), *_intake(), *_numbers()]
    come: set[tuple[str, str, int, str]] = set()
    for path, method, status, media, text in seen:
        _, bodies = CALLS[path, method].gives[status]
        assert media in bodies, (path, method, status, media)
        if bodies[media]:
            model_of(bodies[media]).model_validate_json(text)
        else:
            assert (not text) is (method == "head")
        come.add((path, method, status, media))
    described = {
        (*where, status, media)
        for where, call in CALLS.items()
        for status, (_, bodies) in call.gives.items()
        for media in bodies
    }
    assert come == described
