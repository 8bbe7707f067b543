"""The wording of every mail, by language and kind: tables to read, translate and add to.

Each letter may meet somebody who has never heard of the order: it says who asked for what, what is
to be done, by when, and what happens otherwise.
"""

from __future__ import annotations

from enum import StrEnum

from .letters_ko import CAUSES as CAUSES_KO
from .letters_ko import LETTERS as LETTERS_KO
from .notices import Command, Letter, Listing, Paragraph
from .revocation import RevocationReason


class LetterKind(StrEnum):
    """What a mail is for."""

    PUBLISH_RECORDS = "publish_records"
    PUBLISH_FILES = "publish_files"  # on web servers
    PROVE_CONTROL = "prove_control"  # by a method that publishes nothing
    ISSUED = "issued"
    TIMED_OUT = "timed_out"
    REVOKED = "revoked"


class Language(StrEnum):
    ENGLISH = "en"
    KOREAN = "ko"


def language_of(locale: str) -> Language:
    """The language we have for a locale such as `ko_KR`; English for all others."""
    return Language.KOREAN if locale.lower().startswith("ko") else Language.ENGLISH


_ORDER = "{product}, order {order_id}, account {account}"
_WHY_YOU = Paragraph(
    "You get this message because you placed the order, or because it names your address."
)
_PLACED = Paragraph("{person} ordered a TLS certificate for {names} (" + _ORDER + ").")
_UNTIL = Paragraph(
    "We look by ourselves, again and again, until {deadline}. As soon as control of every name is"
    " shown, the certificate is issued and you get another message. If something is still missing"
    " then, the order ends, and a new one has to be placed."
)
_UNKNOWN_ORDER = Paragraph(
    "If you know nothing of this order, do nothing, so that no certificate is issued, and tell the"
    " administrators of your account."
)

