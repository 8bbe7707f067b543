"""The main job, step by step, each step really seen: from a key to a revoked certificate."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import VerificationError

from tests.lab import records, verification
from tests.lab.accounts import Account
from tests.lab.client import Client, send
from tests.lab.executions import Executions
from tests.lab.stack import Stack
from tests.lab.timeline import Timeline
from tests.lab.verification import Chain, OpenSsl

PRODUCT = "ssl_dv_geotrust_flex"
NAMES = ("www.lab.example.com", "*.lab.example.com", "api.shop.example.net")
_REMOTES = 6  # every remote perspective must see it here; BR 3.2.2.9 lets two of six dissent
_ISSUE_WITHIN = 60.0
_MAIL_WITHIN = 30.0
_REVOKE_WITHIN = 45.0


@dataclass
class Story:
    """One run of the main job against a running stack."""

    stack: Stack
    account: Account
    line: Timeline
    key: ec.EllipticCurvePrivateKey = field(default_factory=verification.make_key)
    order_id: int = 0
    certificate_id: int = 0
    value: str = ""

    @property
    def client(self) -> Client:
        return Client(f"{self.stack.front}/services/v2", self.account.key)

    @property
    def folder(self) -> Any:
        return self.stack.home / "certificate"

    def tell(self) -> None:
        """The whole story. Raises Unseen, Refused or another error at the first wrong step."""
        self.order()
        self.first_look_fails()
        self.publish()
        self.issued()
        self.mail("issued")
        chain = self.download()
        self.how_the_machine_ran()
        self.revoke(chain)

    def order(self) -> None:
        line = self.line
        line.title("A client makes a key and a certificate request, and orders a certificate")
        csr = verification.make_csr(self.key, NAMES[0])
        body = {
            "certificate": {
                "common_name": NAMES[0],
                "dns_names": list(NAMES[1:]),
                "csr": csr,
                "signature_hash": "sha256",
            },
            "order_validity": {"years": 1},
            "dcv_method": "dns-txt-token",
        }
        line.say(f"POST /services/v2/order/certificate/{PRODUCT} for {', '.join(NAMES)}")
        answer = self.client.ask("POST", f"order/certificate/{PRODUCT}", body, expect=201)
        self.order_id, self.certificate_id = answer["id"], answer["certificate_id"]
        self.value = answer["dcv_random_value"]
        line.seen(f"201: order {self.order_id}, certificate {self.certificate_id}")
        line.say(f"publish this TXT value at every name: {self.value}")

    def first_look_fails(self) -> None:
        line = self.line
        line.title("The service looks by itself; nothing is published yet")
        found = line.wait("the first look has failed and says why", self._looked, 60)
        line.expect(found["status"] == "pending", "the order is pending", found["status"])
        for one in found["validations"]:
            line.say(f"{one['dns_name']}: {one['cause']}")
        first = found["validations"][0]
        line.say(_paragraph("why", first["explanation"]))
        line.say(_paragraph("advice", first["advice"]))
        for seen in first["observations"]:
            line.say(
                _paragraph("asked", f"{seen['question']} at {seen['server']}: {seen['answer']}")
            )
        line.say(
            f"put        {first['record_name']} {first['record_type']} {first['record_value']}"
        )
        for label, name in (("looked at", "last_look"), ("next look", "next_look")):
            line.say(f"{label:10} {first[name]}")
        line.say(f"until      {first['deadline']}")
        told = ("cause", "explanation", "advice", "observations", "next_look", "deadline")
        whole = all(one[word] for word in told for one in found["validations"])
        line.expect(
            whole, "it says why, where it looked, when it looks again and until when", found
        )

    def _looked(self) -> Any:
        found = self.client.order(self.order_id)
        return found if all(one.get("last_look") for one in found["validations"]) else None

    def publish(self) -> None:
        line = self.line
        line.title("The client publishes the value in the lab DNS (RFC 2136) and asks to look now")
        found = self.client.order(self.order_id)
        places = sorted({one["record_name"] for one in found["validations"]})
        for name in places:
            records.publish_txt(self.stack.ports["dns"], name, self.value)
            line.say(f'{name} TXT "{self.value}"')
        self.client.call("PUT", f"order/certificate/{self.order_id}/check-dcv")

    def issued(self) -> None:
        line = self.line
        found = line.wait("the order is issued", self._issued, _ISSUE_WITHIN)
        for one in found["validations"]:
            agree = [place["perspective"] for place in one["perspectives"] if place["passed"]]
            line.say(_paragraph("seen from", ", ".join(agree)))
            proven = one["validation_status"] == "Succeeded" and len(agree) >= _REMOTES
            line.expect(proven, f"{one['dns_name']} is proven, quorum {one['quorum']}", one)
        serial = found["certificate"]["serial_number"]
        line.expect(serial, f"certificate {self.certificate_id} has serial number {serial}")

    def _issued(self) -> Any:
        found = self.client.order(self.order_id)
        return found if found["status"] == "issued" else None

    def mail(self, word: str) -> None:
        """Show the mail about this order whose subject has `word`."""
        line = self.line
        line.title("Mail goes out (order book → stream → numbered feed → queue → SES)")
        words = (f"Order {self.order_id}:", word)

        def arrived() -> Any:
            box = send("GET", f"{self.stack.front}/mail").json()
            fitting = (one for one in box if all(each in one["subject"] for each in words))
            return next(fitting, None)

        found = line.wait(f"a mail says that it is {word}", arrived, _MAIL_WITHIN)
        line.say(f"to       {', '.join(found['to'])}\nsubject  {found['subject']}\n")
        for row in found["text"].strip().splitlines():
            line.say("\n".join(f"| {part}" for part in textwrap.wrap(row, 84) or [""]))
        line.seen("the mail was sent")

    def download(self) -> Chain:
        line = self.line
        line.title("The client downloads the chain and has others verify it")
        pem = self.client.download(self.certificate_id, "pem_all")
        self.folder.mkdir(exist_ok=True)
        (self.folder / "pem_all.pem").write_bytes(pem)
        (self.folder / "key.pem").write_bytes(verification.key_pem(self.key))
        chain = Chain.parse(pem)
        accepted, said = OpenSsl(self.folder).verify(chain)
        line.expect(accepted, "openssl verify -x509_strict accepts the chain", said)
        for name in ("www.lab.example.com", "anything.lab.example.com", "api.shop.example.net"):
            self._verified(chain, name)
        line.expect(verification.same_key(chain, self.key), "the key is the client's own")
        line.expect(
            sorted(chain.names) == sorted(NAMES), "the names are those of the order", chain.names
        )
        return chain

    def _verified(self, chain: Chain, name: str) -> None:
        try:
            chain.verify_with_cryptography(name)
        except VerificationError as refused:
            self.line.expect(False, f"cryptography's verifier accepts it for {name}", refused)
        self.line.seen(f"cryptography's verifier accepts it for {name}")

    def how_the_machine_ran(self) -> None:
        line = self.line
        line.title("How the order's state machine ran")
        told = Executions(self.stack).of(self.stack.outputs["OrderMachineArn"], self.order_id)
        for name, status, states in told:
            line.say(f"execution {name} ({status})")
            line.say(textwrap.indent(textwrap.fill(" → ".join(states), 84), "  "))
        issuing = [name for name, _, states in told if "IssueCertificate" in states]
        line.expect(issuing, "an execution issued the certificate", told)

    def revoke(self, chain: Chain) -> None:
        line = self.line
        line.title("The certificate is revoked")
        accepted, said = OpenSsl(self.folder).verify(chain, crl=self._crl(chain))
        line.expect(accepted, "before: openssl verify -crl_check accepts it", said)
        path = f"certificate/{self.certificate_id}/revoke"
        request = self.client.ask("PUT", path, {"comments": "the demo is over"}, expect=201)
        line.seen(f"revocation requested: request {request['id']} is {request['status']}")
        decision = {"status": "approved", "processor_comment": "seen"}
        self.client.ask("PUT", f"request/{request['id']}/status", decision, expect=204)
        line.seen("an administrator approved it")
        line.say(f"the certificate says its list is at {chain.crl_url}")
        line.wait("the serial is in that list", lambda: self._listed(chain), _REVOKE_WITHIN)
        line.seen("the list, fetched over plain http, is signed by the issuer and has the serial")
        accepted, said = OpenSsl(self.folder).verify(chain, crl=self._crl(chain))
        refused = not accepted and "revoked" in said
        line.expect(refused, "openssl verify -crl_check refuses the certificate: revoked", said)
        self.mail("revoked")

    def _crl(self, chain: Chain) -> bytes:
        response, found = verification.fetch_crl(chain)
        self.line.expect(found is not None, f"{chain.crl_url} answers with a CRL", response)
        return response.body

    def _listed(self, chain: Chain) -> bool:
        _, found = verification.fetch_crl(chain)
        return found is not None and verification.revoked_in(found, chain)


def _paragraph(label: str, text: str) -> str:
    """A labelled paragraph of at most 88 columns."""
    rows = textwrap.wrap(text, 77) or [""]
    return "\n".join(f"{label if not number else '':10} {row}" for number, row in enumerate(rows))
