"""Whether what people were answered can have happened one after the other.

Several ask at the same time, so nobody knows in which order the server did it. A history is fine when there is one
order in which each answer is the one that a plain model of the thing gives, and in which nothing that was answered
comes after something that was asked later.
"""

import threading
import time
from dataclasses import dataclass
from typing import Callable, Hashable


@dataclass(frozen=True)
class Asked:
    what: Hashable
    answer: Hashable
    start: float
    end: float


def at_once(work: dict[Hashable, Callable[[], Hashable]]) -> list[Asked]:
    """Has everybody ask at the same moment, and returns what was asked and answered, and when."""
    together = threading.Barrier(len(work))
    found, failed = [], []

    def ask(what, call):
        together.wait()
        start = time.monotonic()
        try:
            answer = call()
        except Exception as error:  # told by whoever waits for all of them
            failed.append(error)
        else:
            found.append(Asked(what, answer, start, time.monotonic()))

    threads = [threading.Thread(target=ask, args=item) for item in work.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, f"no answer: {failed[0]!r}"
    return found


def read(what: Hashable, answer: Hashable) -> Asked:
    """What stands there after all of it."""
    now = time.monotonic()
    return Asked(what, answer, now, now)


def is_possible(history: list[Asked], state: Hashable, model: Callable) -> bool:
    """:param model: what a thing in some state answers to what is asked, and its state after that"""
    seen = set()

    def can_go_on(left: frozenset[Asked], state: Hashable) -> bool:
        if not left:
            return True
        if (left, state) in seen:
            return False
        seen.add((left, state))
        first_end = min(asked.end for asked in left)
        for asked in left:
            if asked.start <= first_end:
                answer, after = model(state, asked.what)
                if answer == asked.answer and can_go_on(left - {asked}, after):
                    return True
        return False

    return can_go_on(frozenset(history), state)
