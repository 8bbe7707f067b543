"""Routes of people, of containers and of the account itself."""

from __future__ import annotations

from .permissions import Action
from .route import Function, Group, Route

_PAGE = {"limit": "Rows of a page, 1000 at most.", "offset": "Rows before the page."}
_CONTAINER = {"id": "The container's id."}
_USER = {"id": "The person's id."}

_reading = Group(function=Function.ACCOUNTS).reading


def _making(
    path: str, operation: str, summary: str, *, action: Action, request: str, answer: str
) -> Route:
    return Route(
        method="POST",
        path=f"/v2/{path}",
        function=Function.ACCOUNTS,
        operation=operation,
        action=action,
        summary=summary,
        request=request,
        responses={201: answer},
        parameters=_CONTAINER if "{id}" in path else {},
    )


def _changing(
    path: str,
    operation: str,
    action: Action,
    request: str | None,
    summary: str,
    *,
    method: str = "PUT",
) -> Route:
    return Route(
        method=method,
        path=f"/v2/{path}",
        function=Function.ACCOUNTS,
        operation=operation,
        action=action,
        summary=summary,
        request=request,
        responses={204: None},
        parameters=_USER if path.startswith("user") else _CONTAINER,
    )


_PEOPLE = (
    _reading("user/me", "people.me", "Person", "Who am I", action=Action.IDENTIFY),
    _reading(
        "user",
        "people.list_people",
        "PersonList",
        "List the account's people",
        action=Action.LOOK_AT_PEOPLE,
        query=_PAGE | {"container_id": "Those of one container."},
    ),
    _making(
        "user",
        "people.create",
        "Create a person",
        action=Action.MANAGE_PEOPLE,
        request="UserBody",
        answer="MadeUser",
    ),
    _reading(
        "user/{id}",
        "people.read_person",
        "Person",
        "Read about a person",
        action=Action.LOOK_AT_PEOPLE,
        parameters=_USER,
    ),
    _changing("user/{id}", "people.edit", Action.EDIT_PEOPLE, "EditUserBody", "Edit a person"),
    _changing(
        "user/{id}",
        "people.delete",
        Action.MANAGE_PEOPLE,
        None,
        "Delete a person for good",
        method="DELETE",
    ),
    _changing(
        "user/{id}/role",
        "people.change_role",
        Action.MANAGE_PEOPLE,
        "RoleBody",
        "Give a person a role",
    ),
    _changing(
        "user/{id}/status",
        "people.change_status",
        Action.MANAGE_PEOPLE,
        "StatusBody",
        "Deactivate a person, or take them up again",
    ),
    _changing(
        "user/{id}/mail-state",
        "mail_states.clear",
        Action.MANAGE_PEOPLE,
        None,
        "Write to a person again whose address bounced or complained",
        method="DELETE",
    ),
    _reading("account", "people.read_account", "AccountInfo", "Read the account and its rules"),
)

_CONTAINERS = (
    _reading(
        "container", "containers.list_containers", "ContainerList", "List containers", query=_PAGE
    ),
    _reading(
        "container/{id}",
        "containers.read_container",
        "Container",
        "Read a container",
        parameters=_CONTAINER,
    ),
    _changing(
        "container/{id}",
        "containers.describe",
        Action.MANAGE_CONTAINERS,
        "EditContainerBody",
        "Set a container's name and description",
    ),
    _reading(
        "container/{id}/parent",
        "containers.read_parent",
        "Container",
        "Read the container above a container",
        parameters=_CONTAINER,
    ),
    _reading(
        "container/{id}/children",
        "containers.list_children",
        "ContainerList",
        "List the containers in a container",
        parameters=_CONTAINER,
        query=_PAGE,
    ),
    _making(
        "container/{id}/children",
        "containers.make_child",
        "Make a container in a container",
        action=Action.MANAGE_CONTAINERS,
        request="ContainerBody",
        answer="MadeContainer",
    ),
    _changing(
        "container/{id}/activate",
        "containers.activate",
        Action.MANAGE_CONTAINERS,
        None,
        "Open a container again",
    ),
    _changing(
        "container/{id}/deactivate",
        "containers.deactivate",
        Action.MANAGE_CONTAINERS,
        None,
        "Close a container and all below it",
    ),
    _reading(
        "container/{id}/role",
        "containers.list_roles",
        "AccessRoleList",
        "List the roles people may have",
        parameters=_CONTAINER,
    ),
    _reading(
        "container/{id}/template",
        "containers.list_templates",
        "ContainerTemplateList",
        "List what containers may be like",
        parameters=_CONTAINER,
    ),
    _reading(
        "container/{id}/template/{template}",
        "containers.read_template",
        "ContainerTemplate",
        "Read what a container may be like",
        parameters=_CONTAINER | {"template": "The template's id."},
    ),
)

PEOPLE: tuple[Route, ...] = (*_PEOPLE, *_CONTAINERS)
