"""CRLs: a shard's ledger becomes one signed list whose number only rises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509

from ..domain import drafting
from ..domain.errors import Conflict, Unavailable
from ..domain.issuers import Issuer, crl_url
from ..domain.revocation import CrlState
from ..ports import (
    Clock,
    CrlSigner,
    Issuers,
    Ledger,
    Linter,
    Publication,
    RevocationLedger,
)
from .attempts import undisturbed
from .crl_lines import Listing, listing, sifted

#: How long a CRL may be relied on. Without OCSP pointers it is renewed within 4 days (BR 4.9.7).
CRL_LIFE = timedelta(days=4)
#: A shard is published anew after this long, whatever happened.
REFRESH = timedelta(hours=6)
_ATTEMPTS = 6

#: A list under way is waited for, in steps of so many seconds.
POLL = 0.25
#: After so many steps without a newer number the publisher of that number is taken for dead.
PATIENCE = 40
#: After so many altogether the caller has to come again: 100 seconds of the function's 300.
MOST_POLLS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What publishing needs. `pause` waits that many seconds."""

    ledger: Ledger
    issuers: Issuers
    revocations: RevocationLedger
    publication: Publication
    signer: CrlSigner
    linter: Linter
    clock: Clock
    pause: Callable[[float], object]
    publication_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A CRL that stands; `set_aside` are serials (hex) whose rows nobody can read any more."""

    issuer_id: str
    shard: int
    number: int
    set_aside: tuple[str, ...] = ()


def publish_crl(issuer_id: str, shard: int, *, ports: Ports) -> Published:
    """See to it that a CRL stands that holds all that was recorded for the shard before the call.

    Raises Unavailable when it could not; the list published before stays untouched then.
    """
    issuer = ports.issuers.get(issuer_id)
    if issuer is None:
        raise Unavailable(f"issuer {issuer_id} is not on record")
    state, mine = _turn(issuer_id, shard, ports)
    if not mine:
        return Published(issuer_id=issuer_id, shard=shard, number=state.published_number)
    now = ports.clock.now().replace(microsecond=0)
    listed = listing(state, ports.revocations)
    try:
        crl = _signed(issuer, state, listed, now, ports)
    except (drafting.LintRefused, ValueError):
        listed = sifted(listed, state, ports.revocations)  # perhaps one row spoils all
        crl = _signed(issuer, state, listed, now, ports)
    number = _replace(crl, state, now, ports)
    return Published(issuer_id=issuer_id, shard=shard, number=number, set_aside=listed.set_aside)


def _signed(issuer: Issuer, state: CrlState, listed: Listing, now: datetime, ports: Ports) -> bytes:
    """The list, linted, signed, parsed and verified."""
    request = drafting.CrlRequest(
        issuer=issuer,
        shard=state.shard,
        number=state.number,
        this_update=now,
        next_update=now + CRL_LIFE,
        url=crl_url(ports.publication_url, issuer.issuer_id, state.shard),
        entries=listed.entries,
    )
    crl = ports.signer.sign(issuer, drafting.prepare_crl(request, lint=ports.linter.crl))
    _check(crl, issuer, state.number, listed.entries)
    return crl


def publish_due(*, ports: Ports) -> list[Published]:
    """Every shard that was never published, or whose CRL is older than REFRESH (BR 4.9.7).

    Of every issuer: one that is staged has empty lists before it signs, a retired one goes on until
    it is over itself, and its certificates with it; one last list says so. Called often, it does
    little: one read per shard. A shard that cannot be published stops no other; all such trouble is
    raised at the end.
    """
    stale = ports.clock.now() - REFRESH
    published: list[Published] = []
    troubles: list[Exception] = []
    for issuer in ports.issuers.all():
        for shard in range(issuer.shards):
            try:
                state = ports.revocations.state(issuer.issuer_id, shard)
                if _is_due(state, min(stale, issuer.not_after)):
                    published.append(publish_crl(issuer.issuer_id, shard, ports=ports))
            except (Unavailable, drafting.LintRefused, ValueError) as trouble:
                troubles.append(trouble)
    if troubles:
        raise ExceptionGroup(f"{len(troubles)} CRLs could not be published", troubles)
    return published


def _is_due(state: CrlState | None, stale: datetime) -> bool:
    return state is None or state.published_at is None or state.published_at <= stale


def _turn(issuer_id: str, shard: int, ports: Ports) -> tuple[CrlState, bool]:
    """The shard's state, and whether the caller has to publish under the number in it.

    A number is taken for good before any line is read (RFC 5280 5.2.3), by one caller at a time:
    who comes while a list is under way waits, and where a list came out whose number was taken
    after the wait began, it holds the waiting caller's lines, too. Waiting only saves work: a
    publisher that seems dead is overtaken, and two at once are settled where the list is replaced.
    """
    state = ports.revocations.state(issuer_id, shard)
    owed, watched = (state.number if state else 0) + 1, 0
    for _ in range(MOST_POLLS):
        if state is not None and state.published_number >= owed:
            return state, False
        if state is None or state.number == state.published_number or watched >= PATIENCE:
            taken = _next(state, issuer_id, shard)
            try:
                ports.ledger.commit(taken)
            except Conflict:
                watched = 0
            else:
                return taken, True
        else:
            ports.pause(POLL)
        seen, state = state, ports.revocations.state(issuer_id, shard)
        watched = watched + 1 if state and seen and state.number == seen.number else 0
    raise Unavailable(f"no CRL number for {issuer_id}/{shard}: too many at once")


def _next(state: CrlState | None, issuer_id: str, shard: int) -> CrlState:
    """The state with the next number taken."""
    if state is not None:
        return replace(state, number=state.number + 1, version=state.version + 1)
    return CrlState(
        issuer_id=issuer_id,
        shard=shard,
        number=1,
        published_number=0,
        published_at=None,
        next_update=None,
        etag=None,
    )


def _check(crl: bytes, issuer: Issuer, number: int, entries: Sequence[bytes]) -> None:
    """Never replace a good list by one that does not verify, parse or count right."""
    parsed = x509.load_der_x509_crl(crl)
    key = x509.load_der_x509_certificate(issuer.certificate).public_key()
    stated = parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    if not parsed.is_signature_valid(key):  # type: ignore[arg-type]
        raise Unavailable("the new CRL's signature does not verify")
    if stated != number or len(parsed) != len(entries):
        raise Unavailable("the new CRL does not hold what it should")


def _replace(crl: bytes, state: CrlState, now: datetime, ports: Ports) -> int:
    """Put the list in place of an older one only; a newer one that stands holds our lines, too."""

    def attempt() -> int:
        standing = ports.publication.crl(state.issuer_id, state.shard)
        number, etag = _number_of(standing)
        if number >= state.number:
            return number
        new = ports.publication.put_crl(state.issuer_id, state.shard, crl, replaces=etag)
        _remember(state, now, new, ports)
        return state.number

    what, doing = f"the CRL {state.issuer_id}/{state.shard}", "is being replaced by others"
    return undisturbed(attempt, what=what, meanwhile=doing, attempts=_ATTEMPTS)


def _number_of(standing: tuple[bytes, str] | None) -> tuple[int, str | None]:
    if standing is None:
        return 0, None
    parsed = x509.load_der_x509_crl(standing[0])
    number = parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    return number, standing[1]


def _remember(mine: CrlState, now: datetime, etag: str, ports: Ports) -> None:
    """Note what was published; losing this write to a newer publication is fine."""
    for _ in range(_ATTEMPTS):
        state = ports.revocations.state(mine.issuer_id, mine.shard)
        if state is None or state.published_number >= mine.number:
            return
        noted = replace(
            state,
            published_number=mine.number,
            published_at=now,
            next_update=now + CRL_LIFE,
            etag=etag,
            version=state.version + 1,
        )
        try:
            ports.ledger.commit(noted)
        except Conflict:
            continue
        return
