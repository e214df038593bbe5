"""Something was heavy: one tap on a phone without scripts, a talk, and nobody else who learns of it."""

import re

from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.walks import PASSPHRASE, sign_ins


def heavy_button(page):
    return page.get_by_role("main").get_by_role("button", name=re.compile("^That was heavy"))


def test_a_tap_a_talk_and_the_way_back(visitor, server):
    logins = sign_ins(server.output)
    ben = visitor(java_script_enabled=False)
    sign_in(ben, logins["Supporter"], PASSPHRASE)
    ben.goto("/today")
    expect(heavy_button(ben).first).to_be_visible()
    look(ben, "heavy-today")
    heavy_button(ben).first.tap()
    ben.wait_for_url("**/breather")
    expect(ben.get_by_role("heading", name="Take your time")).to_be_visible()
    expect(ben.get_by_text(re.compile("Nobody new is suggested to you until"))).to_be_visible()
    look(ben, "heavy-tapped")
    ben.goto("/today")
    expect(heavy_button(ben)).to_have_count(0)
    expect(ben.get_by_role("button", name="No talk, thank you")).to_be_visible()
    look(ben, "heavy-today-after")
    ben.get_by_role("button", name=re.compile("^I would like a talk with")).first.tap()
    ben.wait_for_url("**/breather")
    expect(ben.get_by_role("heading", name="The talk you asked for")).to_be_visible()
    look(ben, "heavy-talk-asked")

    # Who runs the program reads of no free place, and of nothing else.
    ana = visitor("desktop")
    sign_in(ana, logins["Coordinator"], PASSPHRASE)
    for path in ("/board", "/supporters"):
        ana.goto(path)
        assert "heavy" not in ana.content().lower()
        assert "would like to talk with you" not in ana.content()

    ben.get_by_role("button", name="I have room for somebody new again").tap()
    expect(ben.get_by_role("button", name="That was heavy")).to_be_visible()
    ben.get_by_role("button", name="I do not need it any more").tap()
    expect(ben.get_by_role("heading", name="The talk you asked for")).to_have_count(0)
    look(ben, "heavy-over")


def test_a_supervisor_has_the_talk(visitor, server):
    sam = visitor("desktop")
    sign_in(sam, sign_ins(server.output)["Supervisor"], PASSPHRASE)
    sam.goto("/team")
    inspect(sam, "heavy-team")
    sam.get_by_role("link", name=re.compile("would like to talk with you")).click()
    expect(sam.get_by_role("heading", name="Talks that supporters asked for")).to_be_visible()
    inspect(sam, "heavy-talks")
    owed = sam.get_by_role("button", name=re.compile("We have talked"))
    count = owed.count()
    owed.first.click()
    expect(owed).to_have_count(count - 1)
