"""Secrets and people's words, put in wherever there is a way in: none comes out in a log, an error page, or the last words
of a crash."""

import re
import secrets
import signal
import subprocess
import time
from urllib.parse import quote, urlencode

from support.kith import ENGINES, PASSWORD, PROGRAM, Kith
from support.tally import torture
from support.visitor import FORM, Visitor

FHIR = "application/fhir+json"


class Canaries:
    """Words that stand nowhere else."""

    def __init__(self):
        self.by_name: dict[str, str] = {}

    def new(self, name: str) -> str:
        return self.by_name.setdefault(name, f"canary{secrets.token_hex(10)}")

    def known(self, name: str, secret: str) -> str:
        self.by_name[name] = secret
        return secret

    def found_in(self, text: str) -> list[str]:
        return [name for name, canary in self.by_name.items() if canary in text]


def provoke(kith: Kith, ana: Visitor, token: str, canaries: Canaries) -> list[str]:
    """Asks for everything that goes wrong, with canaries in it.
    :return: the error pages"""
    new = canaries.new
    stranger = Visitor(kith.url)
    stranger.cookies["session"] = new("forged session")
    bearer = {"Authorization": f"Bearer {new('forged bearer')}", "Content-Type": FHIR}
    body = {"login": new("login"), "password": new("password"), "next": "//" + new("next") + ".example"}
    answers = [
        stranger.get(f"/referrals/{new('identifier')}"), stranger.get(f"/invitations/{new('way in')}"),
        stranger.get(f"/status/{new('link')}.x.y.z"), stranger.get(f"/{new('path')}?{new('query')}={new('value')}"),
        stranger.request("GET", "/", headers={"Host": new("host") + ".example"}),
        stranger.request("GET", "/", headers={"User-Agent": new("browser"), "Referer": new("referrer")}),
        stranger.request("POST", "/fhir", f'{{"resourceType":"{new("resource")}"}}', bearer),
        stranger.request("POST", "/sign-out", urlencode({"form-token": new("form token")}), {"Content-Type": FORM}),
        stranger.request("POST", "/sign-in", b"login=" + new("bad text").encode() + b"%FF", {"Content-Type": FORM}),
        stranger.request("POST", "/sign-in", new("other media"), {"Content-Type": "text/plain"}),
        stranger.request("POST", "/sign-in", urlencode({"a": new("from elsewhere")}),
                         {"Content-Type": FORM, "Origin": "https://evil.example"}),
        stranger.request(new("method").upper(), "/"),
        ana.get(f"/referrals/{new('another identifier')}"), ana.post("/referrals", {"name": new("name"), "whom": "?"}),
        ana.request("POST", "/referrals", urlencode({"form-token": new("stale token"), "name": new("lost name")}),
                    {"Content-Type": FORM}),
    ]
    partner = {"Authorization": f"Bearer {token}", "Content-Type": FHIR}
    for what, document in {
        "family": '{{"resourceType":"Patient","name":[{{"family":"{0}"}}],"{0}":1}}',
        "broken": '{{"resourceType":"Task","{0}":', "twice": '{{"resourceType":"Task","{0}":1,"{0}":2}}',
    }.items():
        answers.append(stranger.request("POST", "/fhir/Task", document.format(new(what)), partner))
    answers.append(stranger.request("GET", f"/fhir/Task?patient={new('patient')}&{quote(new('search'))}=1",
                                    headers=partner))
    # A form comes back with what was typed, to whoever typed it; that is no leak.
    shown = {id(answer) for answer in answers if answer.status == 422 or FHIR in answer.headers.get("content-type", "")}
    answers.append(stranger.request("POST", "/sign-in", urlencode(body), {"Content-Type": FORM}))
    shown.add(id(answers[-1]))
    return [answer.text for answer in answers if id(answer) not in shown]


def look(tally, canaries: Canaries, where: str, text: str) -> None:
    with tally.fault(where):
        found = canaries.found_in(text)
        assert not found, f"holds {', '.join(found)}"


with torture() as tally:
    # The premise: a canary that does come out is seen.
    canaries = Canaries()
    canary = canaries.new("planted")
    tally.check(canaries.found_in(f"a log with {canary} in it") == ["planted"], "a planted canary is not seen")
    for engine in ENGINES[:1] if tally.short else ENGINES:
        for level in ["notice", "trace"]:
            canaries = Canaries()
            kith = Kith(engine, environment={
                "KITH_LOG": level, "PGPASSWORD": canaries.new("database password"),
                # Nothing listens there.
                "KITH_MAIL_SERVER": "smtp://127.0.0.1:1", "KITH_MAIL_FROM": "notes@support.example",
                "KITH_MAIL_USER": "notes", "KITH_MAIL_PASSWORD": canaries.new("mail password"),
                "KITH_TURN_ADDRESS": "turn:turn.example.org:3478", "KITH_TURN_SECRET": canaries.new("relay secret"),
            })
            with kith:
                lines = (kith.folder / "kith.key").read_text().splitlines()
                canaries.known("master key", next(line for line in lines if line and not line.startswith("#")))
                token = canaries.known("bearer token", kith.add_partner("Mercy Clinic"))
                said = kith.order("user", "add", "--name", "Ana", "--role", "coordinator")
                ana = Visitor(kith.url)
                path = re.search(r"/invitations/[\w-]+", said).group()
                canaries.known("invitation", path.split("/")[-1])
                ana.come_in(path, canaries.new("sign-in name"), canaries.known("chosen password", PASSWORD))
                canaries.known("session", ana.cookies["session"])
                canaries.known("form token", ana.token)
                tally.check(ana.get("/board").status == 200, "the board, before anything was tried")
                pages = provoke(kith, ana, token, canaries)
                look(tally, canaries, f"{engine}, {level}: error pages", "\n".join(pages))
                look(tally, canaries, f"{engine}, {level}: the log", kith.log.read_text(errors="replace"))
                kith.signal(signal.SIGSEGV)  # what Swift reports at length
                deadline = time.monotonic() + 60
                while "Backtrace took" not in kith.log.read_text(errors="replace") and time.monotonic() < deadline:
                    time.sleep(0.2)
                tally.check("Program crashed" in kith.log.read_text(errors="replace"), "a crash is not reported")
                last = kith.log.read_text(errors="replace")
                look(tally, canaries, f"{engine}, {level}: what a crash says", last)
    with tally.fault("an address with a password that cannot be read"):
        canary = secrets.token_hex(10)
        for address in [f"postgres://kith:{canary}@@host/kith", f"postgres://kith:{canary}@127.0.0.1:1/kith",
                        f"postgres://kith:{canary}/x@host/kith", f"mysql://kith:{canary}@host/kith"]:
            done = subprocess.run([PROGRAM, "serve", "--database", address], capture_output=True, text=True, timeout=60)
            assert done.returncode == 1 and canary not in done.stdout + done.stderr, done.stderr
