"""The wording of mails about reported problems, in Korean; operators read English."""

from __future__ import annotations

from . import letters_problems as english
from .letter_kinds import LetterKind
from .notices import Letter, Listing, Note, Paragraph

_CERTIFICATE = Listing(
    "certificate", ("접수 번호", "인증서", "일련번호", "신고 일시", "1차 보고 기한")
)
_SHORT = Listing("short", ("접수 번호", "인증서", "일련번호", "신고 일시"))
_WHY_YOU = Note("이 인증서의 문제를 신고하셨거나 이 인증서의 소유자이시기 때문에 보내 드립니다.")

LETTERS: dict[str, Letter] = {
    LetterKind.PROBLEM_ACKNOWLEDGED: Letter(
        subject="인증서 문제 신고가 접수되었습니다: {case}",
        blocks=(
            Paragraph("감사합니다. {names} 인증서에 대한 신고가 접수되었습니다."),
            _CERTIFICATE,
            Paragraph(
                "지금 확인하고 있습니다. 첫 신고로부터 24시간 안에 그때까지 확인된 내용을 신고하신"
                " 분과 인증서 소유자에게 알려 드립니다. 그 후 폐기 여부와 시점을 결정하여 다시 알려"
                " 드립니다."
            ),
            Paragraph(
                "인증서의 개인 키를 가지고 계시면 기다리지 않고 바로 폐기하실 수 있습니다. 방법은"
                " {base_url}/problem-report 에 있습니다."
            ),
            Note(
                "신고하신 적이 없다면 다른 사람이 이 주소를 적은 것입니다. 하실 일은 없으며, 이"
                " 건에 대한 메일이 몇 번 더 발송될 수 있습니다."
            ),
        ),
    ),
    LetterKind.PROBLEM_PRELIMINARY: Letter(
        subject="{names} 인증서에 대한 1차 보고: {case}",
        blocks=(
            Paragraph(
                "{names} 인증서에 문제가 있다는 신고가 있었습니다. 지금까지 확인된 내용은 다음과"
                " 같습니다."
            ),
            Paragraph("{finding}"),
            _SHORT,
            Paragraph("폐기 여부는 아직 결정되지 않았습니다. 결정되면 알려 드립니다."),
            _WHY_YOU,
        ),
    ),
    LetterKind.PROBLEM_REVOKED: Letter(
        subject="{names} 인증서가 폐기됩니다: {case}",
        blocks=(
            Paragraph(
                "{names} 인증서에 문제가 있다는 신고가 있었습니다. 이 인증서는 {revoke_at}에"
                " 폐기됩니다. 사유: {reason}."
            ),
            Paragraph("{finding}"),
            _SHORT,
            Paragraph(
                "인증서 소유자이시면 새 인증서를 주문하시고, 키가 다른 사람에게 알려진 경우 새 키를"
                " 사용하십시오. 이 인증서는 더 이상 사용하지 마십시오."
            ),
            _WHY_YOU,
        ),
    ),
    LetterKind.PROBLEM_DECLINED: Letter(
        subject="{names} 인증서는 폐기되지 않습니다: {case}",
        blocks=(
            Paragraph(
                "{names} 인증서에 문제가 있다는 신고가 있었습니다. 확인한 결과 이 인증서는 계속"
                " 유효합니다."
            ),
            Paragraph("{finding}"),
            _SHORT,
            Paragraph("더 알고 계신 내용이 있으면 다시 신고해 주십시오."),
            _WHY_YOU,
        ),
    ),
    LetterKind.PROBLEM_REMINDER: english.LETTERS[LetterKind.PROBLEM_REMINDER],
}
