"""What accounts have besides orders, in memory; and limits on how often somebody calls."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.tripwire import Tripwire
from vouchsafe.domain.accounts import Account, ApiKey, User, UserEmail
from vouchsafe.domain.authorization import Proof
from vouchsafe.domain.blocked_keys import BlockedKey
from vouchsafe.domain.certificate_name import CertificateName
from vouchsafe.domain.containers import Container, line_of, root_of
from vouchsafe.domain.limits import Allowance, Limit, allowance, is_full, microseconds
from vouchsafe.domain.mail_marks import MailMark
from vouchsafe.domain.organization import Organization
from vouchsafe.domain.proofs import Standing


class FakeAccounts:
    """Port Accounts, and the Ledger's word on accounts, over the `records` of the book."""

    _tripwire: Tripwire
    _lock: Any
    records: dict[tuple[Any, ...], Any]
    _proofs: Callable[[int, Collection[str]], dict[str, Proof | None]]

    def key(self, sha256: str) -> ApiKey | None:
        return self._found("key", (ApiKey, sha256))

    def account(self, account_id: int) -> Account | None:
        return self._found("account", (Account, account_id))

    def user(self, account_id: int, user_id: int) -> User | None:
        return self._found("user", (User, account_id, user_id))

    def accounts_after(self, account_id: int, limit: int) -> Sequence[Account]:
        with self._tripwire.crossing("accounts.accounts_after"), self._lock:
            every = [r for key, r in self.records.items() if key[0] is Account]
            after = [account for account in every if account.account_id > account_id]
            return sorted(after, key=lambda account: account.account_id)[:limit]

    def standing(
        self,
        account_id: int,
        domains: Collection[str] = (),
        *,
        organization_id: int | None = None,
        container_id: int | None = None,
        key: str = "",
    ) -> Standing:
        with self._tripwire.crossing("ledger.standing"), self._lock:
            proofs = self._proofs(account_id, domains)
            organization = self.records.get((Organization, account_id, organization_id))
            account = self.records.get((Account, account_id))
            line = self._line(account, container_id)
            return Standing(
                account=account,
                proofs=proofs,
                organization=organization,
                line=line,
                blocked=self.records.get((BlockedKey, key)),
            )

    def _line(self, account: Account | None, container_id: int | None) -> tuple[Container, ...]:
        if account is None:
            return ()
        own = [r for key, r in self.records.items() if key[0] is Container]
        mine = [each for each in own if each.account_id == account.account_id]
        tree = {each.container_id: each for each in [root_of(account), *mine]}
        found = tree.get(container_id or 0)
        return () if found is None else tuple(line_of(found, tree))

    def certificate_name(self, account_id: int, name: str) -> CertificateName | None:
        with self._tripwire.crossing("ledger.certificate_name"), self._lock:
            return self.records.get((CertificateName, account_id, name))

    def users_of(self, account_id: int) -> Sequence[User]:
        return self._owned("users_of", User, account_id, "user_id")

    def user_email(self, account_id: int, email: str) -> UserEmail | None:
        return self._found("user_email", (UserEmail, account_id, email))

    def mail_marks(self, account_id: int, emails: Collection[str]) -> Mapping[str, MailMark]:
        with self._tripwire.crossing("accounts.mail_marks"), self._lock:
            keys = {each: (MailMark, account_id, each) for each in emails}
            return {each: self.records[key] for each, key in keys.items() if key in self.records}

    def containers_of(self, account_id: int) -> Sequence[Container]:
        return self._owned("containers_of", Container, account_id, "container_id")

    def keys_of(self, account_id: int) -> Sequence[ApiKey]:
        return self._owned("keys_of", ApiKey, account_id, "key_id")

    def key_of(self, account_id: int, key_id: int) -> ApiKey | None:
        found = self._owned("key_of", ApiKey, account_id, "key_id")
        return next((key for key in found if key.key_id == key_id), None)

    def organizations_of(self, account_id: int) -> Sequence[Organization]:
        return self._owned("organizations_of", Organization, account_id, "organization_id")

    def organization(self, account_id: int, organization_id: int) -> Organization | None:
        return self._found("organization", (Organization, account_id, organization_id))

    def organizations_by_id(
        self, account_id: int, organization_ids: Collection[int]
    ) -> Sequence[Organization]:
        with self._tripwire.crossing("accounts.organizations_by_id"), self._lock:
            keys = [(Organization, account_id, each) for each in organization_ids]
            return [self.records[key] for key in keys if key in self.records]

    def _found(self, call: str, key: tuple[Any, ...]) -> Any:
        with self._tripwire.crossing(f"accounts.{call}"), self._lock:
            return self.records.get(key)

    def _owned[T](self, call: str, kind: type[T], account_id: int, order: str) -> list[T]:
        with self._tripwire.crossing(f"accounts.{call}"), self._lock:
            own = [
                r for k, r in self.records.items() if k[0] is kind and r.account_id == account_id
            ]
            return sorted(own, key=lambda record: getattr(record, order))


class FakeRateLimits:
    """Port RateLimits: one dictionary of arrival times; `failures` are raised one by one first."""

    def __init__(self, tripwire: Tripwire | None = None) -> None:
        self._tripwire = tripwire or Tripwire()
        self._lock = threading.Lock()
        self._tats: dict[tuple[str, int], int] = {}
        self.failures: list[Exception] = []

    def take(self, caller: str, limits: Sequence[Limit], now: datetime) -> Allowance:
        with self._tripwire.crossing("limits.take"), self._lock:
            if self.failures:
                raise self.failures.pop(0)
            at = microseconds(now)
            tats = [self._tats.get((caller, limit.seconds), 0) for limit in limits]
            if is_full(limits, tats, at):
                return allowance(limits, tats, at, taken=False)
            for limit, tat in zip(limits, tats, strict=True):
                self._tats[caller, limit.seconds] = max(tat, at) + limit.step
            after = [self._tats[caller, limit.seconds] for limit in limits]
            return allowance(limits, after, at, taken=True)
