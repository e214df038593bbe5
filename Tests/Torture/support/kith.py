"""A real `kith serve` on a free loopback port, with a fresh database of either engine."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from support.visitor import FORM, Visitor

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("KITH_PROGRAM", ROOT / ".build" / "debug" / "kith"))
IS_RELEASE = "release" in PROGRAM.parts
POSTGRES = os.environ.get("KITH_TEST_POSTGRES")
ENGINES = ["sqlite", "postgres"] if POSTGRES else ["sqlite"]
PASSWORD = "four quiet words at dawn"
SECONDS_TO_START = 180


class Kith:
    """An organization on a server of its own. Leaving the block stops it and deletes all it had."""

    def __init__(self, engine: str = "sqlite", *flags: str, environment: dict[str, str] | None = None):
        self.folder = Path(tempfile.mkdtemp(prefix="kith-torture-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "server.log"
        self._flags = flags
        # What is set for Kith here is not for this server; the mark of the run is, so that it is found when it is left.
        outside = {name: value for name, value in os.environ.items() if not re.match("KITH_(?!RUN$)", name)}
        own = {"KITH_MASTER_KEY": str(self.folder / "kith.key")}
        self._environment = {**outside, **own, **(environment or {})}
        self._name = f"torture_{self.port}_{os.getpid()}" if engine == "postgres" else None
        self.database = f"sqlite://{self.folder / 'kith.sqlite'}"
        if self._name:
            psql(f"CREATE DATABASE {self._name}")
            self.database = re.sub(r"/postgres\?", f"/{self._name}?", POSTGRES)
        self._process = None

    def __enter__(self) -> "Kith":
        try:
            self.start()
            self.add_organization("Riverside", "Caregivers", "Ada Adler")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.kill()
        if self._name:
            psql(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)

    def secure(self, make_certificate) -> None:
        """Has it speak TLS, from its next start on.
        :param make_certificate: puts site.pem and site.key into the folder"""
        make_certificate(self)
        self.url = f"https://localhost:{self.port}"
        self._flags += (
            "--address", self.url, "--certificate", str(self.folder / "site.pem"),
            "--certificate-key", str(self.folder / "site.key"),
        )

    # Running

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        arguments = [PROGRAM, *self._command(), "--port", str(self.port), *self._flags]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(part) for part in arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self._environment, cwd=self.folder,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            assert self.is_alive, f"ended with status {self._process.poll()} before it was ready:\n{self.tail()}"
            assert time.monotonic() < deadline, f"not ready after {SECONDS_TO_START} s:\n{self.tail()}"
            time.sleep(0.05)

    def _command(self) -> list[str]:
        return ["serve", "--database", self.database]

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def terminate(self) -> None:
        """Asks it to stop, as an operator would, and does not wait."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = 15) -> int:
        """Waits until it has ended.
        :return: its status, 0 for a clean end"""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds} s:\n{self.tail()}") from None

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def answers(self) -> bool:
        try:
            return Visitor(self.url, timeout=5).get("/health").status == 200
        except OSError:
            return False

    @property
    def memory(self) -> int:
        """Bytes of memory it holds now."""
        return self._status("VmRSS")

    @property
    def most_memory(self) -> int:
        """The most bytes of memory it has held since it started."""
        return self._status("VmHWM")

    @property
    def connections(self) -> int:
        """How many sockets it has open."""
        sockets = 0
        for file in Path(f"/proc/{self.pid}/fd").iterdir():
            try:
                sockets += str(file.readlink()).startswith("socket:")
            except FileNotFoundError:
                pass  # closed meanwhile
        return sockets

    def _status(self, name: str) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+)", status).group(1)) * 1024

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    # People

    def order(self, *arguments: str, seconds: float = 180) -> str:
        """Runs a command of the command line on this database and returns what it prints."""
        done = subprocess.run(
            [PROGRAM, *arguments, "--database", self.database], capture_output=True, text=True, timeout=seconds,
            env=self._environment, cwd=self.folder,
        )
        assert done.returncode == 0, f"kith {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def stranger(self) -> Visitor:
        """Somebody without an account."""
        return Visitor(self.url)

    def add_organization(self, name: str, program: str, administrator: str) -> None:
        """Opens an organization; its short name is its name in small letters."""
        slug = name.lower()
        self.order(
            "organization", "add", "--name", name, "--slug", slug, "--time-zone", "America/New_York",
            "--program", program, "--administrator", administrator,
        )
        # Signing in is not what is tortured here, and staff of a new organization need a second factor.
        roles = [part for role in ("coordinator", "supervisor", "administrator") for part in ("--role", role)]
        self.order("sign-in", "set", *roles, "--second-factor", "optional", "--organization", slug)

    def add(self, name: str, role: str, *aim: str) -> Visitor:
        """Adds somebody, who comes in with ``PASSWORD`` and their name in small letters as sign-in name.
        :param aim: which organization or program, where there are several"""
        said = self.order("user", "add", "--name", name, "--role", role, *aim)
        visitor = Visitor(self.url)
        visitor.come_in(re.search(r"/invitations/[\w-]+", said).group(), name.lower(), PASSWORD)
        return visitor

    def add_partner(self, name: str, *aim: str) -> str:
        """Adds an organization that sends people, and returns its bearer token."""
        return self.order("partner", "add", "--name", name, *aim).split()[-1]


class Restored(Kith):
    """A database for the backup of another, with the other's master key. Its server is not started."""

    def __init__(self, other: Kith, engine: str):
        super().__init__(engine)
        self._environment = other._environment

    def __enter__(self) -> "Restored":
        return self


class Demo(Kith):
    """The demonstration: people of every role, and conversations among them."""

    PASSPHRASE = "quiet river morning"

    def __init__(self, *flags: str):
        super().__init__("sqlite", "--people", "1", *flags)

    def __enter__(self) -> "Demo":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _command(self) -> list[str]:
        return ["demo", "--data", str(self.folder / "demo")]

    def order(self, *arguments: str, seconds: float = 180) -> str:
        self.database = f"sqlite://{self.folder / 'demo' / 'kith.sqlite'}"
        return super().order(*arguments, seconds=seconds)

    def sign_in(self, role: str) -> Visitor:
        """Signs in as the first person of a role that the demonstration names."""
        login = re.search(rf"^  {role}  .*?(\S+@\S+)  ", self.log.read_text(), re.MULTILINE).group(1)
        visitor = Visitor(self.url)
        answer = visitor.request(
            "POST", "/sign-in", urlencode({"login": login, "password": self.PASSPHRASE}), {"Content-Type": FORM}
        )
        assert answer.status == 303, f"{login} cannot sign in: {answer.status}"
        return visitor

    def conversation(self, visitor: Visitor) -> str:
        """The page of the first conversation they have."""
        path = re.search(r'href="(/conversations/[^"#?]+)', visitor.get("/conversations").text).group(1)
        return visitor.get(path).text


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def psql(statement: str) -> None:
    subprocess.run(["psql", POSTGRES, "-q", "-c", statement], check=True, capture_output=True)
