"""A PostgreSQL server of a torture's own, to be cut off, stopped and crashed."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path


class PostgresServer:
    """Listens on a socket in a folder of its own. Leaving the block stops it and deletes all it had."""

    def __init__(self):
        # Not in TMPDIR: a socket's path may have 107 bytes at most, and the server's user must be able to get there.
        self._folder = Path(tempfile.mkdtemp(prefix="kith-postgres-", dir="/var/tmp"))
        self._programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
        self._as_user = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups"]
        self.url = f"postgres:///postgres?host={self._folder}&user=kith"
        self._process = None

    def __enter__(self) -> "PostgresServer":
        subprocess.run(
            [*self._as_user, self._programs / "initdb", "--pgdata", "data", "--username", "kith", "--auth", "trust",
             "--encoding", "UTF8", "--locale", "C"],
            cwd=self._folder, check=True, capture_output=True,
        )
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as_user, self._programs / "postgres", "-D", "data", "-c", "listen_addresses=", "-c",
                 f"unix_socket_directories={self._folder}", "-c", "max_connections=100"],
                cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        deadline = time.monotonic() + 60
        while subprocess.run([self._programs / "pg_isready", "-q", "-h", self._folder]).returncode != 0:
            assert self._process.poll() is None and time.monotonic() < deadline, "PostgreSQL does not start"
            time.sleep(0.05)

    def crash(self) -> None:
        """Ends it at once, with every connection, so that it has to recover when it starts again."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def query(self, statement: str) -> list[str]:
        done = subprocess.run(
            ["psql", self.url, "-q", "-A", "-t", "-c", statement], capture_output=True, text=True, check=True
        )
        return done.stdout.split()

    def connections(self) -> list[int]:
        """The processes that serve Kith."""
        return [int(pid) for pid in self.query("SELECT pid FROM pg_stat_activity WHERE datname LIKE 'torture%'")]

    def cut(self) -> int:
        """Cuts every connection of Kith, whatever it is doing. :return: how many"""
        return len(self.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'torture%'"))
