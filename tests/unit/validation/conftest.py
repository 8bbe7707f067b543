from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from tests.unit.validation.internet import Internet
from tests.unit.validation.name_servers import NameServers
from tests.unit.validation.web_servers import WebServers


@pytest.fixture
def name_servers() -> Iterator[NameServers]:
    socket_allow_hosts(["127.0.0.0/8"], allow_unix_socket=True)
    servers = NameServers()
    yield servers
    servers.close()


@pytest.fixture
def internet(name_servers: NameServers) -> Internet:
    return Internet(name_servers)


@pytest.fixture
def web(name_servers: NameServers, tmp_path: Path) -> Iterator[WebServers]:
    servers = WebServers(tmp_path)
    yield servers
    servers.close()
