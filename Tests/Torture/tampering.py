"""A log that somebody falsified: records and pages changed, taken away, put in, exchanged and cut off, the rest of the
log written anew, checkpoints changed. The verifier that needs nothing of Kith notices each.

KITH_FORGERIES says how many.
"""

import base64
import copy
import functools
import hashlib
import io
import json
import os
import random
import sys
from contextlib import contextmanager, redirect_stdout
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

from support.kith import ROOT, Kith
from support.messages import new_message, send
from support.pairs import Program
from support.tally import Tally, torture

VERIFIER = str(ROOT / "scripts" / "verify-audit")


def loaded():
    """The verifier, in this process: ten thousand of its own would take longer to start than to check."""
    loader = SourceFileLoader("verify_audit", VERIFIER)
    verifier = module_from_spec(spec_from_loader(loader.name, loader))
    with without_bytecode():
        loader.exec_module(verifier)
    # Most forgeries leave the checkpoints as they are; the same signature is checked once.
    verifier.is_signed = functools.cache(verifier.is_signed)
    return verifier


@contextmanager
def without_bytecode():
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def verdict(verifier, pages: list[str], checkpoints: list[str], folder: Path) -> tuple[int, str]:
    """:return: the status the verifier ends with, and what it says"""
    file = folder / "checkpoints.json"
    file.write_text("\n".join(checkpoints) + "\n")
    said, before = io.StringIO(), (sys.argv, sys.stdin)
    sys.argv, sys.stdin = [VERIFIER, str(file)], io.StringIO("\n".join(pages) + "\n")
    try:
        with redirect_stdout(said):
            status = verifier.main()
        return status, said.getvalue()
    except SystemExit as end:
        return 1, str(end.code)
    finally:
        sys.argv, sys.stdin = before


class Log:
    """An export and its checkpoints, to be falsified."""

    def __init__(self, pages: list[dict], checkpoints: list[dict]):
        self.pages, self.checkpoints = pages, checkpoints

    def texts(self) -> tuple[list[str], list[str]]:
        return [written(page) for page in self.pages], [written(kept) for kept in self.checkpoints]

    def some_page(self, kind: str = "") -> dict:
        return random.choice([page for page in self.pages if not kind or page[kind]])

    def some_records(self) -> list:
        kind = random.choice(["events", "disclosures"])
        return self.some_page(kind)[kind]

    # Falsifications.

    def record_changed(self) -> None:
        records = self.some_records()
        at = random.randrange(len(records))
        record = records[at] = copy.deepcopy(records[at])
        field = random.randrange(len(record))
        record[field] = changed(record[field])

    def record_gone(self) -> None:
        records = self.some_records()
        records.pop(random.randrange(len(records)))

    def records_exchanged(self) -> None:
        kind = random.choice(["events", "disclosures"])
        one, other = self.some_page(kind)[kind], self.some_page(kind)[kind]
        here, there = random.randrange(len(one)), random.randrange(len(other))
        one[here], other[there] = other[there], one[here]

    def record_put_in(self) -> None:
        records = self.some_records()
        record = copy.deepcopy(random.choice(records))
        if random.random() < 0.8:
            record[1] = changed(record[1])
        records.insert(random.randrange(len(records) + 1), record)

    def record_elsewhere(self) -> None:
        kind = random.choice(["events", "disclosures"])
        records = self.some_page(kind)[kind]
        self.some_page()[kind].append(records.pop(random.randrange(len(records))))

    def page_changed(self) -> None:
        page = self.some_page()
        field = random.choice(["organization", "page", "sealedAt", "records", "hash"])
        page[field] = changed(page[field])

    def page_gone(self) -> None:
        self.pages.pop(random.randrange(len(self.pages)))

    def pages_exchanged(self) -> None:
        house = self.some_page()["organization"]
        places = [place for place, page in enumerate(self.pages) if page["organization"] == house]
        one, other = random.sample(places, 2) if len(places) > 1 else (places[0], places[0])
        self.pages[one], self.pages[other] = self.pages[other], self.pages[one]

    def page_put_in(self) -> None:
        page = copy.deepcopy(self.some_page())
        if random.random() < 0.5:
            page["page"] += 1
        self.pages.insert(random.randrange(len(self.pages) + 1), page)

    def end_cut_off(self) -> None:
        house = self.some_page()["organization"]
        number = random.choice([page["page"] for page in self.pages if page["organization"] == house])
        self.pages = [page for page in self.pages if page["organization"] != house or page["page"] < number]

    def written_anew(self) -> None:
        """By somebody with Kith's code: whole by itself, so that only a checkpoint tells."""
        random.choice([self.record_changed, self.record_gone, self.record_put_in, self.page_gone])()
        last = {}
        for page in self.pages:
            house = page["organization"]
            number, previous = last.get(house, (0, sha256(f"kith audit {house}".encode())))
            page["page"] = number + 1
            page["records"] = sha256(b"".join(map(leaf, page["events"] + page["disclosures"])))
            seal = [page["page"], len(page["events"]), len(page["disclosures"]), page["sealedAt"], page["records"]]
            page["hash"] = sha256(b"\x01" + (previous + written(seal)).encode())
            last[house] = (page["page"], page["hash"])

    def checkpoint_changed(self) -> None:
        kept = random.choice(self.checkpoints)
        field = random.choice(list(kept))
        if field in ("key", "signature"):
            data = bytearray(base64.b64decode(kept[field]))
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
            kept[field] = base64.b64encode(data).decode()
        else:
            kept[field] = changed(kept[field])

    def checkpoint_cut(self) -> None:
        kept = random.choice(self.checkpoints)
        del kept[random.choice(list(kept))]


