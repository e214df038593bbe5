"""Requests that are too large, too deep, too many or malformed: each is turned down in good time, in memory that stays
flat, by a server that goes on answering."""

import json
import socket
import time

from support.kith import ENGINES, Kith
from support.tally import torture
from support.visitor import FORM, Visitor

MEGABYTE = 1 << 20
# What stays, and what one request may need for a moment: a FHIR body of 8 MB, in a debug build.
# What the allocator holds back after such bodies differs from run to run, by 11 to 79 MB so far; one body that was kept
# would be a thousand.
MOST_KEPT = 96 * MEGABYTE
MOST_MEMORY = 128 * MEGABYTE
SECONDS = 5
FHIR = {"Content-Type": "application/fhir+json"}


def raw(kith: Kith, head: str, parts=(), timeout: float = 30) -> int:
    """Sends bytes as they are, without minding what the server does meanwhile.
    :return: the status of its answer; 0 when it closes without one"""
    with socket.create_connection(("127.0.0.1", kith.port), timeout=timeout) as connection:
        try:
            connection.sendall(head.encode("utf-8", "surrogateescape"))
            for part in parts:
                connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            answer = connection.recv(64)
        except ConnectionResetError:
            return 0
    return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def head(method: str, path: str, **fields: str) -> str:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Sec-Fetch-Site: same-origin"]
    return "\r\n".join([*lines, *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items()), "", ""])


