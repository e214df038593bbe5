"""Rules that hold on a way rather than on a page: how many steps, how many bytes, what the keyboard and a reader of the
screen find, what comes out of a printer. Each answers with what it measured and with what breaks its rule."""

import gzip
import re
from dataclasses import dataclass
from typing import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from experience.crawl import ROLES, enter
from support.pages import sign_in
from support.server import ROOT, Server
from support.visitors import Visitors
from support.walks import PASSPHRASE, participants, sign_ins

FIRST_VISIT = 50_000
LATER_VISIT = 14_000
SCRIPTS = 20_000
FIRST_FIVE_MINUTES = 120_000


@dataclass(frozen=True)
class Way:
    name: str
    says: str
    go: Callable[[Browser, Server], tuple[str, list[str]]]


class Person:
    """Somebody on their way: counts pages they have to do something on, and bytes."""

    def __init__(self, browser: Browser, server: Server, role: str = "stranger", **options):
        self._visitors = Visitors(browser, server.url)
        self.page: Page = self._visitors.open(**{"size": "phone", "locale": "en-US", **options})
        self.bytes = 0
        self.steps = 0
        self.pages: list[str] = []
        if role != "stranger":
            enter(self.page, server, role)
        self._line = self.page.context.new_cdp_session(self.page)
        self._line.send("Network.enable")
        self._line.on("Network.loadingFinished", lambda told: self._note(told["encodedDataLength"]))
        self.page.on("framenavigated", lambda frame: self.pages.append(urlsplit(frame.url).path))

    def _note(self, count: float) -> None:
        self.bytes += int(count)

    def press(self, name: str, role: str = "link") -> None:
        """A step: something is pressed, and another page comes."""
        self.steps += 1
        target = self.page.get_by_role("main").get_by_role(role, name=re.compile(name)).first
        with self.page.expect_navigation():
            target.click()
        self.page.wait_for_load_state()

    def leave(self) -> None:
        self._visitors.close()


def found(problems: list[tuple[bool, str]]) -> list[str]:
    return [text for is_wrong, text in problems if is_wrong]


def first_five_minutes(browser: Browser, server: Server) -> tuple[str, list[str]]:
    """Somebody new, on a phone without scripts: the front page, the questions, the answer, and how it goes. They leave no
    e-mail address, and no number but one of a place where they can be reached."""
    new = Person(browser, server, java_script_enabled=False)
    new.page.goto("/")
    new.press("^Get support")
    asked = new.page.locator("main form :is([required], [aria-required=true])").count()
    new.page.get_by_label("For me").check()
    new.page.locator("[name=program]").first.check()
    new.page.get_by_label("How may we reach you?").fill("Leave word at Harbor House, with Ines")
    new.press("^Ask for support", "button")
    reference = new.page.locator(".code").first.inner_text()
    pin = new.page.locator(".code").nth(1).inner_text()
    new.press("^See how it goes")
    new.page.get_by_label("Reference").fill(reference)
    new.page.get_by_label("PIN").fill(pin)
    new.press("^Open", "button")
    shows = new.page.get_by_text("We have your request").count()
    screens = len(new.pages)
    new.leave()
    return f"{screens} screens, {new.bytes / 1000:.0f} KB, {asked} questions asked for", found([
        (screens > 5, f"{screens} screens: {new.pages}"), (new.bytes > FIRST_FIVE_MINUTES, f"{new.bytes} bytes"),
        (asked > 3, f"{asked} questions have to be answered"), (shows != 1, "it does not say that the request is there"),
    ])


def concern(browser: Browser, server: Server) -> tuple[str, list[str]]:
    who = Person(browser, server, "participant")
    who.page.goto("/home")
    who.press("Raise a concern")
    who.page.get_by_role("radio").first.check()
    who.press("I am worried|I do not feel safe|Send|Raise", "button")
    arrived = who.page.get_by_role("heading", name=re.compile("It arrived")).count()
    who.leave()
    return f"{who.steps} steps", found([(who.steps > 2, f"{who.steps} steps"), (arrived != 1, "it did not arrive")])


def leaving(browser: Browser, server: Server) -> tuple[str, list[str]]:
    """Somebody stops, from their first page, and hears that it was asked. Not whoever other journeys write with."""
    login = participants("recovery")[-1]
    who = Person(browser, server)
    sign_in(who.page, login, PASSPHRASE)
    who.page.goto("/home")
    who.press("^Stop my request", "button")
    asked = server.ask("""
        SELECT count(*) FROM referral r JOIN account a ON a.person_id = r.person_id
        WHERE a.login = ? AND r.queue = 'cancellation'""", login)[0][0]
    who.leave()
    return f"{who.steps} step", found([(who.steps > 2, f"{who.steps} steps"), (asked != 1, "nobody was asked to stop")])


