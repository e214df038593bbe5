"""Several people want the same thing at the same moment, on PostgreSQL through two servers: there is always one order
in which all they were answered is right, and nothing is given away twice."""

import json
import random

from support.database import rows
from support.histories import Asked, at_once, is_possible, read
from support.kith import ENGINES, Kith, free_port
from support.messages import new_message, send
from support.pairs import Program, done
from support.tally import torture
from support.visitor import Visitor

TAKEN, REFUSED = 303, 409


class Twin(Kith):
    """One more server on the database of another."""

    def __init__(self, other: Kith):
        self.__dict__.update(other.__dict__)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = None

    def __enter__(self) -> "Twin":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.kill()


class Doors:
    """The servers of one database. Everybody comes in by any of them."""

    def __init__(self, servers: list[Kith]):
        self._servers = servers

    def any(self, visitor: Visitor) -> Visitor:
        other = Visitor(random.choice(self._servers).url)
        other.cookies = dict(visitor.cookies)
        other._token = visitor.token
        return other

    def post(self, visitor: Visitor, path: str, **fields: str):
        """Something to ask: :return: the status of the answer"""
        door = self.any(visitor)
        return lambda: door.post(path, fields).status


# Models: what a thing in some state answers, and its state after that.

def intake(state, what):
    move = what[0]
    if move == "state":
        return state, state
    if state == "new" or state == "accepted" and move == "decline":
        return TAKEN, "accepted" if move == "accept" else "declined"
    return REFUSED, state


def place(state, what):
    if what[0] == "state":
        return state, state
    return (TAKEN, state - 1) if state else (REFUSED, state)


def answers(state, what):
    if what[0] == "state":
        return state[0], state
    status, agreed = state
    side, answer = what
    if status == "proposed":
        if answer == "no":
            return TAKEN, ("declined", agreed)
        agreed |= {side}
        return TAKEN, ("active" if len(agreed) == 2 else "proposed", agreed)
    return (TAKEN if (status, answer) in {("active", "yes"), ("declined", "no")} else REFUSED), state


def notices_planted_doubles() -> None:
    """What the checker is worth: histories that are right in some order, and one more that no order makes right."""
    ana, abe = Asked(("accept", "ana"), TAKEN, 0, 2), Asked(("accept", "abe"), REFUSED, 1, 3)
    both = Asked(("accept", "abe"), TAKEN, 1, 3)
    early = Asked(("accept", "abe"), REFUSED, -2, -1)
    assert is_possible([ana, abe], "new", intake) and is_possible([abe, ana], "new", intake)
    assert not is_possible([ana, both], "new", intake), "a referral accepted by two is not noticed"
    assert not is_possible([ana, early], "new", intake), "a refusal before there was a reason is not noticed"
    assert not is_possible([ana, read(("state",), "new")], "new", intake), "a move that was lost is not noticed"
    assert not is_possible([ana, both], 1, place), "a place given away twice is not noticed"


