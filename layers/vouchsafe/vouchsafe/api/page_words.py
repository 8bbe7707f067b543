"""The wording of the approval page, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.email_approval import MessageState
from ..domain.letters import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A page that asks for nothing: a heading and a sentence."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """Everything the page says. `{domain}` and the like stand for facts."""

    title: str
    heading: str
    heading_domain: str  # ahead of any order
    intro: str
    intro_domain: str
    labels: Mapping[str, str]
    meaning: str
    value_label: str
    value_hint: str
    filled: str
    button: str
    wrong_value: str
    wrong_form: str
    unknown: str  # "I know nothing of this"
    done: Note
    states: Mapping[MessageState, Note]
    missing: Note
    busy: Note
    too_many: Note
    languages: str
    somebody: str


_ENGLISH = PageWords(
    title="Approve {domain}",
    heading="Approve a certificate request for {domain}?",
    heading_domain="Approve {domain} for certificates?",
    intro="Somebody asks for a TLS certificate. It is issued only if you, who answer for"
    " {authorization_domain}, approve.",
    intro_domain="Somebody wants to order TLS certificates for this domain later. That is possible"
    " only if you, who answer for {authorization_domain}, approve.",
    labels={
        "names": "Names",
        "product": "Product",
        "order": "Order number",
        "person": "Asked by",
        "account": "Account",
        "address": "Mail went to",
        "deadline": "Can be approved until",
    },
    meaning="Approving confirms that the account {account} may have certificates for"
    " {authorization_domain} and the names below it, now and for a limited time from now on.",
    value_label="Value from the mail",
    value_hint="It stands in the mail you got: an underscore and 26 letters and digits. If you came"
    " by the mail's link, it is filled in already.",
    filled="The value from your link is filled in.",
    button="Approve",
    wrong_value="That is not the value from the mail. Nothing was approved.",
    wrong_form="The form was not the one of this page, or it was too old. Nothing was approved;"
    " please try again.",
    unknown="If you know nothing of this, just close the page. Nothing is approved then.",
    done=Note(
        heading="Approved",
        text="{domain} is approved. Thank you; you can close this page.",
    ),
    states={
        MessageState.APPROVED: Note(
            heading="Approved already",
            text="With this mail {domain} was approved before. There is nothing left to do.",
        ),
        MessageState.PROVEN: Note(
            heading="Nothing left to do",
            text="Control of {domain} has been shown already.",
        ),
        MessageState.EXPIRED: Note(
            heading="Too late",
            text="The time for approving {domain} is over, and the value in the mail is void.",
        ),
        MessageState.ENDED: Note(
            heading="No longer asked for",
            text="The request for {domain} was cancelled, has ended, or is decided another way now."
            " The value in the mail is void.",
        ),
        MessageState.LOCKED: Note(
            heading="Locked",
            text="Too many wrong values were entered for this mail. If the approval is still"
            " wanted, answer another one of the mails.",
        ),
    },
    missing=Note(
        heading="No such page",
        text="Nothing is asked for here. Please check that the whole link was opened.",
    ),
    busy=Note(
        heading="Please try again",
        text="The service is busy. Nothing was approved; please try again in a moment.",
    ),
    too_many=Note(
        heading="Too many calls",
        text="Too many pages were opened from your network. Please try again in a minute.",
    ),
    languages="Language",
    somebody="Somebody in the account",
)

_KOREAN = PageWords(
    title="{domain} 승인",
    heading="{domain}의 인증서 요청을 승인하시겠습니까?",
    heading_domain="{domain}을(를) 인증서용으로 승인하시겠습니까?",
    intro="TLS 인증서가 신청되었습니다. {authorization_domain}에 대한 권한이 있는 분이 승인해야만"
    " 발급됩니다.",
    intro_domain="앞으로 이 도메인의 TLS 인증서를 주문하려는 요청입니다. {authorization_domain}에"
    " 대한 권한이 있는 분이 승인해야만 가능합니다.",
    labels={
        "names": "도메인",
        "product": "상품",
        "order": "주문 번호",
        "person": "요청자",
        "account": "계정",
        "address": "메일 수신 주소",
        "deadline": "승인 기한",
    },
    meaning="승인하면 계정 {account}이(가) 지금과 앞으로 일정 기간 {authorization_domain} 및 그"
    " 하위 도메인의 인증서를 발급받는 것을 허락하게 됩니다.",
    value_label="메일에 있는 값",
    value_hint="받으신 메일에 있는, 밑줄과 26자의 영문자·숫자로 된 값입니다. 메일의 링크로"
    " 오셨다면 이미 입력되어 있습니다.",
    filled="링크에 들어 있던 값이 입력되었습니다.",
    button="승인",
    wrong_value="메일에 있는 값이 아닙니다. 승인되지 않았습니다.",
    wrong_form="이 페이지의 양식이 아니거나 너무 오래된 양식입니다. 승인되지 않았으니 다시 시도해"
    " 주십시오.",
    unknown="이 요청을 모르신다면 페이지를 닫으십시오. 그러면 아무것도 승인되지 않습니다.",
    done=Note(
        heading="승인되었습니다",
        text="{domain}이(가) 승인되었습니다. 감사합니다. 이 페이지를 닫으셔도 됩니다.",
    ),
    states={
        MessageState.APPROVED: Note(
            heading="이미 승인되었습니다",
            text="이 메일로 {domain}이(가) 이미 승인되었습니다. 더 하실 일은 없습니다.",
        ),
        MessageState.PROVEN: Note(
            heading="더 하실 일이 없습니다",
            text="{domain}의 소유가 이미 확인되었습니다.",
        ),
        MessageState.EXPIRED: Note(
            heading="기한이 지났습니다",
            text="{domain}의 승인 기한이 지나 메일에 있는 값은 더 이상 쓸 수 없습니다.",
        ),
        MessageState.ENDED: Note(
            heading="더 이상 승인이 필요하지 않습니다",
            text="{domain}에 대한 요청이 취소되었거나 종료되었거나 다른 방법으로 처리됩니다."
            " 메일에 있는 값은 더 이상 쓸 수 없습니다.",
        ),
        MessageState.LOCKED: Note(
            heading="잠겼습니다",
            text="이 메일에 대해 잘못된 값이 너무 여러 번 입력되었습니다. 승인이 여전히 필요하면"
            " 다른 메일로 승인해 주십시오.",
        ),
    },
    missing=Note(
        heading="페이지를 찾을 수 없습니다",
        text="이곳에는 승인할 요청이 없습니다. 링크 전체를 열었는지 확인해 주십시오.",
    ),
    busy=Note(
        heading="다시 시도해 주십시오",
        text="서비스가 혼잡합니다. 승인되지 않았으니 잠시 후 다시 시도해 주십시오.",
    ),
    too_many=Note(
        heading="요청이 너무 많습니다",
        text="같은 네트워크에서 페이지가 너무 많이 열렸습니다. 1분 후 다시 시도해 주십시오.",
    ),
    languages="언어",
    somebody="계정 사용자",
)

PAGE_WORDS: Mapping[Language, PageWords] = {
    Language.ENGLISH: _ENGLISH,
    Language.KOREAN: _KOREAN,
}

#: What each language calls itself.
LANGUAGE_NAMES: Mapping[Language, str] = {Language.ENGLISH: "English", Language.KOREAN: "한국어"}
