"""Which issuing CAs sign new certificates: put to work, taken from it, each time on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography import x509

from ..domain.changes import Change, ChangeKind
from ..domain.errors import Flaw, invalid, not_found
from ..domain.issuers import CaRevocationReason, Issuer, IssuerState, choose_issuer
from ..domain.products import PRODUCTS, Product, ValidationLevel
from ..ports import Clock, Record, RootKey
from .attempts import attempted
from .ca_signing import Ports
from .change_records import operators_change

type _Attempt = tuple[Issuer, tuple[Record, ...]]


def activate_issuer(
    issuer_id: str,
    *,
    at: datetime | None,
    serves: tuple[str, ...] | None,
    anyway: bool,
    actor: str,
    ports: Ports,
) -> Issuer:
    """Let the issuer sign new certificates from `at` on: at once when None or past.

    `serves` names levels and products, () all of them, None leaves it as it is. One that is active
    keeps its date unless another is given. Raises VouchsafeError: NOT_FOUND, or INVALID naming why
    not: `unpublished`, `retired`, `date`, `serves`, `nobody_serves` (unless `anyway`).
    """

    def attempt(now: datetime) -> _Attempt:
        issuer = found(issuer_id, ports)
        wanted = issuer.serves if serves is None else _known(serves)
        since = _since(issuer, at, now)
        _refuse_unready(issuer, since, ports)
        new = replace(issuer, state=IssuerState.ACTIVE, active_from=since, serves=wanted)
        return _changed(issuer, new, "activated", now=now, anyway=anyway, actor=actor, ports=ports)

    return _attempted(attempt, issuer_id, ports)


def retire_issuer(issuer_id: str, *, anyway: bool, actor: str, ports: Ports) -> Issuer:
    """Let the issuer sign no new certificate any more, for good; its CRLs go on.

    What is claimed already is finished with it. Raises VouchsafeError: NOT_FOUND, or INVALID with
    `nobody_serves` when products would be left without an issuer, unless `anyway`.
    """

    def attempt(now: datetime) -> _Attempt:
        issuer = found(issuer_id, ports)
        if issuer.state is IssuerState.RETIRED:
            return issuer, ()
        new = replace(issuer, state=IssuerState.RETIRED, retired_at=now)
        return _changed(issuer, new, "retired", now=now, anyway=anyway, actor=actor, ports=ports)

    return _attempted(attempt, issuer_id, ports)


def revoke_issuer(
    issuer_id: str, reason: CaRevocationReason, *, actor: str, ports: Ports
) -> Issuer:
    """Put on record that the issuer's certificate is revoked, for good; `publish_root_crl` tells.

    May be repeated; another reason than the first counts only if it is caCompromise, and the date
    stays. Raises VouchsafeError: NOT_FOUND, or INVALID naming why not: `not_retired`,
    `root_elsewhere` (whoever has its root revokes it), `reason`.
    """

    def attempt(now: datetime) -> _Attempt:
        issuer = found(issuer_id, ports)
        _refuse_revoking(issuer, reason)
        since = issuer.revoked_at or now.replace(microsecond=0)
        new = replace(issuer, revoked_at=since, revoked_for=reason)
        return _changed(issuer, new, "revoked", now=now, anyway=True, actor=actor, ports=ports)

    return _attempted(attempt, issuer_id, ports)


def _refuse_revoking(issuer: Issuer, reason: CaRevocationReason) -> None:
    if issuer.state is not IssuerState.RETIRED:
        raise invalid(Flaw("not_retired", f"{issuer.issuer_id} still signs; retire it first"))
    if not issuer.root_id:
        raise invalid(Flaw("root_elsewhere", "whoever signed its certificate has to revoke it"))
    if issuer.revoked_for not in {None, reason} and reason is not CaRevocationReason.CA_COMPROMISE:
        raise invalid(Flaw("reason", f"it is revoked already, for {issuer.revoked_for}"))


def found(issuer_id: str, ports: Ports) -> Issuer:
    """The issuer of that id. Raises VouchsafeError(NOT_FOUND)."""
    issuer = ports.issuers.get(issuer_id)
    if issuer is None:
        raise not_found("issuer")
    return issuer


def served_now(issuers: Iterable[Issuer], now: datetime) -> dict[str, str]:
    """Product ids, and by which issuer each is made at `now`."""
    known = tuple(issuers)
    chosen = {p.product_id: choose_issuer(known, p, now) for p in PRODUCTS.values()}
    return {product_id: issuer.issuer_id for product_id, issuer in chosen.items() if issuer}


def change_of(
    before: Issuer | None, after: Issuer, action: str, *, actor: str, ports: Ports
) -> Change:
    """The change record of an issuer that was made, brought in, activated or retired."""
    return operators_change(
        ChangeKind.ISSUER_CHANGED,
        f"issuer {after.issuer_id}",
        {"issuer_id": after.issuer_id, "action": action},
        actor=actor,
        now=ports.clock.now(),
        entropy=ports.entropy,
        before=_told(before) if before else None,
        after=_told(after),
    )


def request_change(key: RootKey, name: x509.Name, *, actor: str, ports: Ports) -> Change:
    """The change record of a certificate request that was made for an issuing key."""
    return operators_change(
        ChangeKind.ISSUER_CHANGED,
        f"key {key.key_ref}",
        {"action": "requested", "key_ref": key.key_ref, "name": name.rfc4514_string()},
        actor=actor,
        now=ports.clock.now(),
        entropy=ports.entropy,
    )


def _told(issuer: Issuer) -> dict[str, Any]:
    """What of an issuer a change tells."""
    revoked = {"revoked_for": issuer.revoked_for.value} if issuer.revoked_for else {}
    return revoked | {
        "state": issuer.state.value,
        "trust": issuer.trust.value,
        "key_type": issuer.key_type.value,
        "key_ref": issuer.key_ref,
        "serves": list(issuer.serves),
        "since": issuer.since.isoformat(),
        "not_after": issuer.not_after.isoformat(),
    }


def _attempted(attempt: Any, issuer_id: str, ports: Ports) -> Issuer:
    clock: Clock = ports.clock
    what = f"issuer {issuer_id}"
    made: Issuer = attempted(attempt, once=None, what=what, ledger=ports.ledger, clock=clock)
    return made


def _since(issuer: Issuer, at: datetime | None, now: datetime) -> datetime:
    """From when on: as asked, but never in the past; what runs already keeps its date."""
    if issuer.state is IssuerState.ACTIVE and (at is None or at == issuer.since):
        return issuer.since
    if issuer.state is IssuerState.ACTIVE and at is not None and at <= issuer.since <= now:
        return issuer.since
    return max(at or now, now).replace(microsecond=0)


def _known(serves: tuple[str, ...]) -> tuple[str, ...]:
    strange = set(serves) - set(ValidationLevel) - PRODUCTS.keys()
    if strange:
        raise invalid(Flaw("serves", f"no level and no product: {', '.join(sorted(strange))}"))
    return tuple(sorted(set(serves)))


def _refuse_unready(issuer: Issuer, since: datetime, ports: Ports) -> None:
    if issuer.state is IssuerState.RETIRED:
        raise invalid(Flaw("retired", f"{issuer.issuer_id} was retired, for good"))
    if since >= issuer.not_after:
        raise invalid(Flaw("date", f"{issuer.issuer_id} ends at {issuer.not_after:%Y-%m-%d}"))
    missing = [
        shard
        for shard in range(issuer.shards)
        if ports.publication.crl(issuer.issuer_id, shard) is None
    ]
    if missing:  # BR 4.9.7: a certificate never points to a CRL that is not there
        listed = ", ".join(map(str, missing))
        raise invalid(
            Flaw("unpublished", f"no CRL yet for shard {listed}: run publish_crl, or wait for it")
        )


def _changed(
    before: Issuer, after: Issuer, action: str, *, now: datetime, anyway: bool, **with_: Any
) -> _Attempt:
    """The new state and its change; nothing when nothing is new."""
    if after == before:
        return before, ()
    ports: Ports = with_["ports"]
    if not anyway and (alone := _left_alone(before, after, ports.issuers.all(), now)):
        listed = ", ".join(product.product_id for product in alone)
        raise invalid(Flaw("nobody_serves", f"without it nobody makes {listed}"))
    new = replace(after, version=before.version + 1)
    return new, (new, change_of(before, new, action, **with_))


def _left_alone(
    before: Issuer, after: Issuer, issuers: Iterable[Issuer], now: datetime
) -> list[Product]:
    """The products on offer that have an issuer now and would have none."""
    others = [each for each in issuers if each.issuer_id != before.issuer_id]
    return [
        product
        for product in PRODUCTS.values()
        if product.on
        and choose_issuer([*others, before], product, now) is not None
        and choose_issuer([*others, after], product, now) is None
    ]
