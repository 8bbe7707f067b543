"""From bodies about people to what the services take, with everything that is wrong at once."""

from __future__ import annotations

import re

from ..domain.accounts import Role
from ..domain.addresses import check_address
from ..domain.errors import Flaw
from ..services.people import Profile
from .people_schemas import FirstUserPart, ProfilePart, RolePart
from .people_words import ROLES

_LONGEST = {"first_name": 128, "last_name": 128, "job_title": 64, "telephone": 64, "username": 254}
_USERNAME = re.compile(r"[A-Za-z0-9@._+-]*")
_BY_NUMBER = {number: role for role, (number, _) in ROLES.items() if role is not Role.OPERATOR}


def read_profile(
    body: ProfilePart, flaws: list[Flaw], *, required: tuple[str, ...] = ("email",), path: str = ""
) -> Profile:
    """The profile in a body that stands at `path`; what is wrong with it goes to `flaws`."""
    texts = {name: (getattr(body, name) or "").strip() for name in (*_LONGEST, "email")}
    for name in required:
        if not texts[name]:
            flaws.append(Flaw(path + name, "is required"))
    for name, most in _LONGEST.items():
        if len(texts[name]) > most:
            flaws.append(Flaw(path + name, f"is longer than {most} characters"))
        if not texts[name].isprintable():
            flaws.append(Flaw(path + name, "holds characters that cannot be printed"))
    if not _USERNAME.fullmatch(texts["username"]):
        flaws.append(Flaw(path + "username", "may hold letters, digits and @ . _ + - alone"))
    if texts["email"]:
        try:
            check_address(texts["email"])
        except ValueError as error:
            flaws.append(Flaw(path + "email", str(error)))
    return Profile(**texts)


def read_new_person(
    body: FirstUserPart, flaws: list[Flaw], *, path: str = ""
) -> tuple[Profile, Role | None]:
    """A person to be created: the profile, and the role if there is one."""
    required = ("first_name", "last_name", "email")
    profile = read_profile(body, flaws, required=required, path=path)
    return profile, read_role(body.access_roles, flaws, path=path)


def read_role(given: list[RolePart], flaws: list[Flaw], *, path: str = "") -> Role | None:
    """The one role that is given."""
    field = f"{path}access_roles"
    if len(given) != 1:
        flaws.append(Flaw(field, "must hold one role" if given else "is required"))
        return None
    role = _BY_NUMBER.get(given[0].id or 0)
    if role is None:
        numbers = ", ".join(str(each) for each in sorted(_BY_NUMBER))
        flaws.append(Flaw(f"{field}[0].id", f"must be one of {numbers}"))
    return role
