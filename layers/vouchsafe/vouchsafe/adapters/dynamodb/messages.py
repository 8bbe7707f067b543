"""Mails that ask for an approval: each by its id, and by the hashes of the values it carried."""

from __future__ import annotations

from ...domain.email_approval import ApprovalMessage
from .attributes import decode_fields, encode
from .keys import Key
from .table import Table
from .writes import Write, follower, write

_MESSAGE = "approval_message"


def message_key(message_id: str) -> Key:
    """A mail by its id."""
    return f"MAIL#{message_id}", "MAIL"


def value_key(sha256: str) -> Key:
    """From the hash of a mailed value (hex) to its mail."""
    return f"MAILED#{sha256}", "POINTER"


def message_writes(message: ApprovalMessage) -> tuple[Write, ...]:
    """The mail, and the way to it from its newest value; older values have theirs already."""
    found_by = tuple(
        follower("mailed_value", value_key(one.sha256), {"message_id": encode(message.message_id)})
        for one in message.values[-1:]
    )
    return (write(_MESSAGE, message_key(message.message_id), message), *found_by)


class DynamoApprovalMessages:
    """Port ApprovalMessages: one GetItem by id, two by value."""

    def __init__(self, client: object, table_name: str) -> None:
        self._table = Table(client, table_name)

    def message(self, message_id: str) -> ApprovalMessage | None:
        """The mail of that id, or None."""
        item = self._table.get(message_key(message_id))
        return None if item is None else decode_fields(ApprovalMessage, item)

    def message_of_value(self, sha256: str) -> ApprovalMessage | None:
        """The mail in which that value left, or None; a mail is looked for in any case."""
        item = self._table.get(value_key(sha256))
        return self.message("-" if item is None else item["message_id"]["S"])
