from __future__ import annotations

import string
from pathlib import Path

import pytest

from vouchsafe.domain.causes import CATALOGUE, CauseCode, tell, to_markdown

PAGE = Path(__file__).parents[3] / "docs" / "causes.md"


def test_every_code_has_an_entry() -> None:
    assert set(CATALOGUE) == set(CauseCode)


def test_the_page_is_the_catalogues_print_out() -> None:
    """To write it anew: Path("docs/causes.md").write_text(to_markdown())"""
    assert PAGE.read_text("utf-8") == to_markdown()


@pytest.mark.parametrize("code", CauseCode)
def test_every_entry_is_a_sentence_with_advice(code: CauseCode) -> None:
    cause = CATALOGUE[code]
    assert cause.explanation.endswith(".")
    assert cause.advice


@pytest.mark.parametrize("code", CauseCode)
def test_every_entry_can_be_told_from_its_own_facts(code: CauseCode) -> None:
    cause = CATALOGUE[code]
    fields = {
        name
        for template in (cause.explanation, cause.advice)
        for _, name, _, _ in string.Formatter().parse(template)
        if name
    }
    telling = tell(code, **{name: f"<{name}>" for name in fields})
    assert telling.cause is code
    assert all(f"<{name}>" in telling.explanation + telling.advice for name in fields)


def test_a_missing_fact_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError):
        tell(CauseCode.NOTHING_AT_THE_NAME, name="www.example.com")
