"""The disk under a SQLite database fills up, or turns read-only, while people write: what cannot be saved is turned
down in clear words, what needs no writing goes on, and with room again all goes on without a restart."""

import os
import sys
import time
from pathlib import Path

from support.database import rows
from support.disk import FailingDisk, SmallDisk
from support.kith import Kith
from support.messages import Books, Writers, new_message
from support.pairs import Program
from support.tally import torture
from support.visitor import Visitor

SECONDS_TO_NOTICE = 20


def until(holds, what: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_NOTICE
    while not holds():
        assert time.monotonic() < deadline, f"not after {SECONDS_TO_NOTICE} s: {what}"
        time.sleep(0.05)


def expect_reading(kith: Kith, pair) -> None:
    """What must go on without writing."""
    stranger = Visitor(kith.url)
    for visitor, path in [
        (stranger, "/urgent-help"), (stranger, "/health"), (stranger, "/sign-in"), (stranger, "/get-support/riverside"),
        (pair.participant, "/home"), (pair.participant, "/account"), (pair.participant, "/conversations"),
    ]:
        answer = visitor.get(path)
        assert answer.status == 200, f"{path} answered {answer.status}"
    # Whoever looks at what another wrote is noted first; where that cannot be kept, nothing is shown.
    answer = pair.participant.get(pair.path)
    assert answer.status in (200, 503, 507), f"the conversation answered {answer.status}"


def expect_refusal(pair, status: int, words: str) -> None:
    """A form sent without scripts."""
    message = new_message(pair.conversation, "nora", 0)
    answer = pair.participant.post(f"{pair.path}/messages", {"message": message.id, "body": message.body})
    assert answer.status == status, f"a form was answered {answer.status}, not {status}"
    assert words in answer.text and answer.headers.get("retry-after"), f"the page does not say “{words}”"


def expect_books(kith: Kith, books: Books, tally, anew: bool = False) -> None:
    problems = books.compare(anew)
    for problem in problems[:5]:
        tally.check(False, problem)
    assert not problems, f"{len(problems)} problems"
    assert rows(kith, "PRAGMA integrity_check") == [("ok",)], "the database is damaged"


def fill_and_free(tally) -> None:
    kith = Kith("sqlite")
    with SmallDisk(kith.folder, megabytes=128) as disk, kith:
        program = Program(kith)
        pairs = [program.pair(), program.pair()]
        with Writers(pairs) as writers:
            books = Books(kith, writers)
            for attempt in range(3 if tally.short else 30):
                with tally.fault(f"no room, time {attempt + 1}"):
                    time.sleep(0.3)
                    disk.fill()
                    refused = writers.turned_down[507]
                    until(lambda: writers.turned_down[507] >= refused + 10, "writes are refused")
                    expect_reading(kith, pairs[0])
                    expect_refusal(pairs[0], 507, "What you sent was not saved")
                    disk.free()
                    taken = writers.count
                    until(lambda: writers.count >= taken + 10, "writes are taken again")
                    assert kith.is_alive
                    writers.wait()
                    expect_books(kith, books, tally)
                    writers.go()
            with tally.fault("killed without room, started without room, and with it again"):
                disk.fill()
                refused = writers.turned_down[507]
                until(lambda: writers.turned_down[507] >= refused + 10, "writes are refused")
                kith.kill()
                writers.wait()
                try:
                    kith.start()
                except AssertionError as error:
                    # There is no room for its log either, so what it said is not known.
                    assert "ended with status 1 " in str(error), f"it does not end as it should: {error}"
                kith.kill()
                disk.free()
                kith.start()
                expect_books(kith, books, tally)
                writers.go()
            writers.finish()
            expect_books(kith, books, tally, anew=True)
            tally.say(f"no room: {writers.count} messages acknowledged, {writers.turned_down[507]} turned down")


def turn_read_only(tally) -> None:
    kith = Kith("sqlite")
    kith.log = Path(f"{kith.folder}.log")
    with FailingDisk(kith.folder, megabytes=128) as disk, kith:
        program = Program(kith)
        pairs = [program.pair(), program.pair()]
        with Writers(pairs) as writers:
            books = Books(kith, writers)
            for attempt in range(1 if tally.short else 10):
                with tally.fault(f"read-only, time {attempt + 1}"):
                    time.sleep(0.5)
                    disk.fail()
                    refused = writers.turned_down[503]
                    until(lambda: writers.turned_down[503] >= refused + 10, "writes are refused")
                    expect_reading(kith, pairs[0])
                    expect_refusal(pairs[0], 503, "look whether what you sent is there")
                    kith.terminate()
                    kith.wait(20)
                    writers.wait()
                    try:
                        kith.start()
                        raise RuntimeError("it started on a disk that takes nothing")
                    except AssertionError as error:
                        assert "kith: " in str(error), f"it does not say why it does not start: {error}"
                    disk.repair()
                    kith.start()
                    expect_books(kith, books, tally)
                    writers.go()
            writers.finish()
            expect_books(kith, books, tally, anew=True)
            tally.say(f"read-only: {writers.count} messages acknowledged, {writers.turned_down[503]} turned down")
    kith.log.unlink()


if os.geteuid() != 0:
    print("full_disk: not tried, because only root may mount a disk", flush=True)
    sys.exit(0)

with torture() as tally:
    fill_and_free(tally)
    turn_read_only(tally)