FORGERIES = [
    Log.record_changed, Log.record_gone, Log.records_exchanged, Log.record_put_in, Log.record_elsewhere,
    Log.page_changed, Log.page_gone, Log.pages_exchanged, Log.page_put_in, Log.end_cut_off, Log.written_anew,
    Log.checkpoint_changed, Log.checkpoint_cut,
]


def written(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def leaf(record: list) -> bytes:
    return hashlib.sha256(b"\x00" + written(record).encode()).digest()


def changed(value):
    """Something else of the same kind, as little else as possible."""
    if isinstance(value, int):
        return value + random.choice([-1, 1, 2])
    if isinstance(value, dict):
        return {**value, random.choice([*value, "to"]): f"{random.getrandbits(16)}"}
    if not value:
        return f"{random.getrandbits(16)}"
    at = random.randrange(len(value))
    other = random.choice([letter for letter in "0123456789abcdef-:Z" if letter != value[at]])
    return value[:at] + other + value[at + 1:]


def lived_in(kith: Kith) -> None:
    """Two organizations with something on many pages: each line is sealed within a second."""
    program = Program(kith)
    pairs = [program.pair() for _ in range(3)]
    kith.add_organization("Hillside", "Neighbors", "Hal Hill")
    for round in range(6):
        for number, pair in enumerate(pairs):
            assert send(pair.supporter, new_message(pair.conversation, "ben", number)).status == 200
            program.coordinator.get("/board")
            kith.order("audit", "checkpoint")
        kith.order("user", "add", "--name", f"Holly {round}", "--role", "supporter", "--organization", "hillside")
        kith.order("audit", "checkpoint")


def falsify(verifier, log: Log, folder: Path, count: int, tally: Tally) -> None:
    original, kinds = log.texts(), dict.fromkeys((forgery.__name__ for forgery in FORGERIES), 0)
    tried: set[int] = set()
    while len(tried) < count:
        forgery = random.choice(FORGERIES)
        false = Log(copy.deepcopy(log.pages), copy.deepcopy(log.checkpoints))
        forgery(false)
        texts = false.texts()
        if texts == original or hash(str(texts)) in tried:
            continue
        tried.add(hash(str(texts)))
        if len(tried) % 1_000 == 0:
            tally.say(f"{len(tried)} forgeries, {tally.survived} noticed")
        kinds[forgery.__name__] += 1
        with tally.fault(forgery.__name__):
            status, said = verdict(verifier, *texts, folder)
            tally.check(status == 1 and "BROKEN" in said, f"{forgery.__name__} was not noticed: {said}")
            assert status == 1
    tally.say(", ".join(f"{name.replace('_', ' ')} {number}" for name, number in kinds.items()))


with torture() as tally:
    with Kith("sqlite", "--trusted-proxy", "127.0.0.1") as kith:
        lived_in(kith)
        kept = [json.loads(line) for line in kith.order("audit", "checkpoint").splitlines()]
        pages = [json.loads(line) for line in kith.order("audit", "export").splitlines()]
        # What was sealed after the checkpoint is not what it vouches for.
        numbers = {one["organization"]: one["page"] for one in kept}
        log = Log([page for page in pages if page["page"] <= numbers[page["organization"]]], kept)
        records = sum(len(page["events"]) + len(page["disclosures"]) for page in log.pages)
        status, said = verdict(verifier := loaded(), *log.texts(), kith.folder)
        assert status == 0 and said.count("whole") == 2, f"before anything was falsified: {said}"
        tally.say(f"{len(log.pages)} pages with {records} records, whole")
        count = int(os.environ.get("KITH_FORGERIES", 300 if tally.short else 10_000))
        falsify(verifier, log, kith.folder, count, tally)
