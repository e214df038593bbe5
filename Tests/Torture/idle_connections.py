"""Thousands of people who keep a conversation open and say nothing: each costs a little memory, and everybody else is
answered as quickly as ever. When the server is stopped, each is told to come back."""

import asyncio
import re
import resource
import time

from support.kith import Demo
from support.pace import Pace
from support.tally import torture

NORMAL = 0.2
PER_CONNECTION = 64 * 1024  # of a debug build; a release build needs less than half
SECONDS_TO_STOP = 5


async def listen(port: int, path: str, cookie: str, opened: asyncio.Semaphore):
    """Opens an event stream and returns its reader and writer once it has begun."""
    async with opened:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    return head.split(b" ")[1] == b"200", reader, writer


async def run(kith: Demo, tally, count: int) -> None:
    cleo = kith.sign_in("Participant")
    path = re.search(r'data-live="([^"]+)"', kith.conversation(cleo)).group(1)
    cookie = "; ".join(f"{name}={value}" for name, value in cleo.cookies.items())
    before = kith.memory
    opened = asyncio.Semaphore(64)
    start = time.monotonic()
    streams = await asyncio.gather(*(listen(kith.port, path, cookie, opened) for _ in range(count)))
    tally.add(count, sum(ok for ok, *_ in streams), "streams that were not opened")
    each = (kith.memory - before) / count
    tally.say(f"{count} streams in {time.monotonic() - start:.1f} s, {each / 1024:.1f} KB each")
    with tally.fault("the memory of idle connections"):
        assert each <= PER_CONNECTION, f"{each / 1024:.1f} KB each"
    with Pace(cleo, "/home") as pace:
        await asyncio.sleep(5 if tally.short else 40)
    pace.tell(tally, NORMAL)
    kith.terminate()
    start = time.monotonic()

    async def goodbye(reader) -> bool:
        return b"event: bye" in await asyncio.wait_for(reader.read(), SECONDS_TO_STOP)

    said = await asyncio.gather(*(goodbye(reader) for _, reader, _ in streams), return_exceptions=True)
    tally.add(count, sum(answer is True for answer in said), "streams that ended without being told to come back")
    with tally.fault("stopping with all of them open"):
        assert await asyncio.to_thread(kith.wait) == 0, "it did not end cleanly"
        assert time.monotonic() - start <= SECONDS_TO_STOP, f"it took {time.monotonic() - start:.1f} s"
    tally.say(f"stopped after {time.monotonic() - start:.1f} s")
    for _, _, writer in streams:
        writer.close()


with torture() as tally:
    with Demo() as kith:
        # Each stream is two open files on this machine; the server has its own limit.
        room = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500
        asyncio.run(run(kith, tally, min(500 if tally.short else 5_000, room)))
