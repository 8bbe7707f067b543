"""The approval page as HTML: works without script, asks for nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ..domain.letters import Language
from .page_words import LANGUAGE_NAMES, PAGE_WORDS, PageWords

_STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5a6472;--line:#d9dee5;--ground:#f3f5f8;
--paper:#fff;--deed:#0b5fce;--on-deed:#fff;--good:#14713d;--good-ground:#e7f5ec;--bad:#a3161f;
--bad-ground:#fdecec}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#a3adba;--line:#39424f;
--ground:#12161c;--paper:#1b2129;--deed:#7cb3ff;--on-deed:#0b1626;--good:#7fd8a2;
--good-ground:#12301f;--bad:#ff9ea4;--bad-ground:#3a1719}}
*{box-sizing:border-box}
:lang(ko){word-break:keep-all}
body{margin:0;background:var(--ground);color:var(--ink);
font:17px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans KR","Malgun Gothic",sans-serif}
header,main,footer{max-width:42rem;margin:0 auto;padding:0 1.25rem}
header{display:flex;justify-content:space-between;align-items:baseline;padding-top:1.5rem;
padding-bottom:1rem}
header b{font-size:1.05rem;letter-spacing:.01em}
nav a,nav span{margin-left:.9rem;font-size:.95rem}
a{color:var(--deed)}
main>section{background:var(--paper);border:1px solid var(--line);border-radius:14px;
padding:1.75rem 1.9rem 1.9rem}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .75rem;overflow-wrap:anywhere}
p{margin:0 0 1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.45rem 1.5rem;margin:1.25rem 0;
padding:1.1rem 0;border:solid var(--line);border-width:1px 0}
dt{color:var(--soft)}
dd{margin:0;font-weight:600;overflow-wrap:anywhere}
label{display:block;font-weight:600;margin:1.25rem 0 .3rem}
.hint{color:var(--soft);font-size:.94rem;margin:0 0 .5rem}
#filled{color:var(--good);margin:.5rem 0 0}
input[type=text],input[type=email],textarea,select{width:100%;padding:.7rem .8rem;
border:1px solid var(--soft);border-radius:9px;background:var(--ground);color:inherit;
font:1.02rem/1.4 ui-monospace,Consolas,Menlo,monospace}
textarea{min-height:8rem;resize:vertical}
h2{font-size:1.15rem;margin:1.75rem 0 .5rem}
pre{overflow-x:auto;background:var(--ground);border:1px solid var(--line);border-radius:9px;
padding:.8rem 1rem;font:.9rem/1.5 ui-monospace,Consolas,Menlo,monospace}
fieldset{border:0;margin:1.25rem 0 .3rem;padding:0}legend{font-weight:600;padding:0}
fieldset label{font-weight:400;margin:.35rem 0}
button{margin-top:1.25rem;padding:.75rem 2.2rem;border:0;border-radius:9px;background:var(--deed);
color:var(--on-deed);font-family:inherit;font-size:1.05rem;font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid var(--deed);outline-offset:3px}
.note{padding:.7rem .9rem;border-radius:9px;margin:0 0 1.1rem}
.good{background:var(--good-ground);color:var(--good)}
.bad{background:var(--bad-ground);color:var(--bad)}
footer{color:var(--soft);font-size:.94rem;padding-top:1.1rem;padding-bottom:2.5rem}
@media (max-width:32rem){dl{grid-template-columns:1fr;gap:.1rem}dd{margin-bottom:.6rem}
main>section{padding:1.3rem 1.2rem 1.5rem}button{width:100%}}
"""

#: Takes the value from behind the # into the form, and out of the address bar and its history.
_SCRIPT = """
(function(){
var value=decodeURIComponent(location.hash.slice(1));
if(!value)return;
var others=document.querySelectorAll("nav a");
for(var i=0;i<others.length;i++)others[i].hash=location.hash;
var box=document.getElementById("value");
if(!box)return;
box.value=value;
document.getElementById("filled").hidden=false;
history.replaceState(null,"",location.pathname+location.search);
})();
"""


