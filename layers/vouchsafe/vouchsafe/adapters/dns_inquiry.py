"""The questions of one look: who is asked, and who is not asked again because he stays silent."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import dns.name

from ..domain.resolution import ANSWERS, Said, ServerSaid
from .dns_exchange import Reply, Timings, exchange
from .dns_message import Message
from .dns_reading import read_reply
from .dns_servers import Server
from .dns_wire import Question

#: Questions without any reply after which a server is left alone for the rest of the look, so that
#: one dead server does not cost every name of an order its time-outs.
_PATIENCE = 2
_ASKED_IN_TURN = 4  # servers of a parent zone, until one answers
#: Sockets of one look that are open at once. A Lambda function may have 1,024 files open; the rest
#: is for HTTP (one for each name at most), the SDK and the runtime.
_SOCKETS = 600


class Sockets:
    """A number of sockets that many threads share. Safe to use from all of them."""

    def __init__(self, count: int) -> None:
        self._free = self._count = count
        self._changed = threading.Condition()

    def take(self, wanted: int, until: float) -> int:
        """Wait until `wanted` sockets (or all, if that is fewer) are free: how many were taken, 0
        when they were not free by `until` (monotonic)."""
        taken = min(wanted, self._count)
        with self._changed:
            left = until - time.monotonic()
            if not self._changed.wait_for(lambda: self._free >= taken, max(left, 0)):
                return 0
            self._free -= taken
        return taken

    def give(self, taken: int) -> None:
        """They are closed again."""
        with self._changed:
            self._free += taken
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class Heard:
    """What one server said, and its message for what else is in it."""

    said: ServerSaid
    message: Message | None = None


@dataclass(slots=True)
class Inquiry:
    """One look's way of asking. Safe to use from several threads."""

    timings: Timings
    any_server: bool = False  # take answers that are not authoritative
    dnssec: bool = False  # ask for signatures, too
    sockets: Sockets = field(default_factory=lambda: Sockets(_SOCKETS))
    _silent: dict[Server, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask_all(
        self, servers: Sequence[Server], question: Question, zone: dns.name.Name, until: float
    ) -> list[Heard]:
        """Ask every server at once; one answer each, in their order."""
        asked = [server for server in servers if self._worth_asking(server)]
        taken = self.sockets.take(len(asked), until) if asked else 0
        if time.monotonic() >= until or (asked and not taken):
            self.sockets.give(taken)
            return [Heard(_out_of_time(server)) for server in servers]
        try:
            replies = exchange(
                asked, question, timings=self.timings, until=until, dnssec=self.dnssec
            )
        finally:
            self.sockets.give(taken)
        self._note(replies)
        heard = {reply.server: self._read(reply, question, zone) for reply in replies}
        return [heard.get(server) or Heard(_given_up(server)) for server in servers]

    def ask_any(
        self, servers: Sequence[Server], question: Question, zone: dns.name.Name, until: float
    ) -> list[Heard]:
        """Ask one after the other, in random order, until one answers: that one comes last."""
        tried: list[Heard] = []
        for server in random.sample(servers, min(len(servers), _ASKED_IN_TURN)):
            tried += self.ask_all([server], question, zone, until)
            if tried[-1].said.said in ANSWERS:
                break
        return tried

    def _read(self, reply: Reply, question: Question, zone: dns.name.Name) -> Heard:
        said = read_reply(reply, question, zone, any_server=self.any_server)
        return Heard(said, reply.message)

    def _worth_asking(self, server: Server) -> bool:
        return self._silent.get(server, 0) < _PATIENCE

    def _note(self, replies: Sequence[Reply]) -> None:
        with self._lock:
            for reply in replies:
                if reply.failure is Said.TIME_OUT:
                    self._silent[reply.server] = self._silent.get(reply.server, 0) + 1
                else:
                    self._silent[reply.server] = 0


def _given_up(server: Server) -> ServerSaid:
    detail = "no reply to earlier questions of this look"
    return ServerSaid(server=str(server), said=Said.TIME_OUT, detail=detail)


def _out_of_time(server: Server) -> ServerSaid:
    detail = "the time for this look was used up"
    return ServerSaid(server=str(server), said=Said.OWN_TROUBLE, detail=detail)
