"""What the mails say about domains whose proof of control grows old: one for those of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..domain.changes import Change, ChangeKind
from ..domain.domain_ages import counts_until
from ..domain.domains import Domain
from ..domain.letter_kinds import LetterKind, language_of
from ..domain.notices import Facts
from ..domain.privileges import Action
from .letter_recipients import addresses, caretakers
from .mail_desk import Desk, Notice, Rows, account_words, moment_words, names_phrase

_KINDS = {
    ChangeKind.DOMAIN_EXPIRING: LetterKind.DOMAIN_EXPIRING,
    ChangeKind.DOMAIN_EXPIRED: LetterKind.DOMAIN_EXPIRED,
}


def for_domain(change: Change, desk: Desk) -> Notice | None:
    """How long the proofs of domains last; to those who look after domains.

    `together` of the change's data names the domains of the mail, the change's own where it is
    missing; with an empty one nothing is told, since another change tells of it, or nobody added
    the domain. Left out is what was proven anew, switched off or removed since.
    """
    names = [str(each) for each in change.data.get("together", [change.data["domain"]])]
    domains = _still_ageing(names, change, desk)
    if not domains:
        return None
    account = desk.accounts.account(change.account_id)
    until = datetime.fromisoformat(change.data["proven_until"])
    language = language_of(domains[0].locale)
    one = len(domains) == 1
    rows = [(each.name, str(each.domain_id), _end_words(each, until)) for each in domains]
    shown: dict[str, Rows] = {"one": [("",)]} if one else {"domains": rows, "many": [("",)]}
    words = {
        "domain": names_phrase([each.name for each in domains], language),
        "domain_id": str(domains[0].domain_id),
        "account": account_words(account, change.account_id),
        "until": moment_words(until) if one else f"{until:%Y-%m-%d}",
        "base_url": desk.base_url,
    }
    return Notice(
        kind=_KINDS[change.kind],
        facts=Facts(words=words, rows=shown),
        language=language,
        to=_caretakers(domains, desk),
        account=account,
    )


def _end_words(domain: Domain, until: datetime) -> str:
    return moment_words(counts_until(domain.approval) if domain.approval else until)


def _still_ageing(names: Sequence[str], change: Change, desk: Desk) -> list[Domain]:
    """The domains of those names that the change still tells the truth about."""
    proofs = desk.ledger.standing(change.account_id, names).proofs if names else {}
    found = []
    for name in names:
        proof, domain = proofs.get(name), desk.domains.domain_named(change.account_id, name)
        anew = proof is not None and proof.proven_at > change.at
        if domain is not None and domain.active and domain.is_kept and not anew:
            found.append(domain)
    return found


def _caretakers(domains: Sequence[Domain], desk: Desk) -> tuple[str, ...]:
    containers = dict.fromkeys(each.container_id for each in domains)
    account_id = domains[0].account_id
    return addresses(
        address
        for container_id in containers
        for address in caretakers(account_id, container_id, Action.ORGANIZE, desk)
    )
