"""How what would be placed would fare: looked at, asked of CAA and linted, all at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ..domain.authorization import Authorization, CaaCheck
from ..domain.caa import CAA_LIFE
from ..domain.certificate import Certificate
from ..domain.errors import Unavailable
from ..domain.first_look import (
    CaaNameQuestion,
    FirstLookReport,
    FirstLookRequest,
    NameGlance,
    NameQuestion,
)
from ..domain.gates import Gate, assess
from ..domain.grounds import Grounds
from ..domain.linting import LintRefused
from ..domain.methods import LOOKED_UP
from ..domain.order import StatusReason
from ..domain.progress import unproven
from ..trial_ports import LintOnly, TrialPorts
from .admission import grounds_at
from .looking import caa_method
from .outlooks import LaterRefusal, Linted, Outlook, Part, Prospect, Undone, WouldBe
from .placing import RegistrationPorts
from .trial_drafts import TrialDrafting, linted

_NAMES = "certificate.dns_names"
_CERTIFICATE = "certificate"
_REFUSED = "it would be refused as it is"
_KEYLESS = "the service makes its key after the names are proven"
_UNNAMED = "its organization is not validated yet, and nothing else may stand in its subject"

type _Job = Callable[[], Any]


@dataclass(slots=True)
class _Plan:
    """What is asked of others, by part, and what cannot be."""

    jobs: dict[Part, _Job] = field(default_factory=dict)
    undone: list[Undone] = field(default_factory=list)

    def skip(self, part: Part, reason: str) -> None:
        self.undone.append(Undone(part=part, reason=reason))


def followed_up(
    prospect: Prospect, started: datetime, *, ports: RegistrationPorts, trial: TrialPorts
) -> Outlook:
    """The outlook of a prospect drawn up at `started`; parts that take too long are left out."""
    plan = _Plan(undone=list(prospect.undone))
    outlook = Outlook(prospect=prospect)
    _plan_looks(prospect, started, plan, trial)
    if prospect.certificate is None:
        plan.skip(Part.LINT, _REFUSED)
    elif not prospect.certificate.csr:
        grounds = _grounds(prospect, prospect.certificate, started, trial)
        outlook = replace(outlook, grounds=grounds)
        plan.skip(Part.LINT, _KEYLESS)
    else:
        grounds = _grounds(prospect, prospect.certificate, started, trial)
        drafting = TrialDrafting(
            trial.issuers, ports.entropy, trial.publication_url, trial.profile_rules
        )
        would_be = _plan_lint(
            prospect, grounds, started, plan, drafting=drafting, linter=trial.linter
        )
        outlook = replace(outlook, grounds=grounds, would_be=would_be)
    left = trial.patience - (ports.clock.now() - started)
    done = _together(plan, left)
    looked: FirstLookReport | None = done.get(Part.FIRST_LOOK)
    outlook = replace(
        outlook,
        glances=looked.names if looked else (),
        caa=done.get(Part.CAA),
        lint=done.get(Part.LINT),
        undone=tuple(plan.undone),
    )
    return replace(outlook, closed=_closed(outlook, started), later=_later(outlook))


def _grounds(
    prospect: Prospect, certificate: Certificate, now: datetime, trial: TrialPorts
) -> Grounds:
    return grounds_at(
        certificate,
        prospect.standing,
        trial.policies.lists(),
        policies=trial.policies,
        agreement=trial.agreement,
        now=now,
    )


def _plan_looks(prospect: Prospect, now: datetime, plan: _Plan, trial: TrialPorts) -> None:
    """The first look at unproven names, and CAA, which depends on nothing but the names."""
    items = prospect.authorizations
    if not items:
        plan.skip(Part.FIRST_LOOK, _REFUSED)
        plan.skip(Part.CAA, _REFUSED)
        return
    account_id, look = prospect.account_id, trial.first_look.look
    questions = tuple(
        CaaNameQuestion(name=one.identifier.value, validation_method=caa_method(one))
        for one in items
    )
    caa = FirstLookRequest(account_id=account_id, caa=questions)
    plan.jobs[Part.CAA] = lambda: look(caa)
    names = _to_look_for(items, now)
    if not prospect.planned:
        plan.skip(Part.FIRST_LOOK, _REFUSED)
    elif names:
        request = FirstLookRequest(account_id=account_id, names=names)
        plan.jobs[Part.FIRST_LOOK] = lambda: look(request)


def _to_look_for(items: Sequence[Authorization], now: datetime) -> tuple[NameQuestion, ...]:
    return tuple(
        NameQuestion(name=one.identifier.value, method=one.method, value=one.random_value.value)
        for one in unproven(items, now)
        if one.method in LOOKED_UP and one.random_value is not None
    )


def _plan_lint(
    prospect: Prospect,
    grounds: Grounds,
    now: datetime,
    plan: _Plan,
    *,
    drafting: TrialDrafting,
    linter: LintOnly,
) -> WouldBe | None:
    """The draft as issuing would make it now, and the job of judging it."""
    from .issuance import named_for, request_for  # loads a large library
    from .tightening import issuer_for

    dossier, certificate = prospect.dossier, prospect.certificate
    assert dossier is not None, "a certificate that would be placed has its order"
    assert certificate is not None
    named = replace(certificate, named=named_for(dossier.order, grounds.validation))
    try:
        issuer = issuer_for(named, now, drafting.issuers)
        request = request_for(named, issuer, now, drafting)
    except Unavailable as trouble:
        plan.skip(Part.LINT, str(trouble))
        return None
    except LintRefused as refused:
        findings = refused.findings
        plan.jobs[Part.LINT] = lambda: Linted(findings=findings, refused=findings)
        return None
    if grounds.organization_validated:
        plan.jobs[Part.LINT] = lambda: linted(request, linter)
    else:
        plan.skip(Part.LINT, _UNNAMED)
    return WouldBe(issuer=issuer, not_before=request.not_before, not_after=request.not_after)


def _together(plan: _Plan, patience: timedelta) -> dict[Part, Any]:
    """What the jobs came to within `patience`; the others are noted as not done, and given up."""
    if not plan.jobs:
        return {}
    pool = ThreadPoolExecutor(len(plan.jobs))
    futures = {part: pool.submit(job) for part, job in plan.jobs.items()}
    wait(futures.values(), timeout=max(patience.total_seconds(), 0))
    pool.shutdown(wait=False, cancel_futures=True)
    found = {part: _result(part, future, plan) for part, future in futures.items()}
    return {part: result for part, result in found.items() if result is not None}


def _result(part: Part, future: Future[Any], plan: _Plan) -> Any:
    if not future.done() or future.cancelled():
        plan.skip(part, "it took too long")
        return None
    try:
        return future.result()
    except Unavailable as trouble:
        plan.skip(part, str(trouble))
        return None


def _closed(outlook: Outlook, now: datetime) -> tuple[Gate, ...] | None:
    """The gates that would be closed, were this look the order's first."""
    prospect, caa = outlook.prospect, outlook.caa
    certificate, grounds = prospect.certificate, outlook.grounds
    if certificate is None or grounds is None:
        return None
    check = None
    if caa is not None:
        check = CaaCheck(
            checked_at=now,
            good_until=now + CAA_LIFE,
            permitted=caa.permitted,
            findings=caa.findings,
        )
    seen = {one.name: one for one in outlook.glances}
    items = [one for one in prospect.authorizations if not _is_proven(one, seen)]
    looked = replace(certificate, caa=check)
    return assess(looked, items, now=now, grounds=grounds).closed


def _is_proven(one: Authorization, seen: dict[str, NameGlance]) -> bool:
    glance = seen.get(one.identifier.value)
    return glance is not None and glance.proven


def _later(outlook: Outlook) -> tuple[LaterRefusal, ...]:
    """Why it would be taken, and not be issued."""
    caa, lint, grounds = outlook.caa, outlook.lint, outlook.grounds
    refusals = [one for one in caa.findings if one.completed and not one.permitted] if caa else []
    told = [(StatusReason.REFUSED_BY_CAA, _NAMES, f"{one.name}: {one.detail}") for one in refusals]
    denied = grounds.denied if grounds else ()
    told += [(StatusReason.REFUSED_BY_POLICY, _CERTIFICATE, each) for each in denied]
    findings = lint.refused if lint else ()
    told += [
        (StatusReason.REFUSED_BY_LINT, _CERTIFICATE, f"{each.code}: {each.message}")
        for each in findings
    ]
    return tuple(
        LaterRefusal(reason=reason, field=where, message=message) for reason, where, message in told
    )
