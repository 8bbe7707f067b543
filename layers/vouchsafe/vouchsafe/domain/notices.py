"""What people are told, as data: a letter of a few blocks, set as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message to one or more recipients."""

    to: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `{name}` stands for a fact. With `about`, only where those rows are there."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Small print at a letter's end."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address to open, under its label; both may hold facts."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of facts called `source`, each value under its label. No rows, no listing."""

    source: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A line to type, never broken; `{name}` stands for a fact. `about` as in Paragraph."""

    text: str
    about: str = ""


type Block = Paragraph | Note | Link | Listing | Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The wording of one kind of mail in one language."""

    subject: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a letter is about: single words for `{name}`, and rows for its listings."""

    words: Mapping[str, str]
    rows: Mapping[str, Sequence[tuple[str, ...]]]


def subject_of(letter: Letter, facts: Facts) -> str:
    """The subject in one line. Raises KeyError for a fact that is missing."""
    return " ".join(letter.subject.format_map(facts.words).split())


def to_text(letter: Letter, facts: Facts) -> str:
    """The letter as plain text."""
    blocks = (_text_block(block, facts) for block in letter.blocks)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _silent(about: str, facts: Facts) -> bool:
    return bool(about) and not facts.rows.get(about)


def _text_block(block: Block, facts: Facts) -> str:
    match block:
        case Paragraph(text, about):
            return "" if _silent(about, facts) else text.format_map(facts.words)
        case Note(text):
            return text.format_map(facts.words)
        case Link(_, address):
            return "    " + address.format_map(facts.words)
        case Command(text, about):
            return "" if _silent(about, facts) else "    " + text.format_map(facts.words)
        case Listing(source, labels):
            rows = facts.rows.get(source, ())
            return "\n\n".join(_text_row(labels, row) for row in rows)


def _text_row(labels: tuple[str, ...], row: tuple[str, ...]) -> str:
    pairs = zip(labels, row, strict=True)
    return "\n".join(f"    {label}: {value}" for label, value in pairs)
