"""A letter as an HTML page: styles on the elements, as mail programs want them; nothing remote."""

from __future__ import annotations

from html import escape

from .notices import Block, Command, Facts, Letter, Link, Listing, Note, Paragraph, subject_of

_PAGE = (
    '<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light">\n'
    "<title>{title}</title>\n</head>\n"
    '<body style="margin:0;padding:24px 12px;background:#f4f5f7;color:#1c2430;'
    "font:16px/1.55 -apple-system,Segoe UI,Roboto,Helvetica,Arial,Apple SD Gothic Neo,"
    'Malgun Gothic,Noto Sans KR,sans-serif">\n'
    '<div role="article" style="max-width:640px;margin:0 auto;padding:28px 32px;'
    'background:#ffffff;border:1px solid #dfe3e8;border-radius:8px">\n'
    '<h1 style="margin:0 0 20px;font-size:20px;line-height:1.35;overflow-wrap:anywhere;'
    'word-break:keep-all">{title}</h1>\n{blocks}\n</div>\n</body>\n</html>\n'
)
_PROSE = "overflow-wrap:anywhere;word-break:keep-all"
_PARAGRAPH = '<p style="margin:0 0 16px;' + _PROSE + '">{}</p>'
_NOTE = (
    '<p style="margin:24px 0 0;padding-top:16px;border-top:1px solid #dfe3e8;font-size:14px;'
    "color:#57606a;" + _PROSE + '">{}</p>'
)
_MONO = "font-family:Consolas,Menlo,monospace;font-size:14px;"
_MONOSPACE = _MONO + "word-break:break-all"
_COMMAND = (
    '<pre style="margin:0 0 16px;padding:12px;background:#f4f5f7;border-radius:6px;'
    "white-space:pre-wrap;" + _MONO + 'overflow-wrap:anywhere">{}</pre>'
)
_LINK = (
    '<p style="margin:0 0 16px"><a href="{address}" style="display:inline-block;'
    "padding:10px 18px;background:#0b5cad;color:#ffffff;border-radius:6px;font-weight:600;"
    'text-decoration:none">{label}</a></p>\n'
    '<p style="margin:0 0 16px;' + _MONOSPACE + '">{address}</p>'
)
_TABLE = (
    '<table style="width:100%;margin:0 0 16px;border-collapse:collapse;'
    'border-top:2px solid #dfe3e8">\n{}\n</table>'
)
_ROW = (
    '<tr><th scope="row" style="width:1%;padding:4px 16px 4px 0;text-align:left;'
    'vertical-align:top;font-weight:600;white-space:nowrap">{label}</th>'
    '<td style="padding:4px 0;vertical-align:top;{style}">{value}</td></tr>'
)


def to_html(letter: Letter, facts: Facts, language: str) -> str:
    """The letter as an HTML page in `language` (BCP 47); every fact is escaped."""
    blocks = (_block(block, facts) for block in letter.blocks)
    return _PAGE.format(
        language=escape(language),
        title=escape(subject_of(letter, facts)),
        blocks="\n".join(block for block in blocks if block),
    )


def _block(block: Block, facts: Facts) -> str:
    match block:
        case Paragraph(text, about) | Command(text, about):
            if about and not facts.rows.get(about):
                return ""
            style = _PARAGRAPH if isinstance(block, Paragraph) else _COMMAND
            return style.format(escape(text.format_map(facts.words)))
        case Note(text):
            return _NOTE.format(escape(text.format_map(facts.words)))
        case Link(label, address):
            words = facts.words
            return _LINK.format(
                label=escape(label.format_map(words)), address=escape(address.format_map(words))
            )
        case Listing(source, labels):
            rows = facts.rows.get(source, ())
            return "\n".join(_table(labels, row) for row in rows)


def _table(labels: tuple[str, ...], row: tuple[str, ...]) -> str:
    pairs = zip(labels, row, strict=True)
    return _TABLE.format("\n".join(_row(label, value) for label, value in pairs))


def _row(label: str, value: str) -> str:
    """What has no space in it is a name or a value, to be copied sign by sign."""
    style = _PROSE if " " in value else _MONOSPACE
    return _ROW.format(label=escape(label), value=escape(value), style=style)
