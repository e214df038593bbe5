"""A gateway for text messages on this machine alone: takes what Kith sends, and delivers what people send."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from support.server import ROOT

SECRET = "a secret between Kith and the gateway"


class Gateway:
    """A running gateway. `settings` is what Kith is started with, as the environment has it."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "Tests" / "MailSink" / "gateway.py"), "200", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = int(self._process.stdout.readline())
        # The braces are doubled for the command's own places.
        self.settings = (
            f"KITH_TEXT_GATEWAY=http://127.0.0.1:{port}/ KITH_TEXT_FORMAT=form"
            " 'KITH_TEXT_BODY=To={{{{to}}}}&Body={{{{text}}}}' KITH_TEXTS_FORMAT=form"
            f" 'KITH_TEXTS_SECRET={SECRET}' KITH_TEXTS_PHONE=555-0199 KITH_TEXTS_ORGANIZATION=riverside")

    def stop(self) -> None:
        self._process.stdin.close()
        self._process.wait(10)

    @property
    def taken(self) -> list[tuple[str, str]]:
        """The number and the words of everything that Kith sent, in order."""
        found = []
        for file in sorted(self._folder.glob("*.json")):
            form = urllib.parse.parse_qs(json.loads(file.read_text())["body"])
            found.append((form["To"][0], form["Body"][0]))
        return found

    def wait(self, count: int, seconds: float = 20) -> list[tuple[str, str]]:
        """Waits until Kith has sent so many."""
        deadline = time.monotonic() + seconds
        while len(self.taken) < count and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(self.taken) >= count, self.taken
        return self.taken

    def deliver(self, url: str, number: str, words: str, *, secret: str = SECRET, name: str | None = None) -> int:
        """Delivers what somebody wrote, and returns Kith's answer."""
        self._count += 1
        body = urllib.parse.urlencode({"From": number, "Body": words, "MessageSid": name or f"SM{self._count}"})
        request = urllib.request.Request(
            f"{url}/text-messages", body.encode(), {"Authorization": f"Bearer {secret}"})
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=20) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
