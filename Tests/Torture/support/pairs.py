"""People who write to each other, brought together as it happens: referred, accepted, agreed, matched."""

import re
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from support.database import rows
from support.kith import PASSWORD, Kith
from support.visitor import FORM, Visitor


@dataclass
class Pair:
    """A participant and a supporter with a conversation."""

    participant: Visitor
    supporter: Visitor
    conversation: str
    match: str
    referral: str
    logins: tuple[str, str]
    """Their sign-in names; the password is ``PASSWORD``."""

    @property
    def members(self) -> list[tuple[Visitor, str]]:
        """Both, with their sign-in names."""
        return list(zip((self.participant, self.supporter), self.logins))

    @property
    def path(self) -> str:
        return f"/conversations/{self.conversation}"


class Program:
    """The one program of a server, with a coordinator and a referrer; makes pairs."""

    def __init__(self, kith: Kith):
        self._kith = kith
        self.coordinator = kith.add("Ana", "coordinator")
        self.referrer = kith.add("Dana", "referrer")
        self.id = first(r'name="program"[^>]*value="([^"]+)"', self.referrer.get("/referrals/new").text)
        self._people = 0
        self.last_participant: Visitor | None = None
        """Whoever was accepted last."""

    def supporter(self, people_at_a_time: int = 20) -> tuple[Visitor, str]:
        """A supporter who writes messages, and their identifier."""
        self._people += 1
        name = f"Ben{self._people}"
        visitor = self._kith.add(name, "supporter")
        done(visitor.post("/profile", {
            "introduction": "I have been there.", "limit": str(people_at_a_time), "formats": "messages",
            "languages": "en",
        }))
        return visitor, rows(self._kith, f"SELECT id FROM person WHERE name = '{name}'")[0][0]

    def referral(self) -> str:
        """Somebody new is referred. :return: the referral's identifier"""
        self._people += 1
        sent = done(self.referrer.post("/referrals", {
            "program": self.id, "name": f"Nora{self._people}", "whom": "self", "reason": "Company in the first weeks.",
            "language": "en", "phone": "555-0142", "agreed": "yes", "once": str(uuid.uuid4()),
        }))
        return sent.headers["location"].rsplit("/", 1)[-1]

    def accepted(self) -> tuple[str, Visitor]:
        """Somebody whose referral was accepted, and who has agreed to everything."""
        referral = self.referral()
        done(self.coordinator.post(f"/referrals/{referral}/acceptance", {}))
        letter = self.coordinator.post(f"/referrals/{referral}/invitation", {})
        participant = Visitor(self._kith.url)
        # Each from an address of their own, for servers that trust a proxy: only so many may come in from one.
        number = self._people
        done(participant.request(
            "POST", first(r"/invitations/[\w-]+", letter.text),
            urlencode({"login": f"nora{number}", "password": PASSWORD}),
            {"Content-Type": FORM, "X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"},
        ))
        page = participant.get(f"/consent/{self.id}").text
        texts = dict(re.findall(r'name="(text-[\w-]+)" value="([^"]+)"', page))
        answers = {name.replace("text-", "answer-"): "yes" for name in texts}
        done(participant.post(f"/consent/{self.id}", {**texts, **answers, "name": "Nora North"}))
        self.last_participant = participant
        return referral, participant

    def pair(self) -> Pair:
        supporter, person = self.supporter()
        login = f"ben{self._people}"
        referral, participant = self.accepted()
        proposal = done(self.coordinator.post(f"/referrals/{referral}/proposal", {"supporter": person}))
        match = proposal.headers["location"].rsplit("/", 1)[-1]
        for person in (participant, supporter):
            done(person.post(f"/matches/{match}/answer", {"answer": "yes"}))
        conversation = first(r"/conversations/([0-9a-f-]{36})", supporter.get("/today").text)
        return Pair(participant, supporter, conversation, match, referral, (f"nora{self._people}", login))


def sign_in(visitor: Visitor, login: str) -> None:
    """Signs in anew, as on the day before."""
    visitor.cookies.clear()
    visitor._token = None
    body = urlencode({"login": login, "password": PASSWORD})
    done(visitor.request("POST", "/sign-in", body, {"Content-Type": FORM}))


def first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, f"nothing like {pattern} on the page"
    return found.group(found.re.groups)


def done(answer):
    """An answer that leads on, as one to a form that was taken does."""
    assert answer.status == 303, f"answered {answer.status}: {answer.text[:2000]}"
    return answer
