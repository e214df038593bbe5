"""Everybody asks for everything that only others have seen: each thing that stands on others' pages, in every place of an
address, behind every question mark and in every field that takes one. Each is answered as a thing that never was:
nothing is shown, nothing is done, and nobody learns that it exists."""

import http.client
import json
import random
import re
import time
import uuid
from collections import Counter
from urllib.parse import urlencode, urlsplit

from support.database import change, rows
from support.kith import ENGINES, Kith
from support.messages import new_message, send
from support.pages import MADE_BY_PAGE, THING, Form, Page
from support.pairs import Pair, Program, done
from support.tally import torture
from support.visitor import FORM, Visitor

# Only so many pages of one kind are looked at, and of all.
MOST_OF_A_KIND, MOST_PAGES = 6, 150
# Ends one's own visit; and whom a concern may be about, also who was never seen, has tests of its own.
LEFT_ALONE = re.compile(r"/sign-out|/account/sign-outs|/leaving|/language|^/concerns$")
# What there never was.
NOTHINGS = [str(uuid.uuid4()) for _ in range(20)]
# Whoever holds such a link may follow it; what it may show has tests of its own.
LINK = re.compile(r"\.\d+\.[\w-]{40,}")


def day(later: int) -> str:
    """The date so many days from now, as a date field sends it."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + later * 86_400))


class Somebody:
    """A person with a browser that keeps its connection, and all they can see."""

    def __init__(self, name: str, house: str, visitor: Visitor):
        self.name, self.house = name, house
        self._visitor = visitor
        self._connection = http.client.HTTPConnection(*urlsplit(visitor.url).netloc.split(":"), timeout=30)
        self.token = visitor.token
        self.things: set[str] = set()
        self.addresses: set[str] = set()
        self.forms: dict[str, Form] = {}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """:return: the status and what came back"""
        cookies = "; ".join(f"{name}={value}" for name, value in self._visitor.cookies.items())
        headers = {"Cookie": cookies, "Origin": self._visitor.url, "Sec-Fetch-Site": "same-origin"}
        body = None
        if fields is not None:
            body = urlencode({**fields, "form-token": self.token})
            headers["Content-Type"] = FORM
        for attempt in (1, 2):
            try:
                self._connection.request(method, path, body, headers)
                answer = self._connection.getresponse()
                return answer.status, answer.read().decode("utf-8", "replace")
            except (http.client.HTTPException, ConnectionError):
                self._connection.close()  # kept open too long; once more on a new one
                if attempt == 2:
                    raise
        raise AssertionError

    def look_around(self) -> None:
        """Sees all that leads on from the first page."""
        waiting, known, kinds = ["/", "/account", "/privacy"], set(), Counter()
        while waiting and len(self.addresses) < MOST_PAGES:
            path = waiting.pop(0)
            kind = THING.sub("*", path.partition("?")[0])
            if path in known or LEFT_ALONE.search(path) or path.startswith("/assets") or path.endswith("/events"):
                continue
            known.add(path)
            kinds[kind] += 1
            if kinds[kind] > MOST_OF_A_KIND:
                continue
            status, text = self.ask("GET", path)
            if status in (301, 302, 303, 307) and path == "/":
                waiting += ["/home", "/today", "/board", "/team", "/referrals", "/programs"]
            if status != 200:
                continue
            page = Page(text)
            self.addresses.add(path)
            self.things |= page.things | set(THING.findall(path))
            for form in page.forms:
                if not LEFT_ALONE.search(form.action):
                    self.forms.setdefault(form.action, form)
            waiting += page.links


class Town:
    """Two organizations: Riverside, with two pairs who write, meet and keep notes, and Harbor, with staff."""

    def __init__(self, kith: Kith):
        self._kith = kith
        self._program = Program(kith)
        self.people = [
            Somebody("coordinator", "riverside", self._program.coordinator),
            Somebody("referrer", "riverside", self._program.referrer),
        ]
        self.pairs = [self._life(number) for number in (1, 2)]
        visitor, self.bystander = self._program.supporter()
        self.people.append(Somebody("other supporter", "riverside", visitor))
        for role in ("supervisor", "administrator", "referrer"):
            self.people.append(Somebody(f"other {role}", "riverside", kith.add(f"Una{role}", role)))
        kith.add_organization("Harbor", "Parents", "Hal Harbor")
        for role in ("coordinator", "supervisor", "administrator"):
            visitor = kith.add(f"Hal{role}", role, "--organization", "harbor")
            self.people.append(Somebody(f"Harbor's {role}", "harbor", visitor))

    def _life(self, number: int) -> Pair:
        """A pair that has done all that a pair does."""
        pair = self._program.pair()
        supporter = pair.supporter
        done(supporter.post("/encounters", {
            "match": pair.match, "mode": "phone", "date": day(number), "time": "14:00", "place": "",
        }))
        for visitor in (pair.participant, supporter):
            assert send(visitor, new_message(pair.conversation, f"Words of pair {number}.", 1)).status == 200
        held = done(supporter.post("/encounters/unplanned", {
            "match": pair.match, "date": day(-2), "time": "14:00", "mode": "phone", "minutes": "20",
            "functions": "emotional-support",
        }))
        encounter = held.headers["location"]
        done(supporter.post(f"{encounter}/note", {"text": f"We spoke, pair {number}.", "revision": "0"}))
        self.people.append(Somebody(f"participant {number}", "riverside", pair.participant))
        self.people.append(Somebody(f"supporter {number}", "riverside", supporter))
        return pair

    def look_around(self) -> None:
        for somebody in self.people:
            somebody.look_around()

    def of_others(self, somebody: Somebody) -> set[str]:
        """What others have seen and they have not. Programs and the words of consent are no secret inside one
        organization."""
        seen = set().union(*(other.things for other in self.people if other is not somebody))
        open_ = rows(self._kith, f"""
            SELECT p.id FROM program p JOIN organization o ON o.id = p.organization_id WHERE o.slug = '{somebody.house}'
            UNION SELECT c.id FROM consent_text c JOIN organization o ON o.id = c.organization_id
            WHERE o.slug = '{somebody.house}'
            """)
        return seen - somebody.things - {row[0] for row in open_}


class Counts:
    """How many rows each table has; what is done leaves a row."""

    # Pages that are looked at and tries that fail may be noted.
    NOT_COUNTED = {"session", "audit_page", "sign_in_try", "disclosure", "allowance"}

    def __init__(self, kith: Kith):
        self._kith = kith
        if kith.database.startswith("sqlite"):
            names = rows(kith, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        else:
            names = rows(kith, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        self._tables = sorted({row[0] for row in names} - self.NOT_COUNTED)

    def now(self) -> dict[str, int]:
        union = " UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM {table}" for table in self._tables)
        return {table: int(count) for table, count in rows(self._kith, union)}


def requests(somebody: Somebody, foreign: set[str], everybody: list[Somebody], paths: dict):
    """All that could be asked with things of others.
    :return: method, address and fields of each"""
    # What others' pages lead to, and what others can do there, word for word.
    for other in everybody:
        for address in sorted(other.addresses):
            if set(THING.findall(address)) & foreign and not LINK.search(address):
                yield "GET", address, None
        for action, form in sorted(other.forms.items()):
            if set(THING.findall(action + " ".join(form.fields.values()))) & foreign and not LINK.search(action):
                yield "POST", action, form.fields
    # Every thing in every place of every address.
    for path, methods in sorted(paths.items()):
        if not re.search(r"\{(id|program)\}", path) or LEFT_ALONE.search(path) or path.startswith("/fhir"):
            continue
        for thing in sorted(foreign):
            for method in sorted(methods):
                yield method.upper(), re.sub(r"\{\w+\}", thing, path), {} if method == "post" else None
    # Every thing in every field of one's own forms that holds one, and behind every question mark.
    for action, form in sorted(somebody.forms.items()):
        for name, value in form.fields.items():
            if THING.fullmatch(value) and name not in MADE_BY_PAGE:
                for thing in sorted(foreign):
                    yield "POST", action, {**form.fields, name: thing}
    for path, methods in sorted(paths.items()):
        if "{" in path or LEFT_ALONE.search(path):
            continue
        for parameter in methods.get("get", {}).get("parameters", []):
            if parameter["in"] == "query":
                for thing in sorted(foreign):
                    yield "GET", f"{path}?{urlencode({parameter['name']: thing})}", None


class Sweep:
    """One person's tries, each beside the same try for a thing that never was."""

    def __init__(self, somebody: Somebody, town: Town, paths: dict):
        self._somebody = somebody
        self._foreign = town.of_others(somebody)
        self._requests = list(requests(somebody, self._foreign, town.people, paths))
        self._of_nothing: dict[tuple, tuple[int, str]] = {}
        self.statuses = Counter()
        self.hits: list[str] = []

    def run(self, most: int | None) -> None:
        """:param most: how many to try of all, by chance; None for all"""
        if most and len(self._requests) > most:
            self._requests = random.Random(7).sample(self._requests, most)
        for method, address, fields in self._requests:
            status, text = self._somebody.ask(method, address, fields)
            if status == 429:  # asked too much: nothing was tried
                continue
            self.statuses[f"{method} {status}"] += 1
            said = set(THING.findall(text)) & self._foreign - set(THING.findall(f"{address} {fields}"))
            expected = self._answer_to_nothing(method, address, fields)
            if said or status >= 500 or (status, self._plain(text)) != expected:
                kind = THING.sub("*", f"{self._somebody.name}: {method} {address} {sorted(fields or [])}")
                self.hits.append(f"{kind} {status}, not {expected[0]}{', and names something' if said else ''}")

    def _answer_to_nothing(self, method: str, address: str, fields: dict[str, str] | None) -> tuple[int, str]:
        # One thing has one stand-in, as the same thing may stand in two places.
        stand_ins: dict[str, str] = {}

        def other(found: re.Match) -> str:
            thing = found.group()
            return stand_ins.setdefault(thing, NOTHINGS[len(stand_ins)]) if thing in self._foreign else thing

        address = THING.sub(other, address)
        fields = fields and {name: THING.sub(other, value) for name, value in fields.items()}
        asked = (method, address, json.dumps(fields))
        if asked not in self._of_nothing:
            status, text = self._somebody.ask(method, address, fields)
            self._of_nothing[asked] = status, self._plain(text)
        return self._of_nothing[asked]

    @staticmethod
    def _plain(text: str) -> str:
        """Without the names of things, and what differs from second to second."""
        return re.sub(r"\d+ (second|minute)s?|value=\"\d\d:\d\d\"", "*", THING.sub("*", text))


