"""Counts what was tried and what was survived, and says it in one line."""

import sys
import time
import traceback
from contextlib import contextmanager
from pathlib import Path


class Tally:
    """What one torture has found so far. `short` says whether a little of everything will do."""

    def __init__(self, short: bool):
        self.short = short
        self.tried = self.survived = self.lost = 0

    @contextmanager
    def fault(self, what: str):
        """One thing done to the server. It is survived when the block ends; a failed assertion is told and counted,
        and the next fault is tried."""
        self.tried += 1
        try:
            yield
        except AssertionError as error:
            self.say(f"not survived: {what}: {error}")
        else:
            self.survived += 1

    def add(self, tried: int, survived: int, what: str) -> None:
        """Many faults of one kind at once."""
        self.tried += tried
        self.survived += survived
        if survived < tried:
            self.say(f"not survived: {tried - survived} of {tried}: {what}")

    def check(self, holds: bool, what: str) -> None:
        """Something that must not be lost: an acknowledged write, an answer to somebody who did nothing wrong."""
        if not holds:
            self.lost += 1
            self.say(f"lost: {what}")

    def say(self, text: str) -> None:
        """More than the one line, on standard error."""
        print(f"  {text}", file=sys.stderr, flush=True)


@contextmanager
def torture():
    """Runs a torture and prints its line. The arguments may hold `--short`."""
    tally = Tally("--short" in sys.argv[1:])
    name = Path(sys.argv[0]).stem
    start = time.monotonic()
    broken = False
    try:
        yield tally
    except Exception:  # the line is printed whatever happens
        traceback.print_exc()
        broken = True
    print(f"{name}: faults tried {tally.tried}, survived {tally.survived}, lost {tally.lost}", flush=True)
    tally.say(f"{time.monotonic() - start:.1f} s")
    sys.exit(1 if broken or not tally.tried or tally.survived < tally.tried or tally.lost else 0)
