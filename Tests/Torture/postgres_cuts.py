"""PostgreSQL loses its connections in the middle of transactions, crashes and starts again, and stands still, while
people write: whatever was acknowledged is there, once, and Kith goes on by itself."""

import os
import random
import signal
import statistics
import time

import support.kith
from support.kith import Kith
from support.messages import Books, Listener, Writers
from support.pairs import Program
from support.postgres import PostgresServer
from support.tally import torture
from support.visitor import Visitor

SECONDS_TO_HEAL = 15


class Fault:
    """Something done to the database, and how long it took until people could write again."""

    def __init__(self, kith: Kith, writers: Writers, books: Books, tally):
        self.kith, self.writers, self.books, self.tally = kith, writers, books, tally
        self.seconds: list[float] = []

    def do(self, what: str, times: int, act) -> None:
        self.seconds = []
        for _ in range(times):
            with self.tally.fault(what):
                time.sleep(random.uniform(0.05, 0.3))
                act()
                self.heal()
        self.writers.wait()
        problems = self.books.compare()
        for problem in problems[:5]:
            self.tally.check(False, f"{what}: {problem}")
        self.writers.go()
        self.tally.say(
            f"{what}: {times} times; people could write again after {statistics.median(self.seconds):.2f} s, "
            f"{max(self.seconds):.2f} s at most"
        )

    def heal(self) -> None:
        taken, begin = self.writers.count, time.monotonic()
        assert Visitor(self.kith.url).get("/urgent-help").status == 200, "urgent help does not answer"
        while self.writers.count < taken + 16:
            assert time.monotonic() < begin + SECONDS_TO_HEAL, f"nothing was taken for {SECONDS_TO_HEAL} s"
            time.sleep(0.01)
        self.seconds.append(time.monotonic() - begin)
        assert self.kith.is_alive, f"Kith has ended:\n{self.kith.tail()}"


with torture() as tally, PostgresServer() as server:
    support.kith.POSTGRES = server.url
    with Kith("postgres") as kith:
        program = Program(kith)
        pairs = [program.pair() for _ in range(4)]
        with Writers(pairs) as writers, Listener(pairs[0]) as listener:
            books = Books(kith, writers)
            fault = Fault(kith, writers, books, tally)

            def cut() -> None:
                assert server.cut() > 0, "there was no connection to cut"

            def restart() -> None:
                server.crash()
                assert Visitor(kith.url).get("/urgent-help").status == 200, "urgent help does not answer"
                away = Visitor(kith.url).get("/get-support/riverside").status
                assert away == 503, f"without a database it answers {away}"
                time.sleep(random.uniform(0, 1))
                server.start()

            def stand_still() -> None:
                stopped = server.connections()
                for pid in stopped:
                    os.kill(pid, signal.SIGSTOP)
                try:
                    assert Visitor(kith.url).get("/urgent-help").status == 200, "urgent help does not answer"
                    time.sleep(3)
                finally:
                    for pid in stopped:
                        os.kill(pid, signal.SIGCONT)

            fault.do("connections cut", 20 if tally.short else 300, cut)
            fault.do("PostgreSQL crashed", 3 if tally.short else 40, restart)
            fault.do("PostgreSQL stood still", 2 if tally.short else 15, stand_still)
            writers.finish()
            for problem in books.compare(anew=True):
                tally.check(False, problem)
            listener.has_heard(books.last(pairs[0]))
            heard = [message.sequence for message in listener.heard]
            tally.check(heard == list(range(1, books.last(pairs[0]) + 1)), "the live stream left something out")
            tally.say(
                f"{writers.count} messages acknowledged, {writers.turned_down[503]} turned down, "
                f"{listener.breaks} streams taken up again"
            )
