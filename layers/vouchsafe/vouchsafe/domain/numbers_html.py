"""The public numbers as a page: no script, nothing remote, readable by everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from .duties import late
from .letters import Language
from .numbers import SPAN, Numbers
from .numbers_words import DUTY_NAMES, WORDS

#: Where each language's page stands beside the other, and what a language calls itself.
PAGES: Mapping[Language, tuple[str, str]] = {
    Language.ENGLISH: ("numbers.html", "English"),
    Language.KOREAN: ("numbers-ko.html", "한국어"),
}
DATA = "numbers.json"
_MINUTE, _HOUR = 60, 3600

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#4f5966;--line:#d9dee5;--ground:#f3f5f8;
--paper:#fff;--link:#0b5cad;--bad:#a3161f}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#b1bac6;--line:#39424f;
--ground:#12161c;--paper:#1b2129;--link:#8cbcff;--bad:#ff9ea4}}
*{box-sizing:border-box}
:lang(ko){word-break:keep-all}
body{margin:0;padding:1.5rem 1rem 3rem;background:var(--ground);color:var(--ink);
font:17px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans KR","Malgun Gothic",sans-serif}
main,header,footer{max-width:46rem;margin:0 auto}
header,footer{color:var(--soft);font-size:.95rem}
header{text-align:right}
main{background:var(--paper);border:1px solid var(--line);border-radius:14px;
padding:1.75rem 1.9rem;margin:.75rem auto 1rem}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .5rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
table{width:100%;border-collapse:collapse}
th,td{text-align:left;padding:.5rem .75rem .5rem 0;border-top:1px solid var(--line);
vertical-align:top}
th{font-weight:400}
thead th{color:var(--soft);font-size:.92rem;border-top:0}
td{font-weight:600;font-variant-numeric:tabular-nums}
.late{color:var(--bad)}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:3px}
@media (max-width:32rem){main{padding:1.25rem 1rem}}
"""


def to_html(numbers: Numbers, language: Language) -> str:
    """The page in one language, a whole HTML document."""
    words = WORDS[language]
    at = numbers.at.strftime("%Y-%m-%d %H:%M")
    rows = "\n".join(_row(words[label], text) for label, text in _figures(numbers, words))
    duties = "\n".join(_duties(numbers, language))
    head = "".join(f'<th scope="col">{words[each]}</th>' for each in ("duty", "last_done", "state"))
    return (
        f'<!doctype html>\n<html lang="{language.value}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{words['title']}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><nav>{_others(language)}</nav></header>\n<main>\n<h1>{words['title']}</h1>\n"
        f"<p>{words['lead'].format(days=SPAN.days)}</p>\n"
        f"<table>\n<tbody>\n{rows}\n</tbody>\n</table>\n"
        f'<h2 id="duties">{words["duties"]}</h2>\n<table aria-labelledby="duties">\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{duties}\n</tbody>\n</table>\n</main>\n"
        f"<footer><p>{words['generated'].format(at=at)} · "
        f'<a href="{DATA}">{words["data"]}</a></p></footer>\n</body>\n</html>\n'
    )


def _others(language: Language) -> str:
    return " ".join(
        f'<a href="{page}" lang="{other.value}" hreflang="{other.value}">{name}</a>'
        for other, (page, name) in PAGES.items()
        if other is not language
    )


def _figures(numbers: Numbers, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each figure by the name of its words."""
    measured = numbers.measured
    yield "issued", f"{measured.issued:,}"
    yield "issued_last_day", f"{measured.issued_last_day:,}"
    yield "revoked", f"{measured.revoked:,}"
    yield "proof_to_issue", _time(measured.proof_to_issue, words)
    yield "revoked_to_published", _time(measured.revoked_to_published, words)
    yield "crls", f"{numbers.crls:,}"
    yield "oldest_crl", _time(numbers.oldest_crl, words)
    percent = measured.duties_on_time
    yield "duties_on_time", words["nothing"] if percent is None else f"{percent:.2f} %"


def _time(seconds: float | None, words: Mapping[str, str]) -> str:
    """A length of time as people say it."""
    if seconds is None:
        return words["nothing"]
    if seconds < 2 * _MINUTE:
        return words["seconds"].format(n=f"{seconds:.0f}")
    if seconds < 2 * _HOUR:
        return words["minutes"].format(n=f"{seconds / _MINUTE:.0f}")
    return words["hours"].format(n=f"{seconds / _HOUR:.1f}")


def _duties(numbers: Numbers, language: Language) -> Iterator[str]:
    words, behind = WORDS[language], late(numbers.duties, numbers.at)
    for each in numbers.duties:
        state = "late" if each.duty in behind else "on_time"
        mark = ' class="late"' if state == "late" else ""
        at = each.done_at.strftime("%Y-%m-%d %H:%M")
        yield (
            f'<tr><th scope="row">{escape(DUTY_NAMES[language][each.duty])}</th>'
            f"<td>{at}</td><td{mark}>{words[state]}</td></tr>"
        )


def _row(label: str, text: str) -> str:
    return f'<tr><th scope="row">{escape(label)}</th><td>{escape(text)}</td></tr>'
