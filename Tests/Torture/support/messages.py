"""People who write to each other without a pause, what they were promised, and whether it was kept.

Each message has an identifier made by its sender, who sends it again until it is acknowledged, as a browser does.
"""

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from support.database import rows
from support.kith import Kith
from support.pairs import Pair
from support.visitor import FORM, Visitor

# What a server may say to a message it does not take for now. All else is a fault.
FOR_NOW = {429, 503, 507}
BROKEN = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Stored:
    """A message as a server shows it."""

    sequence: int
    body: str


@dataclass(frozen=True)
class Sent:
    conversation: str
    id: str
    body: str


def new_message(conversation: str, writer: str, number: int) -> Sent:
    return Sent(conversation, str(uuid.uuid4()), f"{writer} {number} {random.getrandbits(64):016x}")


def send(visitor: Visitor, message: Sent):
    """Sends once, as the script of the page does."""
    fields = {"form-token": visitor.token, "message": message.id, "body": message.body}
    return visitor.request(
        "POST", f"/conversations/{message.conversation}/messages", urlencode(fields),
        {"Content-Type": FORM, "Accept": "application/json"},
    )


class Writers:
    """Both members of each pair, writing at the same time. Leaving the block stops them."""

    def __init__(self, pairs: list[Pair], pause: float = 0):
        self.acknowledged: dict[Sent, int] = {}
        """Each message that was taken, with the number it was given."""
        self.problems: list[str] = []
        self.turned_down: Counter[int] = Counter()
        """Answers that said to try later, by status."""
        self.broken = 0
        """Requests that got no answer."""
        self.pairs = pairs
        self._pause = pause
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._stopped = False
        self._abandoned = False
        self._idle: dict[str, threading.Event] = {}
        self._threads = []
        for number, pair in enumerate(pairs):
            for name, visitor in (("nora", pair.participant), ("ben", pair.supporter)):
                visitor.token  # asked for once, while all is well
                writer = f"{name}{number}"
                self._idle[writer] = threading.Event()
                self._threads.append(
                    threading.Thread(target=self._write, args=(writer, visitor, pair.conversation), daemon=True)
                )

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        self.go()
        return self

    def __exit__(self, *_) -> None:
        self._stopped = self._abandoned = True
        self._open.set()
        for thread in self._threads:
            thread.join(60)

    def go(self) -> None:
        self._open.set()

    def wait(self) -> None:
        """Has all of them wait. Returns when nothing is under way; what was not acknowledged is sent again later."""
        self._open.clear()
        for idle in self._idle.values():
            assert idle.wait(60), "a request has no answer after a minute"

    def finish(self) -> None:
        """Has each of them send what it has under way until it is acknowledged, and then no more."""
        self._stopped = True
        self.go()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a message was not taken within a minute, though all is well"

    def of(self, conversation: str) -> dict[Sent, int]:
        with self._lock:
            return {sent: number for sent, number in self.acknowledged.items() if sent.conversation == conversation}

    @property
    def count(self) -> int:
        return len(self.acknowledged)

    def _write(self, writer: str, visitor: Visitor, conversation: str) -> None:
        number = 0
        while not self._stopped:
            number += 1
            message = new_message(conversation, writer, number)
            while not self._is_taken(visitor, message, writer):
                if self._abandoned:
                    return
                time.sleep(0.05)
            time.sleep(self._pause)
        self._idle[writer].set()

    def _is_taken(self, visitor: Visitor, message: Sent, writer: str) -> bool:
        if not self._open.is_set():
            self._idle[writer].set()
            self._open.wait()
        self._idle[writer].clear()
        try:
            answer = send(visitor, message)
        except BROKEN:
            with self._lock:
                self.broken += 1
            return False
        with self._lock:
            if answer.status == 200:
                self.acknowledged[message] = json.loads(answer.text)["sequence"]
                return True
            if answer.status in FOR_NOW:
                self.turned_down[answer.status] += 1
            else:
                self.problems.append(f"{writer}: answered {answer.status}: {answer.text[:200]}")
                self._stopped = len(self.problems) > 100
            return self._stopped


