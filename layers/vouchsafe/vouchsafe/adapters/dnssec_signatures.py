"""Checks of signatures and keys (RFC 4035 5.2, 5.3; RFC 6840), a bounded number for each answer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import dns.dnssec
import dns.exception
import dns.name
import dns.rdataset
from dns.dnssectypes import Algorithm, DSDigest
from dns.node import Node
from dns.rdataset import Rdataset
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.ANY.RRSIG import RRSIG
from dns.rdtypes.dnskeybase import Flag

from ..domain.dnssec import Flaw
from .dnssec_records import Bogus, SignedSet

#: What RFC 9904 wants a validator to know. Whatever is signed by others alone counts as unsigned
#: (RFC 4035 5.2), as RFC 9905 demands of SHA-1 in both places.
ALGORITHMS = frozenset(
    {
        Algorithm.RSASHA256,
        Algorithm.RSASHA512,
        Algorithm.ECDSAP256SHA256,
        Algorithm.ECDSAP384SHA384,
        Algorithm.ED25519,
        Algorithm.ED448,
    }
)
DIGESTS = frozenset({DSDigest.SHA256, DSDigest.SHA384})
_PROTOCOL = 3  # RFC 4034 2.1.2
_LONGEST_KEY = 600  # bytes; RSA with 4,096 bits takes some 520 (RFC 3110 2)
#: Signatures checked for one message. Honest ones need one or two for each set; without a bound a
#: message of colliding keys and signatures costs minutes (CVE-2023-50387, "KeyTrap").
_CHECKS = 16

_REASONS = (  # the most telling one first
    Flaw.EXPIRED,
    Flaw.NOT_YET_VALID,
    Flaw.INVALID,
    Flaw.NO_KEY,
)


@dataclass(frozen=True, slots=True)
class Keys:
    """A zone's keys that the chain of trust reached."""

    zone: dns.name.Name
    keys: tuple[DNSKEY, ...]


@dataclass(slots=True)
class Work:
    """Checks that one message may still cost."""

    left: int = _CHECKS

    def spend(self) -> None:
        """One more check. Raises Bogus when there were too many."""
        self.left -= 1
        if self.left < 0:
            raise Bogus(Flaw.TOO_MUCH_WORK, f"needs more than {_CHECKS} checks of signatures")


def verify(signed: SignedSet, keys: Keys, now: float, work: Work) -> dns.name.Name | None:
    """Check that one of the set's signatures holds at `now` (seconds since 1970).

    Returns the closest encloser when the set was made from a wildcard below it, which then has to
    be proven (RFC 4035 5.3.4); else None. Raises Bogus.
    """
    what = f"{signed.rrset.rdtype.name} {_text(signed.rrset.name)}"
    if not signed.signatures:
        raise Bogus(Flaw.UNSIGNED, f"{what} has no signature (RRSIG)")
    flaws: dict[Flaw, str] = {}
    for signature in signed.signatures:
        flaw = _objection(signed, signature, keys, now)
        if flaw is None and _holds(signed, signature, keys, now, work):
            return _encloser(signed.rrset.name, signature)
        flaws.setdefault(flaw or Flaw.INVALID, _told(what, flaw or Flaw.INVALID, signature))
    reason = next(one for one in _REASONS if one in flaws)
    raise Bogus(reason, flaws[reason])


def keys_from(
    anchors: Iterable[DS], signed: SignedSet | None, zone: dns.name.Name, now: float, work: Work
) -> Keys:
    """The keys of `zone` in its DNSKEY set, signed by a key that one of `anchors` names.

    One way that holds is enough (RFC 6840 5.11). Raises Bogus.
    """
    anchors = tuple(anchors)
    named = ", ".join(f"{one.key_tag} (algorithm {one.algorithm:d})" for one in anchors[:4])
    if signed is None:
        detail = f"{_text(zone)} has no DNSKEY, but its parent's DS names {named}"
        raise Bogus(Flaw.NO_KEY, detail)
    known = [one for one in signed.rrset if isinstance(one, DNSKEY) and _usable(one)]
    entries = tuple(key for key in known if _is_named(zone, key, anchors, work))
    if not entries:
        detail = f"no DNSKEY of {_text(zone)} is the one that its parent's DS names: {named}"
        raise Bogus(Flaw.NO_KEY, detail)
    verify(signed, Keys(zone, entries), now, work)
    return Keys(zone, tuple(known))


