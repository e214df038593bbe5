"""What can be done to a server with HTTP/2: streams opened and reset, held open, never ended and never read, and frames
without end. Each connection is closed in good time, and everybody else is answered as quickly as ever."""

import signal
import socket
import ssl
import subprocess
import threading
import time

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import hpack

from support.kith import Kith
from support.pace import Pace
from support.tally import torture

CLOSED_WITHIN = 15
NORMAL = 0.5  # beside floods that take a core, in a debug build


class Client:
    """A connection with HTTP/2 that does as it is told, however wrong."""

    def __init__(self, kith: Kith, **settings: int):
        self.port = kith.port
        context = ssl._create_unverified_context()
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection(("127.0.0.1", kith.port), timeout=30)
        self.socket = context.wrap_socket(plain, server_hostname="localhost")
        assert self.socket.selected_alpn_protocol() == "h2", "the server does not speak HTTP/2"
        config = h2.config.H2Configuration(
            client_side=True, header_encoding="utf-8", validate_outbound_headers=False,
            normalize_outbound_headers=False,
        )
        self.http = h2.connection.H2Connection(config)
        self.http.initiate_connection()
        if settings:
            self.http.update_settings({getattr(h2.settings.SettingCodes, k): v for k, v in settings.items()})
        self.flush()

    def flush(self) -> None:
        self.socket.sendall(self.http.data_to_send())

    def head(self, method: str, path: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
        own = [(":method", method), (":scheme", "https"), (":authority", f"localhost:{self.port}"), (":path", path)]
        return [*own, ("sec-fetch-site", "same-origin"), *more]

    def open(self, method: str, path: str, *more: tuple[str, str], ended: bool = True) -> int:
        stream = self.http.get_next_available_stream_id()
        self.http.send_headers(stream, self.head(method, path, *more), end_stream=ended)
        return stream

    def frame(self, kind: int, flags: int, stream: int, payload: bytes) -> bytes:
        return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload

    def listen(self, seconds: float, until: int = -1) -> dict[int, int]:
        """Reads until the server closes, a stream is answered, or the time is over.
        :return: the statuses of the streams that were answered, and under 0 whether the server has closed"""
        statuses = {0: 0}
        end = time.monotonic() + seconds
        while time.monotonic() < end and until not in statuses:
            self.socket.settimeout(max(0.1, end - time.monotonic()))
            try:
                data = self.socket.recv(65_536)
            except TimeoutError:
                break
            except OSError:
                data = b""
            if not data:
                statuses[0] = 1
                break
            try:
                events = self.http.receive_data(data)
                self.flush()
            except (h2.exceptions.ProtocolError, OSError):
                continue
            for event in events:
                if isinstance(event, h2.events.ResponseReceived):
                    statuses[event.stream_id] = int(dict(event.headers)[":status"])
                if isinstance(event, h2.events.StreamReset):
                    statuses.setdefault(event.stream_id, 0)
        return statuses

    def close(self) -> None:
        self.socket.close()


def until_closed(client: Client, frames, seconds: float = CLOSED_WITHIN) -> float:
    """Sends frames until the server closes the connection.
    :return: how many seconds it took"""
    start = time.monotonic()
    client.socket.settimeout(1)
    try:
        while time.monotonic() - start < 2 * seconds:
            client.socket.sendall(next(frames))
            try:
                client.socket.setblocking(False)
                if client.socket.recv(65_536) == b"":
                    break
            except (ssl.SSLWantReadError, BlockingIOError):
                pass
            finally:
                client.socket.settimeout(1)
    except (OSError, StopIteration):
        pass
    return time.monotonic() - start


def at_once(*works) -> None:
    """Runs works beside each other, since most of them wait."""
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def closes(kith: Kith, tally, what: str, frames):
    """The work of sending frames until the server closes, in good time."""

    def work() -> None:
        with tally.fault(what):
            client = Client(kith)
            took = until_closed(client, frames(client))
            client.close()
            assert took <= CLOSED_WITHIN, f"still open after {took:.1f} s"

    return work


def resets(client: Client):
    """A stream opened and reset at once, again and again: 44487 of CVE-2023."""
    encoder = hpack.Encoder()
    stream = 1
    while True:
        burst = b""
        for _ in range(100):
            block = encoder.encode(client.head("GET", "/sign-in"))
            burst += client.frame(1, 5, stream, block) + client.frame(3, 0, stream, (8).to_bytes(4, "big"))
            stream += 2
        yield burst


def continuations(client: Client):
    """A head that never ends."""
    encoder = hpack.Encoder()
    yield client.frame(1, 0, 1, encoder.encode(client.head("GET", "/")))
    while True:
        yield client.frame(9, 0, 1, encoder.encode([("x-more", "a" * 100)]))


def repeated(frame: bytes, pause: float = 0.0):
    while True:
        time.sleep(pause)
        yield frame * (1 if pause else 100)


def then_nothing(frame: bytes):
    yield frame
    while True:
        time.sleep(0.5)
        yield b""


def heads(kith: Kith, tally) -> None:
    floods = {
        "streams opened and reset": resets, "a head without end": continuations,
        "pings": lambda c: repeated(c.frame(6, 0, 0, b"12345678")),
        "settings": lambda c: repeated(c.frame(4, 0, 0, b"")),
        "empty data": lambda c: repeated(c.frame(0, 0, 1, b"")),
        "priorities": lambda c: repeated(c.frame(2, 0, 1, b"\0\0\0\3\0")),
        "a head that stops": lambda c: then_nothing(c.frame(1, 0, 1, b"\x82")),
        "a ping now and then, and no request": lambda c: repeated(c.frame(6, 0, 0, b"12345678"), 2),
        "frames of no known kind": lambda c: repeated(c.frame(99, 0, 0, b"x" * 1000), 0.5),
    }
    at_once(*(closes(kith, tally, what, frames) for what, frames in floods.items()))
    with tally.fault("fields of a megabyte from a small table"):
        client = Client(kith)
        encoder = hpack.Encoder()
        block = encoder.encode([*client.head("GET", "/"), ("x-bomb", "a" * 4_000)])
        block += encoder.encode([("x-bomb", "a" * 4_000)]) * 10_000
        client.socket.sendall(client.frame(1, 5, 1, block[:16_000]))
        assert client.listen(CLOSED_WITHIN)[0] == 1, "still open"
        client.close()
    for what, more in {
        "another host": [("host", "evil.example")], "upper case": [("X-Upper", "1")],
        "a field of the connection": [("connection", "close")], "chunks": [("transfer-encoding", "chunked")],
        "a long field": [("x-long", "a" * 12_000)], "a thousand fields": [(f"x-{n}", "1") for n in range(300)],
    }.items():
        with tally.fault(f"head: {what}"):
            client = Client(kith)
            stream = client.open("GET", "/", *more)
            client.flush()
            status = client.listen(3, stream).get(stream, 0)
            client.close()
            assert status < 500 and (status != 200 or what in ("a long field", "a thousand fields")), f"{status}"
    for path in ["", "*", "http://evil.example/", "/\0", "//evil.example", "/" + "a" * 12_000]:
        with tally.fault(f"path: {path[:30]!r}"):
            client = Client(kith)
            stream = client.open("GET", path)
            client.flush()
            status = client.listen(3, stream).get(stream, 0)
            client.close()
            assert status in (0, 400, 404), f"{status}"


FORM = ("content-type", "application/x-www-form-urlencoded")


def bodies_without_end(kith: Kith, tally) -> None:
    with tally.fault("streams whose bodies never end"):
        client = Client(kith)
        streams = [client.open("POST", "/sign-in", FORM, ended=False) for _ in range(80)]
        client.flush()
        start = time.monotonic()
        statuses = client.listen(CLOSED_WITHIN, streams[-1])
        statuses.update(client.listen(1))
        assert all(statuses.get(stream, -1) in (0, 408) for stream in streams), f"{sorted(set(statuses.values()))}"
        assert time.monotonic() - start <= CLOSED_WITHIN + 1
        client.close()


def too_many_streams(kith: Kith, tally, count: int) -> None:
    with tally.fault("more streams than there may be"):
        client = Client(kith)
        encoder = hpack.Encoder()
        block = b"".join(
            client.frame(1, 4, 2 * n + 1, encoder.encode(client.head("POST", "/sign-in", FORM))) for n in range(count)
        )
        client.socket.sendall(block)
        assert client.listen(CLOSED_WITHIN)[0] == 1, "still open"
        client.close()


def no_window(kith: Kith, tally) -> None:
    with tally.fault("answers for which there is no window"):
        client = Client(kith, INITIAL_WINDOW_SIZE=0)
        for _ in range(80):
            client.open("GET", "/sign-in")
        client.flush()
        client.listen(CLOSED_WITHIN)
        held = [number for number, stream in client.http.streams.items() if not stream.closed]
        assert not held, f"{len(held)} answers are still kept for it"
        assert client.listen(CLOSED_WITHIN)[0] == 1, "still open"
        client.close()


def too_large(kith: Kith, tally) -> None:
    with tally.fault("a body larger than may be"):
        client = Client(kith)
        stream = client.open("POST", "/sign-in", FORM, ("content-length", str(1 << 30)), ended=False)
        client.flush()
        assert client.listen(5, stream).get(stream) == 413
        client.close()


def crowd(kith: Kith, tally, count: int) -> None:
    """Connections that shake hands halfway, or all the way, and then say nothing."""
    ended = []

    def hold(shakes: bool) -> None:
        start = time.monotonic()
        try:
            if shakes:
                client = Client(kith)
                client.listen(2 * CLOSED_WITHIN)
            else:
                with socket.create_connection(("127.0.0.1", kith.port), timeout=2 * CLOSED_WITHIN) as half:
                    half.sendall(b"\x16\x03\x01\x02\x00")
                    half.recv(100)
        except OSError:
            pass
        ended.append(time.monotonic() - start)

    threads = [threading.Thread(target=hold, args=(n % 2 == 0,), daemon=True) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3 * CLOSED_WITHIN)
    tally.add(count, sum(took <= CLOSED_WITHIN for took in ended), "silent connections with TLS that stayed open")
    tally.say(f"silent connections with TLS: closed after {min(ended):.1f} to {max(ended):.1f} s")


def make_certificate(kith: Kith) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(kith.folder / "site.key"), "-out", str(kith.folder / "site.pem")],
        check=True, capture_output=True,
    )
    (kith.folder / "site.key").chmod(0o600)


