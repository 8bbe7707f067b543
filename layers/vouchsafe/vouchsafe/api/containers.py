"""Containers: the tree of an account as clients read it, and what they change in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..dependencies import AccountsApi
from ..domain.accounts import Account
from ..domain.containers import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    Container,
    is_open,
    line_of,
    root_of,
)
from ..domain.errors import Flaw, invalid, not_found
from ..services.container_changes import (
    NewPerson,
    create_container,
    describe_container,
    switch_container,
)
from ..services.containers import owned
from .call import Answer, Call, answer_json, as_id
from .idempotency import once_only
from .liberal import says_something
from .paging import paged
from .people_reading import read_new_person
from .people_schemas import ContainerBody, EditContainerBody
from .people_words import role_rows
from .reading import validated

type Tree = Mapping[int, Container]

#: There is one kind of container; clients ask which there are, and name one when they make one.
_TEMPLATE = {"id": 1, "name": "Standard"}


def tree_of(account: Account, below: Iterable[Container]) -> Tree:
    """An account's containers by id: its root and those below it."""
    return {each.container_id: each for each in [root_of(account), *below]}


def own_tree(call: Call, deps: AccountsApi) -> Tree:
    """The caller's containers. Raises not_found for an account that is not on record."""
    account = deps.accounts.account(call.principal.account_id)
    if account is None:
        raise not_found("container")
    return tree_of(account, deps.accounts.containers_of(account.account_id))


def _found(call: Call, tree: Tree) -> Container:
    container = tree.get(call.number("container"))
    if container is None:
        raise not_found("container")
    return container


def container_row(container: Container, tree: Tree) -> dict[str, Any]:
    """A container as lists and details show it."""
    described = {"description": container.description} if container.description else {}
    return {
        "id": container.container_id,
        "public_id": f"c{container.container_id}",
        "parent_id": container.parent_id,
        "name": container.name,
        **described,
        "template_id": _TEMPLATE["id"],
        "ekey": f"c{container.container_id}",
        "has_logo": False,
        "is_active": is_open(line_of(container, tree)),
    }


def container_reference(container_id: int, tree: Tree) -> dict[str, Any]:
    """A container as other things name it; its id alone where it is not in the tree."""
    container = tree.get(container_id)
    if container is None:
        return {"id": container_id}
    row = container_row(container, tree)
    return {name: row[name] for name in ("id", "parent_id", "name", "is_active")}


def list_containers(call: Call, deps: AccountsApi) -> Answer:
    """GET container: all of the account's, the root first."""
    tree = own_tree(call, deps)
    return _listed(call, tree.values(), tree)


def list_children(call: Call, deps: AccountsApi) -> Answer:
    """GET container/{id}/children: those right below it."""
    tree = own_tree(call, deps)
    parent = _found(call, tree).container_id
    return _listed(call, (each for each in tree.values() if each.parent_id == parent), tree)


def _listed(call: Call, found: Iterable[Container], tree: Tree) -> Answer:
    rows, page = paged(list(found), call.query)
    return answer_json({"containers": [container_row(each, tree) for each in rows], "page": page})


def read_container(call: Call, deps: AccountsApi) -> Answer:
    """GET container/{id}."""
    tree = own_tree(call, deps)
    return answer_json(container_row(_found(call, tree), tree))


def read_parent(call: Call, deps: AccountsApi) -> Answer:
    """GET container/{id}/parent. Nothing is above a root."""
    tree = own_tree(call, deps)
    parent = tree.get(_found(call, tree).parent_id)
    if parent is None:
        raise not_found("container")
    return answer_json(container_row(parent, tree))


def list_roles(call: Call, deps: AccountsApi) -> Answer:
    """GET container/{id}/role: the roles people may have in it."""
    owned(call.number("container"), call.principal, ledger=deps.ledger)
    return answer_json({"access_roles": role_rows()})


