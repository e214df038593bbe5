"""Ten thousand people who keep a conversation open and say nothing: each costs a little memory, and everybody else is
answered as quickly as ever. A message reaches all of them soon, and when the server is stopped, each is told to come
back.

KITH_STREAMS says how many.
"""

import asyncio
import os
import re
import resource
import time

from support.kith import IS_RELEASE, Demo
from support.messages import new_message, send
from support.pace import Pace
from support.tally import torture

# What is asked of a build for release, and of one with all its checks, which is several times slower.
NORMAL = 0.05 if IS_RELEASE else 0.2
PER_CONNECTION = (30 if IS_RELEASE else 64) * 1024
SECONDS_TO_REACH = 2 if IS_RELEASE else 15
SECONDS_TO_STOP = 5


async def listen(port: int, path: str, cookie: str, opened: asyncio.Semaphore):
    """Opens an event stream and returns its reader and writer once it has begun."""
    async with opened:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    return head.split(b" ")[1] == b"200", reader, writer


async def hears(reader, words: bytes, seconds: float) -> float:
    """:return: when this came"""
    heard = b""
    while words not in heard:
        came = await asyncio.wait_for(reader.read(4096), seconds)
        if not came:
            raise ConnectionError("the stream has ended")
        heard += came
    return time.monotonic()


async def all_hear(readers, words: bytes, seconds: float, tally, what: str) -> list[float]:
    found = await asyncio.gather(*(hears(reader, words, seconds) for reader in readers), return_exceptions=True)
    moments = [moment for moment in found if isinstance(moment, float)]
    tally.add(len(readers), len(moments), f"{what}: {set(map(repr, found)) - set(map(repr, moments)) or ''}")
    return moments


async def reach(cleo, path: str, readers, tally) -> None:
    """One message, from its sending until the last of them has it."""
    conversation = re.search(r"/conversations/([^/]+)/", path)[1]
    message = new_message(conversation, "cleo", 1)
    cleo.token
    hearing = asyncio.create_task(
        all_hear(readers, message.body.encode(), 60, tally, "streams that were not told of a message"))
    await asyncio.sleep(0)
    start = time.monotonic()
    answer = await asyncio.to_thread(send, cleo, message)
    tally.check(answer.status == 200, f"the message was answered {answer.status}")
    moments = await hearing
    last = max(moments, default=start + 60) - start
    tally.say(f"a message reached the first of {len(readers)} after {min(moments) - start:.2f} s, all after {last:.2f} s")
    with tally.fault("how soon a message reaches all of them"):
        assert last <= SECONDS_TO_REACH, f"{last:.2f} s"


async def run(kith: Demo, tally, count: int) -> None:
    cleo = kith.sign_in("Participant")
    path = re.search(r'data-live="([^"]+)"', kith.conversation(cleo)).group(1)
    cookie = "; ".join(f"{name}={value}" for name, value in cleo.cookies.items())
    before = kith.memory
    opened = asyncio.Semaphore(64)
    start = time.monotonic()
    streams = await asyncio.gather(*(listen(kith.port, path, cookie, opened) for _ in range(count)))
    readers = [reader for _, reader, _ in streams]
    tally.add(count, sum(ok for ok, *_ in streams), "streams that were not opened")
    each = (kith.memory - before) / count
    tally.say(f"{count} streams in {time.monotonic() - start:.1f} s, {each / 1024:.1f} KB each")
    with tally.fault("the memory of idle connections"):
        assert each <= PER_CONNECTION, f"{each / 1024:.1f} KB each"
    with Pace(cleo, "/home") as pace:
        await asyncio.sleep(5 if tally.short else 40)
    pace.tell(tally, NORMAL)
    await reach(cleo, path, readers, tally)
    kith.terminate()
    start = time.monotonic()
    await all_hear(readers, b"event: bye", SECONDS_TO_STOP, tally, "streams that ended without being told to come back")
    with tally.fault("stopping with all of them open"):
        assert await asyncio.to_thread(kith.wait) == 0, "it did not end cleanly"
        assert time.monotonic() - start <= SECONDS_TO_STOP, f"it took {time.monotonic() - start:.1f} s"
    tally.say(f"stopped after {time.monotonic() - start:.1f} s")
    for _, _, writer in streams:
        writer.close()


with torture() as tally:
    # Each stream is an open file here and one in the server, which inherits this limit.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    count = int(os.environ.get("KITH_STREAMS", 500 if tally.short else 10_000))
    assert most >= count + 500, f"only {most} files may be open; ulimit -Hn has to allow {count + 500}"
    with Demo() as kith:
        asyncio.run(run(kith, tally, count))
