"""An organization set up from nothing, as an operator does it: `kith serve`, then `kith organization add`."""

import re
import sqlite3
import subprocess
from pathlib import Path

from playwright.sync_api import Page

from support.server import ROOT, Server

KITH = ROOT / ".build" / "debug" / "kith"
PASSWORD = "four quiet words at dawn"


class House:
    """A running Kith with empty data. Orders of the command line reach it while it runs."""

    def __init__(self, folder: Path):
        self._database = f"sqlite://{folder / 'kith.sqlite'}"
        self._folder = folder
        self._command = f"{KITH} serve --database {self._database} --port {{port}}"
        self.server = Server(folder, self._command)

    def restart(self) -> None:
        """Stops Kith and starts it again at the same address: every connection breaks."""
        self.server.stop()
        self.server = Server(self._folder, self._command, port=self.server.port)

    def put(self, *statements: str) -> None:
        """Stops Kith, puts rows into its database that no page makes yet, and starts it again at the same address."""
        self.server.stop()
        with sqlite3.connect(self._folder / "kith.sqlite") as database:
            for statement in statements:
                assert database.execute(statement).rowcount > 0, statement
        database.close()
        self.server = Server(self._folder, self._command, port=self.server.port)

    def order(self, *arguments: str) -> str:
        """Runs a command and returns what it prints."""
        done = subprocess.run(
            [KITH, *arguments, "--database", self._database], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def open_organization(
        self, name: str, slug: str, program: str, administrator: str, second_factor: str = "optional"
    ) -> str:
        """Opens an organization and returns the path at which its administrator comes in. A journey that is not about
        signing in leaves the second factor off, which new organizations ask of their staff."""
        way_in = invitation(
            self.order(
                "organization", "add", "--name", name, "--slug", slug, "--time-zone", "America/New_York",
                "--program", program, "--administrator", administrator,
            )
        )
        roles = [part for role in ("coordinator", "supervisor", "administrator") for part in ("--role", role)]
        self.order("sign-in", "set", *roles, "--second-factor", second_factor, "--organization", slug)
        return way_in

    def add(self, name: str, role: str, organization: str) -> str:
        """Adds somebody and returns the path at which they come in."""
        return invitation(self.order("user", "add", "--name", name, "--role", role, "--organization", organization))


def invitation(text: str) -> str:
    found = re.search(r"/invitations/[\w-]+", text)
    assert found, f"no way in: {text}"
    return found.group()


def come_in(page: Page, path: str, login: str) -> None:
    """Follows a way in and chooses a name and a password."""
    page.goto(path)
    page.get_by_label("Sign-in name").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(lambda url: "/invitations/" not in url)
