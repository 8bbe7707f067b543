"""The cases of the public CAA test suite as zones of a lab, and more of their kind.

Names, records and outcomes of the cases under caatestsuite.com and caatestsuite-dnssec.com are
those of SSLMate's CAA Test Suite (github.com/SSLMate/caatestsuite, Apache-2.0); zones, servers and
words are our own. It was written for RFC 6844; two outcomes follow RFC 8659 here and say so. Cases
under more.example.com are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SUITE, SIGNED, MORE = "caatestsuite.com", "caatestsuite-dnssec.com", "more.example.com"
OURS = "ca.example.net"
BIG_SET = 1001  # records


class Outcome(StrEnum):
    """What a CAA check comes to."""

    PERMITTED = "permitted"
    REFUSED = "refused"  # by a record
    FAILED = "failed"  # no answer, which is no permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One name and what CAA says about it. `at`: where the deciding set stands."""

    name: str
    outcome: Outcome
    why: str
    at: str = ""

    @property
    def wildcard(self) -> bool:
        return self.name.startswith("*.")

    @property
    def base(self) -> str:
        return self.name.removeprefix("*.")


def _refused(name: str, why: str, at: str = "") -> Case:
    return Case(name=name, outcome=Outcome.REFUSED, why=why, at=at or name.removeprefix("*."))


def _permitted(name: str, why: str, at: str = "") -> Case:
    return Case(name=name, outcome=Outcome.PERMITTED, why=why, at=at)


def _failed(name: str, why: str) -> Case:
    return Case(name=name, outcome=Outcome.FAILED, why=why, at=name)


_BASIC = f"basic.{SUITE}"

SUITE_CASES = (
    _refused(f"empty.{_BASIC}", "a lone semicolon permits nobody"),
    _refused(f"deny.{_BASIC}", "another issuer"),
    _refused(f"big.{_BASIC}", "another issuer among 1001 records, which takes TCP"),
    _refused(f"critical1.{_BASIC}", "an unknown property that is critical"),
    _refused(f"critical2.{_BASIC}", "the same with another flag set, too"),
    _refused(f"sub1.deny.{_BASIC}", "the parent's set", f"deny.{_BASIC}"),
    _refused(f"sub2.sub1.deny.{_BASIC}", "the grandparent's set", f"deny.{_BASIC}"),
    _refused(f"*.deny.{_BASIC}", "issue counts for a wildcard without issuewild"),
    _refused(f"*.deny-wild.{_BASIC}", "issuewild names another issuer"),
    _refused(f"cname-deny.{_BASIC}", "the set at a CNAME's target"),
    _refused(f"cname-cname-deny.{_BASIC}", "the set at the end of two CNAMEs"),
    _refused(f"sub1.cname-deny.{_BASIC}", "the parent is a CNAME", f"cname-deny.{_BASIC}"),
    _permitted(f"dname-deny.{_BASIC}", "a DNAME moves what is below it, not itself (RFC 8659 3)"),
    _permitted(f"cname-deny-sub.{_BASIC}", "a target's parents do not count (RFC 8659 3)"),
    _permitted(f"cname-loop.{_BASIC}", "a CNAME to a name below itself that is not there"),
    _refused(f"deny.permit.{_BASIC}", "a refusal below a permission"),
    _refused(f"xss.{SUITE}", "a script is no issuer's name"),
    _permitted(f"auto-www-san.{SUITE}", "nothing is set"),
    _refused(f"www.auto-www-san.{SUITE}", "the name beside it is looked up for itself"),
    _permitted(
        f"www.auto-base-san.{SUITE}", "its own set permits us", f"www.auto-base-san.{SUITE}"
    ),
    _refused(f"auto-base-san.{SUITE}", "the name above it is looked up for itself"),
    _failed(f"blackhole.{SIGNED}", "the only name server never answers"),
    _failed(f"servfail.{SIGNED}", "the name servers answer SERVFAIL"),
    _failed(f"refused.{SIGNED}", "the name servers answer REFUSED"),
)

