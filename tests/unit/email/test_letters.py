"""The mails that ask for an approval, word for word. To write the files anew, delete them."""

from __future__ import annotations

import string
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from tests.builders import MOMENT, a_user, an_account
from vouchsafe.domain.authorization import Contact, Mailing
from vouchsafe.domain.letters import Language
from vouchsafe.domain.letters_approval import APPROVAL_LETTERS, ApprovalLetter
from vouchsafe.domain.notices import Command, Letter, Link, Note, Paragraph
from vouchsafe.services.approval_letters import Asking, letter_for

GOLDEN = Path(__file__).parents[2] / "golden" / "mails"
VALUE = "_abcdefghijklmnopqrstuvwxyz"
MAILING = Mailing(
    contact=Contact(address="admin@example.com", authorization_domain="example.com"),
    message_id="mailmailmailmailmailmailma",
)


def asking(language: Language, kind: ApprovalLetter) -> Asking:
    order = kind is ApprovalLetter.ORDER
    return Asking(
        names=("www.example.com", "example.com", "shop.example.com"),
        order_id=1001 if order else None,
        product_id="ssl_dv_geotrust_flex" if order else "",
        account_id=1,
        account=an_account(),
        user=a_user(),
        deadline=MOMENT + timedelta(hours=72),
        language=language,
        base_url="https://ca.example/services/v2",
    )


@pytest.mark.parametrize(("language", "kind"), list(product(Language, ApprovalLetter)))
def test_the_mail_reads_as_it_was_agreed(language: Language, kind: ApprovalLetter) -> None:
    mail = letter_for(asking(language, kind), MAILING, "www.example.com", VALUE)
    text = f"To: {', '.join(mail.to)}\nSubject: {mail.subject}\n\n{mail.text}"
    for path, shown in (
        (GOLDEN / f"approval-{kind}-{language}.txt", text),
        (GOLDEN / f"approval-{kind}-{language}.html", mail.html),
    ):
        if not path.exists():  # pragma: no cover
            path.write_text(shown, "utf-8")
            pytest.fail(f"{path.name} was written; read it, then run this again")
        assert shown == path.read_text("utf-8")


@pytest.mark.parametrize("language", Language)
def test_html_links_the_page_and_loads_nothing(language: Language) -> None:
    page = letter_for(
        asking(language, ApprovalLetter.ORDER), MAILING, "www.example.com", VALUE
    ).html
    link = f"https://ca.example/services/v2/approve/mailmailmailmailmailmailma#{VALUE}"
    assert page.count(f'href="{link}"') == page.count("href=") == 1
    assert "src=" not in page and "url(" not in page


def test_tag_request_domain_and_number_stand_in_the_subject_in_that_order() -> None:
    subjects = {
        language: letter_for(
            asking(language, ApprovalLetter.ORDER), MAILING, "www.example.com", VALUE
        ).subject
        for language in Language
    }
    assert subjects == {
        Language.ENGLISH: "[Action required] Approve certificate request [www.example.com] 1001",
        Language.KOREAN: "[작업 필요] 인증서 요청 승인 [www.example.com] 1001",
    }


def test_the_value_stands_behind_the_hash_and_never_in_a_path_or_tag() -> None:
    mail = letter_for(asking(Language.ENGLISH, ApprovalLetter.ORDER), MAILING, "a.example", VALUE)
    links = [word for word in mail.text.split() if word.startswith("https://")]
    page = "https://ca.example/services/v2/approve/mailmailmailmailmailmailma"
    assert links == [f"{page}#{VALUE}", page]
    assert VALUE not in str(mail.tags) + mail.subject


def facts_of(letter: Letter) -> set[str]:
    texts = [letter.subject]
    texts += [
        block.label + block.address if isinstance(block, Link) else block.text
        for block in letter.blocks
        if isinstance(block, Paragraph | Command | Link | Note)
    ]
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(("language", "kind"), list(product(Language, ApprovalLetter)))
def test_every_letter_exists_in_every_language_with_the_same_facts(
    language: Language, kind: ApprovalLetter
) -> None:
    mine, english = APPROVAL_LETTERS[language][kind], APPROVAL_LETTERS[Language.ENGLISH][kind]
    assert facts_of(mine) == facts_of(english)
    assert [type(block) for block in mine.blocks] == [type(block) for block in english.blocks]
