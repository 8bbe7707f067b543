"""The stored keys and indexes of the table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.builders import MOMENT, a_certificate, a_change, a_request, an_order
from tests.builders_accounts import a_domain_proof, an_organization
from tests.builders_domains import a_domain, an_approval, with_row
from tests.contracts.aws import TABLE
from tests.contracts.conftest import adapters
from vouchsafe.adapters.dynamodb import DynamoFeed, DynamoLedger, DynamoNameIndex
from vouchsafe.domain.certificate import CertificateStatus, Issued
from vouchsafe.domain.domains import ProofHold
from vouchsafe.domain.expiry import LadderCursor, Reminded
from vouchsafe.domain.order import Glance, OrderStatus
from vouchsafe.domain.revocation import RevocationReason, RevokedSerial


def keys_of(dynamodb: Any, pk: str, sk: str) -> dict[str, str]:
    item = dynamodb.get_item(TableName=TABLE, Key={"pk": {"S": pk}, "sk": {"S": sk}})["Item"]
    return {name: item[name]["S"] for name in item if name.startswith("gsi")}


class TestKeys:
    """Stored keys are for good: a change here needs a migration."""

    def test_an_order_is_listed_by_account_and_by_status(self, dynamodb: Any) -> None:
        DynamoLedger(dynamodb, TABLE).commit(an_order())
        assert keys_of(dynamodb, "ORDER#1001", "ORDER") == {
            "gsi1pk": "ACCOUNT#1#ORDERS",
            "gsi1sk": "2026-11-21T12:00:00.000000Z#1001",
            "gsi2pk": "ACCOUNT#1#ORDERS#pending",
            "gsi2sk": "2026-11-21T12:00:00.000000Z#1001",
        }

    def test_a_valid_order_stands_in_the_day_its_term_ends(self, dynamodb: Any) -> None:
        DynamoLedger(dynamodb, TABLE).commit(an_order(status=OrderStatus.VALID))
        found = keys_of(dynamodb, "ORDER#1001", "ORDER")
        assert found["gsi3pk"] == "TERM#2027-11-21#1"
        assert found["gsi3sk"] == "2027-11-21T12:00:00.000000Z#1001"

    def test_a_certificate_moves_from_work_to_its_day_of_expiry(self, dynamodb: Any) -> None:
        ledger = DynamoLedger(dynamodb, TABLE)
        ledger.commit(a_certificate())
        assert keys_of(dynamodb, "ORDER#1001", "CERT#5001") == {
            "gsi3pk": "WORK#1",
            "gsi3sk": "2026-11-21T12:01:00.000000Z#5001",
        }
        issued = Issued(
            serial=1,
            issuer_id="i",
            shard=0,
            sha1="",
            sha256="",
            not_before=MOMENT,
            not_after=MOMENT + timedelta(days=30),
            issued_at=MOMENT,
        )
        ledger.commit(a_certificate(version=2, status=CertificateStatus.VALID, issued=issued))
        assert keys_of(dynamodb, "ORDER#1001", "CERT#5001") == {
            "gsi3pk": "EXPIRY#2026-12-21#1",
            "gsi3sk": "2026-12-21T12:00:00.000000Z#5001",
        }
        ledger.commit(a_certificate(version=3, status=CertificateStatus.REVOKED, issued=issued))
        assert keys_of(dynamodb, "ORDER#1001", "CERT#5001") == {}

    def test_a_change_passed_on_leaves_its_index_and_may_go_in_time(self, dynamodb: Any) -> None:
        DynamoLedger(dynamodb, TABLE).commit(a_change())
        change_id = a_change().change_id
        waiting = keys_of(dynamodb, f"CHANGE#{change_id}", "CHANGE")
        assert waiting["gsi3pk"].startswith("UNNUMBERED#")
        DynamoFeed(dynamodb, TABLE).number(a_change())
        assert keys_of(dynamodb, f"CHANGE#{change_id}", "CHANGE") == waiting
        DynamoFeed(dynamodb, TABLE).pass_on(a_change())
        assert keys_of(dynamodb, f"CHANGE#{change_id}", "CHANGE") == {}
        key = {"pk": {"S": f"CHANGE#{change_id}"}, "sk": {"S": "CHANGE"}}
        item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
        assert int(item["ttl"]["N"]) == int((MOMENT + timedelta(days=90)).timestamp())
        row = {"pk": {"S": "FEED#1"}, "sk": {"S": "000000000001"}}
        assert dynamodb.get_item(TableName=TABLE, Key=row)["Item"]["entity"] == {"S": "feed"}

    def test_a_serial_is_hex_since_a_number_would_lose_digits(self, dynamodb: Any) -> None:
        serial = 2**159 + 1
        line = RevokedSerial(
            issuer_id="ec1",
            shard=2,
            serial=serial,
            revoked_at=MOMENT,
            reason=RevocationReason.SUPERSEDED,
            not_after=MOMENT,
            certificate_id=5001,
            entry=b"\x30\x00",
        )
        DynamoLedger(dynamodb, TABLE).commit(line)
        assert adapters(dynamodb).revocations.line("ec1", 2, serial) == line
        assert keys_of(dynamodb, "CRL#ec1#2", f"REVOKED#{serial:040x}") == {}

    def test_an_organization_stands_with_its_account(self, dynamodb: Any) -> None:
        DynamoLedger(dynamodb, TABLE).commit(an_organization())
        assert keys_of(dynamodb, "ACCOUNT#1", "ORG#601") == {}

    def test_a_domain_stands_with_its_account_its_name_and_its_row(self, dynamodb: Any) -> None:
        DynamoLedger(dynamodb, TABLE).commit(*with_row(a_domain()))
        assert keys_of(dynamodb, "ACCOUNT#1", "DOMAIN#801") == {
            "gsi3pk": "DOMAINWORK#1",
            "gsi3sk": "2026-11-21T12:01:00.000000Z#801",
        }
        assert keys_of(dynamodb, "ACCOUNT#1", "DOMAINNAME#example.com") == {}
        assert keys_of(dynamodb, "DOMAINS#1", "0000000000") == {
            "gsi1pk": "ACCOUNT#1#DOMAINS#3",
            "gsi1sk": "0000000000",
        }
        for counter in ("COUNT", "COUNT#3"):
            key = {"pk": {"S": "DOMAINS#1"}, "sk": {"S": counter}}
            item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
            assert item["b0"] == {"N": "1"}

    def test_a_proven_domains_row_stands_by_its_next_notice_of_age(self, dynamodb: Any) -> None:
        proven = a_domain(approval=an_approval(proven_at=MOMENT))
        DynamoLedger(dynamodb, TABLE).commit(*with_row(proven))
        assert keys_of(dynamodb, "DOMAINS#1", "0000000000") == {
            "gsi1pk": "ACCOUNT#1#DOMAINS#3",
            "gsi1sk": "0000000000",
            "gsi3pk": "DOMAINAGES#1",
            "gsi3sk": "2027-02-13T00:00:00.000000Z#801",
        }

    def test_an_undecided_revocation_stands_by_when_it_was_asked_for(self, dynamodb: Any) -> None:
        later = MOMENT + timedelta(hours=20)
        DynamoLedger(dynamodb, TABLE).commit(a_request(reminders=(later,)))
        waits = keys_of(dynamodb, "ORDER#1001", "REQUEST#301")
        assert waits["gsi3pk"].startswith("WORK#")
        reminded = a_request(reminders=(later,), reminded=1, version=2)
        DynamoLedger(dynamodb, TABLE).commit(reminded)
        found = keys_of(dynamodb, "ORDER#1001", "REQUEST#301")
        assert found["gsi3pk"] == "UNDECIDED"
        assert found["gsi3sk"] == "2026-11-21T12:00:00.000000Z#301"

    def test_what_was_told_before_the_end_stands_beside_the_order(self, dynamodb: Any) -> None:
        told = Reminded(order_id=1001, certificate_id=5001, rung=30, told_at=MOMENT)
        DynamoLedger(dynamodb, TABLE).commit(told)
        assert keys_of(dynamodb, "LADDER#1001", "CERT#5001") == {}
        DynamoLedger(dynamodb, TABLE).commit(LadderCursor(done=MOMENT))
        assert keys_of(dynamodb, "LADDER", "CURSOR") == {}

    def test_a_held_proof_is_one_row_with_the_hold(self, dynamodb: Any) -> None:
        hold = ProofHold(account_id=1, authorization_domain="example.com", held=True)
        DynamoLedger(dynamodb, TABLE).commit(hold)
        DynamoLedger(dynamodb, TABLE).commit(a_domain_proof())
        key = {"pk": {"S": "ACCOUNT#1"}, "sk": {"S": "PROOF#example.com"}}
        item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
        assert item["held"] == {"BOOL": True}
        assert "proof" in item


class TestListKeys:
    """Stored keys are for good here, too."""

    def test_an_order_brings_its_totals_rows_and_move(self, dynamodb: Any) -> None:
        order = an_order(organization_id=12)
        DynamoLedger(dynamodb, TABLE).commit(order, a_change())
        items = dynamodb.scan(TableName=TABLE)["Items"]
        found = {(item["pk"]["S"], item["sk"]["S"]) for item in items}
        row = "2026-11-21T12:00:00.000000Z#1001"
        assert found == {
            ("ORDER#1001", "ORDER"),
            ("ORDER#1001", "MOVE"),
            ("CHANGE#01KAK0000000000000000000A1", "CHANGE"),
            ("TOTALS#1", "H#2026-11-21T12#1"),
            ("TOTALS#1", "D#2026-11-21#1"),
            ("TOTALS#1", "M#2026-11#1"),
            ("LISTED#1#product=ssl_dv_geotrust_flex", row),
            ("LISTED#1#container=3", row),
            ("LISTED#1#organization=12", row),
            ("LISTED#1#renewed=0", row),
        }
        assert keys_of(dynamodb, "ORDER#1001", "MOVE") == {}, "its change is what lists show"

    def test_counters_are_named_by_field_and_value(self, dynamodb: Any) -> None:
        DynamoLedger(dynamodb, TABLE).commit(an_order())
        key = {"pk": {"S": "TOTALS#1"}, "sk": {"S": "M#2026-11#1"}}
        item = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
        assert {name: item[name]["N"] for name in item.keys() - {"pk", "sk", "entity"}} == {
            "all": "1",
            "status=pending": "1",
            "product=ssl_dv_geotrust_flex": "1",
            "container=3": "1",
            "renewed=0": "1",
        }

    def test_an_issued_order_stands_by_the_end_of_its_certificate(self, dynamodb: Any) -> None:
        seen = Glance(
            certificate_id=5001, serial=7, not_before=MOMENT, not_after=MOMENT + timedelta(days=9)
        )
        DynamoLedger(dynamodb, TABLE).commit(an_order(status=OrderStatus.VALID, issued=seen))
        found = keys_of(dynamodb, "ORDER#1001", "MOVE")
        assert found["gsi2pk"] == "ACCOUNT#1#ENDS"
        assert found["gsi2sk"] == "2026-11-30T12:00:00.000000Z#1001"

    def test_names_stand_under_their_registrable_domain_labels_reversed(
        self, dynamodb: Any
    ) -> None:
        names = ("*.shop.example.co.uk", "example.com")
        DynamoNameIndex(dynamodb, TABLE).note(an_order(dns_names=names))
        items = dynamodb.scan(TableName=TABLE)["Items"]
        assert {(item["pk"]["S"], item["sk"]["S"]) for item in items} == {
            ("NAMES#1#uk.co.example", "uk.co.example.shop.*#1001"),
            ("NAMES#1#com.example", "com.example#1001"),
        }
