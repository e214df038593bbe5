"""A coordinator writes down that somebody died; their supporter reads it, and asks for a talk, without scripts."""

from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.walks import PASSPHRASE, sign_ins


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


def test_whoever_cared_for_them_tells_it_and_finds_a_group(visitor, server):
    harold = visitor()
    sign_in(harold, "hwenzel@example.org", PASSPHRASE)
    harold.goto("/losses/new")
    expect(harold.get_by_role("button", name="Tell us", exact=True)).to_be_visible()
    inspect(harold, "losses-own")
    harold.get_by_role("button", name="Tell us", exact=True).tap()
    expect(harold.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    expect(harold.get_by_role("heading", name="Groups for people who have lost somebody")).to_be_visible()
    inspect(harold, "home-after-a-loss")
    harold.get_by_role("link", name="The long table").tap()
    expect(harold.get_by_role("heading", name="Ask for a place")).to_be_visible()


def test_a_supporter_who_died(visitor, server):
    ana = visitor("desktop")
    sign_in(ana, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    ana.goto("/supporters")
    ana.get_by_role("main").get_by_role("link").filter(has_text="Renee Whitlock").first.click()
    expect(ana.get_by_role("link", name="They have died")).to_be_visible()
    inspect(ana, "supporter")
    ana.get_by_role("link", name="They have died").click()
    expect(ana.get_by_role("button", name="Write down that they died")).to_be_visible()
    expect(ana.get_by_text("Somebody else is looked for.")).to_be_visible()
    inspect(ana, "losses-new-supporter")
    ana.goto("/groups")
    ana.get_by_role("link", name="New kind of group").first.click()
    expect(ana.get_by_label("For people who have lost somebody")).to_be_visible()
    inspect(ana, "groups-new-type")
