"""From the bodies about domains to wishes in our own words, with all that was wrong or ignored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..domain.authorization import DcvMethodName
from ..domain.domain_mails import email_flaws, reserved_at
from ..domain.errors import Flaw, invalid
from ..domain.identifiers import parse_identifier
from ..domain.methods import ENGINES
from ..domain.products import ValidationLevel
from ..services.domains import DomainWish
from .dialect import METHOD_WORDS, METHODS
from .domain_schemas import DomainBody, MethodPart, ValidationPart
from .remarks import locale_flaws

_WWW = "www."
_MOST_ADDRESSES = 5
_LONGEST_LIST = 20


@dataclass
class Reading:
    """What was found while a body was read."""

    flaws: list[Flaw] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, path: str, reason: str) -> None:
        self.flaws.append(Flaw(path, reason))

    def refuse(self) -> None:
        """Raises VouchsafeError(INVALID) with everything that was wrong, if anything was."""
        if self.flaws:
            raise invalid(*self.flaws)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """What a domain's proof is to serve, and the person behind EV, with its place in the body."""

    levels: tuple[ValidationLevel, ...]
    user_id: int | None = None
    user_field: str = ""


def read_domain_wish(body: DomainBody, warnings: list[str]) -> tuple[DomainWish, list[str]]:
    """The wish that a body expresses. Raises VouchsafeError(INVALID) with every flaw."""
    reading = Reading(warnings=warnings)
    method = read_method(body.dcv_method, body.dcv, reading)
    organization_id = None if body.organization is None else body.organization.id
    default = ValidationLevel.DV if organization_id is None else ValidationLevel.OV
    kinds = read_kinds(body.validations, reading) or Kinds(levels=(default,))
    if organization_id is None and set(kinds.levels) - {ValidationLevel.DV}:
        reading.add("organization.id", "is required for ov and ev")
    name = _name(body, method, reading)
    reading.flaws += locale_flaws(body.locale)
    emails = _emails(body.email_array, method, name, reading)
    reading.refuse()
    wish = DomainWish(
        name=name,
        method=method,
        kinds=kinds.levels,
        organization_id=organization_id,
        container_id=None if body.container is None else body.container.id,
        verified_user_id=kinds.user_id,
        verified_user_field=kinds.user_field,
        locale=body.locale or "en",
        emails=emails,
    )
    return wish, reading.warnings


def default_method() -> DcvMethodName:
    """The method where none is named: the vendor's default."""
    return DcvMethodName.EMAIL


def read_method(word: str | None, old: MethodPart | None, reading: Reading) -> DcvMethodName:
    """The method asked for; it must be one that is in service."""
    path = "dcv_method" if word or old is None or not old.method else "dcv.method"
    given = word or (old.method if old is not None else None)
    use = f"use {' or '.join(sorted(METHOD_WORDS[m] for m in ENGINES))}"
    method = METHODS.get(given.lower()) if given else default_method()
    if method is None:
        reading.add(path, f"must be one of {', '.join(METHODS)}")
    elif method not in ENGINES:
        named = METHOD_WORDS[method] if given else f"{METHOD_WORDS[method]} (the default)"
        reading.add(path, f"{named} is not available in this deployment yet; {use}")
    return method or default_method()


def read_kinds(given: Sequence[ValidationPart], reading: Reading) -> Kinds | None:
    """The kinds of `validations`, each once; None where there are none."""
    if len(given) > _LONGEST_LIST:
        reading.add("validations", f"holds more than {_LONGEST_LIST} entries")
        return None
    levels: list[ValidationLevel] = []
    user_id, user_field = None, ""
    for position, part in enumerate(given):
        path = f"validations[{position}]"
        word = (part.type or "").lower()
        if word not in set(ValidationLevel):
            reason = f"must be one of {', '.join(ValidationLevel)}"
            reading.add(f"{path}.type", reason if part.type else "is required")
            continue
        levels.append(ValidationLevel(word))
        person = part.user.id if part.user is not None else None
        if levels[-1] is not ValidationLevel.EV:
            if person is not None:
                reading.warnings.append(f"{path}.user: is ignored: only ev needs a person")
        elif person is None:
            reading.add(f"{path}.user.id", "is required for ev")
        else:
            user_id, user_field = person, f"{path}.user.id"
    if not given:
        return None
    every = tuple(level for level in ValidationLevel if level in levels)
    return Kinds(levels=every, user_id=user_id, user_field=user_field)


def _name(body: DomainBody, method: DcvMethodName, reading: Reading) -> str:
    """The name in its one spelling, without a leading www. unless that is meant."""
    given = (body.name or "").strip().removesuffix(".")
    if not given:
        reading.add("name", "is required")
        return ""
    try:
        identifier = parse_identifier(given)
    except ValueError as error:
        reading.add("name", str(error))
        return ""
    if identifier.wildcard:
        reason = "is a wildcard; its base name, proven by DNS or e-mail, covers it"
        reading.add("name", reason)
        return ""
    if not identifier.value.startswith(_WWW) or body.keep_www:
        return identifier.value
    if method is DcvMethodName.HTTP_FILE:  # proves exactly this name, so it is meant
        return identifier.value
    return _without_www(identifier.value, reading)


def _without_www(name: str, reading: Reading) -> str:
    shorter = name.removeprefix(_WWW)
    try:
        parse_identifier(shorter)
    except ValueError:  # www.co.uk: nothing would be left
        return name
    reading.warnings.append(f"name: www. is left out, the domain is {shorter}; keep_www keeps it")
    return shorter


def _emails(
    given: Sequence[str], method: DcvMethodName, name: str, reading: Reading
) -> tuple[str, ...]:
    """The mailboxes chosen, each in its one spelling; only reserved ones may answer."""
    if given and method is not DcvMethodName.EMAIL:
        reading.warnings.append("email_array: is ignored: the domain is not proven by e-mail")
        return ()
    if len(given) > _MOST_ADDRESSES:
        reading.add("email_array", f"holds more than {_MOST_ADDRESSES} addresses")
        return ()
    if not name:
        return ()
    reading.flaws += email_flaws("email_array", given, name)
    chosen = (reserved_at(address, name) for address in given)
    return tuple(dict.fromkeys(address for address in chosen if address is not None))
