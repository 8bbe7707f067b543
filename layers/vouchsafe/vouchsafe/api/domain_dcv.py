"""How control of a domain is shown: its methods, its value, a look at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dependencies import DomainsApi
from ..domain.authorization import DcvMethodName
from ..domain.domains import CheckResult, Domain, DomainCheck
from ..domain.errors import ErrorCode, Flaw, VouchsafeError, invalid
from ..domain.methods import ENGINES
from ..services.domain_records import read_domain
from ..services.domain_values import look_now, renew_value
from ..services.idempotency import OnceOnly, used
from .call import Answer, Call, answer_json, told
from .dialect import METHOD_WORDS, METHODS
from .domain_reading import Reading, default_method, read_method
from .domain_rows import dcv_token
from .domain_schemas import DomainCheckBody, DomainMethodBody
from .idempotency import once_only
from .paging import without_nothing
from .reading import validated

_ABOUT: Mapping[DcvMethodName, tuple[str, str]] = {
    DcvMethodName.EMAIL: ("Email", "A mail to a mailbox of the domain."),
    DcvMethodName.DNS_CNAME: ("DNS CNAME", "A CNAME record at a label that is the value."),
    DcvMethodName.DNS_TXT: ("DNS TXT", "A TXT record that is the value."),
    DcvMethodName.HTTP_FILE: ("HTTP", "A file on the web server of exactly this name."),
}
#: The vendor's sentence for a value that is not there, and the subject that names its code.
_ABSENT: Mapping[DcvMethodName, tuple[str, str]] = {
    DcvMethodName.DNS_TXT: (
        "invalid_dns_txt",
        "Could not find a valid TXT record for one or more domains.",
    ),
    DcvMethodName.DNS_CNAME: (
        "invalid_dns_cname",
        "Could not find a valid CNAME record for one or more domains.",
    ),
    DcvMethodName.HTTP_FILE: (
        "file_random_value_not_found",
        "Could not find the random value at the expected file location for one or more domains.",
    ),
}


def list_methods(call: Call, deps: DomainsApi) -> Answer:
    """GET domain/dcv/method: those in service."""
    del call, deps
    rows = [
        {
            "name": METHOD_WORDS[method],
            "display_name": name,
            "description": description,
            "default": method is default_method(),
        }
        for method, (name, description) in _ABOUT.items()
        if method in ENGINES
    ]
    return answer_json({"methods": rows})


def change_method(call: Call, deps: DomainsApi) -> Answer:
    """PUT domain/{id}/dcv/method: a new value to be published another way; the old one is void."""
    number = call.number("domain")
    read_domain(number, call.principal, domains=deps.domains)
    body, warnings = validated(DomainMethodBody, call.body())
    reading = Reading()
    if not body.dcv_method:
        reading.add("dcv_method", "is required")
        reading.refuse()
    method = read_method(body.dcv_method, None, reading)
    reading.refuse()
    if method is not DcvMethodName.EMAIL and body.send_dcv_email_flag:
        warnings.append("send_dcv_email_flag: is ignored: the domain is not proven by e-mail")
    return _with_value(_renewed(call, deps, method, None), deps, warnings, 200)


def new_token(call: Call, deps: DomainsApi) -> Answer:
    """POST domain/{id}/dcv/token: a new value; the old one is void."""

    def answer(domain: Domain) -> Answer:
        return _with_value(domain, deps, [], 201)

    return answer(_renewed(call, deps, None, once_only(call, answer)))


def _renewed(
    call: Call, deps: DomainsApi, method: DcvMethodName | None, once: OnceOnly[Domain] | None
) -> Domain:
    return renew_value(
        call.number("domain"),
        call.principal,
        method=method,
        first_gap=deps.settings.first_gap,
        once=once,
        ledger=deps.ledger,
        domains=deps.domains,
        clock=deps.clock,
        entropy=deps.entropy,
    )


def _with_value(domain: Domain, deps: DomainsApi, warnings: list[str], status: int) -> Answer:
    token = dcv_token(domain, deps.settings.dcv_domain or "")
    return answer_json({"id": domain.domain_id} | token | told(warnings), status)


def validate_token(call: Call, deps: DomainsApi) -> Answer:
    """PUT domain/{id}/dcv/validate-token: look now, and say what was seen."""
    number = call.number("domain")
    read_domain(number, call.principal, domains=deps.domains)
    body, warnings = validated(DomainCheckBody, call.optional_body())
    method = METHODS.get((body.dcv_method or "").lower())
    if body.dcv_method and method is None:
        raise invalid(Flaw("dcv_method", f"must be one of {', '.join(METHODS)}"))
    domain, check = look_now(
        number,
        call.principal,
        given_value=body.token,
        given_method=method,
        domains=deps.domains,
        checker=deps.checker,
        clock=deps.clock,
    )
    if check.result is CheckResult.ABSENT:
        raise _absent(domain, check)
    return answer_json(_checked(domain, check) | told(warnings))


def validate_cname(call: Call, deps: DomainsApi) -> Answer:
    """PUT domain/{id}/dcv/cname: an older name of the check, for any method."""
    return validate_token(call, deps)


def post_cname(call: Call, deps: DomainsApi) -> Answer:
    """POST domain/{id}/dcv/cname: an older name still; being a POST, it is done once for a key."""
    answer = validate_token(call, deps)
    once: OnceOnly[Answer] | None = once_only(call, lambda made: made)
    if once is not None:
        deps.ledger.commit(*used(once, answer, deps.clock.now()))
    return answer


def _absent(domain: Domain, check: DomainCheck) -> VouchsafeError:
    subject, sentence = _ABSENT[domain.method]
    detail = " ".join(filter(None, (sentence, check.explanation, check.advice)))
    return VouchsafeError(ErrorCode.INVALID, detail, subject=subject)


def _checked(domain: Domain, check: DomainCheck) -> dict[str, Any]:
    assert domain.random_value is not None
    proven = check.result is CheckResult.PROVEN
    return without_nothing(
        {
            "token": domain.random_value.value,
            "status": "active" if proven else "inactive",
            "cause": check.cause or None,
            "explanation": check.explanation or None,
            "advice": check.advice or None,
        }
    )
