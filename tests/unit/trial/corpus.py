"""A corpus of orders and reissues made by dice: good ones, and ones with any mix of faults."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from tests.builders import MOMENT, an_account
from tests.builders_accounts import a_domain_proof, an_organization
from tests.builders_keys import a_blocked_key, a_list_of_known_keys
from tests.builders_organizations import a_validated_organization
from tests.builders_people import a_container
from tests.builders_pki import a_csr_pem, a_key
from tests.unit.api.driving import Api
from tests.unit.api.material import issue, timed_out
from vouchsafe.domain.accounts import Role
from vouchsafe.domain.blocked_keys import key_hash
from vouchsafe.domain.certificate_name import CertificateName
from vouchsafe.domain.csr import parse_csr
from vouchsafe.domain.issuers import Trust
from vouchsafe.domain.known_keys import KeyList
from vouchsafe.domain.metadata import MetadataField
from vouchsafe.domain.organization import OrganizationCheck
from vouchsafe.domain.policy_lists import PolicyLists
from vouchsafe.domain.profile_rules import parse_profile_rules

MANAGERS_KEY = "a-key-of-a-manager"
_NAMES = (
    "www.example.com",
    "example.com",
    "shop.example.com",
    "*.shop.example.com",
    "*.example.com",
    "a.other.example",
    "www.example.co.uk",
    "bücher.example",
    "co.uk",
    "localhost",
    "-bad-.example.com",
    "192.0.2.1",
    "",
)
#: The good ones come up more often than the others.
_PRODUCTS = (
    "ssl_dv_geotrust_flex",
    "ssl_dv_geotrust_flex",
    "ssl_dv_geotrust",
    "wildcard_dv_geotrust",
    "ssl_basic",
    "ssl_plus",
    "ssl_ev_basic",
    "advanced_dv",
    "advanced_ov",
    "cloud_basic",
    "cloud_basic",
)
#: What a deployment narrows of the profiles; mostly nothing.
_RULES = (
    "",
    "",
    "",
    "curves=p-384",
    "wildcards=no,cloud_basic.max_days=20",
    "dv.rsa=no,ov.max_days=30",
)
_METHODS = (None, "dns-txt-token", "dns-txt-token", "dns-cname-token", "http-token", "email", "fax")
_VALIDITIES: tuple[dict[str, Any], ...] = (
    {"order_validity": {"years": 1}},
    {"order_validity": {"years": 1}},
    {"order_validity": {"days": 90}},
    {"order_validity": {"custom_expiration_date": "2027-02-01"}},
    {"order_validity": {"custom_expiration_date": "2001-02-01"}},
    {"order_validity": {"years": 9}},
    {"validity_years": 2},
    {"validity_days": -4},
    {},
)
_ORGANIZATIONS: tuple[Any, ...] = (
    None,
    {"id": 601},
    {"id": 601},
    {"id": 602},
    {"id": 999},
    {"id": "many"},
    {"name": "New Ltd"},
    {
        "name": "New Ltd",
        "country": "gb",
        "address": "1 High Street",
        "city": "York",
        "telephone": "+44 1904 000000",
        "organization_contact": {
            "first_name": "Ada",
            "last_name": "Example",
            "email": "ada@example.com",
            "telephone": "+44 1904 000000",
        },
    },
)
_CERTIFICATE_NAMES = (None, "web-shop", "taken", "TAKEN", "1", "has space")
_CONTAINERS = (None, None, {"id": 3}, {"id": 31}, {"id": 77}, {"id": "x"})
_FIELDS = (
    None,
    [{"metadata_id": 1, "value": "cost centre 5"}],
    [{"metadata_id": 1, "value": ""}],
    [{"value": 2}],
    "none",
)
_HASHES = (None, "sha256", "sha384", "md5")


@cache
def _requests() -> Mapping[str, str]:
    """Requests by what is special about them."""
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "www.example.com"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Example Holdings Ltd"),
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(x509.NameOID.STATE_OR_PROVINCE_NAME, "North Yorkshire"),
            x509.NameAttribute(x509.NameOID.LOCALITY_NAME, "York"),
        ]
    )
    good = a_csr_pem()
    label = "CERTIFICATE REQUEST"
    return {
        "good": good,
        "of an organization": a_csr_pem(subject=subject),
        "p384": a_csr_pem(key=a_key("p384")),
        "rsa": a_csr_pem(key=a_key("rsa2048")),
        "blocked": a_csr_pem(key=a_key(label="blocked")),
        "publicly known": a_csr_pem(key=a_key(label="known")),
        "forged": good.replace(good[200:204], "AAAA"),
        "no request": f"-----BEGIN {label}-----\nAAAA\n-----END {label}-----",
        "empty": "",
    }


@cache
def _blocked() -> str:
    return key_hash(parse_csr(_requests()["blocked"]).public_key)


@cache
def _known() -> KeyList:
    known = a_key(label="known").public_key()
    assert isinstance(known, ec.EllipticCurvePublicKey)
    return KeyList(a_list_of_known_keys(known.public_numbers().x))


def a_world(dice: random.Random) -> Api:
    """An account with rules, organizations, proofs and a deployment thrown by `dice`."""
    api = Api()
    api.settings = replace(
        api.settings,
        issuer_trust=dice.choice([Trust.PRIVATE, Trust.PRIVATE, Trust.PUBLIC]),
        profile_rules=parse_profile_rules(dice.choice(_RULES)),
    )
    api.known_keys = _known()
    required = dice.random() < 0.3
    account = an_account(
        orders_need_approval=dice.random() < 0.4,
        may_skip_approval=dice.random() < 0.7,
        metadata=(MetadataField(metadata_id=1, label="Cost", required=required),),
    )
    checks = dice.choice([OrganizationCheck.OV, OrganizationCheck.EV])
    api.book.records.update({key: account for key in _keys_of(api, account)})
    api.book.commit(
        a_container(),
        a_validated_organization(checks),
        an_organization(organization_id=602, name="Unproven Ltd"),
        a_blocked_key(spki_sha256=_blocked()),
        PolicyLists(denied_names=("other.example",), version=1, set_at=MOMENT, operator_id=9),
    )
    for domain in dice.sample(["example.com", "shop.example.com", "other.example"], k=2):
        if dice.random() < 0.5:
            api.book.commit(a_domain_proof(domain))
    api.add_key(MANAGERS_KEY, key_id=98, role=Role.MANAGER)
    if dice.random() < 0.3:
        name = dice.choice(["www.example.com", "example.com"])
        api.world.caa[name] = (0, "issue", dice.choice(["other.example", "ca.example.net"]))
    return api


def _keys_of(api: Api, account: Any) -> Sequence[Any]:
    """Where the book has the account."""
    kind, number = type(account), account.account_id
    return [
        key
        for key, record in api.book.records.items()
        if isinstance(record, kind) and record.account_id == number
    ]


def ended(api: Api) -> None:
    """Order 1001 came to nothing, and gave its name back."""
    timed_out(api)


def with_taken_name(api: Api) -> None:
    """Order 1001, issued, has the certificate name `taken`."""
    issue(api, certificate_name="taken")
    api.book.commit(CertificateName(account_id=1, name="taken", order_id=1001))


def a_body(dice: random.Random) -> tuple[str, dict[str, Any]]:
    """A product and a body for it: thrown as a whole, or a good one with a few fields thrown."""
    product, thrown = dice.choice(_PRODUCTS), _thrown(dice)
    if dice.random() < 0.5:
        return product, thrown
    wild = product.startswith("wildcard")
    body: dict[str, Any] = {
        "certificate": {
            "common_name": "*.example.com" if wild else "www.example.com",
            "dns_names": ["example.com"],
            "csr": _requests()["of an organization"],
        },
        "order_validity": {"years": 1},
        "dcv_method": "dns-txt-token",
        "organization": {"id": 601},
        "certificate_name": "web-shop",
        "custom_fields": [{"metadata_id": 1, "value": "cost centre 5"}],
    }
    if product == "cloud_basic":
        del body["certificate"]["csr"]
        body["dcv_method"] = "dns-cname-token"
    for field in dice.sample(sorted(thrown), k=min(dice.choice([0, 0, 1, 1, 2]), len(thrown))):
        body[field] = thrown[field]
    return product, body


def _thrown(dice: random.Random) -> dict[str, Any]:
    body: dict[str, Any] = {"certificate": a_certificate_part(dice)}
    body |= dice.choice(_VALIDITIES)
    choices = {
        "dcv_method": _METHODS,
        "organization": _ORGANIZATIONS,
        "certificate_name": _CERTIFICATE_NAMES,
        "container": _CONTAINERS,
        "custom_fields": _FIELDS,
        "skip_approval": (None, True, False),
        "comments": (None, "please"),
        "dcv_emails": (
            None,
            None,
            [{"dns_name": "www.example.com", "email_domain": "example.com", "email": "x@y.z"}],
        ),
    }
    for field, values in choices.items():
        value = dice.choice(values)
        if value is not None and dice.random() < _weight(field):
            body[field] = value
    return body


def _weight(field: str) -> float:
    return {"dcv_method": 0.95, "organization": 0.6, "certificate_name": 0.5}.get(field, 0.25)


def a_certificate_part(dice: random.Random) -> dict[str, Any]:
    """The certificate part of a body."""
    good = dice.random() < 0.6
    names = _NAMES[:4] if good else _NAMES
    kinds = ["good", "of an organization", "p384", "rsa"] if good else list(_requests())
    part: dict[str, Any] = {
        "common_name": dice.choice(names),
        "dns_names": dice.choices(names, k=dice.randrange(3)),
        "csr": _requests()[dice.choice(kinds)],
    }
    if wanted := dice.choice(_HASHES[:2] if good else _HASHES):
        part["signature_hash"] = wanted
    if not good:
        for field in list(part):
            if dice.random() < 0.08:
                del part[field]
    return part


def an_again_body(dice: random.Random) -> dict[str, Any]:
    """The body of a reissue or duplicate."""
    part = a_certificate_part(dice)
    if dice.random() < 0.5:
        part |= {"common_name": "www.example.com", "dns_names": ["example.com"]}
    if dice.random() < 0.9:
        part["server_platform"] = {"id": 45}
    if dice.random() < 0.2:
        part["cert_validity"] = dice.choice([{"days": 30}, {"days": -1}, {"years": 1}])
    body: dict[str, Any] = {"certificate": part}
    if dice.random() < 0.4:
        body["skip_approval"] = True
    return body


def unsettle(api: Api, dice: random.Random) -> None:
    """Maybe something about order 1001 that forbids a further certificate."""
    api.book.allocate(certificates=5100)  # newer ones have larger numbers
    if dice.random() < 0.1:
        api.clock.advance(timedelta(days=4000))
    if dice.random() < 0.1:
        part = {"common_name": "www.example.com", "csr": _requests()["good"]}
        body = {"certificate": part | {"dns_names": [], "server_platform": {"id": 45}}}
        api.call("POST", "order/certificate/1001/reissue", body)
