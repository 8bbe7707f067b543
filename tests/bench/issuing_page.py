"""The page's part about certificates and CRLs: our figures kept by the tests, others' made here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tests.bench import programs
from tests.bench.kept import keep, kept
from tests.bench.side_by_side import machine
from tests.bench.test_issuing_costs import LEAST_RATE, PRODUCTS, measured

COUNTS = (1_000, 10_000, 100_000, 1_000_000)
ISSUERS = {"p256": "P-256", "rsa3072": "RSA 3072"}


def measure_others() -> None:
    """Run everybody else, the long lists, and the hour of revocations; about four minutes."""
    signed = [asdict(each) for kind in ISSUERS for each in _signed(kind)]
    keep("signed", signed)
    keep("lists", [_lists(count) for count in COUNTS])
    keep("crl-latency", measured("crl_latency"))


def _signed(kind: str) -> Iterator[programs.Signed]:
    yield programs.cfssl_serve(kind)
    yield from programs.openssl_ca(kind)
    django = programs.django_ca(kind, 100 if kind == "p256" else 20)
    if django:
        yield django


def _lists(count: int) -> dict[str, Any]:
    cfssl = programs.crl_by_cfssl(count)
    return {
        "count": count,
        "ours": measured("crl_building", str(count)),
        "openssl": programs.crl_by_openssl(count)[0],
        "cfssl": cfssl[0] if cfssl else None,
    }


def _signing_rows() -> Iterator[str]:
    yield "| who | issuer's key | CPU ms a certificate | certificates/s of a core | |"
    yield "| --- | --- | --- | --- | --- |"
    for kind, key in ISSUERS.items():
        pair = kept(f"pair-{kind}")
        yield _row("ours", key, pair["ours"], f"{pair['rate']:.2f} × plain `cryptography`")
        yield _row("plain `cryptography`", key, pair["plain"], "no policy")
        for each in kept("signed"):
            if each["issuer"] == kind:
                yield _row(each["who"], key, each["cpu"], each["note"])


def _row(who: str, key: str, cpu: float, note: str) -> str:
    return f"| {who} | {key} | {cpu:.2f} | {1000 / cpu:,.0f} | {note} |"


def _function_rows() -> Iterator[str]:
    yield "| product | CPU ms | of it the linter's | beside it | AWS calls | clients made later |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for product in PRODUCTS:
        one = kept(f"function-{product}")
        calls = sum(one["calls"].values())
        yield (
            f"| `{product}` | {one['issue']:.1f} | {one['lint']:.1f} |"
            f" {one['issue'] - one['lint']:.1f} | {calls:.0f} | {one['clients_later']} |"
        )


def _list_rows() -> Iterator[str]:
    yield "| entries | ours | ours, MiB beyond them | `openssl ca -gencrl` | `cfssl gencrl` |"
    yield "| --- | --- | --- | --- | --- |"
    for one in kept("lists"):
        cfssl = f"{one['cfssl']:,.0f}" if one["cfssl"] else "not installed"
        yield (
            f"| {one['count']:,} | {one['ours']['cpu']:,.1f} | {one['ours']['mib']:.1f} |"
            f" {one['openssl']:,.0f} | {cfssl} |"
        )


def page() -> str:
    """The part of docs/benchmarks.md, from the figures kept last."""
    lint, (imported, made, linted, cpu) = kept("lint"), kept("start")
    added = lint["linted"] - lint["without"]
    return _PAGE.format(
        signing="\n".join(_signing_rows()),
        function="\n".join(_function_rows()),
        lists="\n".join(_list_rows()),
        machine=machine(),
        linter=f"{lint['linter']:.1f}",
        added=f"{added:.1f}",
        least=LEAST_RATE,
        imported=f"{imported:.2f}",
        made=f"{made:.2f}",
        linted=f"{linted:.2f}",
        cpu=f"{cpu:.2f}",
        **kept("crl-latency"),
    )


_PAGE = """
# What a certificate costs

Machine: {machine}; other work ran on it. Ratios within a run hardly move, milliseconds do.

