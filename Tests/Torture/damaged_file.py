"""One byte of a SQLite database, or of its log, is another one: whatever people wrote is shown as they wrote it, or
marked as unreadable, or refused; never other words, never a crash."""

import html
import os
import random
import re
from collections import Counter
from pathlib import Path

import support.kith
from support.database import change
from support.kith import Kith
from support.messages import new_message, send
from support.pairs import Pair, Program, sign_in
from support.tally import torture
from support.visitor import Visitor

UNREADABLE = "These words can no longer be read."
# A damaged database may well keep a server from ever being ready.
support.kith.SECONDS_TO_START = 10
FILES = ["kith.sqlite", "kith.sqlite-wal"]
READERS = 2
# A server does not take a file that others may read.
os.umask(0o077)


class WrongWords(AssertionError):
    """Somebody is shown what nobody wrote."""


class Copy:
    """A database as it was, to be damaged and brought back."""

    def __init__(self, kith: Kith):
        self._folder = kith.folder
        self._kept = {name: (kith.folder / name).read_bytes() for name in FILES}

    def bring_back(self) -> None:
        for name, content in self._kept.items():
            (self._folder / name).write_bytes(content)
        (self._folder / "kith.sqlite-shm").unlink(missing_ok=True)

    def damage(self) -> str:
        """Changes one byte. :return: where"""
        self.bring_back()
        name = random.choices(FILES, weights=[2, 1])[0]
        content = bytearray(self._kept[name])
        place = random.randrange(len(content))
        content[place] ^= random.randrange(1, 256)
        (self._folder / name).write_bytes(content)
        return f"byte {place} of {name}"


class Readers:
    """People who look at all there is, and know what it was."""

    def __init__(self, kith: Kith):
        self._kith = kith
        self._program = Program(kith)
        self.pairs = [self._program.pair() for _ in range(READERS)]
        self._written: dict[str, dict[int, str]] = {pair.conversation: {} for pair in self.pairs}

    def sign_in_again(self) -> None:
        """Sessions are not in a backup."""
        members = [member for pair in self.pairs for member in pair.members]
        for visitor, login in [*members, (self._program.coordinator, "ana")]:
            sign_in(visitor, login)

    def write(self, messages: int) -> None:
        for pair in self.pairs:
            for visitor in (pair.participant, pair.supporter):
                for number in range(messages):
                    message = new_message(pair.conversation, "a message", number)
                    assert send(visitor, message).status == 200
                    written = self._written[pair.conversation]
                    written[len(written) + 1] = message.body

    def look(self) -> str:
        """:return: the worst that was noticed"""
        found = set()
        for pair in self.pairs:
            for visitor in (pair.participant, pair.supporter):
                found.add(self._conversation(visitor, pair))
            found.add(self._referral(pair))
        for visitor in (self._program.coordinator, self._program.referrer, Visitor(self._kith.url)):
            visitor.get("/")
            visitor.get("/board")
        order = ["something is missing", "a page was refused", "marked as unreadable", "all is right"]
        return next(what for what in order if what in found)

    def _conversation(self, visitor: Visitor, pair: Pair) -> str:
        answer = visitor.get(f"{pair.path}?newest")
        if answer.status != 200:
            return "a page was refused"
        pattern = r'data-sequence="(-?\d+)">.*?<p class="words" dir="auto">(.*?)</p>'
        page = answer.text.partition("<template")[0]
        shown = [(int(number), html.unescape(body)) for number, body in re.findall(pattern, page, re.DOTALL)]
        written = self._written[pair.conversation]
        for number, body in shown:
            if not body.startswith(UNREADABLE) and body not in written.values():
                raise WrongWords(f"number {number} says “{body}”")
        if [body for _, body in shown] == list(written.values()):
            return "all is right"
        if len(shown) == len(written) and any(body.startswith(UNREADABLE) for _, body in shown):
            return "marked as unreadable"
        return "something is missing"

    def _referral(self, pair: Pair) -> str:
        answer = self._program.coordinator.get(f"/referrals/{pair.referral}")
        if answer.status != 200:
            return "a page was refused"
        if "Company in the first weeks." in answer.text:
            return "all is right"
        return "marked as unreadable" if UNREADABLE in html.unescape(answer.text) else "something is missing"


