"""A meeting on one screen: it begins, people are here, and one form closes it in less than ninety seconds."""

import re
import time

from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.walks import PASSPHRASE, sign_ins

# What an action takes somebody who knows the screen, in seconds: the keystroke-level model (Card, Moran and Newell 1980).
# Pointing at something and pressing it: 1.1 + 0.2; thinking of each person: 1.35; a key: 0.28, an average typist.
TAP, THINK, KEY = 1.3, 1.35, 0.28
# Opening a choice and taking one of it.
CHOOSE = 2 * TAP


class Counted:
    """Does what somebody does, and counts it."""

    def __init__(self, page):
        self.page, self.taps, self.thoughts, self.keys, self.choices = page, 0, 0, 0, 0

    def tap(self, target):
        self.taps += 1
        target.click()

    def type(self, target, text):
        self.taps += 1
        self.keys += len(text)
        target.click()
        target.press_sequentially(text)

    def choose(self, target, label):
        self.choices += 1
        target.select_option(label=label)

    @property
    def seconds(self):
        return self.taps * TAP + self.thoughts * THINK + self.keys * KEY + self.choices * CHOOSE


def test_a_meeting_of_twelve(visitor, server):
    logins = sign_ins(server.output)
    ben = visitor()
    sign_in(ben, logins["Supporter"], PASSPHRASE)
    ben.goto("/groups")
    ben.get_by_role("main").get_by_role("link", name="Evenings together").first.click()
    ben.get_by_role("main").get_by_role("link", name=re.compile(r"\d:\d\d")).first.click()
    ben.get_by_role("link", name="Run this meeting").click()
    inspect(ben, "meeting-before")
    ben.get_by_role("button", name="Start this meeting").click()
    inspect(ben, "meeting-running")
    people = ben.locator("#close li")
    expect(people).to_have_count(12)
    expect(ben.get_by_text(re.compile(r"^\d+ minutes left$"))).to_be_visible()

    # At the end, on a phone: nobody was tapped when they came, which is the longest way. Ten came, one left early.
    work = Counted(ben)
    began = time.monotonic()
    for index in range(12):
        work.thoughts += 1
        if index not in (3, 8):
            work.tap(people.nth(index).get_by_role("checkbox"))
    work.choose(people.nth(5).get_by_role("combobox"), "Left early")
    work.type(ben.get_by_label(re.compile("A note about the group")), "We spoke about nights without sleep.")
    look(ben, "meeting-closing")
    work.tap(ben.get_by_role("button", name="Close the meeting"))
    print(f"{work.taps} taps, {work.choices} choice, {work.keys} keys: {work.seconds:.0f} seconds by the model,"
          f" {time.monotonic() - began:.0f} by this script")
    assert work.seconds < 90
    assert (work.taps, work.choices) == (12, 1)

    expect(ben.get_by_role("heading", name="This meeting took place")).to_be_visible()
    inspect(ben, "meeting-held")
    assert ben.get_by_text("Took part").count() == 9
    assert ben.get_by_text("Left early").count() == 1
    assert ben.get_by_text("Did not come").count() == 2


def test_here_without_scripts(visitor, server):
    logins = sign_ins(server.output)
    cleo = visitor(java_script_enabled=False)
    sign_in(cleo, logins["Participant"], PASSPHRASE)
    cleo.goto("/here")
    cleo.get_by_label(re.compile("The code")).fill("AAAAAA")
    cleo.get_by_role("button", name="I am here").tap()
    expect(cleo.get_by_role("alert")).to_be_visible()
    expect(cleo.get_by_label(re.compile("The code"))).to_have_value("AAAAAA")
    look(cleo, "here-wrong")