## Signing with a key in memory

From a CSR as text to a certificate as text: proof of possession, policy, building, signing; no
linter and no AWS. Two names each, no name twice, P-256 subscribers' keys.

{signing}

- **Ours and plain** take turns in one process over 25 certificates at a time, the least of 56
  rounds: what else runs on the machine takes caches away, and only ever adds. Plain is the
  library's builder as it is documented, with the check of the CSR's signature; extensions that
  never change are made once. Its certificate is ours byte for byte but for the signature, which a
  test holds; it has no policy.
- **What the rest is.** The wish is 0.7 of plain's rate, and cfssl's. The test holds ours to
  {least[p256]} under a P-256 issuer and to {least[rsa3072]} under an RSA one, which leaves room
  for a busy machine. Two signatures on that curve cost so little that every call of Python's is
  seen. Of ours nearly half are those two, the CSR's checked and the certificate's made; a fifth
  goes into reading the CSR and judging its key; a tenth into the names and the public suffixes;
  about a twelfth each into building, into reading the draft again out of the bytes to be signed,
  and into the gate's twenty checks. No check is left out, and each is made on those bytes:
  - what an issuer's drafts of one level, kind of key and CRL have in common is judged once for the
    same bytes (`gate.CHECKS_OF_TERMS`); what each says of itself is judged in each;
  - a subject with a common name alone and a list of dNSNames are read by hand where they have the
    very bytes that we write (`domain/plain_names.py`), and by the library where they have others;
  - the key of a CSR is decoded once; the library's own check of a CSR's signature decodes it again,
    which is how ours can be near plain at all.
- **cfssl** serves over one kept connection and its key is loaded once, as ours is; the CPU is its
  server's as the kernel counts it, the mean of 600 certificates, not the least. It checks the
  CSR's signature and writes no row.
- **openssl ca** reads and rewrites its index; its index is empty at first here.
- **With the linter**, which takes {linter} ms for a certificate, an issue takes {added} ms more.

## The issuing function

The handler as deployed, with the SDK's real clients; AWS is answered inside the process. The first
call is not counted. The wish is at most 15 ms beside the lint, and no client made later.

{function}

The calls: read the order and what people decided, in one; claim; sign; put; record. Not counted:
the issuers, asked for once a minute. The budget is five calls
(`tests/bench/test_issuing_costs.py`); why they are enough is in
[issuance-cycle.md](issuance-cycle.md).

Cold, on one core, out of the layers as deployed: imported after {imported} s, clients made after
{made} s, first certificate linted (its rule set built) after {linted} s; {cpu} s of CPU in all.
The budget is three seconds (`tests/bench/test_issuing_start.py`).

## CRLs

From entries in memory to a signed list, read back and counted; without the linter, which looks at
2,000 entries at most and takes 0.2 ms for each. Ours and others': CPU.

{lists}

`openssl` and `cfssl` read a file of serial numbers first, which is their way to keep them. The
budget is 0.1 s and 100 MiB at 100,000 entries, and time that grows evenly
(`tests/bench/test_issuing_costs.py`).

## From an approval to a published list

An hour simulated over the service's own code (`tests/bench/crl_latency.py`, `make soak`):
{revoked:,} revoked in 16 shards, of which {arrivals:,} arrive within it, a third of them in bursts
of a hundred. Publishers race; of calls 1 % fail, of conditional writes 2 % are refused for
nothing, of calls 0.2 % are the function's last; the state machine's retries and its pauses of two
minutes follow. AWS takes, by parameter: 10 ms for a call of the table or a megabyte of a query,
60 ms for half a megabyte in the bucket, 30 ms for a signature, 3.5 s for one start in five, and
the CPU measured here on 0.6 of a core.

| median | 99 of 100 within | worst | lists published |
| --- | --- | --- | --- |
| {median:.1f} s | {p99:.0f} s | {worst:.0f} s | {numbers:,} |

The budget is a minute and five minutes. A shorter hour runs with every test
(`tests/unit/revocation/test_latency.py`).
"""
