"""Kith in Spanish: no page that a reader of Spanish comes to has a text of ours left in English, and none is cut off."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from support.languages import ENGLISH, SHOWN, Translated
from support.pages import inspect
from support.walks import PASSPHRASE, ROLES, sign_ins, walk

SPANISH = Translated("es", "ltr")


def test_the_check_knows_english_when_it_sees_it(visitor):
    page = visitor("desktop", locale="en-US")
    page.goto("/")
    found = SPANISH.left_in_english(page.evaluate(SHOWN))
    assert ENGLISH["layout.urgent"] in found and ENGLISH["front.lead"] in found
    days = (["Tuesday, March 3 at 2:30 pm"], ["martes 3 de marzo, 2:30 p. m."])
    assert all(SPANISH.left_in_english(day) == [] for day in days)
    assert SPANISH.left_in_english(["You said yes to Ana. Now we wait for the other answer. "
                                    "Until then you can still change yours."])


def test_asking_for_support(visitor):
    page = visitor(locale="es-MX")
    page.goto("/")
    page.locator("main a[href='/get-support/riverside']").first.tap()
    page.wait_for_url("**/get-support/riverside")
    SPANISH.check(page, "get-support")
    page.get_by_role("button", name=SPANISH["support.send"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    SPANISH.check(page, "get-support-wrong")
    page.get_by_label(SPANISH["support.whom.self"], exact=True).check()
    page.locator("[name=program]").first.check()
    page.get_by_label(SPANISH["support.reach"]).fill("(410) 555-0199")
    page.get_by_role("button", name=SPANISH["support.send"], exact=True).click()
    expect(page.get_by_role("heading", name=SPANISH["asked.heading"])).to_be_visible()
    SPANISH.check(page, "asked")
    inspect(page, "es-asked")


def test_changing_the_language_and_back(visitor):
    page = visitor("desktop", locale="es-US")
    page.goto("/urgent-help")
    SPANISH.check(page, "urgent-help")
    page.get_by_role("button", name="English", exact=True).click()
    expect(page.get_by_role("heading", name=ENGLISH["urgent.title"])).to_be_visible()
    assert urlsplit(page.url).path == "/urgent-help"
    page.goto("/sign-in")
    assert page.evaluate("document.documentElement.lang") == "en", "it is remembered"
    page.get_by_role("button", name="Español", exact=True).click()
    expect(page.get_by_role("heading", name=SPANISH["sign-in.title"])).to_be_visible()
    SPANISH.check(page, "sign-in")


def test_a_conversation_and_a_group(visitor, server):
    page = visitor(locale="es-US")
    SPANISH.sign_in(page, sign_ins(server.output)["Participant"], PASSPHRASE)
    page.goto("/conversations")
    page.locator("main a[href^='/conversations/']").first.tap()
    page.wait_for_url("**/conversations/*")
    SPANISH.check(page, "conversation")
    inspect(page, "es-conversation")
    page.goto("/open-groups/riverside")
    SPANISH.check(page, "groups-open")
    page = visitor(locale="es-US")
    SPANISH.sign_in(page, sign_ins(server.output)["Supporter"], PASSPHRASE)
    page.goto("/groups")
    page.locator("main a[href^='/groups/0']").first.tap()
    page.wait_for_url("**/groups/*")
    SPANISH.check(page, "group")
    inspect(page, "es-group")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role, first, pages", ROLES)
def test_each_role(visitor, server, role, first, pages):
    page = visitor("desktop", locale="es-US")
    SPANISH.sign_in(page, sign_ins(server.output)[role], PASSPHRASE)
    visited = walk(page, first, role.lower(), SPANISH.check)
    assert len(visited) >= pages, f"too few pages were reached: {visited}"


@pytest.mark.timeout(300)
def test_a_stranger(visitor):
    visited = walk(visitor("desktop", locale="es-US"), "/", "stranger", SPANISH.check)
    assert {"/urgent-help", "/sign-in"} <= set(visited)
