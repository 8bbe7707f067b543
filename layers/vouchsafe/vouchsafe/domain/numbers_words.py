"""The words of the numbers page, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from .duties import Duty
from .letters import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    Language.ENGLISH: {
        "title": "Numbers of this certificate authority",
        "lead": "Taken from the service's own measurements. Sums and medians are of {days} days.",
        "issued": "Certificates issued",
        "issued_last_day": "of these on the last day",
        "revoked": "Certificates revoked",
        "proof_to_issue": "From the proof to the certificate (median)",
        "revoked_to_published": "From a revocation to its list (median)",
        "crls": "Revocation lists (CRL)",
        "oldest_crl": "Age of the oldest list",
        "duties_on_time": "Scheduled duties on time",
        "duties": "Scheduled duties",
        "duty": "Duty",
        "last_done": "Last done (UTC)",
        "state": "State",
        "on_time": "on time",
        "late": "late",
        "nothing": "nothing measured yet",
        "generated": "As of {at} UTC",
        "data": "The same as JSON",
        "seconds": "{n} s",
        "minutes": "{n} min",
        "hours": "{n} h",
    },
    Language.KOREAN: {
        "title": "인증 기관 운영 수치",
        "lead": "서비스가 직접 측정한 값입니다. 합계와 중앙값은 최근 {days}일 기준입니다.",
        "issued": "발급한 인증서",
        "issued_last_day": "그중 최근 하루",
        "revoked": "폐기한 인증서",
        "proof_to_issue": "검증 확인부터 발급까지 (중앙값)",
        "revoked_to_published": "폐기부터 목록 게시까지 (중앙값)",
        "crls": "인증서 폐기 목록 (CRL)",
        "oldest_crl": "가장 오래된 목록의 경과 시간",
        "duties_on_time": "제때 수행된 정기 작업",
        "duties": "정기 작업",
        "duty": "작업",
        "last_done": "마지막 수행 (UTC)",
        "state": "상태",
        "on_time": "정상",
        "late": "지연",
        "nothing": "아직 측정된 값 없음",
        "generated": "{at} UTC 기준",
        "data": "같은 내용의 JSON",
        "seconds": "{n}초",
        "minutes": "{n}분",
        "hours": "{n}시간",
    },
}

DUTY_NAMES: Mapping[Language, Mapping[Duty, str]] = {
    Language.ENGLISH: {
        Duty.RECONCILE: "Finding orders that were forgotten",
        Duty.PUBLISH_CRL: "Renewing revocation lists",
        Duty.CHECK_DOMAIN: "Looking for the proofs of domains",
        Duty.PACK_EVIDENCE: "Packing the evidence of issues",
        Duty.AUDIT_ISSUED: "Looking again at what was issued",
        Duty.REVOKE_BLOCKED: "Revoking what has a compromised key",
        Duty.TELL_AGES: "Telling of validations that end",
        Duty.TELL_EXPIRY: "Telling of certificates that end",
        Duty.WATCH: "Measuring what grows old",
        Duty.SEND_WEBHOOKS: "Trying webhooks again",
    },
    Language.KOREAN: {
        Duty.RECONCILE: "누락된 주문 찾기",
        Duty.PUBLISH_CRL: "인증서 폐기 목록 갱신",
        Duty.CHECK_DOMAIN: "도메인 검증값 확인",
        Duty.PACK_EVIDENCE: "발급 증거 보관",
        Duty.AUDIT_ISSUED: "발급된 인증서 재점검",
        Duty.REVOKE_BLOCKED: "유출된 키의 인증서 폐기",
        Duty.TELL_AGES: "검증 만료 안내",
        Duty.TELL_EXPIRY: "인증서 만료 안내",
        Duty.WATCH: "경과 시간 측정",
        Duty.SEND_WEBHOOKS: "웹훅 재시도",
    },
}
