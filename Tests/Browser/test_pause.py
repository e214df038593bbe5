"""Somebody who is supported takes a pause by themselves, and by word of mouth; and comes back."""

import re

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, participants, sign_ins


def test_a_pause_and_back(visitor):
    page = visitor(locale="en-US")
    sign_in(page, participants("caregivers")[-1], PASSPHRASE)
    page.goto("/home")
    page.get_by_role("link", name="Take a pause").click()
    inspect(page, "pause")
    page.get_by_label("Day you want to be back").fill("2020-01-01")
    page.get_by_role("button", name="Begin my pause").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspect(page, "pause-wrong")
    page.get_by_label("Day you want to be back").fill("")
    page.get_by_role("button", name="Begin my pause").click()
    expect(page.get_by_text("Pause, with no day to be back yet")).to_be_visible()
    inspect(page, "pause-begun")
    page.goto("/home")
    inspect(page, "home-in-pause")
    page.get_by_role("button", name="I am back").click()
    expect(page.get_by_role("link", name="Take a pause")).to_be_visible()


def test_without_scripts(visitor):
    page = visitor(locale="en-US", java_script_enabled=False)
    sign_in(page, participants("caregivers")[-2], PASSPHRASE)
    page.goto("/pause")
    page.get_by_role("button", name="Begin my pause").click()
    page.get_by_role("button", name="I am back").click()
    expect(page.get_by_role("link", name="Take a pause")).to_be_visible()


def test_by_word_of_mouth(visitor, server):
    page = visitor("desktop", locale="en-US")
    sign_in(page, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    page.goto("/board?queue=support")
    page.locator(".row a.person, .row .person a").last.click()
    page.get_by_role("link", name="They are on the phone").click()
    inspect(page, "on-behalf")
    page.get_by_role("button", name="Begin a pause for them").click()
    expect(page.get_by_text("Pause, with no day to be back yet")).to_be_visible()
    inspect(page, "on-behalf-pause")
    page.get_by_role("button", name="They are back").click()
    expect(page.get_by_role("button", name="Begin a pause for them")).to_be_visible()
    page.get_by_role("button", name="Write down that they ask for it").click()
    expect(page.get_by_text(re.compile("They asked for it on"))).to_be_visible()
    page.get_by_role("button", name="They want to keep it after all").click()
    page.goto("/needs")
    inspect(page, "needs-chart")
