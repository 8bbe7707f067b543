"""Programs that sign certificates, each measured by the CPU that the kernel counts for it."""

from __future__ import annotations

import http.client
import json
import os
import resource
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.bench.issuing import works
from tests.builders_pki import an_issuer, issuing_key
from tests.clients.installed import NotInstalled, ensure
from vouchsafe.domain.issuers import Issuer

_HERE = Path(__file__).parent
#: Milliseconds of a cfssl server's CPU for one certificate, measured elsewhere, in case of none
#: here; RSA 2048 there.
PUBLISHED_CFSSL = {"p256": 0.27, "rsa3072": 1.17}
_OPENSSL = """
[ca]
default_ca = bench
[bench]
dir = {folder}
database = {folder}/index.txt
new_certs_dir = {folder}/new
certificate = {folder}/ca.pem
private_key = {folder}/ca-key.pem
serial = {folder}/serial
crlnumber = {folder}/crlnumber
default_md = sha256
default_days = 90
default_crl_days = 4
policy = any
unique_subject = no
copy_extensions = copy
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
basicConstraints = critical, CA:false
authorityKeyIdentifier = keyid
authorityInfoAccess = caIssuers;URI:http://ca.example.org/ca/e1.cer
certificatePolicies = 2.23.140.1.2.1
crlDistributionPoints = URI:http://ca.example.org/crl/e1/3.crl
"""


@dataclass(frozen=True, slots=True)
class Signed:
    """Milliseconds of CPU one certificate cost a program under an issuer's kind of key."""

    who: str
    issuer: str
    cpu: float
    note: str = ""


@contextmanager
def ca_folder(kind: str) -> Iterator[Path]:
    """A folder with an issuer's certificate and key as files, set up for `openssl ca`."""
    with tempfile.TemporaryDirectory(prefix="vouchsafe-bench-") as name:
        folder = Path(name)
        issuer: Issuer = an_issuer(kind)
        (folder / "new").mkdir()
        (folder / "index.txt").write_text("")
        (folder / "serial").write_text("1000\n")
        (folder / "crlnumber").write_text("10\n")
        (folder / "ca.cnf").write_text(_OPENSSL.format(folder=folder))
        pem = subprocess.run(
            ["openssl", "x509", "-inform", "DER"],
            input=issuer.certificate,
            capture_output=True,
            check=True,
        ).stdout
        (folder / "ca.pem").write_bytes(pem)
        key = issuing_key(kind).private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
        (folder / "ca-key.pem").write_bytes(key)
        yield folder


def children_cpu() -> float:
    """Seconds of CPU of all children that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def openssl_ca(kind: str, count: int = 100) -> list[Signed]:
    """`openssl ca`: a process for each certificate, and one process for all of them."""
    with ca_folder(kind) as folder:
        paths = []
        for number, work in enumerate(works()[:count]):
            paths.append(folder / f"{number}.csr")
            paths[-1].write_text(work.csr)
        base = ["openssl", "ca", "-batch", "-notext", "-config", str(folder / "ca.cnf")]
        started = children_cpu()
        for path in paths[:20]:
            _run([*base, "-in", str(path), "-out", str(folder / "leaf.pem")])
        single = (children_cpu() - started) / 20 * 1000
        started = children_cpu()
        _run([*base, "-infiles", *map(str, paths)])
        together = (children_cpu() - started) / count * 1000
    return [
        Signed("openssl ca, a process each", kind, single),
        Signed(f"openssl ca, {count} in one process", kind, together),
    ]


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=True, timeout=120)


def cfssl_serve(kind: str, count: int = 600) -> Signed:
    """`cfssl serve`, which loads its key once, over one kept connection; the server's CPU alone."""
    program = shutil.which("cfssl")
    if program is None:
        note = "published, another machine; not installed here"
        return Signed("cfssl serve", kind, PUBLISHED_CFSSL[kind], note)
    with ca_folder(kind) as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        profile = {"usages": ["digital signature", "server auth"], "expiry": "2160h"}
        (folder / "config.json").write_text(json.dumps({"signing": {"default": profile}}))
        files = ["-ca", "ca.pem", "-ca-key", "ca-key.pem", "-config", "config.json"]
        command = [program, "serve", "-address", "127.0.0.1", "-port", str(port), *files]
        with subprocess.Popen(
            [*command, "-loglevel", "4"], cwd=folder, stderr=subprocess.DEVNULL
        ) as server:
            try:
                return Signed("cfssl serve", kind, _asked(server.pid, port, count))
            finally:
                server.terminate()


def _asked(pid: int, port: int, count: int) -> float:
    bodies = [json.dumps({"certificate_request": work.csr}) for work in works()]
    connection = _connected(port)
    _post(connection, bodies[0])
    started = _cpu_of(pid)
    for number in range(count):
        _post(connection, bodies[number % len(bodies)])
    return (_cpu_of(pid) - started) / count * 1000


def _connected(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for _ in range(100):
        try:
            connection.connect()
            return connection
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise RuntimeError("cfssl does not answer")


def _post(connection: http.client.HTTPConnection, body: str) -> None:
    connection.request("POST", "/api/v1/cfssl/sign", body, {"Content-Type": "application/json"})
    answer = json.load(connection.getresponse())
    assert answer["success"], answer


def _cpu_of(pid: int) -> float:
    """Seconds of CPU the kernel has counted for a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def django_ca(kind: str, count: int) -> Signed | None:
    """django-ca in an environment of its own; None where it cannot be installed."""
    try:
        python = ensure("django-ca")
    except NotInstalled:
        return None
    with tempfile.TemporaryDirectory(prefix="vouchsafe-bench-") as folder:
        family = "EC" if kind == "p256" else "RSA"
        script = str(_HERE / "theirs_django.py")
        done = subprocess.run(
            [str(python), script, folder, str(count), family],
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
            capture_output=True,
            text=True,
            check=True,
            timeout=240,
        )
    cpu = float(done.stdout.splitlines()[-1].split()[0])
    note = "checks no signature of the CSR; writes a row"
    return Signed("django-ca", kind, cpu, note if kind == "p256" else f"{note}; RSA 2048")


def crl_by_openssl(count: int) -> tuple[float, float]:
    """`openssl ca -gencrl` over so many revoked: milliseconds of CPU, MiB of the whole process."""
    with ca_folder("p256") as folder:
        rows = (
            f"R\t301231235959Z\t261121093000Z,keyCompromise\t{(1 << 126) + n:X}\tunknown\t/CN=x\n"
            for n in range(count)
        )
        with (folder / "index.txt").open("w") as index:
            index.writelines(rows)
        out = str(folder / "crl.pem")
        command = ["openssl", "ca", "-gencrl", "-config", str(folder / "ca.cnf"), "-out", out]
        return _measured(command)


def crl_by_cfssl(count: int) -> tuple[float, float] | None:
    """The same by `cfssl gencrl`; None where it is not installed."""
    program = shutil.which("cfssl")
    if program is None:
        return None
    with ca_folder("p256") as folder:
        with (folder / "serials.txt").open("w") as serials:
            serials.writelines(f"{(1 << 126) + n}\n" for n in range(count))
        files = [str(folder / name) for name in ("serials.txt", "ca.pem", "ca-key.pem")]
        return _measured([program, "gencrl", *files])


def _measured(command: list[str]) -> tuple[float, float]:
    """CPU (milliseconds) and peak memory (MiB) of one program."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} has ended with {process.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024
