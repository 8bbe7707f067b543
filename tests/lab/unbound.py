"""Another validator's verdicts: libunbound, where the system has it, by ctypes."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dns.rdatatype


class _Result(ctypes.Structure):
    """`struct ub_result` of unbound.h (libunbound 1.17)."""

    _fields_ = (
        ("qname", ctypes.c_char_p),
        ("qtype", ctypes.c_int),
        ("qclass", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_char_p)),
        ("len", ctypes.POINTER(ctypes.c_int)),
        ("canonname", ctypes.c_char_p),
        ("rcode", ctypes.c_int),
        ("answer_packet", ctypes.c_void_p),
        ("answer_len", ctypes.c_int),
        ("havedata", ctypes.c_int),
        ("nxdomain", ctypes.c_int),
        ("secure", ctypes.c_int),
        ("bogus", ctypes.c_int),
        ("why_bogus", ctypes.c_char_p),
        ("was_ratelimited", ctypes.c_int),
        ("ttl", ctypes.c_int),
    )


def library() -> str | None:
    """Where libunbound is, if it is there."""
    return ctypes.util.find_library("unbound")


class Unbound:
    """A validating resolver that asks the given addresses about the given zones."""

    def __init__(self, anchor: str, zones: Mapping[str, str], port: int, folder: Path) -> None:
        """`anchor`: a DS in presentation form; `zones`: an address for each; `port`: of all."""
        found = library()
        assert found is not None
        self._lib: Any = ctypes.CDLL(found)
        self._lib.ub_ctx_create.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._lib.ub_ctx_create())
        lines = [
            "server:",
            "  do-not-query-localhost: no",
            "  do-ip6: no",
            "  qname-minimisation: no",
            f'  trust-anchor: ". DS {anchor}"',
        ]
        for zone, address in zones.items():
            lines += ["stub-zone:", f'  name: "{zone}"', f"  stub-addr: {address}@{port}"]
        page = folder / "unbound.conf"
        page.write_text("\n".join(lines) + "\n")
        failed = self._lib.ub_ctx_config(self._context, str(page).encode())
        assert not failed, failed

    def verdict(self, name: str, rdtype: str) -> tuple[str, str]:
        """secure, insecure or bogus, and why."""
        result = ctypes.POINTER(_Result)()
        failed = self._lib.ub_resolve(
            self._context,
            name.encode(),
            int(dns.rdatatype.from_text(rdtype)),
            1,
            ctypes.byref(result),
        )
        assert not failed, failed
        found = result.contents
        why = (found.why_bogus or b"").decode()
        status = "bogus" if found.bogus else "secure" if found.secure else "insecure"
        self._lib.ub_resolve_free(result)
        return status, why

    def close(self) -> None:
        self._lib.ub_ctx_delete(self._context)
