"""The Korean wording of the mails about requests that somebody has to approve."""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Block, Command, Letter, Listing, Note, Paragraph

_WHY_APPROVER = Note("이 메일은 이 계정의 요청을 결정할 수 있는 분께 발송됩니다.")
_WHY_REQUESTER = Note("이 메일은 요청하신 분과 주문에 알림 주소로 등록된 분께 발송됩니다.")
_ORDER = "상품: {product}, 주문 번호: {order_id}, 계정: {account}"
_ASKS = Paragraph("{person} 님이 {names}에 대한 {matter} 요청을 제출했습니다(" + _ORDER + ").")
_ASKED = "{person} 님이 {names}에 대한 {matter} 요청을 제출했습니다(" + _ORDER + ")."
_REQUEST = Listing("request", ("요청 번호", "요청 시각", "도메인", "의견"))
_REVOCATION = Listing("request", ("요청 번호", "요청 시각", "도메인", "의견", "사유", "일련번호"))
_DECIDE = (
    Paragraph("API 키를 사용하여 승인하실 수 있습니다(approved 대신 rejected를 쓰면 거절됩니다)."),
    Command(
        'curl -X PUT -H "X-DC-DEVKEY: $API_KEY" -H "Content-Type: application/json"'
        ' -d \'{{"status": "approved"}}\' {base_url}/request/{request_id}/status'
    ),
)
_LAPSES: tuple[Block, ...] = (
    *_DECIDE,
    Paragraph(
        "승인되기 전에는 아무것도 확인하거나 발급하지 않습니다. {lapses}까지 아무도 결정하지 않으면"
        " 요청은 자동으로 소멸되고 인증서는 발급되지 않습니다."
    ),
    _WHY_APPROVER,
)
_CLOCK: tuple[Block, ...] = (
    Paragraph(
        "가장 중대한 사유의 경우 인증 기관은 24시간 안에 인증서를 폐기해야 합니다(BR 4.9.1.1). 이"
        " 요청의 기한은 {clock_end}입니다({clock_left}). 이 요청은 소멸되지 않으며, 결정될 때까지"
        " 인증서는 계속 유효합니다."
    ),
    *_DECIDE,
    _WHY_APPROVER,
)

LETTERS: dict[str, Letter] = {
    LetterKind.APPROVAL_NEEDED: Letter(
        subject="요청 {request_id}: {names}의 {matter} 요청을 결정해 주십시오",
        blocks=(_ASKS, _REQUEST, *_LAPSES),
    ),
    LetterKind.APPROVAL_REMINDER: Letter(
        subject="알림: {names}에 대한 요청 {request_id}이(가) {lapses}에 소멸됩니다",
        blocks=(
            Paragraph("이 요청은 {waited} 동안 결정을 기다리고 있습니다."),
            _ASKS,
            _REQUEST,
            *_LAPSES,
        ),
    ),
    LetterKind.REVOCATION_NEEDED: Letter(
        subject="요청 {request_id}: {names}의 인증서 폐기 여부를 결정해 주십시오",
        blocks=(_ASKS, _REVOCATION, *_CLOCK),
    ),
    LetterKind.REVOCATION_REMINDER: Letter(
        subject="알림: {names}의 인증서 폐기 요청 {request_id}, {clock_left}",
        blocks=(
            Paragraph("이 요청은 {waited} 동안 결정을 기다리고 있습니다."),
            _ASKS,
            _REVOCATION,
            *_CLOCK,
        ),
    ),
    LetterKind.APPROVED: Letter(
        subject="요청 {request_id}: {names}의 {matter} 요청이 승인되었습니다",
        blocks=(
            Paragraph(_ASKED + " {reviewer} 님이 승인했습니다."),
            Listing("comment", ("의견",)),
            Paragraph(
                "확인 절차가 시작되었습니다. 소유를 더 확인해야 할 도메인이 있으면 다음 메일에서"
                " 방법을 알려 드리고, 없으면 발급된 뒤에 알려 드립니다."
            ),
            _WHY_REQUESTER,
        ),
    ),
    LetterKind.DECLINED: Letter(
        subject="요청 {request_id}: {names}의 {matter} 요청이 거절되었습니다",
        blocks=(
            Paragraph(_ASKED + " {reviewer} 님이 거절하여 인증서가 발급되지 않습니다."),
            Listing("comment", ("의견",)),
            Paragraph(
                "{over} 그래도 필요하시면 다시 요청하기 전에 {reviewer} 님과 상의해 주십시오."
            ),
            _WHY_REQUESTER,
        ),
    ),
    LetterKind.LAPSED: Letter(
        subject="요청 {request_id}: {names}의 {matter} 요청이 소멸되었습니다",
        blocks=(
            Paragraph(
                _ASKED + " {lapses}까지 아무도 결정하지 않아 소멸되었으며, 인증서는 발급되지"
                " 않습니다."
            ),
            Paragraph("{over} 그래도 필요하시면 계정 관리자와 상의한 뒤 다시 요청해 주십시오."),
            _WHY_REQUESTER,
        ),
    ),
    LetterKind.REVOCATION_APPROVED: Letter(
        subject="요청 {request_id}: {names}의 인증서가 폐기될 예정입니다",
        blocks=(
            Paragraph(_ASKED + " {reviewer} 님이 승인했습니다."),
            Listing("comment", ("의견",)),
            Paragraph(
                "인증서를 지금 폐기하고 있으며, 폐기가 공개되는 즉시 다시 알려 드립니다. 설치된"
                " 곳마다 인증서를 교체해 주십시오."
            ),
            _WHY_REQUESTER,
        ),
    ),
    LetterKind.REVOCATION_DECLINED: Letter(
        subject="요청 {request_id}: {names}의 인증서를 폐기하지 않습니다",
        blocks=(
            Paragraph(_ASKED + " {reviewer} 님이 거절하여 인증서는 계속 유효합니다."),
            Listing("comment", ("의견",)),
            Paragraph(
                "개인 키가 다른 사람에게 알려졌다면 그 사유를 밝혀 즉시 다시 요청해 주십시오."
                " 그러한 인증서는 유효한 채로 두어서는 안 됩니다."
            ),
            _WHY_REQUESTER,
        ),
    ),
}
