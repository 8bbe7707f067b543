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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import dns.rcode

from ..domain.resolution import Said
from .dns_message import TC, Message
from .dns_servers import Server
from .dns_wire import Question, connected, exactly, mixed_case, parsed, query_wire, repeats

_LONGEST_DATAGRAM = 65535
_LENGTH = struct.Struct("!H")
#: Codes by which a server says that it does not know EDNS (RFC 6891 7).
_NO_EDNS = frozenset({dns.rcode.FORMERR, dns.rcode.NOTIMP})
_ANSWERS = frozenset({dns.rcode.NOERROR, dns.rcode.NXDOMAIN})


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds: how long to wait after each try over UDP, and for a whole exchange over TCP."""

    tries: tuple[float, ...] = (1.5, 2.5)
    tcp: float = 4.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's message, or why there is none."""

    server: Server
    message: Message | None = None
    failure: Said | None = None
    detail: str = ""


def exchange(
    servers: Sequence[Server],
    question: Question,
    *,
    timings: Timings,
    until: float,
    dnssec: bool = False,
) -> list[Reply]:
    """Ask all `servers` at once; one reply each, in their order; over at `until` (monotonic).

    `dnssec`: ask for signatures, too.
    """
    asking = [_Asking(server, question, dnssec) for server in servers]
    try:
        _converse(asking, timings, until)
    finally:
        for one in asking:
            one.close()
    cut = [one for one in asking if one.truncated]
    if not cut:
        return [one.outcome(timings) for one in asking]
    seconds = max(min(timings.tcp, until - time.monotonic()), 0.1)
    with ThreadPoolExecutor(len(cut)) as pool:
        whole = dict(zip(cut, pool.map(lambda one: one.over_tcp(seconds), cut), strict=True))
    return [whole.get(one) or one.outcome(timings) for one in asking]


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

    def __init__(self, server: Server, question: Question, dnssec: bool = False) -> None:
        self.server = server
        self.reply: Reply | None = None
        self._question = question
        self._mixed_case = True
        self._edns = True
        self._dnssec = dnssec
        self._socket: socket.socket | None = None
        self._id = b""
        self._asked = question.section
        self._refusal: Reply | None = None

    @property
    def truncated(self) -> bool:
        """Whether the server's answer did not fit into a datagram."""
        message = self.reply.message if self.reply else None
        return message is not None and bool(message.flags & TC)

    def outcome(self, timings: Timings) -> Reply:
        """The server's reply, or that there was none."""
        silence = f"no reply to {len(timings.tries)} tries"
        return self.reply or self._refusal or Reply(self.server, None, Said.TIME_OUT, silence)

    def fileno(self) -> int:
        return self._socket.fileno() if self._socket is not None else -1

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self) -> None:
        """Send the query from a fresh port. A refusal by our own network ends the conversation."""
        self.close()
        section = self._question.section
        self._asked = mixed_case(section) if self._mixed_case else section
        try:
            self._socket = connected(self.server, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._socket.send(self._wire(self._asked))
        except OSError as error:
            self.reply = Reply(self.server, None, Said.OWN_TROUBLE, error.strerror or str(error))

    def _wire(self, section: bytes) -> bytes:
        """A query under a new random id."""
        number = secrets.randbits(16)
        self._id = _LENGTH.pack(number)
        return query_wire(
            section,
            number,
            recursion=self._question.recursion,
            edns=self._edns,
            dnssec=self._dnssec,
        )

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
        if wire[:2] == self._id:
            self._read(wire)

    def _read(self, wire: bytes) -> None:
        message = parsed(wire)
        if message is None:
            self.reply = Reply(self.server, None, Said.MALFORMED, "the reply cannot be read")
        elif self._edns and message.rcode in _NO_EDNS:
            self._edns = False
            self.send()
        elif not repeats(message, self._question):
            return  # not a reply to this question
        elif self._mixed_case and message.rcode not in _ANSWERS:
            # Perhaps it stumbles over the letters' case, perhaps it fails but once: ask plainly.
            self._refusal = Reply(self.server, message)
            self._mixed_case = False
            self.send()
        elif self._mixed_case and message.asked != self._asked:
            self._mixed_case = False  # a server that does not keep the case: no fault of it
            self.send()
        else:
            self.reply = Reply(self.server, message)

    def over_tcp(self, seconds: float) -> Reply:
        """The whole answer over TCP (RFC 7766), without EDNS if UDP showed that it is unknown."""
        until = time.monotonic() + seconds
        try:
            answer = self._tcp_exchange(until)
            message = parsed(answer)
            if self._edns and message is not None and message.rcode in _NO_EDNS:
                self._edns = False
                message = parsed(self._tcp_exchange(until))
        except TimeoutError:
            late = "no reply over TCP to a truncated answer"
            return Reply(self.server, None, Said.TIME_OUT, late)
        except OSError as error:
            detail = f"TCP: {error.strerror or error}"
            return Reply(self.server, None, Said.UNREACHABLE, detail)
        if message is None or message.flags & TC or not repeats(message, self._question):
            unread = "the reply over TCP cannot be read"
            return Reply(self.server, None, Said.MALFORMED, unread)
        return Reply(self.server, message)

    def _tcp_exchange(self, until: float) -> bytes:
        """One query and its reply. Raises OSError, also for a reply to another query."""
        server, left = self.server, until - time.monotonic()
        wire = self._wire(self._question.section)
        with socket.create_connection((server.address, server.port), max(left, 0.01)) as stream:
            stream.sendall(_LENGTH.pack(len(wire)) + wire)
            (length,) = _LENGTH.unpack(exactly(stream, _LENGTH.size, until))
            answer = exactly(stream, length, until)
        if answer[:2] != self._id:
            raise ConnectionError("a reply to another query")
        return answer
