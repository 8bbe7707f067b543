"""Taking out a key that the service made: who may, in which form, and what stays of it here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_pem_private_key,
    pkcs12,
)

from tests.builders import a_user, an_issuer_record
from tests.managed_material import CERTIFICATE, PASSPHRASE, Shelf, issue_managed
from tests.unit.api.driving import OTHERS_KEY, Api
from tests.unit.api.material import issue
from vouchsafe.domain.accounts import Restriction, Role, User
from vouchsafe.domain.certificate import CertificateStatus
from vouchsafe.domain.changes import Change, ChangeKind
from vouchsafe.domain.dossier import IdempotencyRecord
from vouchsafe.domain.managed_keys import ManagedKey
from vouchsafe.settings import Settings, Stage

PATH = f"certificate/{CERTIFICATE}/private_key/export"
OFF = Settings(stage=Stage.LOCAL, dcv_domain="dcv.example", managed_keys=False)


def with_key(api: Api | None = None, **changed: Any) -> tuple[Api, bytes]:
    """An issued order of cloud_basic; the private key of its certificate."""
    api = api or Api()
    api.book.commit(an_issuer_record())
    private = issue_managed(Shelf(api.book, api.store, api.keys), **changed)
    api.tripwire.calls.clear()
    return api, private


def body(**changed: Any) -> dict[str, Any]:
    return {"format": "pem", "passphrase": PASSPHRASE} | changed


def exports(api: Api) -> list[Change]:
    changes = [record for key, record in api.book.records.items() if key[0] is Change]
    return [change for change in changes if change.kind is ChangeKind.KEY_EXPORTED]


@pytest.mark.parametrize("compatible", [False, True])
def test_a_pkcs12_file_has_the_key_and_its_chain(compatible: bool) -> None:
    api, private = with_key()
    reply = api.call("POST", PATH, body(format="PKCS12", compatible=compatible))
    assert reply.status == 200, reply.content
    assert reply.headers["Content-Type"] == "application/x-pkcs12"
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{CERTIFICATE}_key.p12"'
    assert reply.headers["Cache-Control"] == "private, no-store"
    found = pkcs12.load_pkcs12(reply.content, PASSPHRASE.encode())
    assert found.key is not None and found.cert is not None
    assert found.key.private_numbers() == numbers(private)  # type: ignore[union-attr]
    assert len(found.additional_certs) == 1


def test_a_pem_file_has_them_too() -> None:
    api, private = with_key()
    reply = api.call("POST", PATH, body())
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/x-pem-file")
    key = load_pem_private_key(reply.content, PASSPHRASE.encode())
    assert key.private_numbers() == numbers(private)  # type: ignore[union-attr]
    assert reply.content.count(b"BEGIN CERTIFICATE") == 2


def numbers(private: bytes) -> Any:
    return load_der_private_key(private, None).private_numbers()  # type: ignore[union-attr]


def test_every_export_is_on_record_with_who_and_how_and_nothing_else() -> None:
    api, private = with_key()
    api.call("POST", PATH, body())
    api.call("POST", PATH, body(format="pkcs12", compatible=True))
    first, second = sorted(exports(api), key=lambda change: change.data["format"])
    assert (first.actor, first.certificate_id, first.order_id) == ("user 7", CERTIFICATE, 1006)
    key_id = next(iter({change.data["key_id"] for change in (first, second)}))
    common = {"key_id": key_id, "product": "cloud_basic"}
    assert first.data == common | {"format": "pem", "compatible": False}
    assert second.data == common | {"format": "pkcs12", "compatible": True}
    assert first.subject == f"certificate {CERTIFICATE}"
    assert PASSPHRASE not in repr((first, second)) and PASSPHRASE not in api.log.getvalue()
    assert private[40:72].hex() not in api.log.getvalue()


def test_nothing_leaves_when_it_cannot_be_recorded() -> None:
    api, _ = with_key()
    at = 1 + len(called(api))
    again, _ = with_key()
    again.tripwire.at = at  # the commit
    with pytest.raises(BaseException, match="ledger.commit"):
        again.call("POST", PATH, body())


def called(api: Api) -> list[str]:
    """The calls before the commit."""
    api.call("POST", PATH, body())
    calls = api.tripwire.calls
    assert calls[-1] == "ledger.commit"
    return calls[:-1]


def test_it_takes_six_calls_and_the_commit() -> None:
    api, _ = with_key()
    assert called(api) == [
        "accounts.key",
        "ledger.order_of_certificate",
        "managed.managed_key",
        "store.get",
        "issuers.get",
        "keys.open",
    ]


def test_an_idempotency_key_keeps_nothing() -> None:
    api, _ = with_key()
    headers = {"Idempotency-Key": "once"}
    for count in (1, 2):
        assert api.call("POST", PATH, body(), headers=headers).status == 200
        assert len(exports(api)) == count
    assert not [key for key in api.book.records if key[0] is IdempotencyRecord]
    assert "ledger.idempotency" not in api.tripwire.calls


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"format": None}, "format"),
        ({"format": "der"}, "format"),
        ({"passphrase": None}, "passphrase"),
        ({"passphrase": "too short"}, "passphrase"),
        ({"passphrase": ["correct horse battery"]}, "passphrase"),
        ({"passphrase": 123456789012}, "passphrase"),
        ({"compatible": True}, "compatible"),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(changed: dict[str, Any], field: str) -> None:
    api, _ = with_key()
    reply = api.call("POST", PATH, body(**changed))
    assert (reply.status, reply.codes) == (400, [f"invalid_field|{field}"])
    assert str(changed.get("passphrase")) not in reply.content.decode()
    assert exports(api) == []


def test_all_that_is_wrong_is_named_at_once() -> None:
    reply = with_key()[0].call("POST", PATH, {})
    assert reply.codes == ["invalid_field|format", "invalid_field|passphrase"]


def test_a_passphrase_in_the_address_is_refused() -> None:
    api, _ = with_key()
    reply = api.call("POST", PATH, body(), query={"passphrase": PASSPHRASE})
    assert (reply.status, reply.codes) == (400, ["invalid_field|passphrase"])
    assert PASSPHRASE not in reply.content.decode()


def test_another_accounts_key_is_not_there() -> None:
    api, _ = with_key()
    foreign = api.call("POST", PATH, body(), key=OTHERS_KEY)
    unknown = api.call("POST", PATH.replace("5006", "5999"), body(), key=OTHERS_KEY)
    assert (foreign.status, foreign.codes) == (404, ["not_found|certificate"])
    assert foreign.content == unknown.content


def test_a_customers_own_key_was_never_here() -> None:
    api = Api()
    issue(api)
    reply = api.call("POST", "certificate/5001/private_key/export", body())
    assert (reply.status, reply.codes) == (400, ["invalid_status|certificate"])
    assert "never had it" in reply.json["errors"][0]["message"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"status": CertificateStatus.REVOKED}, "invalid_status|certificate"),
        ({"status": CertificateStatus.PENDING, "issued": None}, "certificate_not_issued"),
        (
            {"status": CertificateStatus.PENDING, "issued": None, "csr": b""},
            "certificate_not_issued",
        ),
        ({"status": CertificateStatus.CANCELLED, "issued": None}, "certificate_not_issued"),
    ],
)
def test_without_a_certificate_in_force_there_is_no_key(changed: dict[str, Any], code: str) -> None:
    api, _ = with_key(**changed)
    reply = api.call("POST", PATH, body())
    assert (reply.status, reply.codes) == (400, [code])
    assert exports(api) == []
    assert "keys.open" not in api.tripwire.calls


def test_the_key_of_an_expired_certificate_stays_here() -> None:
    api, _ = with_key()
    api.clock.advance(timedelta(days=89))
    assert api.call("POST", PATH, body()).status == 200
    api.clock.advance(timedelta(days=1))
    reply = api.call("POST", PATH, body())
    assert (reply.status, reply.codes) == (400, ["invalid_status|certificate"])


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        (Role.ADMINISTRATOR, 200, 200),
        (Role.MANAGER, 200, 403),
        (Role.FINANCE_MANAGER, 403, 403),
        (Role.STANDARD_USER, 200, 403),
        (Role.LIMITED_USER, 200, 403),
    ],
)
def test_who_ordered_it_may_and_administrators(role: Role, own: int, others: int) -> None:
    for orderer, status in ((7, own), (12, others)):
        api, _ = with_key(order={"user_id": orderer})
        api.book.records[User, 1, 7] = a_user(role=role)
        api.add_key("the-role's-key", role=role)
        reply = api.call("POST", PATH, body(), key="the-role's-key")
        assert reply.status == status, reply.content
        assert len(exports(api)) == (status == 200)


RESTRICTED = [each for each in Restriction if each is not Restriction.NONE]


@pytest.mark.parametrize("restriction", RESTRICTED)
def test_a_restricted_key_takes_no_key_out(restriction: Restriction) -> None:
    api, _ = with_key()
    api.add_key("a-restricted-key", restriction=restriction)
    assert api.call("POST", PATH, body(), key="a-restricted-key").status == 403


def test_where_it_is_switched_off_no_key_leaves() -> None:
    api, _ = with_key(Api(settings=OFF))
    reply = api.call("POST", PATH, body())
    assert (reply.status, reply.codes) == (403, ["access_denied|managed_keys_off"])
    assert "not made by the service" in reply.json["errors"][0]["message"]
    assert exports(api) == []


def test_a_key_that_is_not_the_certificates_is_never_handed_out() -> None:
    api, _ = with_key()
    issue_managed(Shelf(api.book, api.store, api.keys), order_id=1007, certificate_id=5007)
    other = api.keys.open(api.book.records[ManagedKey, 5007])
    kept = api.book.records[ManagedKey, CERTIFICATE]
    wrapped = api.keys.wrap(other, {"order": "1006", "certificate": "5006"})
    api.book.records[ManagedKey, CERTIFICATE] = replace(kept, wrapped=wrapped)
    assert api.call("POST", PATH, body()).status == 500
    assert exports(api) == []


def test_a_key_kept_for_another_certificate_does_not_open() -> None:
    api, _ = with_key()
    issue_managed(Shelf(api.book, api.store, api.keys), order_id=1007, certificate_id=5007)
    kept, other = (api.book.records[ManagedKey, number] for number in (CERTIFICATE, 5007))
    api.book.records[ManagedKey, CERTIFICATE] = replace(kept, wrapped=other.wrapped)
    assert api.call("POST", PATH, body()).status == 500
