"""Node's X509Certificate reads what we issue as we meant it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes

from tests.interop.made import SHAPES, Shape, chain_of, program, run, write
from tests.interop.test_openssl import SERVED

pytestmark = pytest.mark.system

_SCRIPT = """
const { X509Certificate } = require('node:crypto');
const { readFileSync } = require('node:fs');
const [leaf, issuing, root] = process.argv.slice(1, 4).map(
  (path) => new X509Certificate(readFileSync(path)));
const host = process.argv[4];
console.log(JSON.stringify({
  chained: leaf.checkIssued(issuing) && issuing.checkIssued(root) && root.checkIssued(root),
  signed: leaf.verify(issuing.publicKey) && issuing.verify(root.publicKey),
  forged: leaf.verify(root.publicKey),
  serves: leaf.checkHost(host) ?? null,
  stranger: leaf.checkHost('example.net') ?? null,
  names: leaf.subjectAltName,
  cas: [leaf.ca, issuing.ca, root.ca],
  serial: leaf.serialNumber,
  usage: leaf.keyUsage,
  fingerprint: leaf.fingerprint256,
  access: leaf.infoAccess,
  from: leaf.validFrom,
  to: leaf.validTo,
}));
"""


def _asked(folder: Path, shape: Shape) -> dict[str, Any]:
    chain = chain_of(shape)
    files = [
        write(folder, f"{name}.pem", certificate)
        for name, certificate in (
            ("leaf", chain.leaf),
            ("issuing", chain.issuing),
            ("root", chain.root),
        )
    ]
    done = run(program("node", "nodejs"), "-e", _SCRIPT, *files, SERVED[shape.names[0]])
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _moment(said: str) -> datetime:
    """Node's "Nov 21 09:30:00 2026 GMT"."""
    return datetime.strptime(said, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_node_reads_every_shape_as_it_was_meant(shape: Shape, tmp_path: Path) -> None:
    said, chain = _asked(tmp_path, shape), chain_of(shape)
    assert said["chained"] and said["signed"] and not said["forged"]
    assert said["serves"] and said["stranger"] is None
    assert said["names"] == ", ".join(f"DNS:{name}" for name in shape.names)
    assert said["cas"] == [False, True, True]
    assert int(said["serial"], 16) == chain.request.serial
    assert said["usage"] == ["1.3.6.1.5.5.7.3.1"]
    fingerprint = chain.leaf.fingerprint(hashes.SHA256()).hex(":").upper()
    assert said["fingerprint"] == fingerprint
    assert chain.request.ca_url in said["access"]
    assert _moment(said["from"]) == chain.request.not_before
    assert _moment(said["to"]) == chain.request.not_after