def deleting(browser: Browser, server: Server) -> tuple[str, list[str]]:
    who = Person(browser, server, "participant")
    who.page.goto("/home")
    who.press("^Who can see what|can see")
    who.press("^Delete everything about me")
    who.press("^Ask to delete everything", "button")
    said = who.page.get_by_text("You asked us to delete everything").count()
    steps = who.steps
    who.press("^Keep it after all", "button")
    back = who.page.get_by_text("You asked us to delete everything").count()
    who.leave()
    return f"{steps} steps, taken back in 1", found([
        (steps > 3, f"{steps} steps"), (said != 1, "it does not say that it was asked"), (back != 0, "it stays asked"),
    ])


def weight(browser: Browser, server: Server) -> tuple[str, list[str]]:
    """What the line carries for the pages of a participant, first without and then with what the browser keeps."""
    who = Person(browser, server, "participant")
    session = who.page.context.storage_state()
    who.leave()
    visitors = Visitors(browser, server.url)
    page = visitors.open("phone", locale="en-US", storage_state=session)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    came: list[int] = []
    line.on("Network.loadingFinished", lambda told: came.append(int(told["encodedDataLength"])))
    sizes = {}
    for path in ["/home", "/conversations", "/encounters", "/privacy", "/hard-days", "/groups", "/account", "/urgent-help"]:
        came.clear()
        page.goto(path)
        page.wait_for_load_state("networkidle")
        sizes[path] = sum(came)
    visitors.close()
    first, later = sizes.pop("/home"), max(sizes.values())
    heaviest = max(sizes, key=sizes.get)
    return f"first page {first / 1000:.1f} KB, later ones at most {later / 1000:.1f} KB ({heaviest})", found([
        (first > FIRST_VISIT, f"first visit {first}"), (later > LATER_VISIT, f"{heaviest}: {later}"),
    ])


def scripts(_: Browser, __: Server) -> tuple[str, list[str]]:
    total = sum(len(gzip.compress(path.read_bytes(), 9)) for path in (ROOT / "Sources/Kith/Assets").glob("*.js"))
    return f"{total / 1000:.1f} KB", found([(total > SCRIPTS, f"{total} bytes")])


def logical_styles(_: Browser, __: Server) -> tuple[str, list[str]]:
    sided = re.compile(r"(?:^|[\s;{-])(left|right)\s*[:;]|(?:margin|padding|border)-(left|right)|text-align:\s*(left|right)")
    faults = []
    for path in (ROOT / "Sources/Kith/Assets").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        faults += [f"{path.name}: {match.group(0).strip()}" for match in sided.finditer(text)]
    return "no sides named", faults