def _source(text: str) -> str:
    """How a Content-Security-Policy names one inline style or script (CSP3 2.3.1)."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


#: Nothing but the page's own style and script, and a form that goes nowhere else.
POLICY = (
    f"default-src 'none'; style-src {_source(_STYLE)}; script-src {_source(_SCRIPT)};"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the page asks to be approved: facts by label, and what the form brings back."""

    words: Mapping[str, str]  # domain, authorization_domain, account
    rows: Sequence[tuple[str, str]]  # label key, fact
    form_token: str
    for_order: bool
    trouble: str = ""  # a sentence about what was wrong with the answer before


def request_page(request: Request, language: Language) -> str:
    """The page with its form."""
    words = PAGE_WORDS[language]
    heading = words.heading if request.for_order else words.heading_domain
    intro = words.intro if request.for_order else words.intro_domain
    trouble = f'<p class="note bad" role="alert">{escape(request.trouble)}</p>\n'
    parts = (
        f"<h1>{_filled(heading, request.words)}</h1>\n",
        trouble if request.trouble else "",
        f"<p>{_filled(intro, request.words)}</p>\n",
        _facts(request.rows, words),
        f"<p>{_filled(words.meaning, request.words)}</p>\n",
        _form(request.form_token, words),
    )
    title = words.title.format_map(request.words)
    return page(title, "".join(parts), words.unknown, language)


def note_page(
    heading: str, text: str, language: Language, *, good: bool = False, title: str = ""
) -> str:
    """A page that only says something."""
    kind = "good" if good else "bad"
    body = f'<h1>{escape(heading)}</h1>\n<p class="note {kind}" role="status">{escape(text)}</p>\n'
    return page(title or heading, body, "", language)


def _filled(text: str, facts: Mapping[str, str]) -> str:
    """A sentence with its facts, all of it escaped."""
    return escape(text.format_map(facts))


def _facts(rows: Sequence[tuple[str, str]], words: PageWords) -> str:
    pairs = "".join(
        f"<dt>{escape(words.labels[label])}</dt><dd>{escape(fact)}</dd>\n" for label, fact in rows
    )
    return f"<dl>\n{pairs}</dl>\n"


def _form(form_token: str, words: PageWords) -> str:
    return (
        '<form method="post" autocomplete="off">\n'
        f'<input type="hidden" name="form_token" value="{escape(form_token)}">\n'
        f'<label for="value">{escape(words.value_label)}</label>\n'
        f'<p class="hint" id="hint">{escape(words.value_hint)}</p>\n'
        '<input type="text" id="value" name="value" required maxlength="100" autocomplete="off"'
        ' autocapitalize="none" spellcheck="false" aria-describedby="hint">\n'
        f'<p class="hint" id="filled" role="status" hidden>{escape(words.filled)}</p>\n'
        f'<button type="submit">{escape(words.button)}</button>\n'
        "</form>\n"
    )


def page(title: str, body: str, foot: str, language: Language) -> str:
    """A whole page around `body`, which is HTML already; title and foot are texts."""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex, nofollow">\n'
        f"<title>{escape(title)} – Vouchsafe</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><b>Vouchsafe</b>{_languages(language)}</header>\n"
        f"<main><section>\n{body}</section></main>\n"
        f"<footer><p>{escape(foot)}</p></footer>\n"
        f"<script>{_SCRIPT}</script>\n</body>\n</html>\n"
    )


def _languages(current: Language) -> str:
    links = "".join(
        f'<span lang="{each}" aria-current="true">{escape(name)}</span>'
        if each is current
        else f'<a href="?lang={each}" lang="{each}" hreflang="{each}">{escape(name)}</a>'
        for each, name in LANGUAGE_NAMES.items()
    )
    return f'<nav aria-label="{escape(PAGE_WORDS[current].languages)}">{links}</nav>'
