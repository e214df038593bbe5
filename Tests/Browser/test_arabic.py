"""Kith in Arabic: pages run from right to left, nothing of ours is left in English, and what runs the other way, such as
telephones and codes, keeps its order."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from support.languages import ENGLISH, SHOWN, Translated
from support.pages import inspect
from support.visitors import SIZES
from support.walks import PASSPHRASE, ROLES, sign_ins, walk

ARABIC = Translated("ar", "rtl", {"narrow": {"width": 320, "height": 640}, **SIZES})
# In the demonstration she is down for Arabic, and she and her supporter write in it.
READER = "rsuleiman@example.org"

# Where a text stands on the page, letter by letter: what is read first stands left of what is read last.
RUNS_RIGHT = """(element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const lefts = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    for (let at = 0; at < text.data.length; at += 1) {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const box = range.getBoundingClientRect();
      if (box.width) lefts.push(box.left);
    }
  }
  return lefts.length > 1 && lefts.every((left, at) => at === 0 || left > lefts[at - 1]);
}"""


def test_the_check_knows_english_when_it_sees_it(visitor):
    page = visitor("desktop", locale="en-US")
    page.goto("/")
    found = ARABIC.left_in_english(page.evaluate(SHOWN))
    assert ENGLISH["layout.urgent"] in found and ENGLISH["front.lead"] in found


def test_looking_around_and_asking_for_support(visitor):
    page = visitor(locale="en-US")
    page.goto("/")
    page.get_by_role("button", name="العربية", exact=True).tap()
    expect(page.get_by_role("heading", name=ARABIC["front.heading"])).to_be_visible()
    ARABIC.check(page, "front")
    inspect(page, "ar-front")
    # The name of the house stands where a line begins: on the right.
    brand, help_ = page.locator(".brand").bounding_box(), page.locator(".urgent-help").bounding_box()
    assert brand["x"] > help_["x"]
    page.locator("main a[href='/get-support/riverside']").first.tap()
    page.wait_for_url("**/get-support/riverside")
    ARABIC.check(page, "get-support")
    # What the house wrote in English reads as English, and begins where the page's lines do.
    choice = page.locator("label", has_text="New parents")
    assert choice.evaluate(RUNS_RIGHT)
    assert choice.evaluate("(element) => getComputedStyle(element).textAlign") == "right"
    page.get_by_role("button", name=ARABIC["support.send"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    ARABIC.check(page, "get-support-wrong")
    page.get_by_label(ARABIC["support.whom.self"], exact=True).check()
    page.locator("[name=program]").first.check()
    # As a keyboard for Arabic writes digits.
    page.get_by_label(ARABIC["support.reach"]).fill("(٤١٠) ٥٥٥-٠١٩٨")
    page.get_by_role("button", name=ARABIC["support.send"], exact=True).click()
    expect(page.get_by_role("heading", name=ARABIC["asked.heading"])).to_be_visible()
    ARABIC.check(page, "asked")
    inspect(page, "ar-asked")
    reference, pin = page.locator(".code").all()
    assert reference.evaluate(RUNS_RIGHT) and pin.evaluate(RUNS_RIGHT)
    reference, pin = reference.inner_text(), pin.inner_text()
    page.goto("/progress")
    page.get_by_label(ARABIC["progress.reference"]).fill(reference)
    page.get_by_label(ARABIC["progress.pin"]).fill(pin.translate({ord("0") + n: chr(0x0660 + n) for n in range(10)}))
    page.get_by_role("button", name=ARABIC["progress.open"], exact=True).click()
    expect(page.get_by_text(ARABIC["progress.stage.intake"])).to_be_visible()
    ARABIC.check(page, "progress")
    inspect(page, "ar-progress")
    assert page.locator("dd bdi").first.evaluate(RUNS_RIGHT)


def test_urgent_help(visitor):
    page = visitor(locale="ar-EG")
    page.goto("/urgent-help")
    ARABIC.check(page, "urgent-help")
    inspect(page, "ar-urgent-help")
    for number in page.locator("a bdi").all():
        assert not re.search(r"\d\d", number.inner_text()) or number.evaluate(RUNS_RIGHT), number.inner_text()
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.get_by_role("heading", name=ENGLISH["urgent.title"])).to_be_visible()
    assert urlsplit(page.url).path == "/urgent-help"
    page.get_by_role("button", name="العربية", exact=True).click()
    expect(page.get_by_role("heading", name=ARABIC["urgent.title"])).to_be_visible()


def test_who_reads_arabic_signs_in_and_writes(visitor):
    # The browser is told nothing: she is down for Arabic, and brings it along.
    page = visitor(locale="fr-FR")
    page.goto("/sign-in")
    page.get_by_label(ENGLISH["sign-in.login"], exact=True).fill(READER)
    page.get_by_label(ENGLISH["sign-in.password"], exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name=ENGLISH["sign-in.button"], exact=True).click()
    page.wait_for_url("**/home")
    ARABIC.check(page, "home")
    inspect(page, "ar-home")
    page.goto("/conversations")
    ARABIC.check(page, "conversations")
    page.locator("main a[href^='/conversations/']").first.tap()
    page.wait_for_url("**/conversations/*")
    ARABIC.check(page, "conversation")
    inspect(page, "ar-conversation")
    box = page.locator("form[data-reading] [name=body]")
    for words, direction in [("شكرًا، أنا بخير اليوم.", "rtl"), ("See you at 3 pm.", "ltr")]:
        box.fill(words)
        page.locator("form[data-reading] button").first.tap()
        message = page.locator(".words", has_text=words).last
        expect(message).to_be_visible()
        assert message.evaluate("(element) => getComputedStyle(element).direction") == direction
    ARABIC.check(page, "conversation-both")
    # A Latin name draws no hour to itself: who wrote stands first, on the right, then when, as “5:40 م”.
    page.set_viewport_size(SIZES["desktop"])
    head = page.locator(".message").first
    person, time = head.locator(".person"), head.locator("time")
    assert person.evaluate(RUNS_RIGHT)
    assert person.bounding_box()["x"] > time.bounding_box()["x"] + time.bounding_box()["width"] - 1
    page.set_viewport_size(SIZES["phone"])
    for path in ["/hard-days", "/hard-days/form", "/concerns/new", "/account"]:
        assert page.goto(path).status == 200
        ARABIC.check(page, path.strip("/").replace("/", "-"))
        inspect(page, "ar" + path.replace("/", "-"))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role, first, pages", ROLES)
def test_each_role(visitor, server, role, first, pages):
    page = visitor("desktop", locale="ar")
    ARABIC.sign_in(page, sign_ins(server.output)[role], PASSPHRASE)
    visited = walk(page, first, role.lower(), ARABIC.check)
    assert len(visited) >= pages, f"too few pages were reached: {visited}"


@pytest.mark.timeout(300)
def test_a_stranger(visitor):
    visited = walk(visitor("desktop", locale="ar"), "/", "stranger", ARABIC.check)
    assert {"/urgent-help", "/sign-in"} <= set(visited)
