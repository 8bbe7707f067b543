"""A look at names that nothing is on record of yet: asked, answered, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from .authorization import CaaFinding, DcvMethodName


@dataclass(frozen=True, slots=True, kw_only=True)
class NameQuestion:
    """Is `value` published for the name, a wildcard among them, in the way of `method`?"""

    name: str
    method: DcvMethodName
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaNameQuestion:
    """Does CAA permit the name? `validation_method` is the word of RFC 8657: "ca-tbr-7"."""

    name: str
    validation_method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLookRequest:
    """What is looked at for an account, all at once."""

    account_id: int
    names: tuple[NameQuestion, ...] = ()
    caa: tuple[CaaNameQuestion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameGlance:
    """What was seen of one name, in the words of the catalogue of causes."""

    name: str
    proven: bool
    cause: str
    explanation: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLookReport:
    """What was seen, in the order asked; `permitted`: CAA permits every name that was asked for."""

    names: tuple[NameGlance, ...] = ()
    permitted: bool = False
    findings: tuple[CaaFinding, ...] = ()