def gigabyte(chunked: bool, size: int):
    block = b"a" * MEGABYTE
    for _ in range(size // MEGABYTE):
        yield b"100000\r\n" + block + b"\r\n" if chunked else block
    if chunked:
        yield b"0\r\n\r\n"


def expect(status: int, allowed: set[int]) -> None:
    assert status in allowed, f"answered {status}, not {sorted(allowed)}"


def bodies(kith: Kith, tally, token: str, session: str) -> None:
    """A gigabyte, to a form, to one that needs a session, and to FHIR; announced and not."""
    size = (64 if tally.short else 1024) * MEGABYTE
    for path, kind, extra in [
        ("/sign-in", FORM, {}), ("/account/password", FORM, {"Cookie": session}), ("/progress", FORM, {}),
        ("/fhir", "application/fhir+json", {"Authorization": f"Bearer {token}"}),
        ("/fhir/ServiceRequest", "application/fhir+json", {"Authorization": f"Bearer {token}"}),
    ]:
        with tally.fault(f"{size >> 20} MB, announced, to {path}"):
            start = time.monotonic()
            fields = {"Content_Type": kind, "Content_Length": str(size), **extra}
            expect(raw(kith, head("POST", path, **fields)), {413})
            assert time.monotonic() - start < SECONDS, "too slow"
        with tally.fault(f"{size >> 20} MB in chunks to {path}"):
            start = time.monotonic()
            fields = {"Content_Type": kind, "Transfer_Encoding": "chunked", **extra}
            expect(raw(kith, head("POST", path, **fields), gigabyte(True, size)), {413, 0})
            assert time.monotonic() - start < 15, "too slow"
    with tally.fault("a gigabyte nobody reads"):
        expect(raw(kith, head("GET", "/", Content_Length=str(size)), gigabyte(False, size)), {200, 400, 413})


def documents(kith: Kith, tally, token: str) -> None:
    """JSON that is deep, wide, doubled or not text."""
    partner = Visitor(kith.url)
    authorized = {**FHIR, "Authorization": f"Bearer {token}"}
    deep = 100_000
    for what, body in {
        "lists in lists": b"[" * deep + b"]" * deep,
        "objects in objects": b'{"a":' * deep + b"1" + b"}" * deep,
        "lists that never end": b"[" * deep,
        "extensions in extensions": b'{"resourceType":"Task","extension":['
        + b'{"extension":[' * 30_000 + b"]}" * 30_000 + b"]}",
        "a name twice": b'{"resourceType":"Task","status":"requested","status":"cancelled","intent":"order"}',
        "a name twice, inside": b'{"resourceType":"Task","status":"requested","intent":"order",'
        b'"focus":{"reference":"Task/1","reference":"Task/2"}}',
        "a name twice, escaped": b'{"resourceType":"Task","status":"requested","st\\u0061tus":"x","intent":"order"}',
        "not UTF-8": b'{"resourceType":"Task","description":"\xff\xfe"}',
        "half a pair": b'{"resourceType":"Task","description":"\\ud800"}',
        "a number without end": b'{"resourceType":"Task","priority":' + b"9" * MEGABYTE + b"}",
        "a million members": json.dumps({f"n{n}": 0 for n in range(300_000)}).encode(),
        "nothing": b"",
    }.items():
        for path in ["/fhir", "/fhir/ServiceRequest", "/fhir/Task"]:
            with tally.fault(f"JSON: {what}, to {path}"):
                start = time.monotonic()
                answer = partner.request("POST", path, body, authorized)
                expect(answer.status, {400, 413, 422})
                assert "OperationOutcome" in answer.text, answer.text[:200]
                assert len(answer.text) < MEGABYTE, "an answer as large as what was sent"
                assert time.monotonic() - start < SECONDS, f"took {time.monotonic() - start:.1f} s"


def forms(kith: Kith, tally) -> None:
    """Forms that are no text."""
    for what, body in {
        "not UTF-8": b"login=%FF%FE&password=x",
        "an overlong slash": b"login=%C0%AF&password=x",
        "half a pair": b"login=%ED%A0%80&password=x",
        "NUL": b"login=a%00b&password=x",
        "raw NUL": b"login=a\0b&password=x",
        "too many fields": b"a=1&" * 2_000,
    }.items():
        with tally.fault(f"form: {what}"):
            answer = Visitor(kith.url).request("POST", "/sign-in", body, {"Content-Type": FORM})
            expect(answer.status, {400, 413})


def heads(kith: Kith, tally) -> None:
    """Heads that are too long, too many, or say two things at once."""
    long = "a" * (60 * 1024)
    for what, text in {
        "a long address": head("GET", "/" + long),
        "a long query": head("GET", "/sign-in?next=/" + long),
        "an endless address": head("GET", "/" + "a" * (4 * MEGABYTE)),
        "a long field": head("GET", "/", X_Long=long),
        "a thousand fields": head("GET", "/", **{f"X_{n}": "1" for n in range(1_000)}),
        "a long cookie": head("GET", "/", Cookie="session=" + long),
        "length and chunks": head("POST", "/sign-in", Content_Length="5", Transfer_Encoding="chunked"),
        "two lengths": head("POST", "/sign-in", Content_Length="5", content_length="6"),
        "a negative length": head("POST", "/sign-in", Content_Length="-1"),
        "a folded line": head("GET", "/", X="1\r\n 2"),
        "NUL in the address": head("GET", "/\0"),
        "no host": "GET / HTTP/1.1\r\n\r\n",
        "two hosts": head("GET", "/", host="evil.example"),
        "another host": "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "another host's URL": "GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "bytes that are no text": head("GET", "/\udcff\udcfe"),
        "an unknown method": head("BREW", "/"),
        "a tunnel": "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    }.items():
        with tally.fault(f"head: {what}"):
            expect(raw(kith, text), {400, 404, 405, 408, 413, 414, 431, 0})


def addresses(kith: Kith, tally, visitor: Visitor) -> None:
    """Things in the path and the query that are no identifiers."""
    for path in [
        "/referrals/%00", "/referrals/%FF", "/referrals/" + "9" * 2_000, "/conversations/..%2F..%2Fetc%2Fpasswd",
        "/invitations/%E2%80%AE", "/assets/../../../etc/passwd", "/assets/%2e%2e%2f%2e%2e%2fkith.sqlite",
        "/status/..%00", "/progress/" + "a." * 500, "/get-support/%ED%A0%80",
    ]:
        with tally.fault(f"address: {path[:40]}"):
            expect(visitor.get(path).status, {400, 403, 404})


with torture() as tally:
    for engine in ENGINES:
        with Kith(engine) as kith:
            token = kith.add_partner("Mercy Clinic")
            ana = kith.add("Ana", "coordinator")
            tally.check(ana.get("/board").status == 200, "the board, before anything was tried")
            before = kith.memory
            session = "; ".join(f"{name}={value}" for name, value in ana.cookies.items())
            bodies(kith, tally, token, session)
            documents(kith, tally, token)
            forms(kith, tally)
            heads(kith, tally)
            addresses(kith, tally, ana)
            time.sleep(1)
            with tally.fault("memory"):
                kept, most = kith.memory - before, kith.most_memory - before
                tally.say(f"{engine}: {before >> 20} MB before, {kept >> 20} MB more after, {most >> 20} MB more at most")
                assert kept <= MOST_KEPT and most <= MOST_MEMORY, "too much"
            tally.check(kith.is_alive and ana.get("/board").status == 200, f"{engine}: the board, after all of it")
