"""The examples of docs/api.md: each is run, and answered as the page says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.builders import MOMENT, NAMES, a_certificate, an_account, an_authorization, an_order
from tests.builders_accounts import a_review, an_organization
from tests.builders_keys import a_use
from tests.managed_material import Shelf, issue_managed
from tests.unit.api.driving import KEY, OPERATORS_KEY, Api, route_of
from tests.unit.api.examples import a_world
from tests.unit.api.material import SERIAL, issue, timed_out
from tests.unit.api.shell import Block, Shell, blocks_of, statements
from vouchsafe.api.routes import ROUTES
from vouchsafe.domain.authorization import Contact, DcvMethodName, Mailing
from vouchsafe.domain.domains import CheckResult, DomainCheck
from vouchsafe.domain.dossier import Authorizations
from vouchsafe.domain.email_approval import ApprovalMessage, MailedValue, fingerprint
from vouchsafe.domain.order import Glance
from vouchsafe.domain.organization import OrganizationCheck, Submission

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
BLOCKS = blocks_of(PAGE.read_text())
BASE = "https://ca.example.com/services/v2"
HEADINGS = list(dict.fromkeys(block.heading for block in BLOCKS if block.language == "sh"))
INTRODUCTION, SECTIONS = HEADINGS[0], HEADINGS[1:]
#: The numbers of the page → those of the tests' own records.
IDS = {"1042": "1001", "5077": "5001", "5083": "5006"}
#: Rows of lists that are shown, one by one.
UNSHOWN = {
    "operators.read_account",
}


def _issued() -> Api:
    api = Api()
    year = MOMENT + timedelta(days=198)
    glance = Glance(certificate_id=5001, serial=SERIAL, not_before=MOMENT, not_after=year)
    issue(api, issued=glance, signature_hash="sha256")
    api.packets.put(5001, b'{"evidence":1}\n')
    for change in api.book.left_behind(MOMENT + timedelta(days=1), 10):
        api.book.number(change)
    api.book.allocate(certificates=5090, requests=309)
    return api


def _pending() -> Api:
    api = Api()
    items = tuple(an_authorization(name) for name in NAMES)
    pack = Authorizations(order_id=1001, certificate_id=5001, items=items)
    api.book.commit(an_order(), a_certificate(), pack)
    return api


def _by_email() -> Api:
    """The order waits for an answer to the mail whose value the page shows; so does a domain."""
    api = a_world()
    value = MailedValue(
        sha256=fingerprint("_m5h7ab2k4mzn3w6cxr5t2yj4de"),
        created_at=MOMENT,
        expires_at=MOMENT + timedelta(days=30),
    )
    contact = Contact(address="admin@example.com", authorization_domain="example.com")
    mailing = Mailing(contact=contact, message_id="mail1")
    item = an_authorization(method=DcvMethodName.EMAIL, random_value=None, mailings=(mailing,))
    message = ApprovalMessage(
        message_id="mail1",
        account_id=1,
        order_id=2001,
        certificate_id=6001,
        name=NAMES[0],
        address=contact.address,
        form_token="form",
        created_at=MOMENT,
        values=(value,),
    )
    pack = Authorizations(order_id=2001, certificate_id=6001, items=(item,))
    order = an_order(order_id=2001, certificate_id=6001)
    certificate = a_certificate(order_id=2001, certificate_id=6001, dcv_method=DcvMethodName.EMAIL)
    api.book.commit(order, certificate, pack, message)
    standing = api.book.domain(1, 801)
    assert standing is not None
    waiting = replace(
        standing, name="example.com", method=DcvMethodName.EMAIL, version=standing.version + 1
    )
    api.book.commit(waiting)
    return api


def _staffed() -> Api:
    api = a_world()
    api.book.allocate(accounts=40, users=60)
    return api


def _company() -> Api:
    api = a_world()
    api.book.allocate(organizations=603, keys=57)
    return api


def _domain_to_come() -> Api:
    api = a_world()
    api.book.allocate(domains=811)
    api.checker.answer = DomainCheck(result=CheckResult.PROVEN)
    return api


def _overseen() -> Api:
    api = a_world()
    api.book.allocate(accounts=20, users=50, keys=60)
    api.book.commit(
        an_account(account_id=12, name="Twelve Ltd", root_container_id=24),
        an_organization(account_id=12, organization_id=604),
    )
    return api


def _reviewed() -> Api:
    api = a_world()
    submitted = (Submission(check=OrganizationCheck.OV, submitted_at=MOMENT),)
    api.book.commit(
        an_organization(organization_id=602, review_id=702, submissions=submitted),
        a_review(review_id=702, organization_id=602),
    )
    return api


def _about_to_order() -> Api:
    api = Api()
    api.book.allocate(orders=1000, certificates=5000, organizations=602)
    return api


#: What is there before the first example of a section; nothing, where a section is not named.
def _used() -> Api:
    """A key was claimed for the issued certificate, as every issue does."""
    api = a_world()
    api.book.commit(a_use(spki_sha256="cd" * 32))
    return api


def _with_a_managed_key() -> Api:
    api = _issued()
    api.book.allocate(orders=1010, certificates=10)
    issue_managed(Shelf(api.book, api.store, api.keys))
    return api


SCENES: dict[str, Callable[[], Api]] = {
    "Compromised keys and bulk revocation": _used,
    "Order for an organization": _about_to_order,
    "Order without a request": _with_a_managed_key,
    "Read": _issued,
    "Reported problems": a_world,
    "List": _issued,
    "Notes and custom fields": _issued,
    "Check now": _pending,
    "Another value, another method": _pending,
    "By e-mail": _by_email,
    "Download": _issued,
    "Cancel": _pending,
    "Reissue": _issued,
    "Duplicate": _issued,
    "Another CSR": _pending,
    "Order again": timed_out,
    "Revoke, and approve": _issued,
    "Starting up": a_world,
    "Webhooks": a_world,
    "Domains": _domain_to_come,
    "Organizations": _company,
    "Containers and people": _staffed,
    "Keys": _company,
    "Doing things once": _issued,
    "Operators": _overseen,
    "The subscriber agreement": a_world,
    "Reviews": _reviewed,
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the examples run: the stack's description, and every file that an example makes."""
    directory = tmp_path_factory.mktemp("examples")
    (directory / ".local").mkdir()
    stack = {"base_url": BASE, "api_key": KEY, "operator_key": OPERATORS_KEY}
    (directory / ".local" / "stack.json").write_text(json.dumps(stack))
    shell = Shell(Api(), directory, {})
    for block in BLOCKS:
        for statement, here in statements(block.text) if block.language == "sh" else ():
            if statement.startswith(("openssl ", "python3 ")):
                shell.run(statement, here)
    return directory


