"""Accounts, their people, keys, organizations and proven domains over DynamoDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ...domain.accounts import Account, ApiKey, User, UserEmail
from ...domain.containers import Container
from ...domain.mail_marks import MailMark
from ...domain.organization import Organization
from . import account_keys, keys
from .attributes import Item, decode_fields
from .table import Table


class DynamoAccounts:
    """Port Accounts: one consistent read each; lists are one Query of the account's partition."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def key(self, sha256: str) -> ApiKey | None:
        """The API key with that hash (hex), or None."""
        return _one(ApiKey, self._table.get(keys.api_key(sha256)))

    def account(self, account_id: int) -> Account | None:
        """The account, or None."""
        return _one(Account, self._table.get(keys.account(account_id)))

    def user(self, account_id: int, user_id: int) -> User | None:
        """A user of that account, or None."""
        return _one(User, self._table.get(keys.user(account_id, user_id)))

    def accounts_after(self, account_id: int, limit: int) -> Sequence[Account]:
        """At most `limit` accounts with greater ids, by id; may lag by seconds."""
        items = self._table.listed(
            1, account_keys.ACCOUNTS, account_keys.after(account_id), limit=limit
        )
        return [decode_fields(Account, item) for item in items]

    def users_of(self, account_id: int) -> Sequence[User]:
        """All people of the account, by id."""
        return sorted(self._listed(User, account_id, account_keys.USERS), key=lambda u: u.user_id)

    def user_email(self, account_id: int, email: str) -> UserEmail | None:
        """Which person of the account took an address (folded) last, or None."""
        return _one(UserEmail, self._table.get(account_keys.user_email(account_id, email)))

    def mail_marks(self, account_id: int, emails: Collection[str]) -> Mapping[str, MailMark]:
        """The marks that the account has on these addresses (folded), cleared ones too."""
        wanted = [account_keys.mail_mark(account_id, each) for each in dict.fromkeys(emails)]
        found = [decode_fields(MailMark, item) for item in self._table.get_all(wanted)]
        return {mark.email: mark for mark in found}

    def containers_of(self, account_id: int) -> Sequence[Container]:
        """All containers of the account but its root, by id."""
        found = self._listed(Container, account_id, account_keys.CONTAINERS)
        return sorted(found, key=lambda c: c.container_id)

    def keys_of(self, account_id: int) -> Sequence[ApiKey]:
        """All keys of the account, revoked ones too, by id."""
        return sorted(
            self._listed(ApiKey, account_id, account_keys.API_KEYS), key=lambda k: k.key_id
        )

    def key_of(self, account_id: int, key_id: int) -> ApiKey | None:
        """A key of that account by its id, or None."""
        return _one(ApiKey, self._table.get(keys.key_listing(account_id, key_id)))

    def organizations_of(self, account_id: int) -> Sequence[Organization]:
        """All organizations of the account, by id."""
        found = self._listed(Organization, account_id, account_keys.ORGANIZATIONS)
        return sorted(found, key=lambda o: o.organization_id)

    def organization(self, account_id: int, organization_id: int) -> Organization | None:
        """An organization of that account, or None."""
        item = self._table.get(account_keys.organization(account_id, organization_id))
        return _one(Organization, item)

    def organizations_by_id(
        self, account_id: int, organization_ids: Collection[int]
    ) -> Sequence[Organization]:
        """Those of the organizations that are the account's."""
        wanted = [account_keys.organization(account_id, each) for each in organization_ids]
        return [decode_fields(Organization, item) for item in self._table.get_all(wanted)]

    def _listed[T](self, kind: type[T], account_id: int, prefix: str) -> list[T]:
        partition = account_keys.partition(account_id)
        return [decode_fields(kind, i) for i in self._table.partition(partition, prefix=prefix)]


def _one[T](kind: type[T], item: Item | None) -> T | None:
    return None if item is None else decode_fields(kind, item)
