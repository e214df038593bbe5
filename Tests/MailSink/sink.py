"""Mail servers of every kind for the tests, on this machine alone. Prints its port, keeps each message that it takes as
a file, and ends with its standard input.

sink.py MODE FOLDER [--login NAME:PASSWORD] [--tls CERTIFICATE KEY]

take      takes everything
busy      answers 451 to each recipient
refuse    answers 550 to each recipient
hang      takes the connection and never says a word
stall     takes everything but the last word: after the message it says nothing
drop      keeps the message and is gone before it answers
flaky     now and then, at the first try of a message: busy, gone before it keeps it, or gone after it kept it
"""

import argparse
import asyncio
import email
import os
import ssl
import sys
import zlib

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Handler:
    def __init__(self, mode, folder):
        self.mode, self.folder, self.count, self.tried = mode, folder, 0, set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode == "busy":
            return "451 4.3.0 Come back later"
        if self.mode == "refuse":
            return "550 5.1.1 Nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = email.message_from_bytes(envelope.original_content)["Message-ID"] or ""
        fate = self.mode
        if fate == "flaky":
            fate = "take"
            if name not in self.tried:
                self.tried.add(name)
                fate = {0: "451", 1: "drop", 2: "lose"}.get(zlib.crc32(name.encode()) % 100, "take")
        if fate == "451":
            return "451 4.3.0 Come back later"
        if fate != "lose":
            self.keep(envelope)
        if fate in ("drop", "lose"):
            server.transport.abort()
            await asyncio.sleep(60)
        if fate == "stall":
            await asyncio.sleep(3600)
        return "250 OK"

    def keep(self, envelope):
        self.count += 1
        path = os.path.join(self.folder, f"{self.count:06}.eml")
        with open(path + ".part", "wb") as file:
            file.write(b"X-To: " + ", ".join(envelope.rcpt_tos).encode() + b"\r\n" + envelope.original_content)
        os.rename(path + ".part", path)


async def silence(reader, writer):
    await asyncio.sleep(3600)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode")
    parser.add_argument("folder")
    parser.add_argument("--login")
    parser.add_argument("--tls", nargs=2)
    options = parser.parse_args()
    handler = Handler(options.mode, options.folder)
    settings = {"hostname": "localhost", "data_size_limit": 1_000_000}
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
        settings |= {"tls_context": context, "require_starttls": True}
    if options.login:
        expected = tuple(part.encode() for part in options.login.split(":"))

        def authenticate(server, session, envelope, mechanism, data):
            good = isinstance(data, LoginPassword) and (data.login, data.password) == expected
            return AuthResult(success=good, handled=False)

        settings |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": bool(options.tls)}
    loop = asyncio.get_running_loop()
    if options.mode == "hang":
        server = await asyncio.start_server(silence, "127.0.0.1", 0)
    else:
        server = await loop.create_server(lambda: SMTP(handler, **settings), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