class Listener:
    """A member's live stream, taken up again with Last-Event-ID wherever it breaks. Leaving the block ends it."""

    def __init__(self, pair: Pair):
        self.heard: list[Stored] = []
        self.breaks = 0
        self._pair = pair
        self._stopped = False
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "Listener":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stopped = True

    def has_heard(self, last: int, seconds: float = 30) -> bool:
        """Waits until the message with this number has come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.heard and self.heard[-1].sequence >= last:
                return True
            time.sleep(0.02)
        return last == 0

    def _listen(self) -> None:
        while not self._stopped:
            last = self.heard[-1].sequence if self.heard else 0
            try:
                for message in stream(self._pair.supporter, self._pair.path, last):
                    if self._stopped:
                        return
                    self.heard.append(message)
            except BROKEN:
                pass
            self.breaks += 1
            time.sleep(0.05)


def stream(visitor: Visitor, path: str, last: int, timeout: float = 20):
    """Messages after a number, from the live stream, as long as it lasts."""
    host = visitor.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=timeout)
    try:
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        connection.request("GET", f"{path}/events", headers={"Cookie": cookies, "Last-Event-ID": str(last)})
        answer = connection.getresponse()
        if answer.status != 200:
            return
        kind = None
        while line := answer.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "event":
                kind = value
            elif name == "data" and kind == "message":
                shown = json.loads(value)
                yield Stored(shown["sequence"], shown["body"])
    finally:
        connection.close()


def stored(pair: Pair, after: int = 0) -> list[Stored]:
    """The messages of a conversation after a number, as its participant is shown them."""
    page = pair.participant.get(f"{pair.path}?newest")
    assert page.status == 200, f"the conversation: {page.status}"
    last = int(page.text.partition('name="through" value="')[2].partition('"')[0])
    found = []
    if last <= after:
        return found
    for message in stream(pair.participant, pair.path, after):
        found.append(message)
        if message.sequence >= last:
            break
    return found


def differences(found: list[Stored], promised: dict[Sent, int], after: int = 0) -> list[str]:
    """What is wrong with the messages found after a number, given what was acknowledged."""
    problems = []
    numbers = [message.sequence for message in found]
    if numbers != list(range(after + 1, after + 1 + len(found))):
        problems.append(f"the numbers are not those from {after + 1} on, one after the other")
    bodies = {message.sequence: message.body for message in found}
    for sent, sequence in promised.items():
        if sequence > after and bodies.get(sequence) != sent.body:
            problems.append(f"number {sequence} was acknowledged and is not what was sent")
    times = Counter(message.body for message in found)
    problems += [f"one message is there {count} times" for count in times.values() if count > 1]
    return problems


def unrecorded(kith: Kith, conversation: str, last: int) -> list[str]:
    """Messages of a conversation without exactly one event in the log."""
    found = Counter(
        int(json.loads(row[0])["sequence"])
        for row in rows(kith, f"SELECT details FROM event WHERE kind = 'message.sent' AND object_id = '{conversation}'")
    )
    wrong = [number for number in range(1, last + 1) if found[number] != 1]
    return [f"number {number} has {found[number]} events" for number in wrong]


class Books:
    """Compares what writers were promised with what a server has, from where the last comparison ended."""

    def __init__(self, kith: Kith, writers: Writers):
        self._kith = kith
        self._writers = writers
        self._read: dict[str, list[Stored]] = {pair.conversation: [] for pair in writers.pairs}

    def compare(self, anew: bool = False) -> list[str]:
        """:param anew: whether to read everything once more"""
        problems = list(self._writers.problems)
        for pair in self._writers.pairs:
            known = [] if anew else self._read[pair.conversation]
            after = len(known)
            found = stored(pair, after)
            problems += differences(found, self._writers.of(pair.conversation), after)
            twice = {message.body for message in known} & {message.body for message in found}
            problems += ["one message is there again, with another number"] * len(twice)
            self._read[pair.conversation] = known + found
            problems += unrecorded(self._kith, pair.conversation, len(known) + len(found))
        return problems

    def last(self, pair: Pair) -> int:
        return len(self._read[pair.conversation])
