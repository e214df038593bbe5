"""The server is killed again and again while it hands over mail, to a mail server that is busy, slow, silent or gone:
everything arrives, and what arrives twice has the same Message-ID.

KITH_OUTBOX says how many messages for each engine; for a hundred thousand, KITH_OUTBOX=50000.
"""

import os
import random
import re
import time
from collections import Counter

from support.database import change, rows
from support.kith import ENGINES, Kith
from support.sink import DOMAIN, FlakySink
from support.tally import torture

TIMEOUT = 2
# More than lies between two tries of one message.
SECONDS_OF_SILENCE = 240


def address(number: int) -> str:
    return f"person{number}@home.example"


def message(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def put(kith: Kith, first: int, count: int) -> None:
    """So many people, each with a notice in the outbox that is due: what sending referrals leaves behind. Put there by
    SQL, since it is the way out of the outbox that is tortured. The server must not be running."""
    (house, program), = rows(kith, "SELECT organization_id, id FROM program")
    number = "substr(CAST(1000000000000 + i AS TEXT), 2)"
    person, at = f"'00000000-0000-4000-8001-' || {number}", "'2026-01-02T03:04:05.678Z'"
    every = f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {first + count - 1})"
    for table, columns, values in (
        ("person", "id, name, language, created_at", f"{person}, 'Nora ' || i, 'en', {at}"),
        ("contact_channel", "id, person_id, kind, address, may_leave_message, place, created_at",
         f"{person}, {person}, 'email', 'person' || i || '@home.example', TRUE, 1, {at}"),
        ("membership", "person_id, program_id, role, since", f"{person}, '{program}', 'referrer', {at}"),
        ("contact_preference", "person_id, time_zone, hours_from, hours_until, set_by, set_at",
         f"{person}, 'UTC', 0, 1440, 'system', {at}"),
        ("outgoing_message", "id, person_id, program_id, notice, is_single, channel, state, created_at, due_at",
         f"'00000000-0000-4000-8000-' || {number}, {person}, '{program}', 'referral', TRUE, 'email', 'waiting', {at}, "
         f"{at}"),
    ):
        change(kith, f"INSERT INTO {table} (organization_id, {columns}) {every} SELECT '{house}', {values} FROM n")


def problems(kith: Kith, sink: FlakySink, first: int, count: int) -> list[str]:
    """What is wrong with what arrived, and with what the database says of it, once all is quiet."""
    arrived: dict[str, set[str]] = {}
    for (to, name), _ in sink.kept.items():
        arrived.setdefault(to, set()).add(name)
    sent = Counter(row[0] for row in rows(kith, "SELECT object_id FROM event WHERE kind = 'notice.sent'"))
    states = dict(rows(kith, "SELECT id, state FROM outgoing_message"))
    found = []
    for number in range(first, first + count):
        names, id = arrived.get(address(number), set()), message(number)
        if not names:
            found.append(f"message {number} never arrived, and is {states.get(id, 'forgotten')}")
        elif names != {f"<{id}@{DOMAIN}>"}:
            found.append(f"message {number} arrived as {sorted(names)}")
        if states.get(id) != "sent":
            found.append(f"message {number} is {states.get(id, 'forgotten')}")
        if sent[id] != 1:
            found.append(f"the log says {sent[id]} times that message {number} was sent")
    return found


