"""The Korean wording of every mail, and of what a look may see."""

from __future__ import annotations

from .notices import Command, Letter, Listing, Paragraph

_ORDER = "상품: {product}, 주문 번호: {order_id}, 계정: {account}"
_WHY_YOU = Paragraph("이 메일은 주문하신 분과 주문에 알림 주소로 등록된 분께 발송됩니다.")
_PLACED = Paragraph("{person} 님이 {names}의 TLS 인증서를 주문했습니다(" + _ORDER + ").")
_UNTIL = Paragraph(
    "당사는 {deadline}까지 반복하여 자동으로 확인합니다. 모든 도메인의 소유가 확인되는 즉시"
    " 인증서가 발급되며, 그때 다시 메일로 알려 드립니다. 그때까지 확인되지 않은 도메인이 있으면"
    " 주문은 종료되고, 새로 주문하셔야 합니다."
)
_UNKNOWN_ORDER = Paragraph(
    "이 주문을 모르신다면 아무 조치도 하지 마십시오. 그러면 인증서는 발급되지 않습니다. 그리고 계정"
    " 관리자에게 알려 주십시오."
)

LETTERS: dict[str, Letter] = {
    "publish_records": Letter(
        subject="주문 {order_id}: {names}의 DNS 레코드를 등록해 주십시오",
        blocks=(
            _PLACED,
            Paragraph(
                "발급에 앞서 도메인의 소유를 확인해야 합니다. 사용 중인 DNS 서비스에 아래 레코드를"
                " 등록해 주십시오. 같은 이름에 있는 다른 레코드는 그대로 두셔도 됩니다."
            ),
            Listing("records", ("이름", "유형", "값")),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    "publish_files": Letter(
        subject="주문 {order_id}: {names}의 웹 서버에 파일을 올려 주십시오",
        blocks=(
            _PLACED,
            Paragraph(
                "발급에 앞서 도메인의 소유를 확인해야 합니다. 아래 주소마다 아래 내용만 담은 파일을"
                " 올려 주십시오. 도메인마다 파일이 하나씩 필요하며, 443번 포트의 https로 제공하셔도"
                " 됩니다."
            ),
            Listing("records", ("주소", "내용")),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    "prove_control": Letter(
        subject="주문 {order_id}: {names}의 소유를 확인해 주십시오",
        blocks=(
            _PLACED,
            Paragraph(
                "발급에 앞서 도메인의 소유를 확인해야 합니다. 도메인마다 필요한 조치는 주문 상세"
                " 정보에서 볼 수 있습니다."
            ),
            Command("GET {base_url}/order/certificate/{order_id}"),
            _UNTIL,
            _UNKNOWN_ORDER,
            _WHY_YOU,
        ),
    ),
    "issued": Letter(
        subject="주문 {order_id}: {names}의 인증서가 발급되었습니다",
        blocks=(
            Paragraph(
                "{person} 님이 주문한 {names}의 TLS 인증서가 발급되었습니다(" + _ORDER + ")."
            ),
            Listing(
                "certificate",
                ("도메인", "유효 기간 시작", "유효 기간 종료", "일련번호", "SHA-256"),
            ),
            Paragraph("API 키를 사용하여 인증서와 체인을 함께 내려받으실 수 있습니다."),
            Command(
                'curl -H "X-DC-DEVKEY: $API_KEY"'
                " {base_url}/certificate/{certificate_id}/download/format/pem_all"
            ),
            Paragraph(
                "인증서 요청에 사용한 개인 키와 함께 설치해 주십시오. 이 인증서는 {valid_until}에"
                " 만료되므로 그 전에 교체하셔야 합니다."
            ),
            _WHY_YOU,
        ),
    ),
    "timed_out": Letter(
        subject="주문 {order_id}: {names}의 인증서가 발급되지 않고 주문이 종료되었습니다",
        blocks=(
            Paragraph(
                "{person} 님이 {names}에 대해 신청한 TLS 인증서 주문이 발급 없이 {deadline}에"
                " 종료되었습니다(" + _ORDER + "). 기한까지 발급에 필요한 사항이 모두 확인되지"
                " 않았습니다. 마지막으로 확인했을 때 부족했던 사항은 다음과 같습니다."
            ),
            Listing("missing", ("도메인", "확인 시각", "확인 결과")),
            Paragraph(
                "종료된 주문은 다시 진행할 수 없습니다. 인증서가 여전히 필요하시면 같은 내용으로"
                " 새로 주문해 주십시오."
            ),
            Command("POST {base_url}/order/certificate/{product_id}"),
            Paragraph(
                "새 주문에는 새로운 값이 주어집니다. 이번 주문의 값은 더 이상 쓸 수 없으므로 등록한"
                " 레코드를 삭제해 주십시오."
            ),
            _WHY_YOU,
        ),
    ),
    "revoked": Letter(
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

#: By the cause codes of the catalogue.
CAUSES: dict[str, str] = {
    "proven": "값이 확인되었습니다.",
    "nothing_at_the_name": "해당 이름에 필요한 레코드가 없습니다.",
    "value_differs": "레코드는 있으나 값이 일치하지 않습니다.",
    "value_quoted": "레코드나 파일의 값에 따옴표나 공백이 포함되어 있습니다.",
    "value_cut": "값의 일부만 있거나 값이 더 긴 문자열 안에 들어 있습니다.",
    "value_wrong_case": "값의 대소문자가 다릅니다.",
    "value_behind_alias": "값이 CNAME을 거쳐야만 보이며, 이 경우는 인정되지 않습니다.",
    "value_expired": "값이 만들어진 지 30일이 지나 더 이상 사용할 수 없습니다.",
    "record_at_doubled_label": "레코드 이름에 도메인이 두 번 들어가 있습니다.",
    "servers_disagree": "네임서버마다 응답이 서로 다릅니다.",
    "lame_or_unreachable": "네임서버가 올바른 응답을 주지 않습니다.",
    "time_out": "네임서버가 제한 시간 안에 응답하지 않았습니다.",
    "no_delegation": "도메인이 네임서버에 위임되어 있지 않습니다.",
    "name_does_not_exist": "해당 이름이 DNS에 존재하지 않습니다.",
    "old_value_served": "네임서버나 웹 서버가 아직 이전 값을 보여 줍니다.",
    "alias_in_the_way": "해당 이름이 CNAME이라 TXT 레코드를 둘 수 없습니다.",
    "label_without_underscore": "레코드 이름 앞에 밑줄(_)이 빠져 있습니다.",
    "delegated_elsewhere": "도메인이 다른 네임서버에 위임되어 있어 레코드가 보이지 않습니다.",
    "file_not_found": "웹 서버에 파일이 없습니다.",
    "file_at_parent": "파일이 다른 이름의 웹 서버에 있습니다.",
    "file_differs": "파일의 내용이 값과 다릅니다.",
    "login_page": "파일 대신 로그인 페이지가 나옵니다.",
    "web_status": "웹 서버가 오류 상태로 응답합니다.",
    "redirect_forbidden": "웹 서버가 허용되지 않는 곳으로 리디렉션합니다.",
    "private_address": "이름이 공인 인터넷 주소가 아닌 주소를 가리킵니다.",
    "no_web_address": "이름에 IP 주소가 없습니다.",
    "web_address_unknown": "이름의 IP 주소를 조회할 수 없었습니다.",
    "tls_failure": "웹 서버와 암호화된 연결을 맺을 수 없었습니다.",
    "web_refused": "웹 서버에 연결할 수 없었습니다.",
    "web_time_out": "웹 서버가 제한 시간 안에 응답하지 않았습니다.",
    "web_unreadable": "웹 서버의 응답을 해석할 수 없습니다.",
    "perspectives_blocked": "일부 국가에서 서버에 연결할 수 없습니다(국가별 차단으로 보입니다).",
    "mail_awaited": "승인 메일을 보냈으나 아직 승인되지 않았습니다.",
    "mail_bounced": "승인 메일이 수신 주소에 전달되지 않았습니다.",
    "mail_not_sent": "승인 메일을 보내지 못했습니다.",
    "own_trouble": "당사 측 문제로 확인하지 못했습니다.",
    "perspectives_disagree": "일부 지역에서는 값이 아직 보이지 않습니다.",
    "too_few_perspectives": "값을 확인할 수 있었던 지역의 수가 충분하지 않습니다.",
    "caa_forbids": "CAA 레코드가 당사의 인증서 발급을 허용하지 않습니다.",
    "caa_lookup_failed": "CAA 레코드를 조회할 수 없었습니다.",
    "caa_dnssec_bogus": "CAA 응답의 DNSSEC 서명을 신뢰할 수 없습니다.",
    "dnssec_expired": "도메인의 DNSSEC 서명이 만료되었습니다.",
    "dnssec_unsigned": "도메인의 DNSSEC 서명이 응답에 없습니다.",
    "dnssec_no_key": "상위 도메인의 DS 레코드와 일치하는 DNSSEC 키가 없습니다.",
    "dnssec_unproven": "레코드가 없다는 사실이 DNSSEC으로 증명되지 않습니다.",
    "dnssec_bogus": "도메인의 DNSSEC 서명이 올바르지 않습니다.",
}