def list_templates(call: Call, deps: AccountsApi) -> Answer:
    """GET container/{id}/template: what its children may be like."""
    owned(call.number("container"), call.principal, ledger=deps.ledger)
    return answer_json({"container_templates": [_TEMPLATE]})


def read_template(call: Call, deps: AccountsApi) -> Answer:
    """GET container/{id}/template/{template}."""
    owned(call.number("container"), call.principal, ledger=deps.ledger)
    if as_id(call.parts["template"]) != _TEMPLATE["id"]:
        raise not_found("template")
    return answer_json(_TEMPLATE | {"access_roles": role_rows()})


def make_child(call: Call, deps: AccountsApi) -> Answer:
    """POST container/{id}/children: a container in this one, with its first person if wanted."""
    parent = owned(call.number("container"), call.principal, ledger=deps.ledger)
    body, warnings = validated(ContainerBody, call.body())
    flaws: list[Flaw] = []
    name, description = _texts(body, flaws)
    if not name:
        flaws.insert(0, Flaw("name", "is required"))
    somebody = _somebody(body, flaws)
    if flaws:
        raise invalid(*flaws)
    warnings += _remarks(body)

    def answer(made: Container) -> Answer:
        return answer_json({"id": made.container_id, "warnings": warnings}, 201)

    made = create_container(
        parent.container_id,
        name,
        description,
        call.principal,
        somebody=somebody,
        once=once_only(call, answer),
        accounts=deps.accounts,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return answer(made)


def _texts(body: ContainerBody | EditContainerBody, flaws: list[Flaw]) -> tuple[str, str]:
    name, description = (body.name or "").strip(), (body.description or "").strip()
    for field, text, most in (
        ("name", name, LONGEST_NAME),
        ("description", description, LONGEST_DESCRIPTION),
    ):
        if len(text) > most:
            flaws.append(Flaw(field, f"is longer than {most} characters"))
        if not text.isprintable():
            flaws.append(Flaw(field, "holds characters that cannot be printed"))
    return name, description


def _somebody(body: ContainerBody, flaws: list[Flaw]) -> NewPerson | None:
    if body.user is None:
        return None
    profile, role = read_new_person(body.user, flaws, path="user.")
    return None if role is None else NewPerson(profile=profile, role=role)


def _remarks(body: ContainerBody) -> list[str]:
    found = []
    if body.template_id and str(body.template_id).strip() != str(_TEMPLATE["id"]):
        found.append(f"template_id: is ignored: there is one template, {_TEMPLATE['id']}")
    if says_something(body.allowed_domain_names):
        found.append("allowed_domain_names: is ignored: containers limit no domains")
    if body.user is not None and says_something(body.user.is_saml_sso_only):
        found.append("user.is_saml_sso_only: is ignored: people act by their keys")
    return found


def describe(call: Call, deps: AccountsApi) -> Answer:
    """PUT container/{id}: its name and description."""
    container = owned(call.number("container"), call.principal, ledger=deps.ledger)
    body, _ = validated(EditContainerBody, call.body())
    flaws: list[Flaw] = []
    name, description = _texts(body, flaws)
    if not name and not description:
        flaws.append(Flaw("name", "is required, or a description is"))
    if flaws:
        raise invalid(*flaws)
    describe_container(
        container.container_id,
        name or None,
        description or None,
        call.principal,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)


def activate(call: Call, deps: AccountsApi) -> Answer:
    """PUT container/{id}/activate."""
    return _switched(call, deps, active=True)


def deactivate(call: Call, deps: AccountsApi) -> Answer:
    """PUT container/{id}/deactivate: nothing new is put in it, or in anything below it."""
    return _switched(call, deps, active=False)


def _switched(call: Call, deps: AccountsApi, *, active: bool) -> Answer:
    switch_container(
        call.number("container"),
        call.principal,
        active=active,
        ledger=deps.ledger,
        clock=deps.clock,
        entropy=deps.entropy,
    )
    return Answer(status=204)