def outcome(kith: Kith, readers: Readers) -> str:
    """Starts a server on what is there, and has everybody look."""
    try:
        kith.start()
    except AssertionError as error:
        said = str(error)
        if "not ready" in said:
            return "refused to be ready"
        assert "ended with status 1 " in said, f"it crashed: {said[:1000]}"
        assert re.search(r"^kith: .+\.$", said.splitlines()[-1]), f"it does not say why: {said.splitlines()[-1]}"
        return "refused to start"
    try:
        found = readers.look()
    except (OSError, EOFError) as error:
        assert kith.is_alive, f"it crashed: {kith.tail()}"
        return f"a page was refused ({type(error).__name__})"
    assert kith.is_alive, f"it crashed: {kith.tail()}"
    return found


def notices_planted_damage(kith: Kith, readers: Readers, copy: Copy) -> None:
    """What the look is worth: words in another row's place, words that are others, and words that are gone."""
    in_one = f"conversation_id = '{readers.pairs[0].conversation}'"
    for statement, expected in {
        f"UPDATE message SET body = (SELECT body FROM message WHERE {in_one} AND sequence = 2) "
        f"WHERE {in_one} AND sequence = 1": "marked as unreadable",
        f"DELETE FROM message WHERE {in_one} AND sequence = 1": "something is missing",
        "UPDATE message SET body = body": "all is right",
    }.items():
        copy.bring_back()
        change(kith, statement)
        found = outcome(kith, readers)
        assert found == expected, f"{statement}: {found}"
        kith.kill()
    copy.bring_back()
    kith.start()
    written = readers._written[readers.pairs[0].conversation]
    kept, written[1] = written[1], "what nobody wrote"
    try:
        readers.look()
        raise RuntimeError("other words were not noticed")
    except WrongWords:
        written[1] = kept
    kith.kill()


def comes_back_from_a_backup(kith: Kith, readers: Readers, backup: Path, tally) -> None:
    """Where the first page is gone, the server says so and does not start; a backup has everything."""
    with tally.fault("the first page is gone, and a backup is restored"):
        damaged = kith.folder / "kith.sqlite"
        damaged.write_bytes(bytes(4096) + damaged.read_bytes()[4096:])
        assert outcome(kith, readers) == "refused to start", "it starts without its first page"
        kith.kill()
        kith.database = f"sqlite://{kith.folder / 'restored.sqlite'}"
        kith.order("restore", str(backup))
        kith.start()
        readers.sign_in_again()
        found = readers.look()
        tally.check(found == "all is right", f"restored: {found}")
        kith.kill()


with torture() as tally:
    with Kith("sqlite") as kith:
        readers = Readers(kith)
        readers.write(8)
        kith.terminate()
        assert kith.wait() == 0
        kith.start()
        readers.write(4)
        backups = kith.folder / "backups"
        backups.mkdir(0o700)
        kith.order("backup", "make", "--to", str(backups))
        backup = next(backups.glob("kith-*.backup"))
        kith.kill()
        copy = Copy(kith)
        notices_planted_damage(kith, readers, copy)
        categories = Counter()
        for _ in range(40 if tally.short else 1_000):
            where = copy.damage()
            with tally.fault(where):
                try:
                    found = outcome(kith, readers)
                except WrongWords as error:
                    tally.check(False, f"{where}: {error}")
                    raise
                finally:
                    kith.kill()
                categories[f"{found} ({'log' if where.endswith('-wal') else 'database'})"] += 1
        for category, times in categories.most_common():
            tally.say(f"{times:5} {category}")
        copy.bring_back()
        comes_back_from_a_backup(kith, readers, backup, tally)
