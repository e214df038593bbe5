"""What several want at the same moment: referrals to take in, supporters to propose, answers to give, messages to send.

Each game asks for all of it at once, and has the answers judged by a plain model of the thing.
"""

import random
import time
import uuid

from support.database import Window
from support.histories import UNKNOWN, Asked, is_possible, read
from support.kith import Kith
from support.lines import Lines, form
from support.pairs import Program

TAKEN, REFUSED = 303, 409
# What a server with too much to do says, or nothing at all: it was perhaps done. And what it says that did not begin.
OUT_OF_TIME, NOT_NOW = {0, 408, 503}, {429}
# Longer than a request may take: then it is over, whatever was answered.
SECONDS_UNTIL_OVER = 15
# After so many claims of one person, somebody else is claimed: each leaves a proposal behind, and all are read.
CLAIMS_OF_ONE = 400


# Models: what a thing in some state answers, and its state after that.

def intake(state, what):
    move = what[0]
    if move == "state":
        return state, state
    if state == "new" or state == "accepted" and move == "decline":
        return TAKEN, "accepted" if move == "accept" else "declined"
    return REFUSED, state


def places(state, what):
    """Who is proposed to whom: each person has one supporter, and each supporter has place for one person."""
    if what[0] == "state":
        return state, state
    _, referral, supporter, _ = what
    if any(referral == one or supporter == other for one, other in state):
        return REFUSED, state
    return TAKEN, state | {(referral, supporter)}


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
    late = Asked(("accept", "abe"), UNKNOWN, 1, 3)
    assert is_possible([ana, late], "new", intake) and is_possible([abe, late], "new", intake)
    assert not is_possible([abe, late, read(("state",), "new")], "new", intake), "what is not known explains too much"

    def propose(referral: str, supporter: str, answer: int, start: float = 0) -> Asked:
        return Asked(("propose", referral, supporter, 0), answer, start, start + 2)

    one, nobody = propose("nora", "ben", TAKEN), frozenset()
    told = read(("state",), frozenset({("nora", "ben")}))
    fine = [one, propose("nora", "bo", REFUSED, 1), propose("nils", "ben", REFUSED, 1), told]
    assert is_possible(fine, nobody, places), "what can be is refused"
    for second in (propose("nora", "bo", TAKEN, 1), propose("nils", "ben", TAKEN, 1), propose("nora", "ben", TAKEN, 1)):
        assert not is_possible([one, second], nobody, places), "a place given away twice is not noticed"
    assert not is_possible([one, read(("state",), nobody)], nobody, places), "a lost proposal is not noticed"
    yes, no = Asked(("supporter", "yes"), TAKEN, 0, 1), Asked(("participant", "no"), TAKEN, 0, 1)
    undecided = ("proposed", frozenset())
    assert is_possible([yes, no, read(("state",), "declined")], undecided, answers)
    assert not is_possible([yes, no, read(("state",), "active")], undecided, answers), "a yes over a no is not noticed"


