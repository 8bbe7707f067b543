"""One question to several name servers at once: UDP, retries, TCP when truncated (RFC 1035).

Every query leaves from a socket of its own (random source port), with a random id and random letter
case (0x20), and only a reply from the address asked that repeats all three counts (RFC 5452).
"""

from __future__ import annotations

import secrets
import select
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.rcode

from ..domain.resolution import Said
from .dns_servers import Server
from .dns_wire import Question, connected, exactly, mixed_case, parsed, query_wire, repeats

_LONGEST_DATAGRAM = 65535
_LENGTH = struct.Struct("!H")
#: Codes by which a server says that it does not know EDNS (RFC 6891 7).
_NO_EDNS = frozenset({dns.rcode.FORMERR, dns.rcode.NOTIMP})


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds: how long to wait after each try over UDP, and for a whole exchange over TCP."""

    tries: tuple[float, ...] = (1.5, 2.5)
    tcp: float = 4.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's message, or why there is none."""

    server: Server
    message: dns.message.Message | None = None
    failure: Said | None = None
    detail: str = ""


def exchange(
    servers: Sequence[Server], question: Question, *, timings: Timings, until: float
) -> list[Reply]:
    """Ask all `servers` at once; one reply each, in their order; over at `until` (monotonic)."""
    asking = [_Asking(server, question) for server in servers]
    try:
        _converse(asking, timings, until)
    finally:
        for one in asking:
            one.close()
    return [_finished(one, question, timings, until) for one in asking]


def _converse(asking: Sequence[_Asking], timings: Timings, until: float) -> None:
    """Send, collect, send again to those that stay silent."""
    for seconds in timings.tries:
        waiting = [one for one in asking if one.reply is None]
        if not waiting or time.monotonic() >= until:
            return
        for one in waiting:
            one.send()
        _collect(waiting, min(time.monotonic() + seconds, until))


def _collect(waiting: Sequence[_Asking], until: float) -> None:
    poll = select.poll()
    by_descriptor = {}
    for one in waiting:
        if one.reply is None:
            by_descriptor[one.fileno()] = one
            poll.register(one.fileno(), select.POLLIN)
    while by_descriptor:
        left = until - time.monotonic()
        if left <= 0:
            return
        for descriptor, _ in poll.poll(left * 1000 + 1):
            one = by_descriptor.pop(descriptor)
            one.receive()
            poll.unregister(descriptor)
            if one.reply is None:  # noise, or asked again from another port
                by_descriptor[one.fileno()] = one
                poll.register(one.fileno(), select.POLLIN)


class _Asking:
    """The conversation with one server."""

    def __init__(self, server: Server, question: Question) -> None:
        self.server = server
        self.reply: Reply | None = None
        self._question = question
        self._mixed_case = True
        self._edns = True
        self._socket: socket.socket | None = None
        self._id = 0
        self._asked = question.name

    def fileno(self) -> int:
        return self._socket.fileno() if self._socket is not None else -1

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self) -> None:
        """Send the query from a fresh port. A refusal by our own network ends the conversation."""
        self.close()
        self._id = secrets.randbits(16)
        self._asked = mixed_case(self._question.name) if self._mixed_case else self._question.name
        wire = query_wire(self._asked, self._question, self._id, edns=self._edns)
        try:
            self._socket = connected(self.server, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._socket.send(wire)
        except OSError as error:
            self.reply = Reply(self.server, None, Said.OWN_TROUBLE, error.strerror or str(error))

    def receive(self) -> None:
        """Take one datagram: the reply, something to ask again about, or noise to ignore."""
        assert self._socket is not None
        try:
            wire = self._socket.recv(_LONGEST_DATAGRAM)
        except BlockingIOError:
            return
        except OSError as error:  # ICMP: port or host unreachable
            detail = error.strerror or str(error)
            self.reply = Reply(self.server, None, Said.UNREACHABLE, detail)
            return
        if wire[:2] == _LENGTH.pack(self._id):
            self._read(wire)

    def _read(self, wire: bytes) -> None:
        message = parsed(wire)
        if message is None:
            self.reply = Reply(self.server, None, Said.MALFORMED, "the reply cannot be read")
        elif self._edns and message.rcode() in _NO_EDNS:
            self._edns = False
            self.send()
        elif not repeats(message, self._question):
            return  # not a reply to this question
        elif self._mixed_case and message.question[0].name.labels != self._asked.labels:
            self._mixed_case = False  # a server that does not keep the case: ask plainly
            self.send()
        else:
            self.reply = Reply(self.server, message)


def _finished(one: _Asking, question: Question, timings: Timings, until: float) -> Reply:
    if one.reply is None:
        return Reply(one.server, None, Said.TIME_OUT, f"no reply to {len(timings.tries)} tries")
    message = one.reply.message
    if message is not None and message.flags & dns.flags.TC:
        left = min(timings.tcp, until - time.monotonic())
        return _over_tcp(one.server, question, max(left, 0.1))
    return one.reply


def _over_tcp(server: Server, question: Question, seconds: float) -> Reply:
    """The whole answer over TCP (RFC 7766)."""
    number = secrets.randbits(16)
    wire = query_wire(question.name, question, number, edns=True)
    until = time.monotonic() + seconds
    try:
        with socket.create_connection((server.address, server.port), seconds) as stream:
            stream.sendall(_LENGTH.pack(len(wire)) + wire)
            (length,) = _LENGTH.unpack(exactly(stream, _LENGTH.size, until))
            answer = exactly(stream, length, until)
    except TimeoutError:
        return Reply(server, None, Said.TIME_OUT, "no reply over TCP to a truncated answer")
    except OSError as error:
        return Reply(server, None, Said.UNREACHABLE, f"TCP: {error.strerror or error}")
    message = parsed(answer)
    if message is None or message.id != number or not repeats(message, question):
        return Reply(server, None, Said.MALFORMED, "the reply over TCP cannot be read")
    return Reply(server, message)
