"""Routes of operators: the queue of reported problems."""

from __future__ import annotations

from .permissions import Action
from .route import Function, Route

_CASE = {"case": "The case's number."}


def _work(path: str, operation: str, request: str, summary: str) -> Route:
    return Route(
        method="POST",
        path=f"/v2/operator/problem-report/{{case}}/{path}",
        function=Function.OPERATORS,
        operation=operation,
        action=Action.OPERATE,
        summary=summary,
        request=request,
        responses={200: "ProblemInfo"},
        parameters=_CASE,
        once=True,
    )


PROBLEMS: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/v2/operator/problem-report",
        function=Function.OPERATORS,
        operation="problem_reports.list_cases",
        action=Action.OVERSEE,
        summary="List reported problems of one stage, oldest first, each with its clock",
        responses={200: "ProblemList"},
        query={
            "stage": "waiting (for the preliminary report; default), answered or decided.",
            "after": "The case behind which the page begins.",
            "limit": "Rows of a page, 100 at most.",
        },
    ),
    Route(
        method="GET",
        path="/v2/operator/problem-report/{case}",
        function=Function.OPERATORS,
        operation="problem_reports.read",
        action=Action.OVERSEE,
        summary="Read a reported problem: what was said, noted, found and decided",
        responses={200: "ProblemInfo"},
        parameters=_CASE,
    ),
    _work("note", "problem_reports.note", "ProblemNoteBody", "Note something, for operators alone"),
    _work(
        "preliminary-report",
        "problem_reports.report",
        "ProblemFindingBody",
        "Tell those who reported and the subscriber what was found so far",
    ),
    _work(
        "decision",
        "problem_reports.decide",
        "ProblemDecisionBody",
        "Decide whether the certificate is revoked, and when; everybody concerned is told",
    ),
)