def _run(heading: str, directory: Path) -> Shell:
    """All of a section's examples one after the other, each held against the answer shown."""
    variables = {"BASE": BASE, "KEY": KEY}
    shell = Shell(SCENES.get(heading, Api)(), directory, variables, IDS)
    section = [block for block in BLOCKS if block.heading == heading]
    for block, following in pairwise([*section, Block(heading, "", "")]):
        if block.language == "sh":
            before = len(shell.asked)
            _run_block(block, shell)
            shown = _documents(following.text) if following.language == "json" else []
            _hold(shell.asked[before:], shown)
    return shell


def _run_block(block: Block, shell: Shell) -> None:
    for statement, here in statements(block.text):
        if not statement.startswith(("openssl ", "python3 ", "aws ")):
            shell.run(statement, here)


def _documents(text: str) -> list[Any]:
    """The JSON values that stand one after the other."""
    found, decoder = [], json.JSONDecoder()
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:]
    return found


def _hold(asked: list[Any], shown: list[Any]) -> None:
    """The last answers look as shown; all others are no refusals."""
    expected = [None] * (len(asked) - len(shown)) + shown
    for (method, path, reply), answer in zip(asked, expected, strict=True):
        refused = answer is not None and "errors" in answer
        assert (reply.status >= 400) is refused, f"{method} {path}: {reply.content!r}"
        if answer is not None:
            _alike(answer, reply.json, f"{method} {path}")
        if refused:
            assert answer == reply.json


def _alike(shown: Any, given: Any, place: str) -> None:
    """Everything that is shown is given, in the same type; more may be given."""
    assert type(given) is type(shown), f"{place}: {given!r} is not like {shown!r}"
    if isinstance(shown, dict):
        assert set(shown) <= set(given), f"{place}: {sorted(set(shown) - set(given))} not given"
        for name, value in shown.items():
            _alike(value, given[name], f"{place} {name}")
    elif isinstance(shown, list) and shown:
        assert given, f"{place} is empty"
        _alike(shown[0], given[0], f"{place}[0]")


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_examples_of_a_section_are_answered_as_it_says(heading: str, directory: Path) -> None:
    assert _run(heading, directory).asked


def test_the_first_lines_tell_where_the_service_is_and_the_key(directory: Path) -> None:
    shell = Shell(Api(), directory, {})
    for block in BLOCKS:
        if block.heading == INTRODUCTION:
            _run_block(block, shell)
    assert shell.variables == {"BASE": BASE, "KEY": KEY}


def test_every_operation_is_shown(directory: Path) -> None:
    shown = set()
    for heading in SECTIONS:
        for method, path, _ in _run(heading, directory).asked:
            route = route_of(method, f"/v2/{path}")
            assert route is not None
            shown.add(route.operation)
    assert {route.operation for route in ROUTES} - shown == UNSHOWN


def test_every_scene_belongs_to_a_section() -> None:
    assert set(SCENES) <= set(SECTIONS)


def test_an_answer_that_lacks_what_is_shown_is_noticed() -> None:
    _alike({"a": [1]}, {"a": [2], "b": None}, "")
    lacking: list[dict[str, Any]] = [{"a": ["x"]}, {"a": []}, {}, {"a": [True]}]
    for given in lacking:
        with pytest.raises(AssertionError):
            _alike({"a": [1]}, given, "")
