"""The Korean wording of the mails about webhooks that take nothing."""

from __future__ import annotations

from .letter_kinds import LetterKind
from .notices import Command, Letter, Note, Paragraph

_LOG = Command('curl -H "X-DC-DEVKEY: $API_KEY" {base_url}/webhook/{webhook_id}/delivery')
_WHY = "이 메일은 계정 관리자께 발송됩니다."

LETTERS: dict[str, Letter] = {
    LetterKind.WEBHOOK_FAILING: Letter(
        subject="계정 {account}: {host} 웹훅이 {since}부터 알림을 받지 않고 있습니다",
        blocks=(
            Paragraph(
                "{host}의 웹훅(번호: {webhook_id})이 {since}부터 당사가 보낸 알림을 하나도 받지"
                " 않았습니다. 오류로 응답했거나 응답이 없었습니다. 전송은 계속 다시 시도됩니다."
                " 24시간 동안 거부된 이벤트는 더 이상 보내지 않지만 변경 피드에는 남아 있습니다."
                " 7일 동안 아무것도 받지 않으면 웹훅이 꺼집니다."
            ),
            Paragraph("웹훅의 응답은 전송 기록에서 볼 수 있습니다."),
            _LOG,
            Paragraph(
                "문제가 해결되면 테스트 이벤트를 보내 주십시오. 테스트 이벤트를 받으면 대기 중인"
                " 알림이 바로 모두 전송됩니다."
            ),
            Command('curl -X POST -H "X-DC-DEVKEY: $API_KEY" {base_url}/webhook/{webhook_id}/test'),
            Note(_WHY + " 웹훅이 알림을 다시 받을 때까지 한 번만 보냅니다."),
        ),
    ),
    LetterKind.WEBHOOK_SWITCHED_OFF: Letter(
        subject="계정 {account}: {host} 웹훅이 꺼졌습니다",
        blocks=(
            Paragraph(
                "{host}의 웹훅(번호: {webhook_id})이 {since}부터 아무것도 받지 않았습니다. 7일이"
                " 지나 웹훅을 껐으며, 이제 이 웹훅으로는 알림을 보내지 않습니다. 웹훅의 응답은 전송"
                " 기록에서 볼 수 있습니다."
            ),
            _LOG,
            Paragraph("문제가 해결되면 다시 켜 주십시오. 그때부터 일어나는 일을 알려 드립니다."),
            Command(
                'curl -X PUT -H "X-DC-DEVKEY: $API_KEY" {base_url}/webhook/{webhook_id}/activate'
            ),
            Paragraph("그동안 받지 못한 것은 변경 피드에서 볼 수 있습니다."),
            Command('curl -H "X-DC-DEVKEY: $API_KEY" "{base_url}/changes?after={cursor}"'),
            Note(_WHY),
        ),
    ),
}
