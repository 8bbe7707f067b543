"""What the function is given that hands out keys which the service made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .dependencies import Caller

if TYPE_CHECKING:  # names only: a function loads what it uses, not what others are given
    from .managed_key_ports import KeyOpener, ManagedKeys
    from .ports import CertificateStore, Issuers


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ManagedKeysApi(Caller):
    """For handing managed keys out."""

    issuers: Issuers
    store: CertificateStore
    managed: ManagedKeys
    opener: KeyOpener