class Game:
    """All that two coordinators, a few supporters and many participants want at once."""

    def __init__(self, kith: Kith, doors: Doors, tally, engine: str):
        self.kith, self.doors, self.tally, self.engine = kith, doors, tally, engine
        self.program = Program(kith)
        self.coordinators = [self.program.coordinator, kith.add("Abe", "coordinator")]
        self.supporters = [self.program.supporter() for _ in range(2)]
        self.busy = self.program.supporter(people_at_a_time=1)
        self.asked = 0

    def judge(self, what: str, history: list[Asked], state, model) -> None:
        self.asked += len(history)
        with self.tally.fault(f"{self.engine}: {what}"):
            possible = is_possible(history, state, model)
            told = [(asked.what, asked.answer) for asked in history]
            self.tally.check(possible, f"{what}: no order explains {told}")
            assert possible, "no order explains it"

    def value(self, statement: str):
        return rows(self.kith, statement)[0][0]

    def intake(self) -> None:
        referral = self.program.referral()
        path = f"/referrals/{referral}"
        work = {}
        for number, who in enumerate(self.coordinators):
            work[("accept", number)] = self.doors.post(who, f"{path}/acceptance")
            work[("decline", number)] = self.doors.post(who, f"{path}/declination", reason="not-eligible")
        # Mostly only those who want to accept it, or the first to decline settles all.
        if random.random() < 0.7:
            work = {what: call for what, call in work.items() if what[0] == "accept"}
        history = at_once(work)
        states = {"2.0": "new", "3.0": "accepted", "4.0": "declined"}
        state = self.value(f"SELECT state FROM referral WHERE id = '{referral}'")
        self.judge("two take in one referral", [*history, read(("state",), states.get(state, state))], "new", intake)

    def proposals(self) -> None:
        referral, _ = self.program.accepted()
        work = {}
        for _, person in self.supporters:
            for number, who in enumerate(self.coordinators):
                work[("propose", person, number)] = self.doors.post(
                    who, f"/referrals/{referral}/proposal", supporter=person)
        history = at_once(work)
        open_matches = f"FROM match WHERE referral_id = '{referral}' AND status IN ('proposed', 'active')"
        left = 1 - int(self.value(f"SELECT count(*) {open_matches}"))
        self.judge("two propose for one person", [*history, read(("state",), left)], 1, place)
        for (match,) in rows(self.kith, f"SELECT id {open_matches}"):
            self.answer_at_once(match, referral)

    def answer_at_once(self, match: str, referral: str) -> None:
        participant = self.program.last_participant
        chosen = self.value(f"SELECT supporter_id FROM match WHERE id = '{match}'")
        supporter = next(visitor for visitor, person in self.supporters if person == chosen)
        work = {}
        for side, who in (("participant", participant), ("supporter", supporter)):
            for answer in random.choice([("yes",), ("yes", "no"), ("yes", "no"), ("no",)]):
                work[(side, answer)] = self.doors.post(who, f"/matches/{match}/answer", answer=answer)
        history = at_once(work)
        status = self.value(f"SELECT status FROM match WHERE id = '{match}'")
        self.judge(
            "yes and no at once", [*history, read(("state",), status)], ("proposed", frozenset()), answers)
        if status in ("proposed", "active"):
            done(self.coordinators[0].post(f"/matches/{match}/ending", {"reason": "asked"}))

    def last_place(self) -> None:
        visitor, person = self.busy
        referrals = [self.program.accepted()[0] for _ in range(3)]
        work = {
            ("propose", number, referral): self.doors.post(
                self.coordinators[number], f"/referrals/{referral}/proposal", supporter=person)
            for number in range(2) for referral in referrals
        }
        history = at_once(work)
        open_matches = f"FROM match WHERE supporter_id = '{person}' AND status IN ('proposed', 'active')"
        left = 1 - int(self.value(f"SELECT count(*) {open_matches}"))
        self.judge("the last place of a supporter", [*history, read(("state",), left)], 1, place)
        for (match,) in rows(self.kith, f"SELECT id {open_matches}"):
            done(visitor.post(f"/matches/{match}/answer", {"answer": "no"}))

    def sends(self, pair) -> None:
        message = new_message(pair.conversation, "ben", random.getrandbits(30))
        sends = {
            ("send", number): (lambda door: lambda: send(door, message))(self.doors.any(pair.supporter))
            for number in range(4)
        }
        history = at_once(sends)
        self.asked += len(history)
        with self.tally.fault(f"{self.engine}: one message sent four times at once"):
            told = {(asked.answer.status, json.loads(asked.answer.text).get("sequence")) for asked in history}
            kept = int(self.value(f"SELECT count(*) FROM message WHERE id = '{message.id}'"))
            self.tally.check(len(told) == 1 and kept == 1, f"one message, kept {kept} times, answered {told}")
            assert len(told) == 1 and next(iter(told))[0] == 200, f"answered {told}"

    def play(self, rounds: int) -> None:
        pair = self.program.pair()
        for _ in range(rounds):
            self.intake()
            self.proposals()
            self.last_place()
            for _ in range(5):
                self.sends(pair)
        self.tally.say(f"{self.engine}: {self.asked} things asked at once")


with torture() as tally:
    notices_planted_doubles()
    for engine in ENGINES:
        with Kith(engine, "--trusted-proxy", "127.0.0.1") as kith:
            rounds = 8 if tally.short else 150
            if engine == "postgres":
                with Twin(kith) as twin:
                    Game(kith, Doors([kith, twin]), tally, engine).play(rounds)
            else:
                Game(kith, Doors([kith]), tally, engine).play(rounds)
