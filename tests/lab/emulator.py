"""MiniStack as this project runs it: IAM enforced, on loopback, its state inside the checkout."""

from __future__ import annotations

import functools
import http.client
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

PRIMARY_REGION = "us-east-1"
_ROOT_NAME_LENGTH = 16
_START_WITHIN = 60.0  # seconds
#: boto3's default session must not make two clients at a time.
_MAKING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Emulator:
    """One running (or starting) MiniStack. The key is its root user's: whoever deploys uses it."""

    port: int
    home: Path
    key_id: str
    secret: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, *, region: str = PRIMARY_REGION) -> dict[str, str]:
        """What a program needs that is to talk to this emulator and to nothing else."""
        return {
            **_surroundings(),
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_DEFAULT_REGION": region,
            "AWS_REGION": region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAM_CLI_TELEMETRY": "0",
        }

    def server_environment(self) -> dict[str, str]:
        """What the emulator itself is started with."""
        scratch = self.home / "tmp"
        scratch.mkdir(parents=True, exist_ok=True)
        return {
            **self.environment(),
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "STATE_DIR": str(self.home / "state"),
            "PERSIST_STATE": "1",  # written at a clean stop, read by `Stack.restart` alone
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.home / "state" / "s3"),
            "TMPDIR": str(scratch),
            "LOG_LEVEL": "INFO",
        }

    def begin_streams_anew(self) -> None:
        """To be called when it has ended: it keeps how far a stream was read, but no stream, and
        would pass over as many new records as it had read.
        """
        path = self.home / "state" / "lambda.json"
        kept = json.loads(path.read_text())
        kept["payload"]["dynamodb_stream_positions"]["data"] = {}
        path.write_text(json.dumps(kept))

    def client(self, service: str, region: str = PRIMARY_REGION) -> Any:
        """A boto3 client with the root key."""
        return client(self.url, service, region, (self.key_id, self.secret))

    def wait(self, alive: Callable[[], bool]) -> None:
        """Wait until it answers. Raises RuntimeError when it ended or takes too long."""
        deadline = time.monotonic() + _START_WITHIN
        while not self.healthy():
            if not alive():
                raise RuntimeError("MiniStack ended while starting")
            if time.monotonic() > deadline:
                raise RuntimeError(f"MiniStack does not answer on {self.url}")
            time.sleep(0.1)

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()


def client(url: str, service: str, region: str, credentials: tuple[str, ...]) -> Any:
    """A boto3 client with a key id, its secret and, for a role, its session token. Each is made
    once and kept: one that is dropped leaves it to the collector to close its connections.
    """
    with _MAKING:
        return _client(url, service, region, credentials)


@functools.cache
def _client(url: str, service: str, region: str, credentials: tuple[str, ...]) -> Any:
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name=region,
        endpoint_url=url,
        config=Config(retries={"max_attempts": 2}, read_timeout=120, max_pool_connections=50),
        **dict(zip(names, credentials, strict=False)),
    )


def fresh(port: int, home: Path) -> Emulator:
    """An emulator to be started, with a new root key written down for later commands."""
    # MiniStack takes the key in its own environment for the root user's.
    key = {
        "key_id": "AKIA" + secrets.token_hex(_ROOT_NAME_LENGTH // 2).upper(),
        "secret": secrets.token_urlsafe(30),
    }
    path = home / "root-key.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(key))
    return Emulator(port=port, home=home, **key)


def recorded(port: int, home: Path) -> Emulator:
    """The emulator started earlier from this directory."""
    return Emulator(port=port, home=home, **json.loads((home / "root-key.json").read_text()))


def _surroundings() -> dict[str, str]:
    """The caller's environment without anybody's AWS settings.

    Without PYTHONPATH, too: functions inherit it, and must import what was deployed with them.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    kept.pop("PYTHONPATH", None)
    return kept
