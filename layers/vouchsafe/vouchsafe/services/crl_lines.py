"""What a CRL lists: the rows of its shard's ledger, and what becomes of a row that is spoilt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..domain.crls import is_whole_entry, names_serial, revoked_entry
from ..domain.revocation import CrlLine, CrlState
from ..ports import RevocationLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The lines of a CRL to be, and the serials (hex) of rows that nobody can read."""

    lines: tuple[CrlLine, ...]
    set_aside: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[bytes, ...]:
        """Their DER, in the order of the ledger."""
        return tuple(line.entry for line in self.lines)


def listing(state: CrlState, ledger: RevocationLedger) -> Listing:
    """What the CRL must list: an entry leaves only after one CRL past its end (RFC 5280 3.3).

    A row whose entry is not of its own serial is made anew from its other fields, or set aside.
    """
    lines = ledger.lines(state.issuer_id, state.shard)
    seen = state.published_at
    due = (x for x in lines if seen is None or x.not_after is None or x.not_after >= seen)
    return _sound(due, state, ledger, names_serial)


def sifted(listed: Listing, state: CrlState, ledger: RevocationLedger) -> Listing:
    """The same after every entry was taken apart: for a list that came out spoilt."""
    sound = _sound(listed.lines, state, ledger, is_whole_entry)
    return Listing(lines=sound.lines, set_aside=listed.set_aside + sound.set_aside)


def _sound(
    lines: Iterable[CrlLine],
    state: CrlState,
    ledger: RevocationLedger,
    sound: Callable[[bytes, int], bool],
) -> Listing:
    kept: list[CrlLine] = []
    set_aside: list[str] = []
    for line in lines:
        if sound(line.entry, line.serial):
            kept.append(line)
            continue
        row = ledger.line(state.issuer_id, state.shard, line.serial)
        if row is None:
            set_aside.append(f"{line.serial:x}")
            continue
        entry = revoked_entry(row.serial, row.revoked_at, row.reason)
        kept.append(CrlLine(serial=row.serial, entry=entry, not_after=row.not_after))
    return Listing(lines=tuple(kept), set_aside=tuple(set_aside))
