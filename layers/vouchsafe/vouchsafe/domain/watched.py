"""What metrics tell of records that were just written: pure, so that it is the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import canary
from .certificate import Certificate, CertificateStatus
from .changes import Change, ChangeKind
from .dossier import LookRecord
from .metrics import Metric

#: Which end of a certificate, or which beginning, a change tells of.
STATES: Mapping[ChangeKind, str] = {
    ChangeKind.ORDER_PLACED: "placed",
    ChangeKind.REISSUE_PLACED: "placed",
    ChangeKind.CERTIFICATE_ISSUED: "issued",
    ChangeKind.ORDER_TIMED_OUT: "timed_out",
    ChangeKind.ORDER_REJECTED: "rejected",
    ChangeKind.REISSUE_ENDED: "rejected",
    ChangeKind.ORDER_CANCELLED: "cancelled",
    ChangeKind.CERTIFICATE_REVOKED: "revoked",
}
_ENDED = frozenset({CertificateStatus.VALID, CertificateStatus.INVALID})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value of a metric, with what else is known of it."""

    metric: Metric
    value: float = 1
    state: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def state_of(change: Change) -> str:
    """The state of metric Orders that the change counts under; "" for none."""
    if change.kind is ChangeKind.REISSUE_ENDED and change.data.get("reason") == "timed_out":
        return "timed_out"
    return STATES.get(change.kind, "")


def facts_of_change(change: Change) -> Iterator[Fact]:
    """A numbered change that begins or ends a customer's certificate."""
    if change.account_id == canary.ACCOUNT:
        return
    if state := state_of(change):
        more = {"order_id": change.order_id, "certificate_id": change.certificate_id}
        if product := change.after.get("product_id"):
            more["product"] = product
        yield Fact(metric=Metric.ORDERS, state=state, more=more)


def facts_of_commit(records: Iterable[object]) -> Iterator[Fact]:
    """What one commit tells: a certificate that ended, or whose revocation is public."""
    written = tuple(records)
    told = {each.certificate_id: each for each in written if isinstance(each, Change)}
    for each in written:
        if not isinstance(each, Certificate) or each.account_id == canary.ACCOUNT:
            continue  # the canary tells its own, in metrics of its own
        if change := told.get(each.certificate_id):
            yield from _facts_of(each, change)


def _facts_of(certificate: Certificate, change: Change) -> Iterator[Fact]:
    more = _named(certificate, state_of(change))
    issued, revoked = certificate.issued, certificate.revoked
    if change.kind is ChangeKind.CERTIFICATE_REVOKED and revoked and revoked.published_at:
        seconds = (revoked.published_at - revoked.revoked_at).total_seconds()
        yield Fact(metric=Metric.REVOKED_TO_PUBLISHED, value=seconds, more=more)
    elif state_of(change) and certificate.status in _ENDED:
        yield Fact(metric=Metric.LOOKS_PER_ORDER, value=certificate.looks, more=more)
        if issued and certificate.status is CertificateStatus.VALID:
            seconds = (issued.issued_at - _proven_at(certificate)).total_seconds()
            yield Fact(metric=Metric.PROOF_TO_ISSUE, value=max(0, seconds), more=more)


def _proven_at(certificate: Certificate) -> Any:
    """When nothing was missing any more: the last look, or the decision that was waited for."""
    looked = certificate.looked_at or certificate.created_at
    left = certificate.parked.left_at if certificate.parked else None
    return max(looked, left) if left else looked


def _named(certificate: Certificate, state: str) -> dict[str, Any]:
    return {
        "order_id": certificate.order_id,
        "certificate_id": certificate.certificate_id,
        "product": certificate.product_id,
        "end": state,
        "reason": str(certificate.status_reason or ""),
    }


def facts_of_look(look: LookRecord) -> Iterator[Fact]:
    """What one look tells: names not proven, by cause; places that saw nothing or otherwise."""
    more = {"order_id": look.order_id, "certificate_id": look.certificate_id}
    causes = [one["cause"] for one in look.results if one.get("cause", "proven") != "proven"]
    for cause in sorted(set(causes)):
        found = more | {"cause": cause}
        yield Fact(metric=Metric.LOOKS_IN_VAIN, value=causes.count(cause), more=found)
    asked = [place for one in look.results for place in one.get("perspectives", ())]
    if asked:
        silent = {one["perspective"] for one in asked if not one["completed"]}
        against = {one["perspective"] for one in asked if one["completed"] and not one["passed"]}
        yield _places(Metric.PLACES_SILENT, silent, more)
        yield _places(Metric.PLACES_DISSENTING, against, more)


def _places(metric: Metric, places: set[str], more: Mapping[str, Any]) -> Fact:
    return Fact(metric=metric, value=len(places), more={**more, "places": sorted(places)})
