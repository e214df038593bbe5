"""How long somebody who does nothing wrong waits meanwhile."""

import multiprocessing
import time

from support.visitor import Visitor

# What the test itself does must not hold up the one who waits.
_processes = multiprocessing.get_context("fork")


class Pace:
    """Asks for a page again and again while the block runs, from a process of its own."""

    def __init__(self, visitor: Visitor, path: str, every: float = 0.02):
        self.seconds: list[float] = []
        self.failures: list[str] = []
        self._path = path
        self._is_over = _processes.Event()
        self._found = _processes.SimpleQueue()
        arguments = (visitor, path, every, self._is_over, self._found)
        self._process = _processes.Process(target=_ask, args=arguments, daemon=True)

    def __enter__(self) -> "Pace":
        self._process.start()
        return self

    def __exit__(self, *_) -> None:
        self._is_over.set()
        self.seconds, self.failures = self._found.get()
        self._process.join()

    def percentile(self, share: float) -> float:
        """In seconds: so long or less was waited for this share of the answers."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * share))]

    def tell(self, tally, limit: float) -> None:
        """Notes every failure as a loss, and a fault not survived where the 99th percentile is over the limit."""
        for failure in self.failures:
            tally.check(False, f"{self._path} meanwhile: {failure}")
        tally.say(
            f"meanwhile {len(self.seconds)} answers of {self._path}: half within "
            f"{self.percentile(0.5) * 1000:.0f} ms, 99 % within {self.percentile(0.99) * 1000:.0f} ms"
        )
        with tally.fault("the pace meanwhile"):
            assert self.percentile(0.99) <= limit, f"99 % within {self.percentile(0.99) * 1000:.0f} ms only"


def _ask(visitor: Visitor, path: str, every: float, is_over, found) -> None:
    seconds, failures = [], []
    while not is_over.wait(every):
        start = time.monotonic()
        try:
            status = visitor.get(path).status
            if status != 200:
                failures.append(f"status {status}")
        except OSError as error:
            failures.append(repr(error))
        seconds.append(time.monotonic() - start)
    found.put((seconds, failures))
