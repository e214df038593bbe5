"""The server is killed at random moments while eight people write to each other, and started again: whatever was
acknowledged is there, once, in order, with its event; live streams go on where they were."""

import random
import statistics
import time
from dataclasses import replace

from support.database import change
from support.kith import ENGINES, IS_RELEASE, Kith
from support.messages import Books, Listener, Writers, new_message, send
from support.pairs import Program
from support.tally import torture

PAIRS = 4
# A debug build reads the rules of worry detection for a second.
SECONDS_TO_BE_READY = 2 if IS_RELEASE else 4


def notices_planted_losses(kith: Kith, tally, program: Program) -> None:
    """What the comparison is worth: it has to find a loss, a duplicate and a gap in the log that are put there."""
    pair = program.pair()
    writers = Writers([pair])
    for number in range(1, 7):
        message = new_message(pair.conversation, "ben", number)
        assert send(pair.supporter, message).status == 200
        writers.acknowledged[message] = number

    def found() -> list[str]:
        return Books(kith, writers).compare()

    assert found() == [], f"before anything was planted: {found()}"
    # Somebody whose script makes a new identifier for what it sends again.
    again = next(iter(writers.acknowledged))
    twin = replace(new_message(pair.conversation, "ben", 7), body=again.body)
    assert send(pair.supporter, twin).status == 200
    assert found() == ["one message is there 2 times"], f"a planted duplicate: {found()}"
    of_seven = "CAST(details AS TEXT) LIKE '%\"7\"%'"
    for plant, statement in {
        "an event": f"DELETE FROM event WHERE object_id = '{pair.conversation}' AND {of_seven}",
        "a message": f"DELETE FROM message WHERE conversation_id = '{pair.conversation}' AND sequence = 3",
    }.items():
        before = found()
        kith.kill()
        change(kith, statement)
        kith.start()
        assert len(found()) > len(before), f"{plant} was taken away and not missed"
    tally.say("planted losses were noticed: a duplicate, an event, a message")


def kill_again_and_again(kith: Kith, tally, program: Program, engine: str) -> None:
    pairs = [program.pair() for _ in range(PAIRS)]
    starts = []
    with Writers(pairs, pause=0.01) as writers, Listener(pairs[0]) as one, Listener(pairs[1]) as other:
        books = Books(kith, writers)
        for _ in range(15 if tally.short else 250):
            with tally.fault(f"{engine}: killed after {writers.count} messages"):
                time.sleep(random.uniform(0.02, 0.5))
                kith.kill()
                writers.wait()
                begin = time.monotonic()
                kith.start()
                starts.append(time.monotonic() - begin)
                problems = books.compare()
                for problem in problems[:5]:
                    tally.check(False, problem)
                assert not problems, f"{len(problems)} problems"
                writers.go()
        writers.finish()
        problems = books.compare(anew=True)
        for listener, pair in ((one, pairs[0]), (other, pairs[1])):
            listener.has_heard(books.last(pair))
            heard = [message.sequence for message in listener.heard]
            if heard != list(range(1, books.last(pair) + 1)):
                problems.append("a live stream has left something out, or said it twice")
            if not listener.breaks:
                problems.append("the live stream never broke, so nothing was tried")
        for problem in problems:
            tally.check(False, problem)
    typical, most = statistics.median(starts), max(starts)
    tally.say(
        f"{engine}: {writers.count} messages acknowledged, {writers.broken} requests cut; "
        f"ready again after {typical:.2f} s, {most:.2f} s at most"
    )
    with tally.fault("how long it takes to be ready"):
        assert typical <= SECONDS_TO_BE_READY, f"{typical:.1f} s"


with torture() as tally:
    for engine in ENGINES:
        with Kith(engine) as kith:
            program = Program(kith)
            notices_planted_losses(kith, tally, program)
            kill_again_and_again(kith, tally, program, engine)
