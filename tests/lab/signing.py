"""Signed zones of the lab (RFC 4035, RFC 5155): everything is signed at the moment it is asked for.

So zones may change under way, and a zone can be at fault in any way a test wants.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import dns.dnssec
import dns.dnssecalgs
import dns.name
import dns.rdataset
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from dns.dnssectypes import Algorithm, DSDigest
from dns.name import Name
from dns.rcode import Rcode
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.ANY.NSEC import NSEC
from dns.rdtypes.ANY.NSEC import Bitmap as NsecBitmap
from dns.rdtypes.ANY.NSEC3 import NSEC3
from dns.rdtypes.ANY.NSEC3 import Bitmap as Nsec3Bitmap
from dns.rrset import RRset

from tests.lab.zones import TTL, Answer, Zone, zone_of

_HOUR = 3600
_CSK = 257  # zone key and secure entry point (RFC 4034 2.1.1)

_GENERATORS: dict[Algorithm, Callable[[], object]] = {
    Algorithm.RSASHA1: lambda: rsa.generate_private_key(65537, 2048),
    Algorithm.RSASHA256: lambda: rsa.generate_private_key(65537, 2048),
    Algorithm.RSASHA512: lambda: rsa.generate_private_key(65537, 2048),
    Algorithm.ECDSAP256SHA256: lambda: ec.generate_private_key(ec.SECP256R1()),
    Algorithm.ECDSAP384SHA384: lambda: ec.generate_private_key(ec.SECP384R1()),
    Algorithm.ED25519: ed25519.Ed25519PrivateKey.generate,
    Algorithm.ED448: ed448.Ed448PrivateKey.generate,
}


@dataclass(frozen=True)
class Key:
    """A zone's key."""

    private: object
    dnskey: DNSKEY

    @classmethod
    def make(cls, algorithm: Algorithm = Algorithm.ECDSAP256SHA256, flags: int = _CSK) -> Key:
        private = _GENERATORS[algorithm]()
        public = private.public_key()  # type: ignore[attr-defined]
        return cls(private, dns.dnssec.make_dnskey(public, algorithm, flags))

    @classmethod
    def known(cls, zone: Name) -> Key:
        """The same key for a zone at every start; everybody knows it, so it is for a lab alone."""
        seed = hashlib.sha256(b"the lab's zone " + zone.to_digestable()).digest()
        private = ec.derive_private_key(int.from_bytes(seed), ec.SECP256R1())
        made = dns.dnssec.make_dnskey(private.public_key(), Algorithm.ECDSAP256SHA256, _CSK)
        return cls(private, made)


@dataclass(slots=True)
class Signer:
    """How a zone is signed.

    `nsec3`: by hashed names, with `opt_out` without the unsigned delegations. `begins`, `ends`:
    seconds from now. `signs_with`: another key than the one published. `unsigned`: types without
    signatures. `proofs` false: what is not there is not proven. `spoil` changes every signature.
    """

    key: Key = field(default_factory=Key.make)
    nsec3: bool = False
    opt_out: bool = False
    iterations: int = 0
    salt: bytes = b""
    begins: float = -_HOUR
    ends: float = 24 * _HOUR
    signs_with: Key | None = None
    unsigned: frozenset[RdataType] = frozenset()
    signs: bool = True
    proofs: bool = True
    spoil: Callable[[bytes], bytes] = bytes
    now: Callable[[], float] = time.time

    def signature(self, zone: Name, rrset: RRset, source: Name) -> RRset | None:
        """The RRSIG over `rrset`, which stands in the zone at `source` (a wildcard, perhaps)."""
        if not self.signs or rrset.rdtype in self.unsigned:
            return None
        key = self.signs_with or self.key
        stands = dns.rrset.from_rdata_list(source, rrset.ttl, list(rrset))
        now = int(self.now())
        made = dns.dnssec.sign(
            stands,
            key.private,  # type: ignore[arg-type]
            zone,
            key.dnskey,
            inception=int(now + self.begins),
            expiration=int(now + self.ends),
            policy=dns.dnssec.allow_all_policy,
        )
        made = made.replace(signature=self.spoil(made.signature))
        return dns.rrset.from_rdata_list(rrset.name, rrset.ttl, [made])


