"""A large database is backed up while it serves, and restored into a new one, of the same engine and of the other: every
row is there, and every page of the log as it was sealed.

KITH_RESTORE_MB says how large. A gigabyte has to be back within five minutes.
"""

import os
import time
from pathlib import Path

from support.database import change, rows
from support.kith import ENGINES, Kith, Restored
from support.messages import new_message, send, stored
from support.pairs import Program
from support.tally import torture

SECONDS_FOR_A_GIGABYTE = 300
# What a command may take, here where the build is not the one for release.
PATIENCE = 3_600
# About so much for a message and its event, with their indexes.
BYTES_EACH = {"sqlite": 1_280, "postgres": 1_520}
# Sessions are not in a backup, and whoever restores is noted.
NOT_KEPT = {"session"}


def size(kith: Kith) -> int:
    """In bytes."""
    if kith.database.startswith("sqlite://"):
        path = Path(kith.database.removeprefix("sqlite://"))
        return sum(file.stat().st_size for file in path.parent.glob(path.name + "*"))
    return int(rows(kith, "SELECT pg_database_size(current_database())")[0][0])


def fill(kith: Kith, pair, engine: str, megabytes: int) -> None:
    """So many messages, each with its event, as copies of a real one: by SQL, since sending them would take hours. Their
    words cannot be opened, because each is sealed for its own place; a backup copies them all the same. The events are
    sealed as usual when the server is there again. The server must not be running."""
    last = int(rows(kith, "SELECT max(sequence) FROM message")[0][0])
    count = megabytes * 1_000_000 // BYTES_EACH[engine]
    number = "substr(CAST(1000000000000 + i AS TEXT), 2)"
    every = f"WITH RECURSIVE n(i) AS (SELECT {last + 1} UNION ALL SELECT i + 1 FROM n WHERE i < {last + count})"
    of_last = f"conversation_id = '{pair.conversation}' AND sequence = {last}"
    change(kith, f"INSERT INTO message (organization_id, conversation_id, sequence, id, sender_id, body, sent_at) "
                 f"{every} SELECT organization_id, conversation_id, i, '00000000-0000-4000-8000-' || {number}, sender_id, "
                 f"body, sent_at FROM n, message WHERE {of_last}")
    change(kith, f"INSERT INTO event (organization_id, id, kind, actor, subject_id, program_id, object_id, details, at) "
                 f"{every} SELECT organization_id, '00000000-0000-4000-8001-' || {number}, kind, actor, subject_id, "
                 f"program_id, object_id, details, at FROM n, (SELECT * FROM event WHERE kind = 'message.sent' LIMIT 1) e")
    change(kith, f"UPDATE conversation SET last_sequence = {last + count} WHERE id = '{pair.conversation}'")


def counts(kith: Kith) -> dict[str, int]:
    """The rows of every table."""
    catalog = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if kith.database.startswith("sqlite://")
        else "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    tables = sorted(name for (name,) in rows(kith, catalog))
    return {table: int(rows(kith, f'SELECT count(*) FROM "{table}"')[0][0]) for table in tables}


def differences(before: dict[str, int], restored: Kith, checkpoints: Path) -> list[str]:
    """:param checkpoints: the seals of the logs when the backup was made"""
    after = counts(restored)
    found = [
        f"{table} has {after.get(table, 0)} rows, not {number}" for table, number in before.items()
        if table not in NOT_KEPT and after.get(table, 0) != number
    ]
    try:
        restored.order("audit", "verify", "--checkpoint", str(checkpoints), seconds=PATIENCE)
    except AssertionError as error:
        found.append(f"the log: {error}")
    return found


def notices_planted_losses(before: dict[str, int], restored: Kith, checkpoints: Path, tally) -> None:
    """What the comparison is worth: it has to find a row that is missing, and a record that is another."""
    conversation = rows(restored, "SELECT min(id) FROM conversation")[0][0]
    change(restored, f"DELETE FROM message WHERE conversation_id = '{conversation}' AND sequence = 2")
    assert differences(before, restored, checkpoints), "a message that is missing is not noticed"
    event = rows(restored, "SELECT min(id) FROM event WHERE page = 1")[0][0]
    change(restored, f"UPDATE event SET actor = 'visitor' WHERE id = '{event}'")
    found = differences(before, restored, checkpoints)
    assert any("log" in difference for difference in found), f"a record that is another is not noticed: {found}"
    tally.say("planted losses were noticed: a message, a record of the log")


def timed(what: str, tally, work) -> float:
    start = time.monotonic()
    work()
    seconds = time.monotonic() - start
    tally.say(f"{what}: {seconds:.1f} s")
    return seconds


def restore(engine: str, kith: Kith, folder: Path, kept: tuple, tally, notices: bool) -> None:
    before, checkpoints, megabytes = kept
    file = next(folder.glob("kith-*.backup"))
    with Restored(kith, engine) as restored:
        with tally.fault(f"restored into {engine}"):
            seconds = timed(
                f"{megabytes} MB restored into {engine}", tally,
                lambda: restored.order("restore", str(file), seconds=PATIENCE))
            for difference in (found := differences(before, restored, checkpoints)):
                tally.check(False, difference)
            assert not found, f"{len(found)} differences"
            limit = SECONDS_FOR_A_GIGABYTE * max(1, megabytes / 1_000)
            assert seconds <= limit, f"it took {seconds:.0f} s, more than {limit:.0f}"
        if notices:
            notices_planted_losses(before, restored, checkpoints, tally)


with torture() as tally:
    megabytes = int(os.environ.get("KITH_RESTORE_MB", 4 if tally.short else 200))
    for engine in ENGINES:
        with Kith(engine) as kith:
            pair = Program(kith).pair()
            for number in range(5):
                assert send(pair.supporter, new_message(pair.conversation, "ben", number)).status == 200
            words = [message.body for message in stored(pair)]
            kith.kill()
            timed("filled", tally, lambda: fill(kith, pair, engine, megabytes))
            kith.start()
            checkpoints, folder = kith.folder / "checkpoints.json", kith.folder / "backups"
            timed("sealed", tally, lambda: checkpoints.write_text(
                kith.order("audit", "checkpoint", seconds=PATIENCE)))
            folder.mkdir()
            timed("backed up", tally, lambda: kith.order("backup", "make", "--to", str(folder), seconds=PATIENCE))
            whole = round(size(kith) / 1_000_000)
            tally.say(f"{engine}: {whole} MB")
            kith.kill()
            before = counts(kith)
            assert before["message"] > megabytes * 400 and len(words) == 5
            for number, other in enumerate(sorted(ENGINES, key=lambda name: name != engine)):
                restore(other, kith, folder, (before, checkpoints, whole), tally, notices=number == 0)
