"""What a look proves, the account may use again: written with it, however many names there are."""

from __future__ import annotations

from tests.unit.validation.checking import Bench
from tests.unit.validation.test_check_order import FIRST_LOOK
from vouchsafe.domain.gates import Verdict
from vouchsafe.domain.proofs import PROOFS_A_COMMIT


def test_a_proof_is_the_accounts_from_the_commit_that_made_it() -> None:
    bench = Bench()
    bench.publish("_dnsauth.example.com")
    bench.check_at(FIRST_LOOK)
    standing = bench.book.standing(1, ("example.com", "www.example.com"))
    assert set(standing.proofs) == {"example.com"}
    proof = standing.proofs["example.com"]
    assert proof == bench.names["www.example.com"].proof
    assert bench.book.standing(2, ("example.com",)).proofs == {}


def test_nothing_proven_is_nothing_to_use_again() -> None:
    bench = Bench()
    bench.check_at(FIRST_LOOK)
    assert bench.book.standing(1, ("example.com", "www.example.com")).proofs == {}


def test_many_domains_go_in_commits_that_a_transaction_can_hold() -> None:
    names = [f"n{number}.example.com" for number in range(40)]
    bench = Bench(names=names)
    bench.publish(*names)
    sizes: list[int] = []
    commit = bench.book.commit

    def counting(*records: object) -> None:
        sizes.append(len(records))
        commit(*records)  # type: ignore[arg-type]

    bench.book.commit = counting  # type: ignore[method-assign]
    assert bench.check_at(FIRST_LOOK).verdict is Verdict.READY
    assert max(sizes) <= PROOFS_A_COMMIT + 4
    assert set(bench.book.standing(1, names).proofs) == set(names)
