"""`make up`: the local stack as a service in the background.

python -m tests.lab.up [--window S] [--first-gap S] [--gap-cap S] [--dns HOST:PORT] [--http-port N]
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any

from tests.lab import topology
from tests.lab.accounts import AGREEMENT, Account, first_account, operator_key, root_certificate
from tests.lab.deploy import Options
from tests.lab.stack import LOCAL, Stack
from tests.lab.timeline import Timeline

STACK_FILE = LOCAL / "stack.json"
PRODUCT = "ssl_dv_geotrust_flex"
PREFERRED_PORTS = {"front": 8443, "gateway": 4566, "dns": 5300, "web": 8080}

_USAGE = """
The service is up.

  base URL            {base_url}
  administrator key   {api_key}
  operator key        {operator_key}
  account             {account_id}, which accepted version {agreement} of the subscriber agreement
  mail sent           {mail_url}
  root certificate    {ca_bundle}
  everything above    .local/stack.json

Order a certificate (paste as it is; the answer has dcv_random_value, the text to publish):

  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=www.{zone} \\
    -keyout .local/www.key -out .local/www.csr 2>/dev/null
  .venv/bin/python -c 'import json; print(json.dumps({{"certificate": {{"common_name": "www.{zone}",
    "csr": open(".local/www.csr").read()}}, "order_validity": {{"years": 1}},
    "dcv_method": "dns-txt-token"}}))' | curl -s {base_url}/order/certificate/{product} \\
    -H 'X-DC-DEVKEY: {api_key}' -H 'Content-Type: application/json' -d @-

{proof}
See how the order is doing, with the id of the answer:

  curl -s {base_url}/order/certificate/ID -H 'X-DC-DEVKEY: {api_key}'

A second account: make account NAME=Second       Stop everything: make down
"""

_LAB_PROOF = """Prove the name (lab zones: {zones}; every name in them points to {web},
files for it go to {webroot}):

  .venv/bin/python -m tests.lab.records www.{zone} TXT VALUE
  or BIND's own: printf 'server {host} {port}\\nupdate add www.{zone} 5 TXT VALUE\\nsend\\n' \\
    | nsupdate
"""
_OTHER_PROOF = "Names are looked up at {dns}; publish the value there.\n"


def describe(stack: Stack, account: Account, operator: str) -> dict[str, Any]:
    """What .local/stack.json says."""
    bundle = stack.home / "root.pem"
    bundle.write_bytes(root_certificate(stack))
    host, _, port = stack.options.dns.rpartition(":")
    return {
        "base_url": f"{stack.front}/services/v2",
        "api_key": account.key,
        "operator_key": operator,
        "account_id": account.account_id,
        "ca_bundle": str(bundle),
        "mail_url": f"{stack.front}/mail",
        "dns": {
            "host": host or topology.FIRST,
            "port": int(port or stack.ports["dns"]),
            "zones": list(topology.LAB_ZONES),
        },
        "http": {
            "port": stack.options.http_port or stack.ports["web"],
            "webroot": str(stack.webroot),
        },
        "product": PRODUCT,
    }


def usage(described: dict[str, Any], options: Options) -> str:
    """How to use a running stack, in commands that work when pasted."""
    lab = described["dns"]
    zone = lab["zones"][0]
    proof = _OTHER_PROOF if options.dns else _LAB_PROOF
    told = proof.format(
        zones=", ".join(lab["zones"]),
        web=f"{topology.WEB}:{described['http']['port']}",
        webroot=described["http"]["webroot"],
        host=lab["host"],
        port=lab["port"],
        zone=zone,
        dns=options.dns,
    )
    return _USAGE.format(**described, agreement=AGREEMENT, zone=zone, proof=told)


def _options() -> Options:
    """From the variables that `make up NAME=value` sets. Ends the program on a bad one."""
    given = Options()
    try:
        return Options(
            window=_number("WINDOW", given.window),
            first_gap=_number("FIRST_GAP", given.first_gap),
            gap_cap=_number("GAP_CAP", given.gap_cap),
            http_port=_number("HTTP_PORT", given.http_port),
            dns=_host_and_port("DNS"),
            rate_limits=_limits("RATE_LIMITS"),
        )
    except ValueError as refused:
        sys.exit(f"make up: {refused}")


def _number(name: str, otherwise: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return otherwise
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{name}={text} is not a positive whole number")
    return int(text)


def _host_and_port(name: str) -> str:
    text = os.environ.get(name, "")
    if text and not re.fullmatch(r"[0-9A-Za-z.:\[\]-]+:\d{1,5}", text):
        raise ValueError(f"{name}={text} is not host:port")
    return text


def _limits(name: str) -> str:
    text = os.environ.get(name, "")
    if text and not re.fullmatch(r"[1-9]\d*/[1-9]\d*(,[1-9]\d*/[1-9]\d*)*", text):
        raise ValueError(f"{name}={text} is not calls/seconds, such as 1000/180,100/5")
    return text


def main() -> int:
    """Start the stack, or describe the one that runs."""
    options = _options()
    line = Timeline()
    stack = Stack("up", options, PREFERRED_PORTS)
    if stack.running() and STACK_FILE.exists():
        print("The stack is up already (make down stops it); its parameters stay as they are.")
        print(usage(json.loads(STACK_FILE.read_text()), stack.recorded_options()))
        return 0
    try:
        with line.life("starting"):
            stack.start(line.begun)
        described = describe(stack, first_account(stack), operator_key(stack))
    except BaseException as trouble:
        stack.stop()
        line.failed(f"the stack did not start: {trouble!r}; logs are in {stack.logs}")
        if isinstance(trouble, (RuntimeError, OSError)):
            return 1
        raise
    STACK_FILE.write_text(json.dumps(described, indent=2) + "\n")
    print(usage(described, options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
