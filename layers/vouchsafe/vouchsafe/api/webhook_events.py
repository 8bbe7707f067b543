"""Changes as webhooks are told them: whose, under which name, and in which words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..domain.certificate import Certificate
from ..domain.changes import Change, ChangeKind, NumberedChange
from ..domain.containers import lies_in
from ..domain.dossier import Dossier
from ..domain.shared_changes import SHARED, told
from ..domain.webhooks import Webhook
from ..ports import Accounts, CertificateStore, Domains, Issuers, Ledger
from ..services.awaiting import PATIENCE
from ..webhook_ports import Told
from .chains import chain_of, chain_rows
from .webhook_words import CHALLENGE, KEY_HEADER, TEST, TOLD_AT, event_name


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class EventWords:
    """Port EventWriter. Reads what an event's object is only where the webhook depends on it."""

    ledger: Ledger
    accounts: Accounts
    domains: Domains
    issuers: Issuers
    store: CertificateStore

    def wants(self, hook: Webhook, kind: ChangeKind) -> bool:
        """Whether changes of that kind are among the webhook's events."""
        day = TOLD_AT.get(kind)
        noticed = day is None or day in hook.settings.days
        return noticed and event_name(hook.events, kind) is not None

    def event(self, hook: Webhook, entry: NumberedChange) -> Told | None:
        """A change as the webhook is told it; None for what it is not to be told."""
        change = entry.change
        name = event_name(hook.events, change.kind)
        if change.kind not in SHARED or name is None or not self.wants(hook, change.kind):
            return None
        issued = change.kind is ChangeKind.CERTIFICATE_ISSUED
        whole = self.accounts.account(hook.account_id)
        bounded = whole is None or hook.container_id != whole.root_container_id
        dossier = self._order(change) if issued or bounded else None
        if bounded and not self._lies_within(hook, change, dossier):
            return None
        more: Mapping[str, Any] = {}
        if issued and dossier is not None and change.certificate_id is not None:
            certificate = dossier.certificate(change.certificate_id)
            instant = _is_instant(certificate)
            if instant and not hook.settings.instant:
                return None
            more = self._chain(hook, certificate, instant=instant)
        return _written(name, hook, entry, more)

    def _order(self, change: Change) -> Dossier | None:
        return None if change.order_id is None else self.ledger.order(change.order_id)

    def _lies_within(self, hook: Webhook, change: Change, dossier: Dossier | None) -> bool:
        """Whether what changed lies in the webhook's container; what lies nowhere does not."""
        container_id = _container_of_order(dossier) or self._container_of_subject(change)
        if container_id is None:
            return False
        line = self.ledger.standing(hook.account_id, container_id=container_id).line
        return bool(line) and lies_in(line[0], hook.container_id)

    def _container_of_subject(self, change: Change) -> int | None:
        kind, _, number = change.subject.partition(" ")
        if not number.isdigit():
            return None
        if kind == "container":
            return int(number)
        if kind == "domain":
            domain = self.domains.domain(change.account_id, int(number))
            return None if domain is None else domain.container_id
        if kind == "organization":
            found = self.accounts.organization(change.account_id, int(number))
            return None if found is None else found.container_id
        return None

    def _chain(
        self, hook: Webhook, certificate: Certificate, *, instant: bool
    ) -> Mapping[str, Any]:
        wanted = hook.settings.instant_chain if instant else hook.settings.chain
        if not wanted or certificate.issued is None:
            return {}
        chain = chain_of(certificate, store=self.store, issuers=self.issuers)
        return {"certificate_chain": chain_rows(chain)}

    def challenge(self, hook: Webhook, token: str) -> Told:
        """The token that shows who reads what is posted."""
        data = {"token": token, "webhook_id": hook.webhook_id}
        return Told(event=CHALLENGE, body=_bytes({"event": CHALLENGE, "data": data}))

    def test(self, hook: Webhook) -> Told:
        """A post that tells of nothing."""
        data = {"webhook_id": hook.webhook_id}
        return Told(event=TEST, body=_bytes({"event": TEST, "data": data}))

    def key_header(self, key: str) -> Mapping[str, str]:
        """The header in which the owner's key is sent along."""
        return {KEY_HEADER: key}


def _container_of_order(dossier: Dossier | None) -> int | None:
    return None if dossier is None else dossier.order.container_id


def _is_instant(certificate: Certificate) -> bool:
    """Whether it came while the answer to its order could still be waiting for it."""
    issued = certificate.issued
    return issued is not None and issued.issued_at - certificate.created_at <= PATIENCE


def _written(name: str, hook: Webhook, entry: NumberedChange, more: Mapping[str, Any]) -> Told:
    """The vendor's form, and beside it what tells one event from another."""
    row = told(entry)
    ids = {key: row[key] for key in ("order_id", "certificate_id", "request_id")}
    data = {key: value for key, value in ids.items() if value is not None} | row["data"]
    if row["object"]:
        data["object"] = row["object"]
    body = {
        "event": name,
        "data": data | dict(more),
        "id": row["id"],
        "type": row["type"],
        "cursor": row["cursor"],
        "date": row["date"],
        "webhook_id": hook.webhook_id,
    }
    return Told(event=name, body=_bytes(body))


def _bytes(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