#: No CAA record, but signatures that have expired or are missing below a signed delegation.
SIGNATURE_CASES = (
    _failed(f"expired.{SIGNED}", "the signatures have expired"),
    _failed(f"missing.{SIGNED}", "the signatures are missing"),
)

#: Its one name server has an IPv6 address only.
IPV6_ONLY = _refused(f"ipv6only.{SUITE}", "another issuer")

OWN_CASES = (
    _refused(f"upper.{MORE}", "the tag in capital letters"),
    _refused(f"mixed.{MORE}", "the tag in letters of both cases"),
    _refused(f"upper-wild.{MORE}", "ISSUE beside an ISSUEWILD that permits us"),
    _permitted(f"*.upper-wild.{MORE}", "ISSUEWILD permits us", f"upper-wild.{MORE}"),
    _permitted(f"both.{MORE}", "issue permits us", f"both.{MORE}"),
    _refused(f"*.both.{MORE}", "issuewild stands instead of issue"),
    _permitted(
        f"deny-wild.{MORE}", "issuewild says nothing about other names", f"deny-wild.{MORE}"
    ),
    _permitted(
        f"critical-known.{MORE}", "issue is known, critical or not", f"critical-known.{MORE}"
    ),
    _permitted(f"unknown.{MORE}", "an unknown property that is not critical", f"unknown.{MORE}"),
    _permitted(f"iodef.{MORE}", "a set that restricts nobody", f"iodef.{MORE}"),
    _refused(f"*.sub.deny.{MORE}", "a wildcard climbs from its base", f"deny.{MORE}"),
    _refused(f"cname-big.{MORE}", "a CNAME to a set of 1001 records"),
    _refused(f"chain0.{MORE}", "eight CNAMEs in a row"),
    _failed(f"longchain0.{MORE}", "nine CNAMEs in a row"),
    _failed(f"circle1.{MORE}", "CNAMEs in a circle"),
    _permitted(f"dangling.{MORE}", "a CNAME to a name that is not there"),
    _permitted(f"unregistered.{MORE}", "a CNAME into a domain that is not registered"),
    _refused(f"dangling.deny.{MORE}", "as before, but the parent has a set", f"deny.{MORE}"),
    _failed(f"to-blackhole.{MORE}", "a CNAME to a name whose server never answers"),
    _refused(f"www.dname.{MORE}", "the set where a DNAME moves the name"),
    _permitted(f"dname.{MORE}", "the DNAME's own name is not moved"),
    _failed(f"www.dloop1.{MORE}", "DNAMEs in a circle"),
    _permitted(f"account.{MORE}", "its accounturi is the one that asks", f"account.{MORE}"),
    _refused(f"other-account.{MORE}", "its accounturi is another's"),
    _permitted(f"method.{MORE}", "its validationmethods name the method used", f"method.{MORE}"),
    _refused(f"other-method.{MORE}", "its validationmethods name another method"),
    _refused(f"split.{MORE}", "one of two servers shows a set that refuses"),
    _failed(f"sub.blackhole.{MORE}", "a name in a zone whose server never answers"),
)


_OTHER = '0 issue "other.example.net"'
_BIG = tuple(f'0 test{number} "test"' for number in range(BIG_SET - 1))
_SUITE_OTHER = f'0 issue "{SUITE}"'

