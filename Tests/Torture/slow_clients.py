"""Clients that send and read as slowly as they can, to hold every connection there is: all are closed in good time, and
everybody else is answered as quickly as ever."""

import asyncio
import re
import resource
import socket
import time

from support.kith import Kith
from support.pace import Pace
from support.tally import torture
from support.visitor import Visitor

CLOSED_WITHIN = 15
NORMAL = 0.2
# What they may take besides, all at once and each, and how much more after every further wave of them.
MEMORY, EACH, MORE = 32 << 20, 30 << 10, 8 << 20
HEAD = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


async def hold(port: int, beginning: str, drips: bool = True) -> float:
    """Sends a beginning, then perhaps a byte a second, until the server closes.
    :return: how many seconds it took"""
    loop = asyncio.get_running_loop()
    start = time.monotonic()
    with socket.socket() as client:
        client.setblocking(False)
        await loop.sock_connect(client, ("127.0.0.1", port))
        await loop.sock_sendall(client, beginning.encode())
        while time.monotonic() - start < 4 * CLOSED_WITHIN:
            try:
                try:
                    if not await asyncio.wait_for(loop.sock_recv(client, 4096), 1):
                        break
                except TimeoutError:
                    pass
                if drips:
                    client.send(b"a")
            except OSError:
                break
    return time.monotonic() - start


def read_nothing(kith: Kith, count: int, asset: str) -> list[socket.socket]:
    """Clients that ask for more than anybody's buffers hold, and take none of it. They cannot tell when they are closed:
    the server's own connections tell."""
    many = f"GET {asset} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 100
    before = kith.connections
    clients = []
    for _ in range(count):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", kith.port))
        client.sendall(many.encode())
        clients.append(client)
    start = time.monotonic()
    while kith.connections - before < count * 0.9:
        assert time.monotonic() - start < 5, f"only {kith.connections - before} of {count} are held to begin with"
        time.sleep(0.1)
    return clients


async def slow(kith: Kith, count: int) -> dict[str, list[float]]:
    """So many of each kind at once. :return: after how many seconds they were closed"""
    kinds = {
        "slow heads": (HEAD + "X-Slow: ",),
        "slow bodies": (HEAD + FORM + "Content-Length: 1000\r\n\r\nlogin=",),
        "slow chunks": (HEAD + FORM + "Transfer-Encoding: chunked\r\n\r\n3e8\r\nlogin=",),
        "silent": ("", False),
    }
    tasks = {
        kind: [asyncio.ensure_future(hold(kith.port, *how)) for _ in range(count)]
        for kind, how in kinds.items()
    }
    return {kind: await asyncio.gather(*group) for kind, group in tasks.items()}


with torture() as tally:
    # Thousands of clients are as many open files, here and in the server, which inherits this limit.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with Kith() as kith:
        ana = kith.add("Ana", "coordinator")
        tally.check(ana.get("/board").status == 200, "the board, before anything was tried")
        asset = re.search(r"/assets/kith\.[0-9a-f]+\.css", ana.get("/board").text).group()
        before, connections, after = kith.memory, kith.connections, []
        several, each = (50, 200) if tally.short else (250, 1_000)
        with Pace(ana, "/board") as pace:
            for _ in range(1 if tally.short else 3):
                opened = time.monotonic()
                readers = read_nothing(kith, several, asset)
                for kind, seconds in asyncio.run(slow(kith, each)).items():
                    tally.add(
                        len(seconds), sum(took <= CLOSED_WITHIN for took in seconds),
                        f"{kind}, closed after {max(seconds):.1f} s, not {CLOSED_WITHIN}",
                    )
                    tally.say(f"{kind}: closed after {min(seconds):.1f} to {max(seconds):.1f} s")
                time.sleep(max(0, opened + CLOSED_WITHIN - time.monotonic()))
                left = max(0, kith.connections - connections - 1)  # the one who waits has one
                tally.add(len(readers), len(readers) - min(left, len(readers)), "readers of nothing are still held")
                for reader in readers:
                    reader.close()
                after.append(kith.memory)
        pace.tell(tally, NORMAL)
        with tally.fault("what is left of them"):
            time.sleep(1)
            assert kith.connections <= connections + 2, f"{kith.connections} connections are open, {connections} before"
        with tally.fault("memory"):
            grown = kith.most_memory - before
            tally.say(
                f"{before >> 20} MB before, {grown >> 20} MB more at most, "
                f"{' and '.join(str(held >> 20) for held in after)} MB after each wave")
            assert grown <= MEMORY + (several + 4 * each) * EACH, f"{grown >> 20} MB more than before"
            assert after[-1] <= after[0] + (len(after) - 1) * MORE, "each wave leaves more behind"
        tally.check(kith.is_alive and ana.get("/board").status == 200, "the board, after all of it")
