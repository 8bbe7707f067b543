"""The wording of the mails that ask for an approval, by language.

They go to people who may never have heard of the order: who asks for what, what approving means,
how it is done, until when, and that doing nothing is an answer, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from .letter_kinds import Language
from .notices import Command, Letter, Link, Note, Paragraph


class ApprovalLetter(StrEnum):
    """What the approval is for."""

    ORDER = "order"
    DOMAIN = "domain"  # ahead of any order


_EN_HOW = (
    Paragraph(
        "If that is right, open this page and press the button on it. Opening the page alone"
        " approves nothing."
    ),
    Link("Open the approval page", "{link}"),
    Paragraph("If the link does not work, open {page} and enter this value:"),
    Command("{value}"),
    Paragraph(
        "With the value you confirm that you may speak for {authorization_domain}, and that the"
        " account {account} may have certificates for {authorization_domain} and the names below"
        " it, now and for a limited time from now on."
    ),
)
_EN_UNKNOWN = Paragraph(
    "If you know nothing of this, do nothing and pass the value on to nobody; without it nothing"
    " is approved."
)
_EN_WHY_YOU = Note(
    "This message went to {address}, one of the addresses that may speak for"
    " {authorization_domain}. One approval is enough."
)

_KO_HOW = (
    Paragraph(
        "요청이 맞으면 아래 페이지를 열고 승인 단추를 눌러 주십시오. 페이지를 여는 것만으로는"
        " 승인되지 않습니다."
    ),
    Link("승인 페이지 열기", "{link}"),
    Paragraph("링크가 열리지 않으면 {page} 페이지를 열고 다음 값을 입력해 주십시오."),
    Command("{value}"),
    Paragraph(
        "이 값을 입력하면 수신자가 {authorization_domain}에 대한 권한이 있으며, 계정"
        " {account}이(가) 지금과 앞으로 일정 기간 {authorization_domain} 및 그 하위 도메인의"
        " 인증서를 발급받는 것을 승인하게 됩니다."
    ),
)
_KO_UNKNOWN = Paragraph(
    "이 요청을 모르신다면 아무 조치도 하지 마시고 값을 누구에게도 알려 주지 마십시오. 값을 입력하지"
    " 않으면 아무것도 승인되지 않습니다."
)
_KO_WHY_YOU = Note(
    "이 메일은 {authorization_domain}을(를) 대표할 수 있는 주소인 {address}(으)로 발송되었습니다."
    " 여러 주소 중 한 곳에서만 승인하시면 됩니다."
)

APPROVAL_LETTERS: Mapping[Language, Mapping[ApprovalLetter, Letter]] = {
    Language.ENGLISH: {
        ApprovalLetter.ORDER: Letter(
            subject="[Action required] Approve certificate request [{domain}] {order_id}",
            blocks=(
                Paragraph(
                    "{person} asks for a TLS certificate for {names} ({product}, order {order_id},"
                    " account {account}). Before it may be issued, somebody who answers for"
                    " {domain} must approve."
                ),
                *_EN_HOW,
                Paragraph(
                    "The value can be used once, until {deadline}. If {domain} is not approved"
                    " until then, the order ends without a certificate."
                ),
                _EN_UNKNOWN,
                _EN_WHY_YOU,
            ),
        ),
        ApprovalLetter.DOMAIN: Letter(
            subject="[Action required] Approve domain for certificates [{domain}]",
            blocks=(
                Paragraph(
                    "{person} (account {account}) asks to have the domain {domain} approved, so"
                    " that TLS certificates for it can be ordered later."
                ),
                *_EN_HOW,
                Paragraph("The value can be used once, until {deadline}."),
                _EN_UNKNOWN,
                _EN_WHY_YOU,
            ),
        ),
    },
    Language.KOREAN: {
        ApprovalLetter.ORDER: Letter(
            subject="[작업 필요] 인증서 요청 승인 [{domain}] {order_id}",
            blocks=(
                Paragraph(
                    "{person} 님이 {names}의 TLS 인증서를 신청했습니다(상품: {product}, 주문 번호:"
                    " {order_id}, 계정: {account}). 발급하려면 {domain}에 대한 권한이 있는 분의"
                    " 승인이 필요합니다."
                ),
                *_KO_HOW,
                Paragraph(
                    "이 값은 {deadline}까지 한 번만 사용할 수 있습니다. 그때까지 {domain}이(가)"
                    " 승인되지 않으면 주문은 인증서 발급 없이 종료됩니다."
                ),
                _KO_UNKNOWN,
                _KO_WHY_YOU,
            ),
        ),
        ApprovalLetter.DOMAIN: Letter(
            subject="[작업 필요] 인증서용 도메인 승인 [{domain}]",
            blocks=(
                Paragraph(
                    "{person} 님(계정: {account})이 앞으로 TLS 인증서를 주문할 수 있도록 도메인"
                    " {domain}의 승인을 요청했습니다."
                ),
                *_KO_HOW,
                Paragraph("이 값은 {deadline}까지 한 번만 사용할 수 있습니다."),
                _KO_UNKNOWN,
                _KO_WHY_YOU,
            ),
        ),
    },
}
