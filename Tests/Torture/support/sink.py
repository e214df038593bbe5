"""A mail server that is anything but dependable, in the process of the test, which sees all that it took."""

import asyncio
import random
import threading
from collections import Counter

from aiosmtpd.smtp import SMTP

DOMAIN = "support.example"
# What becomes of a message at its first try, in so many of ten thousand; it is taken after that.
FATES = {
    "busy": 100, "busy after the message": 100, "gone before it keeps it": 100, "gone after it kept it": 100,
    "slow": 100, "silent": 10, "silent after it kept it": 10, "refused": 5,
}


class FlakySink:
    """Leaving the block ends it."""

    def __init__(self, timeout: float):
        """:param timeout: how many seconds those who hand something over have patience"""
        self.kept: Counter[tuple[str, str]] = Counter()
        """How often each message was kept, by its address and its Message-ID."""
        self.fates: Counter[str] = Counter()
        self.lies_to: set[str] = set()
        """Addresses whose mail it says it took and throws away."""
        self.is_flaky = True
        self._timeout = timeout
        self._tried: set[str] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "FlakySink":
        self._thread.start()
        self.port = 0
        self._call(self._open())
        return self

    def __exit__(self, *_) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def be_away(self, seconds: float) -> None:
        """Takes no connections for a while."""
        self._call(self._close())
        threading.Event().wait(seconds)
        self._call(self._open())

    def _call(self, work) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self) -> None:
        self._server = await self._loop.create_server(
            lambda: SMTP(self, hostname="localhost", loop=self._loop), "127.0.0.1", self.port, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        envelope.fate = "take"
        if self.is_flaky and address not in self._tried:
            self._tried.add(address)
            number = random.randrange(10_000)
            for fate, share in FATES.items():
                if number < share:
                    envelope.fate = fate
                    break
                number -= share
            self.fates[envelope.fate] += 1
        if envelope.fate == "busy":
            return "451 4.3.0 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        fate = envelope.fate
        if fate == "busy after the message":
            return "451 4.3.0 Come back later"
        if fate == "refused":
            return "550 5.7.1 Not from you"
        if fate == "slow":
            await asyncio.sleep(self._timeout / 4)
        if fate not in ("gone before it keeps it", "silent"):
            self._keep(envelope)
        if fate.startswith("gone"):
            server.transport.abort()
            await asyncio.sleep(self._timeout)
        if fate.startswith("silent"):
            await asyncio.sleep(self._timeout * 4)
        return "250 OK"

    def _keep(self, envelope) -> None:
        if envelope.rcpt_tos[0] in self.lies_to:
            return
        head = envelope.original_content.partition(b"\r\n\r\n")[0].decode()
        names = [line.partition(":")[2].strip() for line in head.split("\r\n") if line.lower().startswith("message-id:")]
        self.kept[envelope.rcpt_tos[0], " ".join(names)] += 1
