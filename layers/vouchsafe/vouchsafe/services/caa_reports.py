"""Reports to those whom CAA's iodef names, when CAA stopped a certificate of theirs."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from ..domain import iodef
from ..domain.changes import Change, ChangeKind
from ..domain.errors import Unavailable
from ..domain.notices import Mail
from ..ports import Claims, Clock, Mailer

#: Longer than the mail function may run, so that a live worker never loses its lease.
LEASE = timedelta(minutes=5)
_DIGEST = 32  # hex digits of a mailbox's hash


def report_refusals(change: Change, *, claims: Claims, mailer: Mailer, clock: Clock) -> str:
    """Tell of a change of kind CAA_REFUSED; what came of it in a few words, "" for other kinds.

    Each domain is reported once a day, and each mailbox is written to once a day, whatever number
    of domains name it. Web addresses in iodef are another sender's (`caa_posts`). Raises
    Unavailable when it should be tried again.
    """
    if change.kind is not ChangeKind.CAA_REFUSED:
        return ""
    now = clock.now()
    outcomes: list[str] = []
    for domain, refused in iodef.by_domain(iodef.read(change.data)).items():
        if not iodef.mailboxes(refused):
            web = iodef.web_addresses(refused)
            outcomes.append(f"{domain}: {'only by web' if web else 'nobody to tell'}")
            continue
        mail = iodef.report(domain, refused, change.at, f"order {change.order_id}")
        sent = _sent_today(domain, mail, (claims, mailer), now)
        outcomes.append(f"{domain}: {'reported' if sent else 'reported before'}")
    return "; ".join(outcomes) or "nothing to tell"


def _sent_today(domain: str, mail: Mail, ports: tuple[Claims, Mailer], now: datetime) -> bool:
    """Send it to every mailbox that had none today, if the domain was not reported today."""
    claims, mailer = ports
    day = f"{now.astimezone(UTC):%Y-%m-%d}"
    taken: list[str] = []
    carried = "its mailboxes had theirs"
    try:
        if not take(f"caa-report-{day}-{domain}", taken, claims, now):
            return False
        free = tuple(box for box in mail.to if take(_of_mailbox(day, box), taken, claims, now))
        if free:
            sent = Mail(to=free, subject=mail.subject, text=mail.text, tags=mail.tags)
            carried = mailer.send(sent)
    except Unavailable:
        for name in taken:
            claims.release(name)
        raise
    for name in taken:
        claims.finish(name, carried)
    return bool(free)


def _of_mailbox(day: str, box: str) -> str:
    return f"caa-report-{day}-{hashlib.sha256(box.lower().encode()).hexdigest()[:_DIGEST]}"


def take(name: str, taken: list[str], claims: Claims, now: datetime) -> bool:
    """Whether the claim is ours to do, noted in `taken`; False when it is done.

    Raises Unavailable while another worker is at it.
    """
    if claims.take(name, now, now + LEASE):
        taken.append(name)
        return True
    if claims.outcome(name) is None:
        raise Unavailable(f"{name} is in another worker's hands")
    return False