def wait(kith: Kith, sink: FlakySink, enough: int) -> None:
    """Until so many messages have arrived and none is waiting, or nothing has happened for long."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < SECONDS_OF_SILENCE:
        waiting = int(rows(kith, "SELECT count(*) FROM outgoing_message WHERE state = 'waiting'")[0][0])
        if waiting == 0 and len(sink.kept) >= enough:
            return
        if waiting != seen:
            seen, since = waiting, time.monotonic()
        elif waiting == 0:
            return
        time.sleep(0.5)


def skip_pauses(kith: Kith) -> None:
    """As if the pauses between two tries were over."""
    kith.kill()
    change(kith, "UPDATE outgoing_message SET due_at = created_at WHERE state = 'waiting'")
    kith.start()


def notices_planted_faults(kith: Kith, sink: FlakySink, tally) -> None:
    """What the comparison is worth: it has to find a message that was forgotten, one that was said to be sent and was
    not, and one that came again under another name."""
    kith.kill()
    put(kith, 1, 20)
    kith.start()
    sink.is_flaky = False
    wait(kith, sink, 20)
    assert problems(kith, sink, 1, 20) == [], f"before anything was planted: {problems(kith, sink, 1, 20)[:3]}"
    kith.kill()
    put(kith, 21, 20)
    sink.lies_to = {address(21)}
    change(kith, f"DELETE FROM outgoing_message WHERE id = '{message(22)}'")
    twin = message(23).replace("-8000-", "-8002-")
    columns = "organization_id, person_id, program_id, notice, is_single, channel, state, created_at, due_at"
    released = "released_at = '2026-01-02T03:04:05.678Z'"
    change(kith, f"UPDATE outgoing_message SET state = 'sent', due_at = NULL, ended_at = created_at, {released} "
                 f"WHERE id = '{message(3)}'")
    change(kith, f"INSERT INTO outgoing_message (id, {columns}) SELECT '{twin}', organization_id, "
                 f"'00000000-0000-4000-8001-{3:012}', program_id, notice, is_single, channel, state, created_at, "
                 f"due_at FROM outgoing_message WHERE id = '{message(23)}'")
    kith.start()
    wait(kith, sink, 39)
    found = problems(kith, sink, 1, 40)
    for planted in ("message 21 never arrived, and is sent", "message 22 never arrived, and is forgotten",
                    "message 3 arrived as "):
        assert any(problem.startswith(planted) for problem in found), f"not noticed: {planted}: {found}"
    tally.say("planted faults were noticed: a message lost, one forgotten, one twice under different names")


def torment(kith: Kith, tally, engine: str, sink: FlakySink, count: int) -> None:
    first = 1_001
    administrator = kith.add("Alma", "administrator")
    kith.kill()
    put(kith, first, count)
    kith.start()
    sink.is_flaky = True
    start, kills, before = time.monotonic(), 0, len(sink.kept)
    told = 0
    # The last ones are refused, or come after long pauses: nobody waits for those with the server about to be killed.
    most = count * 4 // 5
    while (arrived := len(sink.kept) - before) < most:
        with tally.fault(f"{engine}: killed after {arrived} messages"):
            enough = min(arrived + random.randrange(min(count // 5, 1_000)), most)
            deadline = time.monotonic() + SECONDS_OF_SILENCE
            while len(sink.kept) - before < enough:
                assert time.monotonic() < deadline, "nothing arrives any more"
                time.sleep(0.005)
            time.sleep(random.uniform(0, 0.05))
            kith.kill()
            kills += 1
            kith.start()
            if kills % 5 == 2:
                sink.be_away(random.uniform(0.2, 1))
        if arrived // 5_000 > told:
            told = arrived // 5_000
            tally.say(f"{engine}: {arrived} arrived, killed {kills} times, {time.monotonic() - start:.0f} s")
    if tally.short:
        skip_pauses(kith)
    wait(kith, sink, before + count - sink.fates["refused"])
    stuck = try_again(administrator)
    wait(kith, sink, before + count)
    found = problems(kith, sink, first, count)
    twice = sum(times - 1 for times in sink.kept.values())
    tally.add(count, count - len(found), f"{engine}: messages")
    for problem in found[:20]:
        tally.check(False, f"{engine}: {problem}")
    tally.say(
        f"{engine}: {count} messages in {time.monotonic() - start:.0f} s, {kills} kills, {twice} came again under the "
        f"same name, {stuck} were refused and tried again by an administrator; {dict(sink.fates)}")


def try_again(administrator) -> int:
    """What a mail server refused for good is tried again by an administrator. :return: how many there were"""
    tried = 0
    while paths := set(re.findall(r'action="(/outbox/[^"]*/trying)"', administrator.get("/outbox").text)):
        for path in paths:
            assert administrator.post(path, {}).status == 303, "it cannot be tried again"
            tried += 1
    return tried


with torture() as tally:
    count = int(os.environ.get("KITH_OUTBOX", 300 if tally.short else 5_000))
    for engine in ENGINES:
        with FlakySink(TIMEOUT) as sink:
            carriers = {
                "KITH_MAIL_SERVER": f"smtp://127.0.0.1:{sink.port}", "KITH_MAIL_FROM": f"notes@{DOMAIN}",
                "KITH_CARRIER_TIMEOUT": str(TIMEOUT),
            }
            with Kith(engine, environment=carriers) as kith:
                notices_planted_faults(kith, sink, tally)
                torment(kith, tally, engine, sink, count)