def notices_a_planted_leak(kith: Kith, town: Town, paths: dict) -> None:
    """A supporter who is put into others' conversation without having seen it is found by their own sweep."""
    stranger = next(somebody for somebody in town.people if somebody.name == "other supporter")
    conversation = town.pairs[1].conversation
    held = f"conversation_id = '{conversation}' AND role = 'supporter'"
    before, = rows(kith, f"SELECT person_id FROM conversation_member WHERE {held}")[0]
    for who, expected in ((town.bystander, True), (before, False)):
        kith.kill()
        change(kith, f"UPDATE conversation_member SET person_id = '{who}' WHERE {held}")
        kith.start()
        sweep = Sweep(stranger, town, {"/conversations/{id}": paths["/conversations/{id}"]})
        sweep.run(None)
        if bool(sweep.hits) != expected:
            raise RuntimeError(f"a planted leak: {expected}, and found {sweep.hits}")


with torture() as tally:
    for engine in ENGINES[:1] if tally.short else ENGINES:
        with Kith(engine, "--trusted-proxy", "127.0.0.1") as kith:
            town = Town(kith)
            town.look_around()
            document = json.loads(town.people[0].ask("GET", "/openapi.json")[1])
            paths = document["paths"]
            notices_a_planted_leak(kith, town, paths)
            counts = Counts(kith)
            before = counts.now()
            tried = 0
            for somebody in town.people:
                sweep = Sweep(somebody, town, paths)
                sweep.run(250 if tally.short else None)
                asked = sum(sweep.statuses.values())
                tally.add(asked, asked - len(sweep.hits), "; ".join(sorted(set(sweep.hits))[:20]))
                tried += asked
            after = counts.now()
            grown = {name: after[name] - before[name] for name in before if after[name] != before[name]}
            tally.check(not grown, f"something was done: {grown}")
            tally.say(f"{engine}: {tried} tried by {len(town.people)} people")
