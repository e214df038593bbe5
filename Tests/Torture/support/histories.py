"""Whether what people were answered can have happened one after the other.

Several ask at the same time, so nobody knows in which order the server did it. A history is fine when there is one
order in which each answer is the one that a plain model of the thing gives, and in which nothing that was answered
comes after something that was asked later.
"""

import time
from dataclasses import dataclass
from typing import Callable, Hashable


# The answer of a server that ran out of time: it was done or it was not, and is over.
UNKNOWN = None


@dataclass(frozen=True)
class Asked:
    what: Hashable
    answer: Hashable
    start: float
    end: float


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
                if asked.answer in (answer, UNKNOWN) and can_go_on(left - {asked}, after):
                    return True
                if asked.answer is UNKNOWN and can_go_on(left - {asked}, state):
                    return True
        return False

    return can_go_on(frozenset(history), state)
