"""For every test: no way out but loopback, and an AWS account that does not exist."""

from __future__ import annotations

import os

import pytest
from pytest_socket import socket_allow_hosts

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_SESSION_TOKEN="testing",
    AWS_DEFAULT_REGION="eu-central-1",
    AWS_EC2_METADATA_DISABLED="true",
)
os.environ.pop("AWS_ENDPOINT_URL", None)  # a shell that talks to the emulator may have set it


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