def understood(records: Iterable[DS]) -> tuple[DS, ...]:
    """Those whose digest and algorithm we know; none left: the zone counts as unsigned."""
    return tuple(
        one for one in records if one.digest_type in DIGESTS and one.algorithm in ALGORITHMS
    )


def _usable(key: DNSKEY) -> bool:
    """A zone's key that is not revoked (RFC 4034 2.1, RFC 5011 2.1) and of a kind we know."""
    zone, revoked = key.flags & Flag.ZONE, key.flags & Flag.REVOKE
    known = key.algorithm in ALGORITHMS and len(key.key) <= _LONGEST_KEY
    return bool(zone) and not revoked and key.protocol == _PROTOCOL and known


def _is_named(zone: dns.name.Name, key: DNSKEY, anchors: Sequence[DS], work: Work) -> bool:
    """Whether a DS is made of this key (RFC 4034 5.1.4)."""
    tag = dns.dnssec.key_id(key)
    for one in anchors:
        if one.key_tag == tag and one.algorithm == key.algorithm:
            work.spend()
            made = dns.dnssec.make_ds(
                zone, key, DSDigest(one.digest_type), policy=dns.dnssec.allow_all_policy
            )
            if made.digest == one.digest:
                return True
    return False


def _objection(signed: SignedSet, signature: RRSIG, keys: Keys, now: float) -> Flaw | None:
    """What rules a signature out before it is computed (RFC 4035 5.3.1)."""
    if signature.signer != keys.zone or not signed.rrset.name.is_subdomain(keys.zone):
        return Flaw.NO_KEY
    if signature.labels > _labels(signed.rrset.name):
        return Flaw.INVALID
    if not _candidates(signature, keys):
        return Flaw.NO_KEY
    if signature.expiration < now:
        return Flaw.EXPIRED
    return Flaw.NOT_YET_VALID if signature.inception > now else None


def _candidates(signature: RRSIG, keys: Keys) -> list[DNSKEY]:
    return [
        key
        for key in keys.keys
        if key.algorithm == signature.algorithm and dns.dnssec.key_id(key) == signature.key_tag
    ]


def _holds(signed: SignedSet, signature: RRSIG, keys: Keys, now: float, work: Work) -> bool:
    for key in _candidates(signature, keys):
        work.spend()
        only: dict[dns.name.Name, Rdataset | Node] = {keys.zone: dns.rdataset.from_rdata(0, key)}
        try:
            dns.dnssec.validate_rrsig(
                signed.rrset, signature, only, now=now, policy=dns.dnssec.allow_all_policy
            )
        except (dns.exception.DNSException, ValueError):
            continue
        return True
    return False


def _labels(name: dns.name.Name) -> int:
    """Labels as a signature counts them, without root and leading asterisk (RFC 4034 3.1.3)."""
    return len(name.labels) - 1 - name.is_wild()


def _encloser(owner: dns.name.Name, signature: RRSIG) -> dns.name.Name | None:
    if signature.labels == _labels(owner):
        return None
    return owner.split(signature.labels + 1)[1]


def _told(what: str, flaw: Flaw, signature: RRSIG) -> str:
    by = f"by key {signature.key_tag} of {_text(signature.signer)}"
    match flaw:
        case Flaw.EXPIRED:
            return f"the signature of {what} {by} expired at {_time(signature.expiration)}"
        case Flaw.NOT_YET_VALID:
            return f"the signature of {what} {by} begins at {_time(signature.inception)} only"
        case Flaw.NO_KEY:
            return f"the signature of {what} is {by}, which is not a key of the zone in charge"
    return f"the signature of {what} {by} does not fit the records"


def _time(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True) if len(name.labels) > 1 else "the root zone"
