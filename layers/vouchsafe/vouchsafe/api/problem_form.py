"""The form for reporting a problem, as HTML: works without script, escapes all it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from ..domain.errors import Flaw
from ..domain.letters import Language
from ..domain.problem_reports import LONGEST_EVIDENCE, ProblemCase
from .page_html import note_page, page
from .problem_words import FORM_WORDS, FormWords

_MOST_CERTIFICATE = 24_000
#: docs/public-intake.md holds the same commands, and a test runs them.
_COMMANDS = """curl '{base}/revoke-by-key/challenge?serial_number=SERIAL'
openssl req -new -key key.pem -subj /CN=CHALLENGE -out proof.csr
curl --data-urlencode certificate@cert.pem --data-urlencode csr@proof.csr \\
  -d reason=keyCompromise {base}/revoke-by-key"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was sent before, and what was wrong with it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    flaws: Sequence[Flaw] = ()


def form_page(filled: Filled, language: Language, base_url: str) -> str:
    """The page with the form; `base_url` is where the API is."""
    words = FORM_WORDS[language]
    body = (
        f"<h1>{escape(words.heading)}</h1>\n<p>{escape(words.intro)}</p>\n"
        f"{_flaws(filled, words)}{_form(filled, words, language)}"
        f"<h2>{escape(words.proof_heading)}</h2>\n<p>{escape(words.proof)}</p>\n"
        f'<pre tabindex="0">{escape(_COMMANDS.format(base=base_url))}</pre>\n'
    )
    return page(words.title, body, words.foot, language)


def thanks_page(case: ProblemCase, language: Language) -> str:
    """What whoever reported sees next: the case's number and its clock."""
    words = FORM_WORDS[language]
    note = words.thanks_revoking if case.decision else words.thanks
    due = case.report_due.strftime("%Y-%m-%d %H:%M UTC")
    text = note.text.format(case=case.case_id, due=due)
    return note_page(note.heading, text, language, good=True)


def refused_page(status: int, language: Language) -> str:
    """A page for a report that was not taken."""
    words = FORM_WORDS[language]
    note = words.refused.get(status, words.other_refusal)
    return note_page(note.heading, note.text, language)


def _flaws(filled: Filled, words: FormWords) -> str:
    if not filled.flaws:
        return ""
    meant = dict.fromkeys(flaw.field for flaw in filled.flaws)
    rows = "".join(
        f'<li><a href="#{escape(name)}">{escape(words.labels[name])}</a>:'
        f" {escape(words.flaws[name])}</li>\n"
        for name in meant
        if name in words.labels
    )
    said = f"<p>{escape(words.flawed)}</p>\n<ul>\n{rows}</ul>"
    return f'<div class="note bad" role="alert">{said}</div>\n'


def _form(filled: Filled, words: FormWords, language: Language) -> str:
    return (
        f'<form method="post" action="?lang={language}" autocomplete="off">\n'
        + _area("certificate", filled, words, longest=_MOST_CERTIFICATE, required=True)
        + _choice(filled, words)
        + _area("evidence", filled, words, longest=LONGEST_EVIDENCE, required=True)
        + _line("email", filled, words)
        + _area("csr", filled, words, longest=_MOST_CERTIFICATE, required=False)
        + f'<button type="submit">{escape(words.button)}</button>\n</form>\n'
    )


def _label(name: str, words: FormWords) -> str:
    return (
        f'<label for="{name}">{escape(words.labels[name])}</label>\n'
        f'<p class="hint" id="{name}-hint">{escape(words.hints[name])}</p>\n'
    )


def _marks(name: str, filled: Filled) -> str:
    """What ties a field to its hint, and says that it is wrong."""
    wrong = any(flaw.field == name for flaw in filled.flaws)
    return f' aria-describedby="{name}-hint"' + (' aria-invalid="true"' if wrong else "")


def _area(name: str, filled: Filled, words: FormWords, *, longest: int, required: bool) -> str:
    needed = " required" if required else ""
    text = escape(filled.fields.get(name, "")[:longest])
    return (
        f"{_label(name, words)}"
        f'<textarea id="{name}" name="{name}" maxlength="{longest}" spellcheck="false"{needed}'
        f"{_marks(name, filled)}>\n{text}</textarea>\n"
    )


def _line(name: str, filled: Filled, words: FormWords) -> str:
    value = escape(filled.fields.get(name, "")[:254])
    return (
        f"{_label(name, words)}"
        f'<input type="email" id="{name}" name="{name}" maxlength="254" autocomplete="email"'
        f' value="{value}"{_marks(name, filled)}>\n'
    )


def _choice(filled: Filled, words: FormWords) -> str:
    chosen = filled.fields.get("problem", "")
    rows = "".join(
        f'<label><input type="radio" name="problem" value="{kind}" required'
        f"{' checked' if chosen == kind else ''}> {escape(text)}</label>\n"
        for kind, text in words.problems.items()
    )
    legend = escape(words.labels["problem"])
    return f'<fieldset id="problem"><legend>{legend}</legend>\n{rows}</fieldset>\n'
