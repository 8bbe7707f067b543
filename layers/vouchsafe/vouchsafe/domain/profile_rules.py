"""What a deployment narrows of its profiles: its own rules, which only ever tighten (BR 8.7, 2.2).

Written as `[scope.]name=value`, comma separated: `max_days=90,ev.max_days=30,ssl_plus.rsa=no`.
A scope is a level (dv, ov, ev), a product's trust (public, private) or a product id; without one, a
rule holds for all. Where several apply, the strictest of each counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .calendar import CALENDAR
from .errors import Flaw
from .issuers import Trust

if TYPE_CHECKING:  # settings load this in every function: the rest only where rules are asked
    from .identifiers import Identifier
    from .products import Product

#: What the rules allow without any of ours: BR 6.3.2 on its most generous day, 6.1.5.
LONGEST_DAYS = max(row.validity_days for row in CALENDAR)
SMALLEST_RSA, GREATEST_RSA = 2048, 8192
_OCTET = 8
CURVES: Mapping[str, str] = {"p-256": "secp256r1", "p-384": "secp384r1", "p-521": "secp521r1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightening:
    """The rules for one product. As it stands here, it narrows nothing."""

    max_days: int = LONGEST_DAYS
    rsa: bool = True
    ec: bool = True
    min_rsa_bits: int = SMALLEST_RSA
    curves: frozenset[str] = frozenset(CURVES)
    wildcards: bool = True
    common_name: bool = True

    def with_all_of(self, other: Tightening) -> Tightening:
        """The stricter one of each rule."""
        return Tightening(
            max_days=min(self.max_days, other.max_days),
            rsa=self.rsa and other.rsa,
            ec=self.ec and other.ec,
            min_rsa_bits=max(self.min_rsa_bits, other.min_rsa_bits),
            curves=self.curves & other.curves,
            wildcards=self.wildcards and other.wildcards,
            common_name=self.common_name and other.common_name,
        )

    def latest(self, not_before: datetime) -> datetime:
        """The latest notAfter it allows; both ends count (BR 6.3.2)."""
        return not_before + timedelta(days=self.max_days) - timedelta(seconds=1)

    def key_fault(self, public_key: bytes) -> str | None:
        """Why a subscriber's key (DER SubjectPublicKeyInfo) is not taken, or None.

        Of keys that the industry's rules exclude nothing is said: others do (`keys.check_key`).
        """
        if replace(self, max_days=LONGEST_DAYS, wildcards=True, common_name=True) == Tightening():
            return None  # nothing is narrowed about keys
        from cryptography.hazmat.primitives.asymmetric import ec, rsa
        from cryptography.hazmat.primitives.serialization import load_der_public_key

        key = load_der_public_key(public_key)
        if isinstance(key, rsa.RSAPublicKey):
            taken = self.rsa and not SMALLEST_RSA <= key.key_size < self.min_rsa_bits
            kind = f"RSA keys of {key.key_size} bits"
        elif isinstance(key, ec.EllipticCurvePublicKey):
            names = [name for name, curve in CURVES.items() if curve == key.curve.name]
            taken = not names or (self.ec and names[0] in self.curves)
            kind = f"EC keys on {key.curve.name}"
        else:
            return None
        return None if taken else f"{kind} are not taken here for this product; {self._taken()}"

    def name_fault(self, identifier: Identifier) -> str | None:
        """Why a name is not taken, or None."""
        if self.wildcards or not identifier.wildcard:
            return None
        return f"wildcard names are not taken here for this product: {identifier.value}"

    def flaws(
        self, names: Sequence[Identifier], key: bytes | None, fields: tuple[str, str, str]
    ) -> list[Flaw]:
        """What it refuses; `fields` are those of the common name, other names and the request."""
        common, others, request = fields
        found = [(common, self.name_fault(name)) for name in names[:1]]
        found += [(others, self.name_fault(name)) for name in names[1:]]
        found += [(request, self.key_fault(key))] if key else []
        return [Flaw(field, fault) for field, fault in found if fault]

    def remark(self, ends_at: datetime, now: datetime) -> tuple[str, ...]:
        """A word about a life that is longer than it allows; an order's rest comes by reissuing."""
        if self.max_days == LONGEST_DAYS or ends_at <= self.latest(now):
            return ()
        return (
            f"A certificate of this product lives for at most {self.max_days} days here; the rest"
            " of the order's term comes by reissuing it.",
        )

    def _taken(self) -> str:
        """Which keys are taken, in words."""
        kinds = [f"RSA of {self.min_rsa_bits} bits or more"] if self.rsa else []
        if self.ec and self.curves:
            kinds.append(f"EC {', '.join(sorted(name.upper() for name in self.curves))}")
        return f"use {' or '.join(kinds)}"


