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


def change(kith: Kith, statement: str) -> None:
    """Does to a database what must never happen to it. Its server must not be running."""
    if kith.database.startswith("sqlite://"):
        with sqlite3.connect(kith.database.removeprefix("sqlite://")) as connection:
            connection.execute(statement)
        connection.close()
    else:
        subprocess.run(["psql", kith.database, "-q", "-c", statement], check=True, capture_output=True)
