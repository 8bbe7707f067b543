"""One CRL from entries in memory, measured in a process of its own; prints JSON.

    python -m tests.bench.crl_building COUNT

Milliseconds of CPU to build, check and sign, and the MiB that it took beyond the entries.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

from tests.builders_pki import NOW, an_issuer, issuing_key
from tests.fakes_pki import SoftwareCrlSigner
from vouchsafe.domain.drafting import CrlRequest, prepare_crl, revoked_entry
from vouchsafe.domain.revocation import RevocationReason


def main() -> None:
    count = int(sys.argv[1])
    entries = [
        revoked_entry((1 << 126) + number, NOW, RevocationReason.KEY_COMPROMISE)
        for number in range(count)
    ]
    issuer, signer = an_issuer(), SoftwareCrlSigner(issuing_key())

    def build(some: list[bytes]) -> bytes:
        request = CrlRequest(
            issuer=issuer,
            shard=3,
            number=41,
            this_update=NOW,
            next_update=NOW + timedelta(days=4),
            url="http://ca.example.org/crl/e1/3.crl",
            entries=some,
        )
        return signer.sign(issuer, prepare_crl(request, lint=lambda _: ()))

    build(entries[:10])
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    before = _resident("VmRSS")
    started = time.process_time()
    size = len(build(entries))
    cpu = time.process_time() - started
    peak = (_resident("VmHWM") - before) / 1024
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu * 1000, "mib": peak, "whole": whole, "bytes": size}))


def _resident(which: str) -> int:
    """KiB of memory of this process: now (VmRSS) or at most (VmHWM)."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith(which))


if __name__ == "__main__":
    main()
