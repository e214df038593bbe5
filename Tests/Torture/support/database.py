"""Looks into the databases of servers, and does to them what must never happen."""

import sqlite3
import subprocess

from support.kith import Kith


def rows(kith: Kith, statement: str) -> list[tuple]:
    """Looks into a database, beside its server."""
    if kith.database.startswith("sqlite://"):
        path = kith.database.removeprefix("sqlite://")
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()
    done = subprocess.run(
        ["psql", kith.database, "-q", "-A", "-t", "-F", "\t", "-c", statement],
        check=True, capture_output=True, text=True,
    )
    return [tuple(line.split("\t")) for line in done.stdout.splitlines()]


class Window:
    """Looks into a database again and again, for less than ``rows`` takes. To be closed."""

    MARK = "-- that was all --"

    def __init__(self, kith: Kith):
        self._connection = self._psql = None
        if kith.database.startswith("sqlite://"):
            path = kith.database.removeprefix("sqlite://")
            self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        else:
            self._psql = subprocess.Popen(
                ["psql", kith.database, "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            )

    def rows(self, statement: str) -> list[tuple]:
        if self._connection:
            return self._connection.execute(statement).fetchall()
        self._psql.stdin.write(f"{statement};\n\\echo '{self.MARK}'\n")
        self._psql.stdin.flush()
        found = []
        while (line := self._psql.stdout.readline()) != self.MARK + "\n":
            assert line, "the database could not be looked into"
            found.append(tuple(line.rstrip("\n").split("\t")))
        return found

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        else:
            self._psql.stdin.close()
            self._psql.wait()


def change(kith: Kith, statement: str) -> None:
    """Does to a database what must never happen to it. Its server must not be running."""
    if kith.database.startswith("sqlite://"):
        with sqlite3.connect(kith.database.removeprefix("sqlite://")) as connection:
            connection.execute(statement)
        connection.close()
    else:
        subprocess.run(["psql", kith.database, "-q", "-c", statement], check=True, capture_output=True)
