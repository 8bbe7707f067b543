"""What issuing and a CRL cost; `-s` shows it. The bars are ratios within a run, and counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from typing import Any

import pytest
from cryptography import x509

from tests.bench.issuing import Linted, Pair, ours, plain, side_by_side, with_lint, works
from tests.bench.kept import keep
from tests.lab.build import ROOT

#: Of plain `cryptography`'s rate; what our own gate costs beside it is in docs/benchmarks.md.
LEAST_RATE = {"p256": 0.6, "rsa3072": 0.75}
#: In times of the linter's own cost.
MOST_ADDED_BY_LINT = 1.5
#: The handler beside the lint, in times of the lint, which is about 4 ms on the same machine.
MOST_BESIDE_LINT = 6
MOST_CALLS = 5
PRODUCTS = ("ssl_dv_geotrust_flex", "ssl_basic", "ssl_ev_basic")


def measured(module: str, *arguments: str) -> dict[str, Any]:
    """What a measuring program prints as JSON."""
    paths = (str(ROOT / "layers" / "vouchsafe"), str(ROOT))
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


@pytest.mark.parametrize("issuer", LEAST_RATE)
def test_ours_and_the_plain_library_make_the_same_certificate(issuer: str) -> None:
    mine, theirs = (
        x509.load_pem_x509_certificate(issue(works()[0])) for issue in (ours(issuer), plain(issuer))
    )
    assert mine.tbs_certificate_bytes == theirs.tbs_certificate_bytes


@pytest.mark.parametrize("issuer", LEAST_RATE)
def test_issuing_keeps_its_share_of_the_plain_librarys_rate(issuer: str) -> None:
    pair: Pair = side_by_side(issuer)
    keep(f"pair-{issuer}", asdict(pair))
    print(f"\n{issuer}: {pair.ours:.2f} ms, plain {pair.plain:.2f} ms, rate {pair.rate:.2f}")
    assert pair.rate >= LEAST_RATE[issuer]


def test_with_lint_the_linters_own_time_is_added_and_little_more() -> None:
    linted: Linted = with_lint()
    keep("lint", asdict(linted))
    print(f"\nlint {linted.linter:.2f} ms, adds {linted.added:.2f} times that")
    assert linted.added <= MOST_ADDED_BY_LINT


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_issuing_function_makes_few_calls_and_no_client_after_its_first(product: str) -> None:
    found = measured("issuing_function", "10", product)
    keep(f"function-{product}", found)
    beside = found["issue"] - found["lint"]
    calls = sum(found["calls"].values())
    print(f"\n{product}: {beside:.1f} ms beside the lint, {calls:.0f} calls: {found['calls']}")
    assert found["clients_later"] == 0
    assert calls <= MOST_CALLS
    assert beside <= MOST_BESIDE_LINT * found["lint"]


def test_a_list_of_a_hundred_thousand_takes_a_tenth_of_a_second_and_grows_evenly() -> None:
    runs = [
        {count: measured("crl_building", str(count)) for count in (10_000, 100_000)}
        for _ in range(3)
    ]
    small = min(run[10_000]["cpu"] for run in runs)
    large = min(run[100_000]["cpu"] for run in runs)
    print(f"\n10,000: {small:.1f} ms, 100,000: {large:.1f} ms")
    assert large < 100
    assert large <= 20 * small
    assert all(run[100_000]["mib"] < 100 for run in runs)