def renewal(kith: Kith, tally) -> None:
    """A renewed certificate is taken up at SIGHUP, and one that cannot be used is not."""

    def shown() -> str:
        return ssl.get_server_certificate(("localhost", kith.port))

    with tally.fault("a renewed certificate"):
        first = shown()
        make_certificate(kith)
        assert shown() == first, "taken up before it was asked to"
        kith.signal(signal.SIGHUP)
        time.sleep(0.5)
        second = shown()
        assert second != first, "not taken up"
    with tally.fault("a renewed certificate that is none"):
        (kith.folder / "site.pem").write_text("hello")
        kith.signal(signal.SIGHUP)
        time.sleep(0.5)
        assert shown() == second and "stays as it was" in kith.tail(), kith.tail()


with torture() as tally:
    kith = Kith("sqlite")
    kith.secure(make_certificate)
    with kith:
        ana = kith.add("Ana", "coordinator")
        tally.check(ana.get("/board").status == 200, "the board, before anything was tried")
        client = Client(kith)
        stream = client.open("GET", "/sign-in")
        client.flush()
        tally.check(client.listen(2, stream).get(stream) == 200, "a page by HTTP/2, before anything was tried")
        client.close()
        before, connections, peaks = kith.memory, kith.connections, []
        with Pace(ana, "/board", every=0.1) as pace:
            for _ in range(1 if tally.short else 3):
                at_once(
                    lambda: heads(kith, tally), lambda: bodies_without_end(kith, tally),
                    lambda: too_many_streams(kith, tally, 1_000), lambda: no_window(kith, tally),
                    lambda: too_large(kith, tally), lambda: crowd(kith, tally, 100 if tally.short else 400),
                )
                peaks.append((kith.most_memory - before) >> 20)
        pace.tell(tally, NORMAL)
        with tally.fault("what is left of them"):
            time.sleep(1)
            assert kith.connections <= connections + 2, f"{kith.connections} connections are open, {connections} before"
        with tally.fault("memory"):
            tally.say(f"{before >> 20} MB before; MB more at most, round by round: {peaks}")
            # What one round takes is kept by the allocator; a leak would take as much again each time.
            assert peaks[0] <= 80 and peaks[-1] <= peaks[0] + 16, f"{peaks} MB more than before"
        tally.check(kith.is_alive and ana.get("/board").status == 200, "the board, after all of it")
        renewal(kith, tally)
        start = time.monotonic()
        kith.terminate()
        with tally.fault("stopping"):
            assert kith.wait() == 0 and time.monotonic() - start <= 5, f"{time.monotonic() - start:.1f} s"
