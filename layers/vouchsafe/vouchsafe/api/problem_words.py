"""The wording of the form for reporting problems, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.letters import Language
from ..domain.problem_reports import ProblemKind
from .page_words import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWords:
    """Everything the form says. `{case}` and the like stand for facts."""

    title: str
    heading: str
    intro: str
    labels: Mapping[str, str]
    hints: Mapping[str, str]
    problems: Mapping[ProblemKind, str]
    flaws: Mapping[str, str]  # by field
    flawed: str
    button: str
    proof_heading: str
    proof: str
    foot: str
    thanks: Note
    thanks_revoking: Note
    refused: Mapping[int, Note]
    other_refusal: Note


_ENGLISH = FormWords(
    title="Report a certificate problem",
    heading="Report a problem with a certificate",
    intro="Anybody may report a certificate of ours. We look into every report, day and night, and"
    " tell you and the certificate's owner within 24 hours what we found; then we decide whether it"
    " is revoked, and when.",
    labels={
        "certificate": "Which certificate?",
        "problem": "What is wrong?",
        "evidence": "What did you see?",
        "email": "Your e-mail address (optional)",
        "csr": "Proof that you hold its private key (optional)",
    },
    hints={
        "certificate": "The certificate itself (PEM), its serial number, or its SHA-256 or SHA-1"
        " thumbprint.",
        "evidence": "Where and when, and how we can see it, too; up to 4,000 characters. Never send"
        " a private key.",
        "email": "We tell you what we found. The certificate's owner does not learn it.",
        "csr": "A certificate request as described below. With it the key is blocked and the"
        " certificate revoked at once.",
    },
    problems={
        ProblemKind.KEY_COMPROMISE: "Somebody else has its private key",
        ProblemKind.MISISSUANCE: "It should not have been issued, or says something wrong",
        ProblemKind.MISUSE: "It is used for fraud, malware or the like",
        ProblemKind.OTHER: "Something else",
    },
    flaws={
        "certificate": "We cannot read the certificate, or it is not one of ours. Certificates of"
        " other authorities have to be reported to them.",
        "problem": "Please choose what is wrong.",
        "evidence": "Please say what you saw, in up to 4,000 characters.",
        "email": "This is not an e-mail address.",
        "csr": "This does not prove that you hold the key; leave it empty, or make it anew with a"
        " fresh challenge.",
    },
    flawed="Nothing was sent yet. Please look at this:",
    button="Send the report",
    proof_heading="If you hold the private key",
    proof="Three commands have the certificate revoked within minutes, without an account. Put in"
    " the certificate's serial number, and in the second command the challenge from the first.",
    foot="We keep what you send with the case. Mails go to the address you give, and nowhere else.",
    thanks=Note(
        heading="Thank you",
        text="Your report is case {case}. By {due} at the latest we report what we found.",
    ),
    thanks_revoking=Note(
        heading="Thank you",
        text="Your report is case {case}. The key is blocked, and the certificate is revoked within"
        " minutes.",
    ),
    refused={
        429: Note(
            heading="Too many reports",
            text="Too many calls came from your network. Please try again later.",
        ),
        503: Note(
            heading="Please try again",
            text="The service is busy, and your report was not taken. Please send it again.",
        ),
    },
    other_refusal=Note(
        heading="That did not work", text="Your report was not taken. Please send it again."
    ),
)

_KOREAN = FormWords(
    title="인증서 문제 신고",
    heading="인증서 문제 신고",
    intro="저희가 발급한 인증서의 문제는 누구나 신고하실 수 있습니다. 모든 신고를 24시간 언제든"
    " 확인하며, 24시간 안에 확인된 내용을 신고하신 분과 인증서 소유자에게 알려 드립니다. 그 후 폐기"
    " 여부와 시점을 결정합니다.",
    labels={
        "certificate": "어떤 인증서입니까?",
        "problem": "무엇이 문제입니까?",
        "evidence": "확인하신 내용",
        "email": "이메일 주소 (선택)",
        "csr": "개인 키를 가지고 있다는 증명 (선택)",
    },
    hints={
        "certificate": "인증서(PEM), 일련번호, 또는 SHA-256이나 SHA-1 지문을 적어 주십시오.",
        "evidence": "언제 어디에서 보셨는지, 저희도 어떻게 확인할 수 있는지 4,000자 이내로 적어"
        " 주십시오. 개인 키는 절대로 보내지 마십시오.",
        "email": "확인된 내용을 알려 드립니다. 인증서 소유자에게는 알리지 않습니다.",
        "csr": "아래에 설명된 인증서 요청(CSR)입니다. 증명되면 키가 차단되고 인증서는 바로"
        " 폐기됩니다.",
    },
    problems={
        ProblemKind.KEY_COMPROMISE: "개인 키가 다른 사람에게 유출되었습니다",
        ProblemKind.MISISSUANCE: "발급되지 말았어야 하거나 내용이 틀립니다",
        ProblemKind.MISUSE: "사기, 악성 코드 등에 쓰이고 있습니다",
        ProblemKind.OTHER: "그 밖의 문제",
    },
    flaws={
        "certificate": "인증서를 읽을 수 없거나 저희가 발급한 것이 아닙니다. 다른 기관의 인증서는"
        " 그 기관에 신고해 주십시오.",
        "problem": "무엇이 문제인지 선택해 주십시오.",
        "evidence": "확인하신 내용을 4,000자 이내로 적어 주십시오.",
        "email": "이메일 주소가 아닙니다.",
        "csr": "키를 가지고 있다는 증명이 되지 않습니다. 비워 두시거나 새 챌린지로 다시 만들어"
        " 주십시오.",
    },
    flawed="아직 접수되지 않았습니다. 다음을 확인해 주십시오.",
    button="신고하기",
    proof_heading="개인 키를 가지고 계신 경우",
    proof="계정 없이 명령 세 줄로 몇 분 안에 인증서를 폐기할 수 있습니다. 인증서의 일련번호를 넣고,"
    " 두 번째 명령에는 첫 번째 명령에서 받은 챌린지를 넣으십시오.",
    foot="보내신 내용은 접수 건과 함께 보관됩니다. 메일은 적어 주신 주소로만 보내 드립니다.",
    thanks=Note(
        heading="감사합니다",
        text="접수 번호는 {case}입니다. 늦어도 {due}까지 확인된 내용을 알려 드립니다.",
    ),
    thanks_revoking=Note(
        heading="감사합니다",
        text="접수 번호는 {case}입니다. 키가 차단되었으며 인증서는 몇 분 안에 폐기됩니다.",
    ),
    refused={
        429: Note(
            heading="신고가 너무 많습니다",
            text="같은 네트워크에서 요청이 너무 많았습니다. 나중에 다시 시도해 주십시오.",
        ),
        503: Note(
            heading="다시 시도해 주십시오",
            text="서비스가 혼잡하여 접수되지 않았습니다. 다시 보내 주십시오.",
        ),
    },
    other_refusal=Note(
        heading="접수되지 않았습니다", text="신고가 접수되지 않았습니다. 다시 보내 주십시오."
    ),
)

FORM_WORDS: Mapping[Language, FormWords] = {
    Language.ENGLISH: _ENGLISH,
    Language.KOREAN: _KOREAN,
}
