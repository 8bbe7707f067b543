"""Smaller Korean words of letters: phrases, reasons, and what a look may see."""

from __future__ import annotations

from .order import StatusReason
from .revocation import RevocationReason

WORDS: dict[str, str] = {
    "somebody": "계정 사용자",
    "by_person": "{name} 님이",
    "by_support": "고객 지원에서",
    "never": "아직 확인하지 못함",
    "look_yourself": "위에 적힌 그대로 등록해 주십시오.",
    "caa_forbids": "{name}의 CAA 레코드가 당사의 인증서 발급을 허용하지 않습니다",
    "caa_unknown": "CAA 레코드를 조회할 수 없어 발급이 허용되지 않습니다",
    "our_trouble": "고객 측 문제는 없었으나 당사 측 문제로 기한 안에 발급하지 못했습니다",
    "and_more": "외 {count}개",
    "more_names": "이 밖에 {count}개 도메인이 더 있으며, 주문 상세 정보에서 모두 볼 수 있습니다.",
    "wish_new": "{names}의 TLS 인증서를 주문했습니다",
    "wish_reissue": "{names}의 TLS 인증서 재발급을 신청했습니다",
    "wish_duplicate": "{names}의 TLS 인증서 복제 발급을 신청했습니다",
    "ending_new": "주문은 종료되고, 새로 주문하셔야 합니다",
    "ending_again": "이 신청만 종료되며, 주문과 기존 인증서는 그대로 유지됩니다",
    "over_new": "종료된 주문은 다시 진행할 수 없습니다.",
    "over_again": "주문과 기존 인증서는 그대로 유지됩니다.",
    "matter_new": "인증서 발급",
    "matter_reissue": "인증서 재발급",
    "matter_duplicate": "인증서 복제 발급",
    "matter_revoke": "인증서 폐기",
    "one_day": "1일",
    "days": "{count}일",
    "one_hour": "1시간",
    "hours": "{count}시간",
    "left": "{hours} 남음",
    "clock_over": "기한이 지났음",
    "bounced": "{address}(으)로 보낸 메일이 반송됩니다. 메일함이 없거나 메일을 받지 않습니다.",
    "complained": "{address}을(를) 읽는 분이 당사의 메일을 원하지 않는 메일로 신고했습니다.",
    "nobody_known": "계정 사용자가 아님",
}

REASONS: dict[RevocationReason, str] = {
    RevocationReason.UNSPECIFIED: "지정되지 않음",
    RevocationReason.KEY_COMPROMISE: "개인 키가 유출되었거나 유출되었을 수 있음",
    RevocationReason.AFFILIATION_CHANGED: "인증서에 적힌 조직 정보가 변경됨",
    RevocationReason.SUPERSEDED: "다른 인증서로 교체됨",
    RevocationReason.CESSATION_OF_OPERATION: "해당 도메인을 더 이상 사용하지 않음",
    RevocationReason.PRIVILEGE_WITHDRAWN: "인증 기관이 인증서를 철회함",
}