@dataclass(frozen=True, slots=True)
class ProfileRules:
    """All rules of a deployment, by scope; "" is for all products."""

    rows: tuple[tuple[str, Tightening], ...] = ()

    def of(self, product: Product) -> Tightening:
        """What holds for a product."""
        return _of(self, product)


NO_RULES = ProfileRules()


@lru_cache(maxsize=256)
def _of(rules: ProfileRules, product: Product) -> Tightening:
    scopes = {"", product.level.value, product.trust.value, product.product_id}
    found = Tightening()
    for scope, row in rules.rows:
        if scope in scopes:
            found = found.with_all_of(row)
    return found


def parse_profile_rules(text: str) -> ProfileRules:
    """The rules that a text says. Raises ValueError naming the first that is unknown, malformed,
    would loosen anything, or leaves a product without any key.
    """
    from .products import PRODUCTS

    rules = ProfileRules(tuple(_row(part) for part in map(str.strip, text.split(",")) if part))
    for product in PRODUCTS.values():
        left = rules.of(product)
        if not left.rsa and not (left.ec and left.curves):
            raise ValueError(f"the rules leave no kind of key for {product.product_id}")
    return rules


def _row(part: str) -> tuple[str, Tightening]:
    named, equals, value = part.partition("=")
    scope, _, name = named.strip().rpartition(".")
    if scope not in _scopes():
        raise ValueError(f"{part}: {scope} is no level, no trust and no product")
    if not equals or name not in _RULES:
        raise ValueError(f"{part}: must be one of {', '.join(_RULES)}, with = and a value")
    try:
        return scope, _RULES[name](value.strip())
    except ValueError as error:
        raise ValueError(f"{part}: {error}") from error


def _scopes() -> set[str]:
    from .products import PRODUCTS, ValidationLevel

    return {"", *ValidationLevel, *Trust, *PRODUCTS}


def _days(value: str) -> Tightening:
    days = int(value) if value.isdecimal() else 0
    if days > LONGEST_DAYS:
        raise ValueError(f"is looser than the rules, which allow {LONGEST_DAYS} days (BR 6.3.2)")
    if days < 1:
        raise ValueError("must be a number of days")
    return Tightening(max_days=days)


def _bits(value: str) -> Tightening:
    bits = int(value) if value.isdecimal() else 0
    if bits < SMALLEST_RSA:
        raise ValueError(f"is looser than the rules, which ask for {SMALLEST_RSA} bits (BR 6.1.5)")
    if bits > GREATEST_RSA or bits % _OCTET:
        raise ValueError(f"must be a multiple of {_OCTET} up to {GREATEST_RSA}")
    return Tightening(min_rsa_bits=bits)


def _curves(value: str) -> Tightening:
    wanted = frozenset(value.lower().split("+"))
    if not wanted <= CURVES.keys():
        allowed = ", ".join(CURVES)
        raise ValueError(f"is looser than the rules, which allow {allowed} (BR 6.1.5); join with +")
    return Tightening(curves=wanted)


def _off(field: str) -> Callable[[str], Tightening]:
    def parse(value: str) -> Tightening:
        if value != "no":
            raise ValueError("a rule only tightens; the one value is no")
        off: dict[str, Any] = {field: False}
        return Tightening(**off)

    return parse


_RULES: Mapping[str, Callable[[str], Tightening]] = {
    "max_days": _days,
    "min_rsa_bits": _bits,
    "curves": _curves,
    **{field: _off(field) for field in ("rsa", "ec", "wildcards", "common_name")},
}