def keyboard(browser: Browser, server: Server) -> tuple[str, list[str]]:
    """Asking for support with nothing but the keys: every question is reached, and what has the focus shows it."""
    new = Person(browser, server, size="desktop")
    new.page.goto("/get-support/riverside")
    faults = []

    def tab_to(what: str) -> bool:
        for _ in range(60):
            new.page.keyboard.press("Tab")
            if not new.page.evaluate("""() => {
              const style = getComputedStyle(document.activeElement);
              return parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none';
            }"""):
                faults.append("no focus to be seen: " + new.page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
            if new.page.evaluate("(what) => document.activeElement.matches(what)", what):
                return True
        faults.append(f"the keys do not reach {what}")
        return False

    tab_to("[name=whom]")
    new.page.keyboard.press("Space")
    tab_to("[name=program]")
    new.page.keyboard.press("Space")
    tab_to("[name=reach]")
    new.page.keyboard.type("555-0142")
    tab_to("main button.button")
    with new.page.expect_navigation():
        new.page.keyboard.press("Enter")
    arrived = new.page.locator(".code").count()
    new.leave()
    return "asked by keys alone", faults + found([(arrived != 2, "it was not sent")])


def conversation_tree(browser: Browser, server: Server) -> tuple[str, list[str]]:
    """What a reader of the screen is given: a log that speaks up politely, who said what, and what became of it."""
    who = Person(browser, server, "participant")
    who.page.goto("/conversations")
    with who.page.expect_navigation():
        who.page.get_by_role("main").get_by_role("link").first.tap()
    who.page.wait_for_load_state()
    log = who.page.get_by_role("log")
    count = log.count()
    politely = log.first.evaluate("(log) => log.getAttribute('aria-live') || 'polite'") if count else ""
    tree = who.page.locator("main").aria_snapshot()
    states = [word for word in ("Sent", "Delivered", "Read") if re.search(rf"\b{word}\b", tree)]
    named = who.page.locator("main textarea").first.evaluate("(box) => box.labels.length")
    who.leave()
    return f"a log, {tree.count('listitem')} messages, said: {', '.join(states)}", found([
        (count != 1, f"{count} logs"), (politely != "polite", f"it speaks up as {politely}"),
        (not states, "what became of a message is not said in words"), (named < 1, "the box to write in has no name"),
    ])


PAPERS = {
    "participant": {
        "/encounters": 2, "/hard-days": 1, "/urgent-help": 2, "/groups": 2, "/preparation": 1, "/wallet-card/mine": 1,
        # A page to read and a checklist.
        "/library/{page}": 1, "/library/{checklist}": 1,
    },
    "coordinator": {"/referrals/{id}/call": 2, "/supporters/{id}/week/sheet": 1},
}

# Of what whoever prints it has, one for the hole of an address.
LIBRARY = """
    SELECT p.id FROM library_page p JOIN membership k ON k.program_id = p.program_id AND k.ended_at IS NULL
    JOIN account a ON a.person_id = k.person_id AND a.login = ?
    WHERE p.kind = '{kind}' AND p.state = 'published' ORDER BY p.id"""
EXAMPLES = {
    "/library/{page}": LIBRARY.format(kind="reading"),
    "/library/{checklist}": LIBRARY.format(kind="checklist"),
    "/referrals/{id}/call": """
        SELECT r.id FROM referral r JOIN membership k ON k.program_id = r.program_id AND k.role = 'coordinator'
        JOIN account a ON a.person_id = k.person_id AND a.login = ?
        JOIN person p ON p.id = r.person_id AND NOT p.do_not_contact
        JOIN contact_channel c ON c.person_id = r.person_id AND c.kind = 'phone' AND c.ended_at IS NULL
        WHERE r.queue = 'consent' ORDER BY r.id""",
    "/supporters/{id}/week/sheet": """
        SELECT m.supporter_id FROM match m JOIN membership k ON k.program_id = m.program_id AND k.role = 'coordinator'
        JOIN account a ON a.person_id = k.person_id AND a.login = ?
        WHERE m.status = 'active' AND m.apart_at IS NULL ORDER BY m.id""",
}


def paper(browser: Browser, server: Server) -> tuple[str, list[str]]:
    """Pages that people print, as many as they should be and with nothing of the ways around."""
    counts, faults = {}, []
    for role, papers in PAPERS.items():
        who = Person(browser, server, role, size="desktop")
        login = sign_ins(server.output)[ROLES[role][0]]
        for path, most in papers.items():
            address = path
            if query := EXAMPLES.get(path):
                found_one = server.ask(query, *[login] * query.count("?"))
                if not found_one:
                    faults.append(f"nobody could print {path}")
                    continue
                address = re.sub(r"\{\w+\}", found_one[0][0], path)
            answer = who.page.goto(address)
            if answer is None or answer.status != 200:
                faults.append(f"{path} is not there")
                continue
            pages = len(re.findall(rb"/Type\s*/Page\b", who.page.pdf(format="Letter")))
            counts[path] = pages
            if pages > most:
                faults.append(f"{path}: {pages} pages")
            who.page.emulate_media(media="print")
            shown = who.page.evaluate("""() => [...document.querySelectorAll('.bar, .ways, .skip, .foot form, nav')]
              .filter((element) => element.checkVisibility()).map((element) => element.className)""")
            faults += [f"{path} prints {one}" for one in shown]
            who.page.emulate_media(media="null")
        who.leave()
    return ", ".join(f"{path} {pages}" for path, pages in counts.items()), faults


def slow_line(browser: Browser, server: Server) -> tuple[str, list[str]]:
    """The front page on a line with 400 ms there and back and 50 KB a second."""
    new = Person(browser, server)
    new._line.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000})
    new.page.goto("/")
    painted = new.page.evaluate("""async () => {
      for (;;) {
        const [paint] = performance.getEntriesByName('first-contentful-paint');
        if (paint) return paint.startTime / 1000;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }""")
    new.leave()
    return f"readable after {painted:.1f} s", found([(painted > 3, f"{painted:.1f} s")])


WAYS = [
    Way("The first five minutes", "asking, without an account, e-mail or scripts: ≤ 5 screens, ≤ 120 KB, ≤ 3 questions",
        first_five_minutes),
    Way("Raise a concern", "≤ 2 steps from the first page", concern),
    Way("Stop", "≤ 2 steps from the first page", leaving),
    Way("Delete everything about me", "≤ 3 steps from the first page", deleting),
    Way("Small pages", "a participant's first page ≤ 50 KB with all it needs, later ones ≤ 14 KB", weight),
    Way("Small scripts", "all together ≤ 20 KB, compressed", scripts),
    Way("A slow line", "readable within 3 s at 400 ms and 50 KB/s", slow_line),
    Way("By keys alone", "asking for support; the focus always shows", keyboard),
    Way("Read aloud", "the conversation is a log that speaks up politely and says what became of a message",
        conversation_tree),
    Way("On paper", "few pages, and nothing of the ways around", paper),
    Way("Either direction", "style sheets name no side", logical_styles),
]
