"""What people are told, as data: a letter of a few blocks, set as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape


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
    """Running text; `{name}` stands for a fact."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of facts called `source`, each value under its label. No rows, no listing."""

    source: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A line to type, never broken; `{name}` stands for a fact."""

    text: str


type Block = Paragraph | Listing | Command


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


def _text_block(block: Block, facts: Facts) -> str:
    match block:
        case Paragraph(text):
            return text.format_map(facts.words)
        case Command(text):
            return "    " + text.format_map(facts.words)
        case Listing(source, labels):
            rows = facts.rows.get(source, ())
            return "\n\n".join(_text_row(labels, row) for row in rows)


def _text_row(labels: tuple[str, ...], row: tuple[str, ...]) -> str:
    pairs = zip(labels, row, strict=True)
    return "\n".join(f"    {label}: {value}" for label, value in pairs)


_PAGE = (
    '<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<title>{title}</title>\n</head>\n"
    '<body style="margin:0;padding:24px;background:#f4f5f7;color:#1c2430;'
    'font:16px/1.5 -apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif">\n'
    '<div style="max-width:600px;margin:0 auto;padding:24px 28px;background:#ffffff;'
    'border:1px solid #dfe3e8;border-radius:8px">\n{blocks}\n</div>\n</body>\n</html>\n'
)
_PARAGRAPH = '<p style="margin:0 0 16px">{}</p>'
_MONOSPACE = "font-family:Consolas,Menlo,monospace;font-size:14px;word-break:break-all"
_COMMAND = (
    '<pre style="margin:0 0 16px;padding:12px;background:#f4f5f7;border-radius:6px;'
    "white-space:pre-wrap;" + _MONOSPACE + '">{}</pre>'
)
_TABLE = (
    '<table style="width:100%;margin:0 0 16px;border-collapse:collapse;'
    'border-top:2px solid #dfe3e8">\n{}\n</table>'
)
_ROW = (
    '<tr><th scope="row" style="padding:4px 12px 4px 0;text-align:left;vertical-align:top;'
    'font-weight:600;white-space:nowrap">{}</th>'
    '<td style="padding:4px 0;' + _MONOSPACE + '">{}</td></tr>'
)


def to_html(letter: Letter, facts: Facts, language: str) -> str:
    """The letter as an HTML page in `language` (BCP 47); every fact is escaped."""
    blocks = (_html_block(block, facts) for block in letter.blocks)
    return _PAGE.format(
        language=escape(language),
        title=escape(subject_of(letter, facts)),
        blocks="\n".join(block for block in blocks if block),
    )


def _html_block(block: Block, facts: Facts) -> str:
    match block:
        case Paragraph(text):
            return _PARAGRAPH.format(escape(text.format_map(facts.words)))
        case Command(text):
            return _COMMAND.format(escape(text.format_map(facts.words)))
        case Listing(source, labels):
            rows = facts.rows.get(source, ())
            return "\n".join(_html_row(labels, row) for row in rows)


def _html_row(labels: tuple[str, ...], row: tuple[str, ...]) -> str:
    pairs = zip(labels, row, strict=True)
    return _TABLE.format(
        "\n".join(_ROW.format(escape(label), escape(value)) for label, value in pairs)
    )