#: Owner (below caatestsuite.com), type, data.
SUITE_RECORDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("empty.basic", "CAA", ('0 issue ";"',)),
    ("deny.basic", "CAA", (_SUITE_OTHER,)),
    ("big.basic", "CAA", (*_BIG, _SUITE_OTHER)),
    ("critical1.basic", "CAA", ('128 caatestsuitedummyproperty "test"',)),
    ("critical2.basic", "CAA", ('130 caatestsuitedummyproperty "test"',)),
    ("deny-wild.basic", "CAA", (f'0 issuewild "{SUITE}"',)),
    ("cname-deny.basic", "CNAME", (f"deny.{_BASIC}.",)),
    ("cname-cname-deny.basic", "CNAME", (f"cname-deny.{_BASIC}.",)),
    ("dname-deny.basic", "DNAME", (f"deny.{_BASIC}.",)),
    ("cname-deny-sub.basic", "CNAME", (f"sub.deny.{_BASIC}.",)),
    ("cname-loop.basic", "CNAME", (f"sub.cname-loop.{_BASIC}.",)),
    ("permit.basic", "CAA", (f'0 issue "{OURS}"',)),
    ("deny.permit.basic", "CAA", (_SUITE_OTHER,)),
    ("xss", "CAA", ("0 issue \"<script>alert('Wheeeeee')</script>\"",)),
    ("auto-www-san", "A", ("192.0.2.1",)),
    ("www.auto-www-san", "CAA", (_SUITE_OTHER,)),
    ("auto-base-san", "CAA", (_SUITE_OTHER,)),
    ("www.auto-base-san", "CAA", (f'0 issue "{OURS}"',)),
    ("nsipv6", "AAAA", ("::1",)),
    ("ipv6only", "NS", (f"nsipv6.{SUITE}.",)),
)

_ACCOUNT = "acct:7@ca.example.net"
METHOD, ACCOUNT = "ca-tbr-7", _ACCOUNT

#: Owner (below more.example.com), type, data.
OWN_RECORDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("upper", "CAA", ('0 ISSUE "other.example.net"',)),
    ("mixed", "CAA", ('0 IsSuE "other.example.net"',)),
    ("upper-wild", "CAA", ('0 ISSUE "other.example.net"', f'0 ISSUEWILD "{OURS}"')),
    ("both", "CAA", (f'0 issue "{OURS}"', '0 issuewild "other.example.net"')),
    ("deny-wild", "CAA", ('0 issuewild ";"',)),
    ("critical-known", "CAA", (f'128 issue "{OURS}"', '128 iodef "mailto:a@example.com"')),
    ("unknown", "CAA", ('0 somethingelse "x"', f'0 issue "{OURS}"')),
    ("iodef", "CAA", ('0 iodef "mailto:security@example.com"',)),
    ("deny", "CAA", (_OTHER, '0 iodef "mailto:security@example.com"')),
    ("big", "CAA", (*_BIG, _OTHER)),
    ("cname-big", "CNAME", (f"big.{MORE}.",)),
    *((f"chain{n}", "CNAME", (f"chain{n + 1}.{MORE}.",)) for n in range(7)),
    ("chain7", "CNAME", (f"deny.{MORE}.",)),
    *((f"longchain{n}", "CNAME", (f"longchain{n + 1}.{MORE}.",)) for n in range(8)),
    ("longchain8", "CNAME", (f"deny.{MORE}.",)),
    ("circle1", "CNAME", (f"circle2.{MORE}.",)),
    ("circle2", "CNAME", (f"circle1.{MORE}.",)),
    ("dangling", "CNAME", (f"nowhere.{MORE}.",)),
    ("unregistered", "CNAME", ("www.unregistered.com.",)),
    ("dangling.deny", "CNAME", ("www.unregistered.com.",)),
    ("to-blackhole", "CNAME", (f"blackhole.{SIGNED}.",)),
    ("dname", "DNAME", (f"moved.{MORE}.",)),
    ("www.moved", "CAA", (_OTHER,)),
    ("dloop1", "DNAME", (f"dloop2.{MORE}.",)),
    ("dloop2", "DNAME", (f"dloop1.{MORE}.",)),
    ("account", "CAA", (f'0 issue "{OURS}; accounturi={_ACCOUNT}"',)),
    ("other-account", "CAA", (f'0 issue "{OURS}; accounturi=acct:8@ca.example.net"',)),
    ("method", "CAA", (f'0 issue "{OURS}; validationmethods=dns-01,{METHOD}"',)),
    ("other-method", "CAA", (f'0 issue "{OURS}; validationmethods=http-01"',)),
    ("blackhole", "NS", (f"ns.blackhole.{MORE}.",)),
)

#: What the two name servers of more.example.com show at the name "split", each a set of its own.
SPLIT = (f'0 issue "{OURS}"', '0 issue ";"')
