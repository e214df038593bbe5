"""Somebody is worried: three taps on a phone without scripts, somebody takes it in hand, and it ends with an offer."""

import re

from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.walks import PASSPHRASE, sign_ins


def test_from_three_taps_to_a_talk(visitor, server):
    logins = sign_ins(server.output)
    ben = visitor(java_script_enabled=False)
    sign_in(ben, logins["Supporter"], PASSPHRASE)
    ben.goto("/today")
    ben.get_by_role("main").get_by_role("link", name="Raise a concern").tap()
    expect(ben.get_by_role("main").get_by_role("link", name="Urgent help").first).to_be_visible()
    look(ben, "concern-raise")
    ben.get_by_role("radio").first.tap()
    ben.get_by_role("button", name="I am worried about somebody").tap()
    expect(ben.get_by_role("heading", name="It arrived. We are calling people now.")).to_be_visible()
    expect(ben.get_by_text(re.compile("we call the next people"))).to_be_visible()
    look(ben, "concern-raised")
    raised = ben.url

    ana = visitor("desktop")
    sign_in(ana, logins["Coordinator"], PASSPHRASE)
    ana.goto("/board")
    ana.get_by_role("link", name=re.compile("waits? for somebody to take it in hand")).click()
    inspect(ana, "concerns")
    ana.get_by_role("link", name="A worry about somebody").first.click()
    inspect(ana, "concern-waiting")
    ana.get_by_role("button", name="I have this in hand").click()
    expect(ana.get_by_text(re.compile("You have this in hand"))).to_be_visible()
    ben.goto(raised)
    expect(ben.get_by_role("heading", name=re.compile("is looking after it"))).to_be_visible()
    inspect(ana, "concern-in-hand")

    ana.get_by_role("button", name="Close the concern").click()
    expect(ana.get_by_role("alert")).to_be_visible()
    inspect(ana, "concern-closing-wrong")
    ana.get_by_label("Talked over and settled").check()
    ana.get_by_label("When do you look again?").fill(
        ana.evaluate("new Date(Date.now() + 14 * 86400000).toISOString().slice(0, 10)"))
    ana.get_by_role("radio", name=re.compile("^Offer")).check()
    ana.get_by_role("button", name="Close the concern").click()
    inspect(ana, "concern-closed")
    ben.goto("/today")
    expect(ben.get_by_role("heading", name="Would you like to talk it over?")).to_be_visible()
    look(ben, "concern-debrief")
    ben.get_by_role("button", name="Yes, I would like to talk").tap()
    expect(ben.get_by_role("heading", name="Would you like to talk it over?")).to_have_count(0)
    ana.goto("/concerns")
    expect(ana.get_by_text(re.compile("would like to talk about it"))).to_be_visible()
    ana.get_by_role("link", name="A worry about somebody").first.click()
    ana.get_by_role("button", name="We have talked").click()
    inspect(ana, "concern-over")


def test_a_ladder_and_a_drill(visitor, server):
    logins = sign_ins(server.output)
    ada = visitor("desktop")
    sign_in(ada, logins["Administrator"], PASSPHRASE)
    ada.goto("/programs")
    ada.get_by_role("link", name="Who is called for a concern").click()
    inspect(ada, "ladders")
    ada.get_by_role("link", name=re.compile("Change it, or start a drill")).first.click()
    ada.get_by_role("button", name="Start a drill now").click()
    inspect(ada, "ladder")
    ada.goto("/ladders")
    inspect(ada, "ladders-failing")
    ada.goto("/concerns")
    ada.get_by_role("link", name="A drill").first.click()
    inspect(ada, "drill")
    ada.get_by_role("button", name="I have this in hand").click()
    ada.goto("/ladders")
    expect(ada.get_by_text(re.compile("answered after less than a minute")).first).to_be_visible()
    inspect(ada, "ladders-answered")
