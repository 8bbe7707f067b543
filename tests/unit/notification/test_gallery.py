"""Every kind of mail in both languages, word for word. To write the files anew, delete them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest

from tests.letter_gallery import GALLERY
from vouchsafe.domain.letter_kinds import Language, LetterKind
from vouchsafe.domain.letters import LETTERS

GOLDEN = Path(__file__).parents[2] / "golden" / "mails"
#: Operators read English.
CASES = [
    (name, language)
    for name, language in product(sorted(GALLERY), Language)
    if language is Language.ENGLISH or not name.startswith("operators")
]


def agreed(name: str, text: str) -> None:
    """The text is the one on file, but for hashes of certificates, which are made anew."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "(64 hex digits)", text)
    path = GOLDEN / name
    if not path.exists():  # pragma: no cover
        path.write_text(text, "utf-8")
        pytest.fail(f"{path.name} was written; read it, then run this again")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize(("name", "language"), CASES)
def test_every_mail_reads_as_it_was_agreed(name: str, language: Language) -> None:
    mail = GALLERY[name](language)
    to = ", ".join(mail.to)
    agreed(f"{name}-{language}.txt", f"To: {to}\nSubject: {mail.subject}\n\n{mail.text}")


@pytest.mark.parametrize(("name", "language"), CASES)
def test_every_mail_looks_as_it_was_agreed(name: str, language: Language) -> None:
    agreed(f"{name}-{language}.html", GALLERY[name](language).html)


def test_the_gallery_shows_every_kind_of_letter() -> None:
    subjects = {GALLERY[name]("en").subject for name in GALLERY}
    shown = {
        kind
        for kind, letter in LETTERS[Language.ENGLISH].items()
        for subject in subjects
        if re.fullmatch(re.sub(r"\\{\w+\\}", ".+", re.escape(letter.subject)), subject)
    }
    assert set(LetterKind) - shown == {LetterKind.PUBLISH_FILES}  # shown by test_telling


class Seen(HTMLParser):
    """What a mail program would find: the text, every address, and what a screen reader needs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.language = ""
        self._hidden = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.language = given.get("lang") or self.language
        self.addresses += [given[name] or "" for name in ("href", "src") if name in given]
        self._hidden = tag in {"title", "style", "script"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._hidden else data


@pytest.mark.parametrize(("name", "language"), CASES)
def test_html_says_all_that_the_text_says_and_loads_nothing(name: str, language: Language) -> None:
    mail = GALLERY[name](language)
    seen = Seen(mail.html)
    words = " ".join(seen.text.split())
    for word in mail.text.split():
        assert word.rstrip(":") in words
    assert mail.subject in words
    assert not {"img", "script", "link", "iframe", "style"} & set(seen.tags)
    assert not seen.addresses and "url(" not in mail.html
    assert seen.tags.count("h1") == 1 and seen.language in {"en", "ko"}
    assert mail.html.count("<th ") == mail.html.count('<th scope="row"')


@pytest.mark.parametrize(("name", "language"), CASES)
def test_a_subject_is_readable_and_nothing_is_left_unsaid(name: str, language: Language) -> None:
    mail = GALLERY[name](language)
    assert 10 < len(mail.subject) < 120
    whole = mail.subject + mail.text
    assert "{" not in whole.replace("'{\"", "").replace('[{"', "")
    assert "None" not in whole and "  \n" not in whole
    hangul = bool(re.search("[가-힣]", whole))
    assert hangul is (language is Language.KOREAN)