def sign(zone: Zone, signer: Signer | None = None) -> Signer:
    """Make `zone` a signed one: its key goes to its apex."""
    zone.signer = signer or Signer()
    keys = dns.rdataset.from_rdata(TTL, zone.signer.key.dnskey)
    zone.merge(zone.origin, keys)
    return zone.signer


def ds_of(
    zone: Zone, key: Key | None = None, digest: DSDigest = DSDigest.SHA256, name: Name | None = None
) -> DS:
    """The DS of a zone's key, for its parent."""
    assert zone.signer is not None
    dnskey = (key or zone.signer.key).dnskey
    return dns.dnssec.make_ds(
        name or zone.origin, dnskey, digest, policy=dns.dnssec.allow_all_policy
    )


def vouch(parent: Zone, child: Zone, *records: DS) -> None:
    """Put the child's DS into its parent, those given or the right one."""
    for one in records or (ds_of(child),):
        parent.merge(child.origin, dns.rdataset.from_rdata(TTL, one))


def anchor_of(root: Zone) -> str:
    """The trust anchor of a root zone, as a parameter names it."""
    ds = ds_of(root)
    return f"{ds.key_tag}:{ds.algorithm:d}:{ds.digest_type:d}:{ds.digest.hex()}"


def dress(zones: Sequence[Zone], found: Answer, name: Name, rdtype: RdataType) -> None:
    """Add to an answer what one who sets the DO bit is to get (RFC 4035 3.1)."""
    name = Name([label.lower() for label in name.labels])
    proofs: list[RRset] = []
    for rrset in list(found.answer):
        zone = zone_of(zones, rrset.name, rrset.rdtype)
        if zone is None or zone.signer is None or _made_by_dname(zone, rrset):
            continue
        source = zone.source(rrset.name) or rrset.name
        found.answer += filter(None, [zone.signer.signature(zone.origin, rrset, source)])
        if source != rrset.name and source.is_wild():
            proofs += proofs_about(zone, rrset.name, Rcode.NOERROR, expanded=True)
        name = rrset[0].target if rrset.rdtype == RdataType.CNAME else name
    for rrset in list(found.authority):
        zone = zone_of(zones, rrset.name, rrset.rdtype)
        if rrset.rdtype == RdataType.NS:
            zone = zone_of(zones, rrset.name, RdataType.DS)
            proofs += _about_cut(zone, rrset.name) if zone else []
        elif zone is not None and zone.signer is not None:
            found.authority += filter(None, [zone.signer.signature(zone.origin, rrset, rrset.name)])
            proofs += proofs_about(zone, name, found.rcode)
    seen: set[tuple[Name, RdataType, RdataType]] = set()
    for rrset in proofs:
        if (what := (rrset.name, rrset.rdtype, rrset.covers)) not in seen:
            seen.add(what)
            found.authority.append(rrset)


def _made_by_dname(zone: Zone, rrset: RRset) -> bool:
    return rrset.rdtype == RdataType.CNAME and zone.dname(rrset.name) is not None


def _about_cut(zone: Zone, cut: Name) -> list[RRset]:
    """The child's DS, or the proof that there is none, beside a referral (RFC 4035 3.1.4)."""
    if zone.signer is None:
        return []
    ds = zone.rrset(cut, RdataType.DS)
    if ds is not None:
        return [ds, *filter(None, [zone.signer.signature(zone.origin, ds, cut)])]
    return proofs_about(zone, cut, Rcode.NOERROR)


def proofs_about(zone: Zone, name: Name, rcode: Rcode, *, expanded: bool = False) -> list[RRset]:
    """The signed NSEC or NSEC3 records that prove what is not at `name`."""
    signer = zone.signer
    assert signer is not None
    if not signer.proofs:
        return []
    hosted = zone.hosts(name) and zone.source(name) is None
    chain = _Nsec3(zone) if signer.nsec3 else _Nsec(zone)
    records = [_alone(name)] if hosted else chain.proofs(name, rcode, expanded=expanded)
    result: list[RRset] = []
    for one in records:
        result += [one, *filter(None, [signer.signature(zone.origin, one, one.name)])]
    return result


def _alone(name: Name) -> RRset:
    """An NSEC for one name alone, made up at once: it has an address and nothing else."""
    types = [RdataType.A, RdataType.RRSIG, RdataType.NSEC]
    following = Name((b"\0", *name.labels))
    rdata = NSEC(RdataClass.IN, RdataType.NSEC, following, NsecBitmap.from_rdtypes(types))
    return dns.rrset.from_rdata_list(name, TTL, [rdata])