ENDS: dict[StatusReason, tuple[str, str]] = {
    StatusReason.TIMED_OUT: (
        "기한 안에 도메인의 소유가 확인되지 않았습니다",
        "다음 주문에서는 72시간 안에 안내된 값을 등록해 주십시오.",
    ),
    StatusReason.VALIDATION_FAILED: (
        "메일로 승인할 수 있는 분이 아무도 없어 도메인을 확인할 수 없습니다",
        "다른 확인 방법을 선택하거나, 존재하는 메일함으로 주문해 주십시오.",
    ),
    StatusReason.APPROVAL_REJECTED: (
        "요청이 승인되지 않았습니다",
        "다시 요청하기 전에 계정 관리자와 상의해 주십시오.",
    ),
    StatusReason.APPROVAL_LAPSED: (
        "기한 안에 아무도 요청을 결정하지 않았습니다",
        "계정 관리자에게 요청을 확인해 달라고 부탁해 주십시오.",
    ),
    StatusReason.ORGANIZATION_NOT_VALIDATED: (
        "기한 안에 조직을 검증하지 못했습니다",
        "먼저 조직의 검증을 신청해 주십시오. 검증된 뒤의 주문은 바로 진행됩니다.",
    ),
    StatusReason.AGREEMENT_NOT_ACCEPTED: (
        "기한 안에 계정의 가입자 약관에 아무도 동의하지 않았습니다",
        "계정 관리자가 동의할 수 있으며, 인증서 발급에 필요합니다(BR 9.6.3).",
    ),
    StatusReason.REFUSED_BY_LINT: (
        "인증서가 지켜야 할 규칙에 어긋나게 됩니다",
        "주문 번호를 고객 지원에 알려 주십시오. 대개 인증서 요청(CSR)을 새로 만들어야 합니다.",
    ),
    StatusReason.REFUSED_BY_CAA: (
        "기한까지 도메인의 CAA 레코드가 당사의 인증서 발급을 허용하지 않았습니다",
        "CAA 레코드에 당사를 추가해 주십시오.",
    ),
    StatusReason.REFUSED_BY_POLICY: (
        "당사 정책상 발급할 수 없습니다",
        "착오라고 생각하시면 주문 번호를 고객 지원에 알려 주십시오.",
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
    "caa_forbids_elsewhere": "일부 지역에서는 CAA 레코드가 당사의 인증서 발급을 허용하지 않습니다.",
    "caa_too_few_perspectives": "CAA 레코드를 확인할 수 있었던 지역의 수가 충분하지 않습니다.",
}

_KEEP = "값을 그대로 두십시오. 다음 확인에서 다시 봅니다."
_EXACTLY = "값을 따옴표와 공백 없이 적힌 그대로 등록해 주십시오."
_ZONE = "도메인의 네임서버를 점검하거나 DNS 서비스에 문의해 주십시오."
_WEB = "웹 서버가 80번 포트에서 인터넷의 누구에게나 응답하는지 확인해 주십시오."

#: What to do, by the same codes.
ADVICE: dict[str, str] = {
    "proven": "조치하실 것이 없습니다.",
    "nothing_at_the_name": "레코드를 적힌 이름과 값 그대로 등록해 주십시오.",
    "value_differs": "레코드의 값을 여기 적힌 값으로 바꾸거나 이 값을 추가해 주십시오.",
    "value_quoted": _EXACTLY,
    "value_cut": "값만, 그리고 값 전체를 하나의 레코드로 등록해 주십시오.",
    "value_wrong_case": "값을 소문자로, 적힌 그대로 등록해 주십시오.",
    "value_behind_alias": "CNAME이 아닌 그 이름 자체에 레코드를 등록해 주십시오.",
    "value_expired": "새 값을 요청한 뒤 그 값을 등록해 주십시오.",
    "record_at_doubled_label": "DNS 서비스의 이름 칸에 도메인을 빼고 다시 입력해 주십시오.",
    "servers_disagree": "모든 네임서버가 같은 응답을 주는지 확인해 주십시오.",
    "lame_or_unreachable": _ZONE,
    "time_out": _ZONE,
    "no_delegation": "도메인이 등록되어 있고 네임서버에 위임되어 있는지 확인해 주십시오.",
    "name_does_not_exist": "레코드를 적힌 이름과 값 그대로 등록해 주십시오.",
    "old_value_served": "이전 값을 여기 적힌 값으로 바꾸어 주십시오.",
    "alias_in_the_way": "CNAME을 없애거나 다른 확인 방법을 선택해 주십시오.",
    "label_without_underscore": "레코드 이름을 밑줄(_)까지 적힌 그대로 등록해 주십시오.",
    "delegated_elsewhere": "도메인이 실제로 위임된 네임서버에 레코드를 등록해 주십시오.",
    "file_not_found": "파일을 적힌 주소에 올려 주십시오.",
    "file_at_parent": "파일을 바로 이 이름의 웹 서버에 올려 주십시오.",
    "file_differs": "파일에 값만 적힌 그대로 담아 주십시오.",
    "login_page": "이 주소를 로그인 없이 열 수 있게 해 주십시오.",
    "web_status": "이 주소가 상태 코드 200으로 응답하게 해 주십시오.",
    "redirect_forbidden": "리디렉션을 없애거나 80번, 443번 포트로만 이동하게 해 주십시오.",
    "private_address": "이름이 공인 인터넷 주소를 가리키게 하거나 DNS로 확인해 주십시오.",
    "no_web_address": "이름에 IP 주소(A, AAAA)를 등록하거나 DNS로 확인해 주십시오.",
    "web_address_unknown": _ZONE,
    "tls_failure": "80번 포트로 파일을 제공하거나 TLS 설정을 고쳐 주십시오.",
    "web_refused": _WEB,
    "web_time_out": _WEB,
    "web_unreadable": "웹 서버의 설정을 점검하거나 DNS로 확인해 주십시오.",
    "perspectives_blocked": "모든 국가에서 오는 접속을 허용해 주십시오(BR 3.2.2.9).",
    "mail_awaited": "메일함을 열어 승인하시거나, 메일을 다시 요청하거나 방법을 바꾸어 주십시오.",
    "mail_bounced": "메일함을 만든 뒤 메일을 다시 요청하시거나 방법을 바꾸어 주십시오.",
    "mail_not_sent": "메일을 다시 요청해 주십시오.",
    "own_trouble": "조치하실 것이 없습니다. 당사가 다시 확인합니다.",
    "perspectives_disagree": "모든 네임서버가 모든 지역에 같은 응답을 주는지 확인해 주십시오.",
    "too_few_perspectives": _KEEP,
    "caa_forbids": "CAA 레코드에 당사를 추가하거나 발급을 막는 레코드를 없애 주십시오.",
    "caa_lookup_failed": "모든 네임서버가 CAA(257) 질의에 응답하는지 확인해 주십시오.",
    "caa_forbids_elsewhere": "네임서버가 모든 지역에 같은 CAA 레코드를 주는지 확인해 주십시오.",
    "caa_too_few_perspectives": "조치하실 것이 없습니다. 당사가 다시 확인합니다.",
}
