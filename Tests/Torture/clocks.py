"""The clock jumps under a running server, forward and back, past 2038 and over the hours that clocks skip and repeat:
sessions end when they should and not before, messages stay in the order they were sent in, and nothing comes twice."""

from collections import Counter

from support.clock import Clock
from support.database import rows
from support.kith import ENGINES, Kith
from support.messages import Books, Listener, Writers, new_message, send
from support.pairs import Program, done, sign_in
from support.tally import torture
from support.visitor import Visitor

# The night in which clocks in New York go forward, and the one in which they go back.
FORWARD, BACK = "2027-03-14", "2027-11-07"


def is_signed_in(visitor: Visitor) -> bool:
    answer = visitor.get("/account")
    assert answer.status in (200, 303), f"/account answered {answer.status}"
    if answer.status == 303:
        assert answer.headers["location"].startswith("/sign-in"), f"sent to {answer.headers['location']}"
    return answer.status == 200


def come_back(visitor: Visitor, login: str) -> None:
    """Signs in once, and is in."""
    assert visitor.get("/sign-in").status == 200, "the way in is closed"
    sign_in(visitor, login)
    assert is_signed_in(visitor), "out again at once"


class Jumps:
    def __init__(self, kith: Kith, clock: Clock, tally, engine: str):
        self.kith, self.clock, self.tally, self.engine = kith, clock, tally, engine
        self.program = Program(kith)
        self.pair = self.program.pair()
        self.members = self.pair.members
        self.staff = [(self.program.coordinator, "ana")]
        self.writers = Writers([self.pair])
        self.books = Books(kith, self.writers)
        self.own_events = self.events()

    def events(self) -> Counter:
        """How often the log has what nobody does here: all but messages, planned calls and sessions."""
        done_here = "kind LIKE 'message%.s%' OR kind LIKE 'encounter.%' OR kind LIKE 'session.%'"
        return Counter(kind for (kind,) in rows(self.kith, f"SELECT kind FROM event WHERE NOT ({done_here})"))

    def jump(self, what: str, moment: str, members: bool, staff: bool) -> None:
        """:param members: whether those two are still signed in then; :param staff: whether their coordinator is"""
        with self.tally.fault(f"{self.engine}: {what}"):
            self.clock.set(moment)
            for people, still_in in ((self.members, members), (self.staff, staff)):
                for visitor, login in people:
                    for _ in range(3):  # the answer stays the same
                        assert is_signed_in(visitor) == still_in, f"{login} is {'out' if still_in else 'still in'}"
                    if not still_in:
                        come_back(visitor, login)
            self.write()
            assert self.kith.is_alive and Visitor(self.kith.url).get("/health").status == 200

    def write(self) -> None:
        """The two write in turn; so it stands in the conversation, whatever the clock says."""
        for number in range(3):
            for visitor, login in self.members:
                message = new_message(self.pair.conversation, login, number)
                answer = send(visitor, message)
                assert answer.status == 200, f"a message was answered {answer.status}"
                self.writers.acknowledged[message] = len(self.writers.acknowledged) + 1
        problems = self.books.compare()
        for problem in problems:
            self.tally.check(False, problem)
        assert not problems, problems[0]

    def plan(self, what: str, now: str, day: str, time: str, expected: str) -> None:
        """Plans a call at a time that clocks skip, or show twice."""
        with self.tally.fault(f"{self.engine}: {what}"):
            self.clock.set(f"@{now}")
            for visitor, login in self.members + self.staff:
                if not is_signed_in(visitor):
                    come_back(visitor, login)
            before = {row[0] for row in rows(self.kith, "SELECT id FROM encounter")}
            form = {"mode": "phone", "date": day, "time": time, "place": "", "match": self.pair.match}
            planned = done(self.pair.supporter.post("/encounters", form)).headers["location"]
            assert self.pair.supporter.get(planned).status == 200
            added = [row for row in rows(self.kith, "SELECT id, starts_at FROM encounter") if row[0] not in before]
            assert [row[1][:16] for row in added] == [expected], f"planned for {added}"
            self.write()

    def all(self) -> None:
        with Listener(self.pair) as listener:
            # Members stay signed in for a month, staff for twelve hours and fifteen quiet minutes.
            self.jump("an hour back", "-1h", members=True, staff=True)
            self.jump("as it is", "+0", members=True, staff=True)
            self.jump("ten minutes on", "+10m", members=True, staff=True)
            self.jump("eleven hours on", "+11h", members=True, staff=False)
            self.jump("two days on", "+2d", members=True, staff=False)
            self.jump("an hour back from there", "+47h", members=True, staff=True)
            self.jump("forty days on", "+40d", members=False, staff=False)
            self.plan("the night clocks go forward", f"{FORWARD} 06:59:55", FORWARD, "02:30", f"{FORWARD}T07:30")
            self.jump("over the hour that is skipped", f"@{FORWARD} 07:00:01", members=True, staff=True)
            self.plan("the night clocks go back", f"{BACK} 04:00:00", BACK, "01:30", f"{BACK}T05:30")
            self.jump("into the hour that comes twice", f"@{BACK} 05:45:00", members=True, staff=False)
            self.jump("into its second time", f"@{BACK} 06:15:00", members=True, staff=False)
            self.jump("just before 2038 ends 32 bits", "@2038-01-19 03:14:00", members=False, staff=False)
            self.jump("just after", "@2038-01-19 03:14:10", members=True, staff=True)
            self.jump("to 2099", "@2099-12-31 23:59:59", members=False, staff=False)
            last = len(self.writers.acknowledged)
            self.tally.check(listener.has_heard(last), "the live stream has not said everything")
            numbers = [message.sequence for message in listener.heard]
            self.tally.check(numbers == list(range(1, last + 1)), f"the live stream said {numbers}")
        with self.tally.fault(f"{self.engine}: nothing came by itself, or twice"):
            # The first call that was planned made the referral a scheduled one, and the second one planned it anew.
            new = self.events() - self.own_events
            assert new == Counter({"referral.moved": 2}), f"new in the log: {new}"


with torture() as tally:
    for engine in ENGINES:
        kith = Kith(engine)
        clock = Clock(kith.folder)
        kith._environment.update(clock.environment)
        with kith:
            Jumps(kith, clock, tally, engine).all()
