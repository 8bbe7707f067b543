"""The Korean wording of the mails about what grows old: certificates, validations, addresses."""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Command, Letter, Listing, Note, Paragraph

_ORDER = "상품: {product}, 주문 번호: {order_id}, 계정: {account}"
_WHY_ORDER = Note(
    "이 메일은 주문하신 분, 주문에 알림 주소로 등록된 분, 계정을 관리하는 분께 발송됩니다. 새"
    " 인증서가 발급되면 더 이상 보내지 않습니다."
)
_SILENCE = Note(
    "이 알림을 받지 않으시려면 주문할 때 disable_renewal_notifications를 설정해 주십시오."
)
_RENEW = Paragraph(
    "지금 새 인증서를 주문해 주십시오. renewal_of_order_id 항목을 적으시면 갱신 주문으로"
    " 처리됩니다."
)
_RENEW_CALL = Command(
    'curl -X POST -H "X-DC-DEVKEY: $API_KEY" -H "Content-Type: application/json"'
    " -d @order.json {base_url}/order/certificate/{product_id}"
)
_FIELD = Command('"renewal_of_order_id": {order_id}')
_CERTIFICATE = Listing("certificate", ("도메인", "유효 기간 종료", "일련번호"))
_WHY_ORGANIZATION = Note("이 메일은 계정 관리자와 조직의 연락처로 등록된 분께 발송됩니다.")
_CHECK = "{organization}(조직 번호: {organization_id}, 계정: {account})"
_SUBMIT = Command(
    'curl -X POST -H "X-DC-DEVKEY: $API_KEY" -H "Content-Type: application/json"'
    ' -d \'{{"validations": [{{"type": "{check_word}"}}]}}\''
    " {base_url}/organization/{organization_id}/validation"
)
_WHY_DOMAIN = Note("이 메일은 계정의 도메인을 관리하는 분께 발송됩니다.")
_DOMAIN = "{domain}(계정: {account})"
_NEW_VALUE = Command(
    'curl -X PUT -H "X-DC-DEVKEY: $API_KEY" {base_url}/domain/{domain_id}/dcv/token', "one"
)
_NEW_VALUES = Command(
    'curl -X PUT -H "X-DC-DEVKEY: $API_KEY" {base_url}/domain/NUMBER/dcv/token', "many"
)
_DOMAINS = Listing("domains", ("도메인", "번호", "종료"))