def _closest(zone: Zone, name: Name) -> Name:
    """The deepest name above `name`, or itself, that is there."""
    while not zone.exists(name):
        name = name.parent()
    return name


def _wildcard(encloser: Name) -> Name:
    return Name((b"*", *encloser.labels))


def _types(zone: Zone, owner: Name) -> list[RdataType]:
    """What a bitmap says stands at `owner`: at a cut only what is the parent's."""
    there = set(zone.nodes.get(owner, {}))
    if zone.cut(owner) == owner:
        there &= {RdataType.NS, RdataType.DS}
    if there and there != {RdataType.NS}:
        there.add(RdataType.RRSIG)
    return sorted(there)


def _ours(zone: Zone) -> list[Name]:
    """The owners that are not below a cut, in canonical order."""
    return sorted(owner for owner in zone.nodes if zone.cut(owner) in (None, owner))


class _Nsec:
    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._names = _ours(zone)

    def proofs(self, name: Name, rcode: Rcode, *, expanded: bool) -> list[RRset]:
        if name in self._names and not expanded:
            return [self._at(name)]
        if expanded or self._zone.exists(name):
            return [self._before(name)]
        wildcard = _wildcard(_closest(self._zone, name))
        second = self._at(wildcard) if wildcard in self._names else self._before(wildcard)
        return [self._before(name), second]

    def _before(self, name: Name) -> RRset:
        return self._at(max(one for one in self._names if one < name))

    def _at(self, owner: Name) -> RRset:
        place = self._names.index(owner) + 1
        following = self._names[place % len(self._names)]
        types = sorted({*_types(self._zone, owner), RdataType.NSEC, RdataType.RRSIG})
        bitmap = NsecBitmap.from_rdtypes(types)
        rdata = NSEC(RdataClass.IN, RdataType.NSEC, following, bitmap)
        return dns.rrset.from_rdata_list(owner, TTL, [rdata])


class _Nsec3:
    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        assert zone.signer is not None
        self._signer = zone.signer
        names = {
            above
            for owner in _ours(zone)
            if not (self._signer.opt_out and _types(zone, owner) == [RdataType.NS])
            for above in _up_to(owner, zone.origin)
        }
        self._by_hash = {self._hash(name): name for name in names}
        self._hashes = sorted(self._by_hash)

    def proofs(self, name: Name, rcode: Rcode, *, expanded: bool) -> list[RRset]:
        if self._hash(name) in self._by_hash and not expanded:
            return [self._at(self._hash(name))]
        encloser = name.parent()
        while self._hash(encloser) not in self._by_hash:
            encloser = encloser.parent()
        below = name.split(len(encloser.labels) + 1)[1]
        if expanded:
            return [self._before(below)]
        wildcard = self._hash(_wildcard(encloser))
        last = (
            self._at(wildcard) if wildcard in self._by_hash else self._before(_wildcard(encloser))
        )
        return [self._at(self._hash(encloser)), self._before(below), last]

    def _hash(self, name: Name) -> bytes:
        text = dns.dnssec.nsec3_hash(name, self._signer.salt, self._signer.iterations, 1)
        return base64.b32hexdecode(text)

    def _before(self, name: Name) -> RRset:
        hashed = self._hash(name)
        return self._at(max((h for h in self._hashes if h < hashed), default=self._hashes[-1]))

    def _at(self, hashed: bytes) -> RRset:
        following = self._hashes[(self._hashes.index(hashed) + 1) % len(self._hashes)]
        rdata = NSEC3(
            RdataClass.IN,
            RdataType.NSEC3,
            1,
            int(self._signer.opt_out),
            self._signer.iterations,
            self._signer.salt,
            following,
            Nsec3Bitmap.from_rdtypes(_types(self._zone, self._by_hash[hashed])),
        )
        label = base64.b32hexencode(hashed).lower()
        owner = Name((label, *self._zone.origin.labels))
        return dns.rrset.from_rdata_list(owner, TTL, [rdata])


def _up_to(owner: Name, origin: Name) -> Iterable[Name]:
    while owner != origin:
        yield owner
        owner = owner.parent()
    yield origin
