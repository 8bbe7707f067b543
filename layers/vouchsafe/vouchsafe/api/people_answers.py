"""The shapes of answers about people and containers that are made."""

from __future__ import annotations

from pydantic import Field

from .answers import AccessRole, Shape


class MadeUser(Shape):
    id: int
    warnings: list[str] = Field(default_factory=list)


class MadeContainer(Shape):
    id: int
    warnings: list[str] = Field(default_factory=list)


class AccessRoleList(Shape):
    access_roles: list[AccessRole]


class ContainerTemplateRow(Shape):
    id: int
    name: str


class ContainerTemplateList(Shape):
    container_templates: list[ContainerTemplateRow]


class ContainerTemplate(Shape):
    """What containers are like; there is one template."""

    id: int
    name: str
    access_roles: list[AccessRole]


class MailSettings(Shape):
    """The mails that an account does without, and those that it could do without."""

    switched_off: list[str]
    choices: list[str]
