"""A relay for meetings by video: coturn on this machine alone, for one journey."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

from support.server import free_port

SECRET = "a secret between Kith and the relay"


class Relay:
    """A running coturn. `address` is where browsers find it."""

    def __init__(self, folder: Path):
        program = shutil.which("turnserver") or "/usr/bin/turnserver"
        self.port = free_port()
        self.address = f"turn:127.0.0.1:{self.port}"
        self._log = folder / "coturn.log"
        configuration = folder / "coturn.conf"
        configuration.write_text("\n".join([
            "listening-ip=127.0.0.1", "relay-ip=127.0.0.1", f"listening-port={self.port}", "min-port=52000",
            "max-port=52400", "use-auth-secret", f"static-auth-secret={SECRET}", "realm=kith.test", "no-cli", "no-tls",
            "no-dtls", "no-stdout-log", f"log-file={self._log}", "simple-log", f"pidfile={folder / 'coturn.pid'}",
            f"userdb={folder / 'coturn.db'}",
            # The browsers of the journey are on this machine too. Nowhere else may a relay lead to its own.
            "allow-loopback-peers",
        ]) + "\n")
        self._process = subprocess.Popen(
            [program, "-c", str(configuration)], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"coturn ended: {self._said()}"
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"coturn is not ready: {self._said()}")

    def _said(self) -> str:
        return self._log.read_text(errors="replace")[-2_000:] if self._log.exists() else "nothing"
