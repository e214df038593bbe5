"""People under 18: a coordinator records that a supporter may be with them, and a kind of group is for them alone."""

import re
from datetime import date

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, participants, sign_ins
from test_groups import join_spanish_group


def fill_day(page, name: str, day: date) -> None:
    """A date is one box, or three where the browser's own calendar is no help."""
    box = page.locator(f"input[name='{name}']")
    if box.count():
        box.fill(day.isoformat())
        return
    for part in ("year", "month", "day"):
        page.locator(f"[name='{name}-{part}']").fill(str(getattr(day, part)))


def test_a_clearance_from_giving_to_taking_back(visitor, server):
    ana = visitor("desktop")
    sign_in(ana, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    ana.goto("/supporters")
    ana.locator(".row .person a").first.click()
    expect(ana.get_by_role("heading", name="With people under 18")).to_be_visible()
    expect(ana.get_by_text("There is no clearance now")).to_be_visible()
    inspect(ana, "clearance-none")
    ana.locator("summary", has_text="Record a clearance").click()
    ana.get_by_label("Criminal record check", exact=True).check()
    fill_day(ana, "ends-on", date(2020, 1, 1))
    ana.get_by_role("button", name="Record a clearance").click()
    expect(ana.get_by_role("alert")).to_be_visible()
    expect(ana.get_by_text("Please choose a day after today.").first).to_be_visible()
    inspect(ana, "clearance-wrong")
    fill_day(ana, "ends-on", date(date.today().year + 1, 3, 1))
    ana.get_by_role("button", name="Record a clearance").click()
    expect(ana.get_by_text(re.compile("May be with people under 18 until"))).to_be_visible()
    expect(ana.get_by_text(re.compile("Criminal record check. Recorded by"))).to_be_visible()
    inspect(ana, "clearance-stands")
    ana.get_by_role("button", name="Take it back").click()
    expect(ana.get_by_text("There is no clearance now")).to_be_visible()
    ana.locator("summary", has_text="Before").click()
    expect(ana.get_by_text(re.compile("Ended by"))).to_be_visible()
    inspect(ana, "clearance-past")


def test_a_kind_of_group_for_young_people(visitor, server):
    ana = visitor("desktop")
    sign_in(ana, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    ana.goto("/groups")
    ana.get_by_role("link", name="New kind of group").first.click()
    ana.get_by_label("Name", exact=True).fill("After school")
    ana.get_by_label("Whom it is for").fill("For pupils who look after somebody at home.")
    ana.get_by_label("Young people under 18", exact=True).check()
    ana.get_by_label("Coordinators", exact=True).check()
    ana.get_by_role("radiogroup", name="How many facilitate a meeting").get_by_label("1").check()
    ana.get_by_label("Agreements").fill("What is said here stays here.")
    ana.get_by_role("button", name="Save and make a group").click()
    expect(ana.get_by_text(re.compile("Groups for young people are led by supporters")).first).to_be_visible()
    inspect(ana, "ages-kind-wrong")
    ana.get_by_label("Supporters", exact=True).check()
    ana.get_by_role("button", name="Save and make a group").click()
    expect(ana.get_by_role("heading", name="New group")).to_be_visible()


def test_a_member_who_turns_out_to_be_under_age(visitor, server):
    page = visitor()
    join_spanish_group(page, participants("new-parents", "matching")[1], "Juniper")
    page.goto("/home")
    page.get_by_role("link", name=re.compile("Say what you wish for")).tap()
    page.get_by_label("The year you were born").fill(str(date.today().year - 15))
    page.get_by_role("button", name="Save").tap()
    page.wait_for_url("**/home")
    page.goto("/groups")
    expect(page.get_by_text(re.compile("You are no longer in “Lunes por la noche”"))).to_be_visible()
    inspect(page, "ages-parted")
    ana = visitor("desktop")
    sign_in(ana, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    ana.goto("/groups")
    expect(ana.get_by_role("heading", name="Taken out for their age")).to_be_visible()
    inspect(ana, "ages-partings")
    ana.get_by_role("button", name=re.compile("I have looked after them")).click()
    expect(ana.get_by_role("heading", name="Taken out for their age")).to_have_count(0)
