"""A coordinator writes down that somebody died; their supporter reads it, and asks for a talk, without scripts."""

from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from test_every_page import PASSPHRASE, sign_ins


def test_a_death_is_written_down_once(visitor, server):
    logins = sign_ins(server.output)
    ben = visitor(java_script_enabled=False)
    sign_in(ben, logins["Supporter"], PASSPHRASE)
    ben.goto("/today")
    # The last of those he supports, whom no other journey is about.
    people = ben.get_by_role("heading", name="The people you support").locator("xpath=..").locator("p.person a")
    name, path = people.last.inner_text(), people.last.get_attribute("href")

    ana = visitor("desktop")
    sign_in(ana, logins["Coordinator"], PASSPHRASE)
    ana.goto(path)
    ana.get_by_role("main").get_by_role("link", name="Go to the referral").click()
    referral = ana.url
    ana.get_by_role("link", name="They have died").click()
    inspect(ana, "losses-new")
    ana.get_by_role("button", name="Write down that they died").click()
    expect(ana.get_by_role("heading", name=name)).to_be_visible()
    inspect(ana, "losses-one")
    ana.goto("/losses")
    inspect(ana, "losses")
    assert ana.goto(f"{referral}/loss").ok, "the page says what stands, even when it is done"

    ben.goto("/today")
    expect(ben.get_by_role("heading", name="A sad message")).to_be_visible()
    look(ben, "today-after-a-death")
    ben.get_by_role("button", name="Yes, please").tap()
    expect(ben.get_by_role("heading", name="A sad message")).to_have_count(0)
    ana.goto("/losses")
    expect(ana.get_by_text("would like to talk")).to_be_visible()
    ana.get_by_role("listitem").filter(has_text="would like to talk").get_by_role("link").click()
    ana.get_by_role("button", name="We talked").first.click()
    expect(ana.get_by_text("Somebody talked with them")).to_be_visible()
    ana.get_by_text("This was a mistake").click()
    look(ana, "losses-mistake")
    ana.get_by_role("button", name="They are alive: put it right").click()
    inspect(ana, "losses-mistaken")
    ben.goto("/today")
    look(ben, "today-after-a-mistake")
    ben.get_by_role("button", name="I have read this").tap()