class Game:
    """All that a few coordinators, supporters and participants want at once."""

    def __init__(self, kith: Kith, urls: list[str], tally, engine: str):
        self.kith, self.tally, self.engine = kith, tally, engine
        self.program = Program(kith)
        self.coordinators = [self.program.coordinator, *(kith.add(name, "coordinator") for name in ("Abe", "Ada", "Al"))]
        self.supporters = {}
        for _ in range(3):
            visitor, person = self.program.supporter(people_at_a_time=1)
            self.supporters[person] = visitor
        self.pair = self.program.pair()
        self.asked = 0
        self._people = {}
        """Referrals of those who may be matched, with their visitors."""
        self._claims = {}
        self._window = Window(kith)
        self._lines = Lines(urls)
        for _ in range(3):
            self._somebody_new()

    def close(self) -> None:
        self._lines.close()
        self._window.close()

    def play(self, enough: int) -> None:
        """Lets all of them want things until enough was asked at once."""
        while self.asked < enough:
            self.intake()
            for _ in range(6):
                self.proposals()
            for _ in range(3):
                self.sends()

    def _somebody_new(self) -> None:
        referral, visitor = self.program.accepted()
        self._people[referral] = visitor
        self._claims[referral] = 0

    def _somebody_else(self, instead: str) -> None:
        del self._people[instead], self._claims[instead]
        self._somebody_new()

    def _at_once(self, questions: dict) -> list[Asked]:
        mixed = random.sample(list(questions.items()), len(questions))
        asked = [one for one in self._lines.at_once(dict(mixed)) if one.answer.status not in NOT_NOW]
        if any(one.answer.status in OUT_OF_TIME for one in asked):
            time.sleep(SECONDS_UNTIL_OVER)
        self.asked += sum(one.answer.status not in OUT_OF_TIME for one in asked)
        return asked

    def _do(self, question: bytes, *also: int) -> str:
        """Does one thing that has to go well, at the latest when there is time again.
        :param also: statuses that are fine too, such as the one that says that it was done before
        :return: where it leads"""
        for _ in range(20):
            reply = self._lines.ask(question)
            if reply.status in (TAKEN, *also):
                return reply.location.rsplit("/", 1)[-1]
            assert reply.status in NOT_NOW | OUT_OF_TIME, f"answered {reply.status}: {question!r} {reply.body!r}"
            time.sleep(1)
        raise AssertionError(f"there is never time for {question!r}")

    def _judge(self, what: str, asked: list[Asked], result, state, model) -> None:
        history = [result]
        for one in asked:
            if one.answer.status in OUT_OF_TIME:
                history.append(Asked(one.what, UNKNOWN, one.start, one.end + SECONDS_UNTIL_OVER))
            else:
                history.append(Asked(one.what, one.answer.status, one.start, one.end))
        with self.tally.fault(f"{self.engine}: {what}"):
            possible = is_possible(history, state, model)
            told = [(one.what, one.answer) for one in history]
            self.tally.check(possible, f"{what}: no order explains {told}")
            assert possible, "no order explains it"

    def intake(self) -> None:
        referral = self._do(form(self.program.referrer, "/referrals", **{
            "program": self.program.id, "name": "Nora", "whom": "self", "reason": "Company in the first weeks.",
            "language": "en", "phone": "555-0142", "agreed": "yes", "once": str(uuid.uuid4()),
        }))
        path, work = f"/referrals/{referral}", {}
        # Mostly only those who want to accept it, or the first to decline settles all.
        declines = random.random() < 0.3
        for number, who in enumerate(self.coordinators):
            work[("accept", number)] = form(who, f"{path}/acceptance")
            if declines:
                work[("decline", number)] = form(who, f"{path}/declination", reason="not-eligible")
        asked = self._at_once(work)
        states = {"2.0": "new", "3.0": "accepted", "4.0": "declined"}
        state = self._window.rows(f"SELECT state FROM referral WHERE id = '{referral}'")[0][0]
        self._judge("several take in one referral", asked, read(("state",), states.get(state, state)), "new", intake)

    def proposals(self) -> None:
        """Several supporters for one person, one supporter with one place left for several people, and both."""
        people, supporters = random.choice([(1, 3), (3, 1), (2, 2), (3, 3)])
        referrals = random.sample(list(self._people), people)
        chosen = random.sample(list(self.supporters), supporters)
        every = [
            ("propose", referral, supporter, number) for referral in referrals for supporter in chosen
            for number in range(len(self.coordinators))
        ]
        before = self._matches()
        asked = self._at_once({
            what: form(self.coordinators[what[3]], f"/referrals/{what[1]}/proposal", supporter=what[2])
            for what in random.sample(every, min(16, len(every)))
        })
        matches = self._matches()
        self._judge("several claim supporters", asked, read(("state",), frozenset(matches)), frozenset(before), places)
        withdrawals = {}
        for (referral, supporter), match in matches.items():
            if referral in self._people:
                self._claims[referral] += 1
            if referral in self._people and random.random() < 0.03:
                self._answer_at_once(match, referral, supporter)
            else:
                withdrawals[match] = form(self.coordinators[0], f"/matches/{match}/ending", reason="asked")
        for done in self._lines.at_once(withdrawals):
            if done.answer.status != TAKEN:
                self._do(withdrawals[done.what], REFUSED)
        for referral in referrals:
            if self._claims.get(referral, 0) > CLAIMS_OF_ONE:
                self._somebody_else(referral)

    def _matches(self) -> dict[tuple[str, str], str]:
        """Who is proposed to whom now, with the identifiers of the proposals."""
        return {
            (referral, supporter): match for match, referral, supporter in self._window.rows(
                "SELECT id, referral_id, supporter_id FROM match WHERE status IN ('proposed', 'active') "
                f"AND supporter_id IN ({', '.join(map(repr, self.supporters))})")
        }

    def _answer_at_once(self, match: str, referral: str, supporter: str) -> None:
        work = {}
        for side, who in (("participant", self._people[referral]), ("supporter", self.supporters[supporter])):
            for answer in random.choice([("yes",), ("yes", "no"), ("yes", "no"), ("no",)]):
                work[(side, answer)] = form(who, f"/matches/{match}/answer", answer=answer)
        asked = self._at_once(work)
        status = self._window.rows(f"SELECT status FROM match WHERE id = '{match}'")[0][0]
        self._judge("yes and no at once", asked, read(("state",), status), ("proposed", frozenset()), answers)
        if status in ("proposed", "active"):
            self._do(form(self.coordinators[0], f"/matches/{match}/ending", reason="away"), REFUSED)
        if status == "declined":  # these two are never brought together again
            self._somebody_else(referral)

    def sends(self) -> None:
        message, body = str(uuid.uuid4()), f"ben {random.getrandbits(64):016x}"
        question = form(
            self.pair.supporter, f"/conversations/{self.pair.conversation}/messages", message=message, body=body)
        asked = self._at_once({("send", number): question for number in range(8)})
        asked = [one for one in asked if one.answer.status not in OUT_OF_TIME]
        if not asked:
            return
        with self.tally.fault(f"{self.engine}: one message sent eight times at once"):
            told = {(one.answer.status, one.answer.json.get("sequence")) for one in asked}
            kept = int(self._window.rows(f"SELECT count(*) FROM message WHERE id = '{message}'")[0][0])
            self.tally.check(len(told) == 1 and kept == 1, f"one message, kept {kept} times, answered {told}")
            assert len(told) == 1 and next(iter(told))[0] == 200, f"answered {told}"