LETTERS: dict[str, Letter] = {
    LetterKind.EXPIRING: Letter(
        subject="{days} 남음: {names}의 인증서가 {valid_until}에 만료됩니다",
        blocks=(
            Paragraph(
                "{names}의 TLS 인증서(" + _ORDER + ")가 {days} 뒤에 만료됩니다. 만료 후에는 이"
                " 인증서가 설치된 곳에 프로그램이 접속을 거부합니다."
            ),
            _CERTIFICATE,
            _RENEW,
            _RENEW_CALL,
            _FIELD,
            _WHY_ORDER,
            _SILENCE,
        ),
    ),
    LetterKind.EXPIRED: Letter(
        subject="만료됨: {names}의 인증서({valid_until})",
        blocks=(
            Paragraph(
                "{names}의 TLS 인증서(" + _ORDER + ")가 만료되었습니다. 이 인증서가 설치된 곳에는"
                " 프로그램이 접속을 거부합니다. 도메인을 계속 사용하신다면 지금 교체해 주십시오."
                " 사용하지 않으신다면 조치하실 것은 없으며, 이것이 마지막 알림입니다."
            ),
            _CERTIFICATE,
            _RENEW,
            _RENEW_CALL,
            _FIELD,
            _WHY_ORDER,
        ),
    ),
    LetterKind.ORGANIZATION_VALIDATED: Letter(
        subject="{organization}: {check} 검증이 완료되었습니다({until}까지)",
        blocks=(
            Paragraph(
                _CHECK + "의 {check} 인증서용 검증이 완료되었으며 {until}까지 유효합니다. 이를"
                " 기다리던 주문은 자동으로 계속 진행됩니다."
            ),
            _WHY_ORGANIZATION,
        ),
    ),
    LetterKind.ORGANIZATION_REJECTED: Letter(
        subject="{organization}: {check} 검증을 완료할 수 없습니다",
        blocks=(
            Paragraph(_CHECK + "의 {check} 인증서용 검증을 다음 사유로 완료할 수 없었습니다."),
            Listing("reason", ("사유",)),
            Paragraph(
                "사유에 적힌 사항을 바로잡아 다시 제출해 주십시오. 이를 기다리는 주문은 계속"
                " 기다리며, 기한이 지나면 자동으로 종료됩니다."
            ),
            _SUBMIT,
            _WHY_ORGANIZATION,
        ),
    ),
    LetterKind.ORGANIZATION_EXPIRING: Letter(
        subject="{organization}: {check} 검증이 {until}에 만료됩니다",
        blocks=(
            Paragraph(
                _CHECK + "의 {check} 검증이 {until}에 만료됩니다. 이미 발급된 인증서는 계속"
                " 유효하지만, 그 후에는 다시 검증될 때까지 새 인증서를 발급할 수 없습니다. 공백이"
                " 없도록 지금 제출해 주십시오."
            ),
            _SUBMIT,
            _WHY_ORGANIZATION,
        ),
    ),
    LetterKind.ORGANIZATION_EXPIRED: Letter(
        subject="{organization}: {check} 검증이 만료되었습니다",
        blocks=(
            Paragraph(
                _CHECK + "의 {check} 검증이 {until}에 만료되었습니다. 이미 발급된 인증서는 계속"
                " 유효하지만, 새 {check} 인증서는 조직이 다시 검증될 때까지 발급되지 않습니다."
                " 다음과 같이 제출하실 수 있습니다."
            ),
            _SUBMIT,
            _WHY_ORGANIZATION,
        ),
    ),
    LetterKind.DOMAIN_EXPIRING: Letter(
        subject="{domain}: 도메인 소유 확인이 {until}에 만료됩니다",
        blocks=(
            Paragraph(
                "다음 도메인(계정: {account})의 소유 확인이 {until}에 만료됩니다. 이미 발급된"
                " 인증서는 계속 유효합니다. 그 후의 새 주문은 발급 전에 도메인의 소유를 다시"
                " 확인해야 합니다. 주문에 앞서 확인하시려면 도메인마다 해당 번호(NUMBER)로 새 값을"
                " 받아 등록해 주십시오.",
                "many",
            ),
            _NEW_VALUES,
            _DOMAINS,
            Paragraph(
                _DOMAIN + "의 소유 확인은 {until}까지 사용할 수 있습니다. 이미 발급된 인증서는 계속"
                " 유효합니다. 그 후의 새 주문은 발급 전에 도메인의 소유를 다시 확인해야 합니다."
                " 주문에 앞서 확인하시려면 새 값을 받아 등록해 주십시오.",
                "one",
            ),
            _NEW_VALUE,
            _WHY_DOMAIN,
        ),
    ),
    LetterKind.DOMAIN_EXPIRED: Letter(
        subject="{domain}: 도메인 소유 확인이 만료되었습니다",
        blocks=(
            Paragraph(
                "다음 도메인(계정: {account})의 소유 확인이 {until}에 만료되었습니다. 이미 발급된"
                " 인증서는 계속 유효하지만, 새 주문은 발급 전에 도메인의 소유를 다시 확인해야"
                " 합니다. 주문에 앞서 확인하시려면 도메인마다 해당 번호(NUMBER)로 새 값을 받아"
                " 등록해 주십시오.",
                "many",
            ),
            _NEW_VALUES,
            _DOMAINS,
            Paragraph(
                _DOMAIN + "의 소유 확인이 {until}에 만료되었습니다. 이미 발급된 인증서는 계속"
                " 유효하지만, 새 주문은 발급 전에 도메인의 소유를 다시 확인해야 합니다. 주문에 앞서"
                " 확인하시려면 새 값을 받아 등록해 주십시오.",
                "one",
            ),
            _NEW_VALUE,
            _WHY_DOMAIN,
        ),
    ),
    LetterKind.CONTACT_TROUBLE: Letter(
        subject="계정 {account}: {address}(으)로 보낸 메일이 전달되지 않습니다",
        blocks=(
            Paragraph("{trouble} 앞으로 이 주소로는 메일을 보내지 않습니다."),
            Listing("trouble", ("주소", "사용자", "통보 내용")),
            Paragraph(
                "인증서 만료 알림도 이러한 메일에 포함됩니다. 사용자의 주소를 바꾸어 주십시오. 새"
                " 주소로는 바로 발송됩니다. 이전 주소에 문제가 없어졌다면 다음과 같이 알려"
                " 주십시오.",
                "person",
            ),
            Command(
                'curl -X DELETE -H "X-DC-DEVKEY: $API_KEY" {base_url}/user/{user_id}/mail-state',
                "person",
            ),
            Paragraph(
                "인증서 만료 알림도 이러한 메일에 포함됩니다. 이 주소는 계정 사용자의 주소가 아니라"
                " 주문이나 조직에 등록된 주소입니다. 해당 곳에 다른 주소를 등록해 주십시오.",
                "stranger",
            ),
            Note("이 메일은 계정 관리자께 발송됩니다."),
        ),
    ),
}
