"""The tables of wording are whole: every letter in every language, with the same facts."""

from __future__ import annotations

import string
from itertools import product

import pytest

from vouchsafe.domain.causes import CauseCode
from vouchsafe.domain.letters import (
    ADVICE,
    CAUSES,
    ENDS,
    LETTERS,
    NAMES,
    REASONS,
    WORDS,
    Language,
    LetterKind,
    language_of,
)
from vouchsafe.domain.notices import (
    Command,
    Facts,
    Letter,
    Link,
    Listing,
    Paragraph,
    subject_of,
    to_text,
)
from vouchsafe.domain.notices_html import to_html
from vouchsafe.domain.order import StatusReason
from vouchsafe.domain.revocation import RevocationReason


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def facts_of(letter: Letter) -> set[str]:
    blocks = [block for block in letter.blocks if not isinstance(block, Listing)]
    texts = [b.label + b.address if isinstance(b, Link) else b.text for b in blocks]
    return set.union(fields_of(letter.subject), *map(fields_of, texts))


def shape_of(letter: Letter) -> list[tuple[object, ...]]:
    """What each block is, when it is shown, and how many labels it has."""
    return [
        (type(each), getattr(each, "about", ""), len(getattr(each, "labels", ())))
        for each in letter.blocks
    ]


@pytest.mark.parametrize(("language", "kind"), list(product(Language, LetterKind)))
def test_every_letter_exists_in_every_language_with_the_same_facts(
    language: Language, kind: LetterKind
) -> None:
    mine, english = LETTERS[language][kind], LETTERS[Language.ENGLISH][kind]
    assert facts_of(mine) == facts_of(english)
    assert shape_of(mine) == shape_of(english)


@pytest.mark.parametrize("language", Language)
def test_the_smaller_tables_are_whole(language: Language) -> None:
    assert set(REASONS[language]) == set(RevocationReason)
    assert set(WORDS[language]) == set(WORDS[Language.ENGLISH])
    assert len(NAMES[language]) == 3
    assert set(CAUSES[language]) in ({code.value for code in CauseCode}, set())
    assert set(ADVICE[language]) == set(CAUSES[language])
    assert set(ENDS[language]) == set(StatusReason)


def test_only_english_leaves_causes_to_the_look_itself() -> None:
    assert [language for language in Language if not CAUSES[language]] == [Language.ENGLISH]


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ko", "ko"), ("ko_KR", "ko"), ("KO-kr", "ko"), ("en", "en"), ("", "en"), ("ja", "en")],
)
def test_a_locale_finds_its_language(locale: str, language: str) -> None:
    assert language_of(locale) == language


A_LETTER = Letter(
    subject="About\n{thing}",
    blocks=(
        Paragraph("See {thing}."),
        Listing("rows", ("A", "B")),
        Listing("nothing", ("C",)),
        Command("do {thing}"),
    ),
)
SOME_FACTS = Facts(words={"thing": "it & {x}"}, rows={"rows": [("1", "2"), ("3", "4<")]})


def test_a_subject_is_one_line() -> None:
    assert subject_of(A_LETTER, SOME_FACTS) == "About it & {x}"


def test_text_is_blocks_apart_and_an_empty_listing_is_none() -> None:
    assert to_text(A_LETTER, SOME_FACTS) == (
        "See it & {x}.\n\n    A: 1\n    B: 2\n\n    A: 3\n    B: 4<\n\n    do it & {x}\n"
    )


def test_html_escapes_every_fact() -> None:
    page = to_html(A_LETTER, SOME_FACTS, "en")
    assert "4&lt;</td>" in page
    assert "do it &amp; {x}</pre>" in page
    assert page.count("<table") == 2


def test_a_missing_fact_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        to_text(A_LETTER, Facts(words={}, rows={}))


def test_a_row_with_a_value_too_many_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="argument"):
        to_text(A_LETTER, Facts(words={"thing": ""}, rows={"rows": [("1", "2", "3")]}))


def test_what_is_about_rows_is_silent_without_them() -> None:
    letter = Letter(
        subject="S", blocks=(Paragraph("Before:", "rows"), Paragraph("Not:", "nothing"))
    )
    assert to_text(letter, SOME_FACTS) == "Before:\n"
    assert "Not:" not in to_html(letter, SOME_FACTS, "en")


def test_an_address_to_open_is_shown_and_linked() -> None:
    letter = Letter(subject="S", blocks=(Link("Open {thing}", "https://a.example/?b={thing}"),))
    assert to_text(letter, SOME_FACTS) == "    https://a.example/?b=it & {x}\n"
    page = to_html(letter, SOME_FACTS, "en")
    assert 'href="https://a.example/?b=it &amp; {x}"' in page and ">Open it &amp; {x}</a>" in page
