"""The Korean wording of the mails about orders."""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Command, Letter, Listing, Note, Paragraph

_ORDER = "상품: {product}, 주문 번호: {order_id}, 계정: {account}"
_WHY_YOU = Note("이 메일은 주문하신 분과 주문에 알림 주소로 등록된 분께 발송됩니다.")
_PLACED = Paragraph("{person} 님이 {wish}(" + _ORDER + ").")
_UNTIL = Paragraph(
    "당사는 {deadline}까지 반복하여 자동으로 확인합니다. 모든 도메인의 소유가 확인되는 즉시"
    " 인증서가 발급되며, 그때 다시 메일로 알려 드립니다. 그때까지 확인되지 않은 도메인이 있으면"
    " {ending}."
)
_UNKNOWN_ORDER = Paragraph(
    "이 주문을 모르신다면 아무 조치도 하지 마십시오. 그러면 인증서는 발급되지 않습니다. 그리고 계정"
    " 관리자에게 알려 주십시오."
)
_CONTROL = "발급에 앞서 도메인의 소유를 확인해야 합니다. "
_FILES = (
    "아래 주소마다 아래 내용만 담은 파일을 올려 주십시오. 도메인마다 파일이 하나씩 필요하며, 443번"
    " 포트의 https로 제공하셔도 됩니다."
)
_MAILS = (
    "아래 주소로 링크가 담긴 메일을 보냈습니다. 그 메일함을 읽는 분이 링크를 열고 페이지에서 승인"
    " 단추를 누르면 도메인의 소유가 확인됩니다. 도메인마다 한 곳에서만 승인하시면 됩니다."
)
_AGAIN = "인증서가 여전히 필요하시면 같은 내용으로 다시 주문해 주십시오."
_AGAIN_CALL = (
    'curl -X POST -H "X-DC-DEVKEY: $API_KEY" {base_url}/order/certificate/{order_id}/reorder'
)
_VOID = "이 값은 더 이상 쓸 수 없으므로 등록한 레코드를 삭제해 주십시오."

