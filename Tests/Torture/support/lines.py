"""Asking very much for very little: connections that are kept, and many questions sent before the first answer is read.

So everything is on its way at the same moment, from one thread.
"""

import json
import re
import select
import socket
import time
from dataclasses import dataclass
from typing import Hashable
from urllib.parse import urlencode, urlsplit

from support.histories import Asked
from support.visitor import FORM, Visitor

SECONDS_TO_ANSWER = 120
# A server closes what rests for longer.
SECONDS_TO_REST = 3


@dataclass(frozen=True)
class Reply:
    status: int
    location: str
    body: bytes
    is_last: bool
    """Whether the server closes the connection after it."""

    @property
    def json(self):
        return json.loads(self.body)


# No answer at all.
BROKEN = Reply(0, "", b"", True)


class Line:
    """One connection to a server, kept from question to question."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=SECONDS_TO_ANSWER)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = b""
        self.rests_since = time.monotonic()

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, question: bytes) -> None:
        self._socket.sendall(question)

    def receive(self) -> Reply | None:
        """Takes what has come. :return: the answer once it is whole"""
        came = self._socket.recv(65_536)
        if not came:
            raise ConnectionError("closed before the answer was whole")
        self._read += came
        head, found, rest = self._read.partition(b"\r\n\r\n")
        if not found:
            return None
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        if not length:
            raise ConnectionError(f"an answer of unknown length: {head[:200]!r}")
        if len(rest) < int(length[1]):
            return None
        self._read = b""
        self.rests_since = time.monotonic()
        location = re.search(rb"\r\nlocation: *([^\r\n]*)", head, re.IGNORECASE)
        return Reply(
            int(head.split(b" ", 2)[1]), location[1].decode() if location else "", rest,
            b"\r\nconnection: close" in head.lower())

    def close(self) -> None:
        self._socket.close()


class Lines:
    """As many connections as are needed at once to each of the servers of one database."""

    def __init__(self, urls: list[str]):
        self._urls = urls
        self._idle: list[Line] = []
        self._opened = 0

    def close(self) -> None:
        for line in self._idle:
            line.close()

    def ask(self, question: bytes) -> Reply:
        """Asks one thing and waits for its answer."""
        return self.at_once({"": question})[0].answer

    def at_once(self, questions: dict[Hashable, bytes]) -> list[Asked]:
        """Asks all of it before the first answer is read, each on a connection of its own. Where a connection breaks,
        what was asked may still be done."""
        asked = {}
        for what, question in questions.items():
            line = self._line()
            asked[line.fileno()] = (line, what, time.monotonic())
            line.send(question)
        found = []
        waiting = select.poll()
        for number in asked:
            waiting.register(number, select.POLLIN)
        while len(found) < len(asked):
            ready = waiting.poll(SECONDS_TO_ANSWER * 1_000)
            if not ready:
                raise TimeoutError(f"no answer within {SECONDS_TO_ANSWER} s")
            for number, _ in ready:
                line, what, start = asked[number]
                try:
                    reply = line.receive()
                except OSError:
                    reply = BROKEN
                if reply:
                    found.append(Asked(what, reply, start, time.monotonic()))
                    waiting.unregister(number)
                    line.close() if reply.is_last else self._idle.append(line)
        return found

    def _line(self) -> Line:
        while self._idle:
            line = self._idle.pop(0)
            if time.monotonic() - line.rests_since < SECONDS_TO_REST:
                return line
            line.close()
        self._opened += 1
        return Line(self._urls[self._opened % len(self._urls)])


def form(visitor: Visitor, path: str, **fields: str) -> bytes:
    """A form as this person would send it, by a script that takes what went wrong as data rather than as a page."""
    body = urlencode({"form-token": visitor.token, **fields})
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: {urlsplit(visitor.url).netloc}\r\nOrigin: {visitor.url}\r\n"
        f"Cookie: {cookies}\r\nAccept: application/json\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
        f"{body}"
    ).encode()