LETTERS_EN: dict[str, Letter] = {
    LetterKind.PUBLISH_RECORDS: Letter(
        subject="Order {order_id}: publish a DNS record for {names}",
        blocks=(
            _PLACED,
            Paragraph(
                "Before we may issue it, control of these names must be shown. Please publish what"
                " follows with your DNS provider; other records at the same name may stay."
            ),
            Listing("records", ("Name", "Type", "Value")),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.PUBLISH_FILES: Letter(
        subject="Order {order_id}: put a file on the web server of {names}",
        blocks=(
            _PLACED,
            Paragraph(
                "Before we may issue it, control of these names must be shown. Please put a file"
                " with exactly this content, and nothing else, at each of these addresses. Every"
                " name needs its own file; https on port 443 will do, too."
            ),
            Listing("records", ("Address", "Content")),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.PROVE_CONTROL: Letter(
        subject="Order {order_id}: show control of {names}",
        blocks=(
            _PLACED,
            Paragraph(
                "Before we may issue it, control of these names must be shown. What to do for each"
                " of them is in the details of the order:"
            ),
            Command("GET {base_url}/order/certificate/{order_id}"),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.ISSUED: Letter(
        subject="Order {order_id}: the certificate for {names} is issued",
        blocks=(
            Paragraph(
                "The TLS certificate that {person} ordered for {names} is issued (" + _ORDER + ")."
            ),
            Listing(
                "certificate",
                ("Names", "Valid from", "Valid until", "Serial number", "SHA-256"),
            ),
            Paragraph("Download it together with its chain, with your API key:"),
            Command(
                'curl -H "X-DC-DEVKEY: $API_KEY"'
                " {base_url}/certificate/{certificate_id}/download/format/pem_all"
            ),
            Paragraph(
                "Install both with the private key the request was made with. The certificate stops"
                " working on {valid_until}; replace it before then."
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.TIMED_OUT: Letter(
        subject="Order {order_id} has ended without a certificate for {names}",
        blocks=(
            Paragraph(
                "The order that {person} placed for a TLS certificate for {names} ended on"
                " {deadline} without a certificate (" + _ORDER + "): until then we did not see"
                " everything that is needed. This is what was missing when we last looked:"
            ),
            Listing("missing", ("Name", "Seen on", "What we saw")),
            Paragraph(
                "An order that has ended cannot be taken up again. If the certificate is still"
                " wanted, place a new order with the same content:"
            ),
            Command("POST {base_url}/order/certificate/{product_id}"),
            Paragraph(
                "It comes with a new value to publish. The value of this order is void; remove"
                " its records."
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.REVOKED: Letter(
        subject="Order {order_id}: the certificate for {names} is revoked",
        blocks=(
            Paragraph(
                "A TLS certificate for {names} has been revoked (" + _ORDER + "). It is on the"
                " certificate revocation list, and programs that check the list refuse it."
            ),
            Listing("revocation", ("Serial number", "Revoked on", "Reason")),
            Paragraph(
                "Wherever it is still installed, replace it now. A revocation cannot be undone;"
                " a further certificate takes a new order:"
            ),
            Command("POST {base_url}/order/certificate/{product_id}"),
            Paragraph(
                "If you did not expect this, ask the administrators of your account who requested"
                " it."
            ),
            _WHY_YOU,
        ),
    ),
}

LETTERS: dict[Language, dict[str, Letter]] = {
    Language.ENGLISH: LETTERS_EN,
    Language.KOREAN: LETTERS_KO,
}

#: What a look saw, in words of the language, by cause code; English looks speak for themselves.
CAUSES: dict[Language, dict[str, str]] = {Language.ENGLISH: {}, Language.KOREAN: CAUSES_KO}

#: A revocation's reason (RFC 5280 5.3.1) in words.
REASONS: dict[Language, dict[RevocationReason, str]] = {
    Language.ENGLISH: {
        RevocationReason.UNSPECIFIED: "not given",
        RevocationReason.KEY_COMPROMISE: "the private key is or may be known to others",
        RevocationReason.AFFILIATION_CHANGED: "the organization in it has changed",
        RevocationReason.SUPERSEDED: "it was replaced by another certificate",
        RevocationReason.CESSATION_OF_OPERATION: "its names are no longer in use",
        RevocationReason.PRIVILEGE_WITHDRAWN: "the certificate authority withdrew it",
    },
    Language.KOREAN: {
        RevocationReason.UNSPECIFIED: "지정되지 않음",
        RevocationReason.KEY_COMPROMISE: "개인 키가 유출되었거나 유출되었을 수 있음",
        RevocationReason.AFFILIATION_CHANGED: "인증서에 적힌 조직 정보가 변경됨",
        RevocationReason.SUPERSEDED: "다른 인증서로 교체됨",
        RevocationReason.CESSATION_OF_OPERATION: "해당 도메인을 더 이상 사용하지 않음",
        RevocationReason.PRIVILEGE_WITHDRAWN: "인증 기관이 인증서를 철회함",
    },
}


#: `{first}` alone, with one other name, and with several.
NAMES: dict[Language, tuple[str, str, str]] = {
    Language.ENGLISH: (
        "{first}",
        "{first} and one more name",
        "{first} and {others} more names",
    ),
    Language.KOREAN: ("{first}", "{first} 외 1개 도메인", "{first} 외 {others}개 도메인"),
}

#: Smaller words of a language.
WORDS: dict[Language, dict[str, str]] = {
    Language.ENGLISH: {
        "somebody": "Somebody in your account",
        "never": "not looked at yet",
        "caa_forbids": "CAA at {name} does not permit us to issue for it",
        "caa_unknown": "CAA could not be looked up, which is no permission",
        "our_trouble": "nothing of yours; trouble on our side kept us from issuing in time",
        "and_more": "and {count} more",
    },
    Language.KOREAN: {
        "somebody": "계정 사용자",
        "never": "아직 확인하지 못함",
        "caa_forbids": "{name}의 CAA 레코드가 당사의 인증서 발급을 허용하지 않습니다",
        "caa_unknown": "CAA 레코드를 조회할 수 없어 발급이 허용되지 않습니다",
        "our_trouble": "고객 측 문제는 없었으나 당사 측 문제로 기한 안에 발급하지 못했습니다",
        "and_more": "외 {count}개",
    },
}