LETTERS: dict[str, Letter] = {
    LetterKind.PUBLISH_RECORDS: Letter(
        subject="주문 {order_id}: {names}의 DNS 레코드를 등록해 주십시오",
        blocks=(
            _PLACED,
            Paragraph(
                _CONTROL + "사용 중인 DNS 서비스에 아래 레코드를 등록해 주십시오. 같은 이름에 있는"
                " 다른 레코드는 그대로 두셔도 됩니다."
            ),
            Listing("records", ("이름", "유형", "값")),
            Paragraph("다음 도메인은 웹 서버의 파일로 확인합니다. " + _FILES, "files"),
            Listing("files", ("주소", "내용")),
            Paragraph("다음 도메인은 메일로 승인합니다. " + _MAILS, "mails"),
            Listing("mails", ("도메인", "받는 주소")),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.PUBLISH_FILES: Letter(
        subject="주문 {order_id}: {names}의 웹 서버에 파일을 올려 주십시오",
        blocks=(
            _PLACED,
            Paragraph(_CONTROL + _FILES),
            Listing("files", ("주소", "내용")),
            Paragraph("다음 도메인은 메일로 승인합니다. " + _MAILS, "mails"),
            Listing("mails", ("도메인", "받는 주소")),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.PROVE_CONTROL: Letter(
        subject="주문 {order_id}: {names}의 소유를 확인해 주십시오",
        blocks=(
            _PLACED,
            Paragraph(_CONTROL + _MAILS, "mails"),
            Listing("mails", ("도메인", "받는 주소")),
            Paragraph("도메인마다 필요한 조치는 주문 상세 정보에서도 볼 수 있습니다."),
            Command('curl -H "X-DC-DEVKEY: $API_KEY" {base_url}/order/certificate/{order_id}'),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.PROOF_MISSING: Letter(
        subject="주문 {order_id}: {names}의 소유가 아직 확인되지 않음, 기한 {deadline}",
        blocks=(
            Paragraph(
                "{person} 님이 {wish}(" + _ORDER + "). {waited}이 지났으나 다음 도메인의 소유가"
                " 아직 확인되지 않았습니다."
            ),
            Listing(
                "records",
                ("도메인", "이름", "유형", "값", "확인 시각", "확인 결과", "필요한 조치"),
            ),
            Listing("files", ("도메인", "주소", "내용", "확인 시각", "확인 결과", "필요한 조치")),
            Listing("mails", ("도메인", "받는 주소", "확인 시각", "확인 결과", "필요한 조치")),
            Paragraph("{more}", "more"),
            _UNTIL,
            Paragraph("지금 확인하도록 요청하실 수도 있습니다."),
            Command(
                'curl -X PUT -H "X-DC-DEVKEY: $API_KEY"'
                " {base_url}/order/certificate/{order_id}/check-dcv"
            ),
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    LetterKind.NOBODY_LEFT: Letter(
        subject="주문 {order_id}: {names}을(를) 승인할 수 있는 메일함이 없습니다",
        blocks=(
            Paragraph("{person} 님이 {wish}(" + _ORDER + ")."),
            Paragraph(
                "도메인을 메일로 승인하도록 되어 있으나 다음 도메인에 대한 메일이 모두 반송되거나"
                " 거부되었습니다. 이대로는 아무도 승인할 수 없습니다."
            ),
            Listing("troubles", ("도메인", "받는 주소", "통보 내용")),
            Paragraph(
                "메일함 중 하나를 만든 뒤 메일을 다시 요청하시거나, 주문의 확인 방법을 DNS 레코드나"
                " 파일로 바꾸어 주십시오. 그렇지 않으면 주문은 {deadline}에 인증서 발급 없이"
                " 종료됩니다."
            ),
            Command(
                'curl -X PUT -H "X-DC-DEVKEY: $API_KEY"'
                " {base_url}/order/certificate/{order_id}/resend-emails"
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.ISSUED: Letter(
        subject="주문 {order_id}: {names}의 인증서가 발급되었습니다",
        blocks=(
            Paragraph("{person} 님이 {wish}(" + _ORDER + "). 인증서가 발급되었습니다."),
            Listing(
                "certificate",
                ("도메인", "유효 기간 시작", "유효 기간 종료", "일련번호", "SHA-256"),
            ),
            Paragraph("API 키를 사용하여 인증서와 체인을 함께 내려받으실 수 있습니다."),
            Command(
                'curl -H "X-DC-DEVKEY: $API_KEY"'
                " {base_url}/certificate/{certificate_id}/download/format/pem_all"
                " -o {certificate_id}.pem"
            ),
            Paragraph(
                "인증서 요청에 사용한 개인 키와 함께 설치해 주십시오. 이 인증서는 {valid_until}에"
                " 만료되므로 그 전에 교체하셔야 합니다."
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.TIMED_OUT: Letter(
        subject="주문 {order_id}: 기한이 지나 {names}의 인증서가 발급되지 않았습니다",
        blocks=(
            Paragraph(
                "{person} 님이 {wish}(" + _ORDER + "). 기한까지 발급에 필요한 사항이 모두 확인되지"
                " 않아 {deadline}에 발급 없이 종료되었습니다. 마지막으로 확인했을 때 부족했던"
                " 사항은 다음과 같습니다."
            ),
            Listing("missing", ("도메인", "확인 시각", "확인 결과")),
            Paragraph("{over}"),
            Paragraph(_AGAIN, "reorder"),
            Command(_AGAIN_CALL, "reorder"),
            Paragraph(
                "새 주문에는 새로운 값이 주어지며, 이전 값은 더 이상 쓸 수 없습니다.", "reorder"
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.FAILED: Letter(
        subject="주문 {order_id}: {names}의 인증서는 발급되지 않습니다",
        blocks=(
            Paragraph(
                "{person} 님이 {wish}(" + _ORDER + "). 다음 사유로 인증서 발급 없이 종료되었습니다:"
                " {reason}."
            ),
            Listing("missing", ("도메인", "확인 시각", "확인 결과")),
            Paragraph("{advice}"),
            Paragraph("{over}"),
            Paragraph("문제가 해결되면 같은 내용으로 다시 주문해 주십시오.", "reorder"),
            Command(_AGAIN_CALL, "reorder"),
            _WHY_YOU,
        ),
    ),
    LetterKind.CANCELLED: Letter(
        subject="주문 {order_id}: {names}의 신청이 취소되었습니다",
        blocks=(
            Paragraph(
                "{person} 님이 {wish}(" + _ORDER + "). {canceller} 이를 취소하여 인증서가"
                " 발급되지 않습니다. {over}"
            ),
            Paragraph(_AGAIN, "reorder"),
            Command(_AGAIN_CALL, "reorder"),
            Paragraph(_VOID),
            _WHY_YOU,
        ),
    ),
    LetterKind.REVOKED: Letter(
        subject="주문 {order_id}: {names}의 인증서가 폐기되었습니다",
        blocks=(
            Paragraph(
                "{names}의 TLS 인증서가 폐기되었습니다(" + _ORDER + "). 이 인증서는 인증서 폐기"
                " 목록(CRL)에 등재되었으며, 목록을 확인하는 프로그램은 이 인증서를 거부합니다."
            ),
            Listing("revocation", ("일련번호", "폐기 시각", "사유")),
            Paragraph(
                "아직 설치된 곳이 있다면 지금 교체해 주십시오. 폐기는 취소할 수 없으며, 인증서가 더"
                " 필요하시면 새로 주문하셔야 합니다."
            ),
            Command("POST {base_url}/order/certificate/{product_id}"),
            Paragraph("예상하지 못한 폐기라면 누가 요청했는지 계정 관리자에게 문의해 주십시오."),
            _WHY_YOU,
        ),
    ),
}
