"""What stays on somebody's device because they asked for it: urgent numbers, when they meet next, words that could not be
sent. Without being asked nothing stays, and leaving takes it away. And pages that are read aloud."""

import re
from datetime import datetime, timezone

from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.walks import PASSPHRASE, sign_ins

WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
KEPT = "caches.keys()"
# Stands for the voice of a device, which a test machine has not.
VOICE = """
window.said = [];
Object.defineProperty(window, 'speechSynthesis', { value: {
  speak: (words) => { window.said.push([words.lang, words.text]); if (words.onend && words.text === '') window.last = words; },
  cancel: () => window.said.push(['', 'silence']),
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def until(page, holds: str) -> None:
    for _ in range(100):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never came to this: {holds}")


def keep(page) -> None:
    page.goto("/urgent-help")
    page.get_by_role("link", name="Keep these numbers on this device").click()
    page.get_by_role("button", name="Keep it on this device").click()
    expect(page.get_by_text("This device keeps it.")).to_be_visible()


def without_a_line(page, path: str) -> None:
    page.context.set_offline(True)
    page.goto(path)
    expect(page.get_by_role("heading", name="There is no internet now")).to_be_visible()


def test_nothing_stays_that_nobody_asked_for(visitor, server):
    page = visitor(locale="en-US")
    sign_in(page, sign_ins(server.output)["Participant"], PASSPHRASE)
    for path in ["/home", "/conversations", "/device"]:
        page.goto(path)
    assert page.evaluate(WORKERS) == 0 and page.evaluate(KEPT) == []


def test_the_numbers_are_there_without_a_line(visitor):
    page = visitor(locale="en-US")
    keep(page)
    inspect(page, "device")
    without_a_line(page, "/get-support/riverside")
    expect(page.locator("a[href='tel:988']").first).to_be_visible()
    inspect(page, "offline")
    assert page.get_by_role("navigation").count() == 0
    page.context.set_offline(False)
    page.goto("/device")
    page.get_by_role("button", name="Take it away again").click()
    expect(page.get_by_text("Nothing is kept here any more.")).to_be_visible()
    assert page.evaluate(WORKERS) == 0 and page.evaluate(KEPT) == []


def test_in_the_language_of_whoever_asked(visitor):
    page = visitor(locale="ar")
    page.goto("/device")
    page.locator("#device button").first.click()
    expect(page.locator("#device [role=status]")).not_to_be_empty()
    until(page, "navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.goto("/")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    look(page, "offline-ar")


def test_when_one_meets_and_what_one_wrote(visitor, server):
    page = visitor(locale="en-US")
    # Somebody who writes with their supporter and meets them again.
    (login, name), = server.ask("""
        SELECT a.login, p.name FROM encounter e
        JOIN account a ON a.person_id = e.participant_id JOIN person p ON p.id = e.participant_id
        JOIN conversation_member m ON m.person_id = e.participant_id
        WHERE e.status = 'planned' AND e.starts_at > ? AND p.language = 'en'
        ORDER BY e.starts_at DESC, e.id LIMIT 1""", f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%S.000Z}")
    sign_in(page, login, PASSPHRASE)
    keep(page)
    page.goto("/home")
    expect(page.locator("[data-next]")).to_have_count(1)
    until(page, "caches.open('own').then((own) => own.match('/offline/next')).then(Boolean)")
    page.goto("/conversations")
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link").first.click()
    page.context.set_offline(True)
    page.get_by_role("textbox").last.fill("I could not sleep again.")
    until(page, "caches.open('own').then((own) => own.match('/offline/words')).then(Boolean)")
    page.goto("/home")
    expect(page.get_by_role("heading", name="You meet next")).to_be_visible()
    expect(page.get_by_text("I could not sleep again.")).to_be_visible()
    shown = page.get_by_role("main").inner_text()
    assert name.split()[0] not in shown and not re.search("supporter|depress|anxi", shown, re.IGNORECASE), "it says nothing of why"
    look(page, "offline-own")
    page.context.set_offline(False)
    page.goto("/home")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    assert "own" not in page.evaluate(KEPT)


def test_leaving_takes_it_all_away(visitor, server):
    page = visitor(locale="en-US")
    page.context.route(re.compile("^https://www.weather.gov"), lambda route: route.fulfill(body="Sunny"))
    sign_in(page, sign_ins(server.output)["Participant"], PASSPHRASE)
    keep(page)
    page.goto("/home")
    page.get_by_role("link", name="Leave page").click()
    page.wait_for_url("https://www.weather.gov/**")
    visitor.__self__.requests_elsewhere.clear()
    page.goto("/")
    assert page.evaluate(WORKERS) == 0 and page.evaluate(KEPT) == []


def test_a_page_is_read_aloud_in_its_language(visitor, server):
    page = visitor(locale="es-US")
    page.add_init_script(VOICE)
    page.goto("/urgent-help")
    page.get_by_role("button", name="Leerme esta página").click()
    said = page.evaluate("window.said")
    assert len(said) > 10 and {language for language, text in said if text} == {"es"}
    button = page.get_by_role("button", name="Dejar de leer")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    assert page.evaluate("window.said.at(-1)") == ["", "silence"]

    own = visitor(locale="en-US")
    own.add_init_script(VOICE)
    sign_in(own, sign_ins(server.output)["Participant"], PASSPHRASE)
    own.goto("/home")
    own.get_by_role("button", name="Read this page to me").click()
    assert own.evaluate("window.said") == [], "what is one's own is not said before the warning"
    expect(own.get_by_text("Others near you will hear it.")).to_be_visible()
    look(own, "read-aloud-warning")
    own.get_by_role("button", name="Read it aloud").click()
    assert len(own.evaluate("window.said")) > 5
