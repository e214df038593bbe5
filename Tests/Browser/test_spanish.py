"""Kith in Spanish: no page that a reader of Spanish comes to has a text of ours left in English, and none is cut off."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from support.pages import inspect, look
from support.server import ROOT
from support.visitors import SIZES
from test_every_page import PASSPHRASE, ROLES, sign_ins, walk

STRINGS = ROOT / "Sources/Kith/Strings"
ENGLISH = json.loads((STRINGS / "en.json").read_text())
SPANISH = json.loads((STRINGS / "es.json").read_text())
GAP = re.compile(r"\{\{[^}]*\}\}")

# What a reader meets: each stretch of text and what is read aloud, but for what says of itself that it is English, and
# what people wrote.
SHOWN = """() => {
  const shown = [document.title.replace(/ – [^–]*$/, '')];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element.closest('body [lang=en], script, style, template, .words')) shown.push(walker.currentNode.data);
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) shown.push(element.getAttribute(name) || '');
  return shown.map((text) => text.replace(/\\s+/g, ' ').trim()).filter((text) => text);
}"""

# Anything whose text is wider than its box, so that a part cannot be read. The name of the house may give way.
CUT_OFF = """() => [...document.querySelectorAll('body *')]
  .filter((element) => element.clientWidth && element.scrollWidth > element.clientWidth + 1
    && getComputedStyle(element).overflowX !== 'visible' && !element.closest('.skip, .unseen, .brand, [tabindex="0"], pre, table'))
  .map((element) => element.outerHTML.slice(0, 120))"""


def is_telling(text: str) -> bool:
    """Whether a text with gaps has words enough of its own to be known again."""
    return len(re.sub(r"[^A-Za-z]", "", GAP.sub("", text))) > 7


SAME = set(SPANISH.values())
WHOLE = {text for key, text in ENGLISH.items() if not GAP.search(text) and text not in SAME}
FILLED = [
    re.compile(".+?".join(re.escape(part) for part in GAP.split(text)))
    for key, text in ENGLISH.items() if GAP.search(text) and is_telling(text) and text != SPANISH.get(key)
]


def left_in_english(texts: list[str]) -> list[str]:
    return [text for text in texts if text in WHOLE or any(one.fullmatch(text) for one in FILLED)]


def check(page, name: str) -> None:
    language = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    assert language == ["es", "ltr"], f"{name}: {language}"
    left = left_in_english(page.evaluate(SHOWN))
    assert not left, f"{name} is in English here:\n  " + "\n  ".join(left)
    own = page.viewport_size
    for size in SIZES.values():
        page.set_viewport_size(size)
        look(page, f"es-{name}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{name} scrolls sideways at {size['width']}: {width}"
        cut = page.evaluate(CUT_OFF)
        assert not cut, f"{name} cuts off at {size['width']}:\n  " + "\n  ".join(cut)
    page.set_viewport_size(own)


def sign_in(page, login: str) -> None:
    page.goto("/sign-in")
    page.get_by_label(SPANISH["sign-in.login"], exact=True).fill(login)
    page.get_by_label(SPANISH["sign-in.password"], exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name=SPANISH["sign-in.button"], exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")


def test_the_check_knows_english_when_it_sees_it(visitor):
    page = visitor("desktop", locale="en-US")
    page.goto("/")
    found = left_in_english(page.evaluate(SHOWN))
    assert ENGLISH["layout.urgent"] in found and ENGLISH["front.lead"] in found
    assert left_in_english(["Tuesday, March 3 at 2:30 pm"]) == [] == left_in_english(["martes 3 de marzo, 2:30 p. m."])
    assert left_in_english(["You said yes to Ana. Now we wait for the other answer. "
                            "Until then you can still change yours."])


def test_asking_for_support(visitor):
    page = visitor(locale="es-MX")
    page.goto("/")
    page.locator("main a[href='/get-support/riverside']").first.tap()
    page.wait_for_url("**/get-support/riverside")
    check(page, "get-support")
    page.get_by_role("button", name=SPANISH["support.send"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "get-support-wrong")
    page.get_by_label(SPANISH["support.whom.self"], exact=True).check()
    page.locator("[name=program]").first.check()
    page.get_by_label(SPANISH["support.reach"]).fill("(410) 555-0199")
    page.get_by_role("button", name=SPANISH["support.send"], exact=True).click()
    expect(page.get_by_role("heading", name=SPANISH["asked.heading"])).to_be_visible()
    check(page, "asked")
    inspect(page, "es-asked")


def test_changing_the_language_and_back(visitor):
    page = visitor("desktop", locale="es-US")
    page.goto("/urgent-help")
    check(page, "urgent-help")
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.get_by_role("heading", name=ENGLISH["urgent.title"])).to_be_visible()
    assert urlsplit(page.url).path == "/urgent-help"
    page.goto("/sign-in")
    assert page.evaluate("document.documentElement.lang") == "en", "it is remembered"
    page.get_by_role("button", name="Español", exact=True).click()
    expect(page.get_by_role("heading", name=SPANISH["sign-in.title"])).to_be_visible()
    check(page, "sign-in")


def test_a_conversation_and_a_group(visitor, server):
    page = visitor(locale="es-US")
    sign_in(page, sign_ins(server.output)["Participant"])
    page.goto("/conversations")
    page.locator("main a[href^='/conversations/']").first.tap()
    page.wait_for_url("**/conversations/*")
    check(page, "conversation")
    inspect(page, "es-conversation")
    page.goto("/open-groups/riverside")
    check(page, "groups-open")
    page = visitor(locale="es-US")
    sign_in(page, sign_ins(server.output)["Supporter"])
    page.goto("/groups")
    page.locator("main a[href^='/groups/0']").first.tap()
    page.wait_for_url("**/groups/*")
    check(page, "group")
    inspect(page, "es-group")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role, first, pages", ROLES)
def test_each_role(visitor, server, role, first, pages):
    page = visitor("desktop", locale="es-US")
    sign_in(page, sign_ins(server.output)[role])
    visited = walk(page, first, role.lower(), check)
    assert len(visited) >= pages, f"too few pages were reached: {visited}"


@pytest.mark.timeout(300)
def test_a_stranger(visitor):
    visited = walk(visitor("desktop", locale="es-US"), "/", "stranger", check)
    assert {"/urgent-help", "/sign-in"} <= set(visited)
