"""Starts and stops the program that the journeys visit."""

import os
import shlex
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

# {data} is an empty folder and {port} a free port. KITH_BROWSER_COMMAND puts another command in its place.
COMMAND = ".build/debug/kith demo --data {data} --port {port}"

ROOT = Path(__file__).resolve().parents[3]

# A debug build takes its time to write the demonstration data.
SECONDS_TO_START = 120
SECONDS_TO_STOP = 10


class Server:
    """A running Kith. `url` is its origin, without a slash at the end; `folder` is where its data lies."""

    def __init__(
        self,
        folder: Path,
        command: str | None = None,
        seconds_to_stop: float = SECONDS_TO_STOP,
        port: int | None = None,
    ):
        port = port or free_port()
        self.port = port
        self.folder = folder
        command = command or os.environ.get("KITH_BROWSER_COMMAND") or COMMAND
        arguments = [part.format(data=folder / "data", port=port) for part in shlex.split(command)]
        self.url = f"http://127.0.0.1:{port}"
        self.seconds_to_stop = seconds_to_stop
        self._log = folder / "server.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                arguments, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self._wait_until_healthy()
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise

    @property
    def output(self) -> str:
        """All it has printed so far; the demonstration prints its sign-ins."""
        return self._log.read_text(errors="replace")

    def ask(self, question: str, *values: str) -> list[tuple]:
        """What stands in its database, which is SQLite."""
        database = sqlite3.connect(f"file:{self.folder / 'data' / 'kith.sqlite'}?mode=ro", uri=True)
        rows = database.execute(question, values).fetchall()
        database.close()
        return rows

    def stop(self) -> None:
        """Asks it to stop, as an operator would. Fails when it does not, or does not do it cleanly."""
        self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(self.seconds_to_stop)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"still running {self.seconds_to_stop} s after SIGTERM\n{self._tail()}") from None
        assert status == 0, f"ended with status {status} after SIGTERM, not 0\n{self._tail()}"

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            status = self._process.poll()
            assert status is None, f"ended with status {status} before it was ready\n{self._tail()}"
            if is_healthy(self.url):
                return
            time.sleep(0.1)
        raise AssertionError(f"not ready after {SECONDS_TO_START} s\n{self._tail()}")

    def _tail(self) -> str:
        return "Its last output:\n" + "\n".join(self.output.splitlines()[-40:])


def is_healthy(url: str) -> bool:
    # Without a proxy: the environment's proxy has no way to this machine's own ports.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{url}/health", timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
