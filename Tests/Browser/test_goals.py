"""Somebody writes down what they want to work on and their story, once with scripts and once without; their supporter
reads both, and no longer when that is taken back."""

import json
import re

import pytest
from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.server import ROOT
from support.walks import PASSPHRASE, participants, sign_ins

PEOPLE = ROOT / "Sources/KithCommand/Demonstration"


def pair(place: int) -> tuple[str, str]:
    """The sign-in names of somebody of the second program, and of whoever supports them."""
    house = json.loads((PEOPLE / "organization.json").read_text())
    people = {one.get("email"): one for one in json.loads((PEOPLE / "participants.json").read_text())}
    english = [login for login in participants(house["programs"][1]["code"]) if people[login]["language"] == "en"]
    login = english[place]
    supporter = people[login]["supporter"]
    supporters = json.loads((PEOPLE / "supporters.json").read_text())
    return login, next(one["email"] for one in supporters if one["id"] == supporter)


def write_goal(mia, look_at=look):
    """What helps, something to work on, and two small steps."""
    mia.goto("/home")
    mia.get_by_role("link", name="What I want to work on").click()
    look_at(mia, "goals-none")
    mia.get_by_role("link", name="Start with what helps me").click()
    look_at(mia, "goals-strengths")
    mia.get_by_label("What am I good at? What helps me?").fill("Rosa, and the radio in the kitchen")
    mia.get_by_role("button", name="Save", exact=True).click()
    mia.get_by_role("link", name="Add something I want to work on").click()
    look_at(mia, "goals-new")
    mia.get_by_role("button", name="Save", exact=True).click()
    expect(mia.get_by_text("Please answer this.").first).to_be_visible()
    mia.get_by_label("What do I want to work on?").fill("Cook for myself again")
    mia.get_by_role("button", name="Save", exact=True).click()
    for step in ["Buy three onions", "Ask Rosa for her soup"]:
        mia.get_by_role("link", name="Add a small step").click()
        look_at(mia, "goals-new-step")
        mia.get_by_label("What is the small step?").fill(step)
        mia.get_by_role("button", name="Save", exact=True).click()
        expect(mia.get_by_role("link", name=step)).to_be_visible()


def set_reminder(mia, look_at=look):
    """Each Wednesday at half past six, for the second step."""
    mia.get_by_role("link", name="Ask Rosa for her soup").click()
    look_at(mia, "goals-step")
    mia.get_by_role("link", name="Choose when").click()
    look_at(mia, "goals-reminder")
    mia.get_by_label("Every week", exact=True).check()
    mia.get_by_label("Wednesday").check()
    mia.get_by_label("At what time?").fill("18:30")
    mia.get_by_role("button", name="Save the reminder").click()
    expect(mia.get_by_text("Every week: Wednesday, 6:30 pm")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_goals_are_written_ticked_shared_and_taken_back(visitor, server, scripts):
    login, supporter = pair(0 if scripts else 1)
    mia = visitor(java_script_enabled=scripts)
    look_at = inspect if scripts else look
    sign_in(mia, login, PASSPHRASE)
    write_goal(mia, look_at)
    set_reminder(mia, look_at)
    mia.get_by_role("button", name=re.compile("^Done ?: Buy three onions")).click()
    mia.get_by_text("Steps I have taken").click()
    expect(mia.get_by_role("button", name=re.compile("^Not done yet ?: Buy three onions"))).to_be_visible()
    mia.get_by_role("button", name=re.compile("^Not done yet ?: Buy three onions")).click()
    mia.get_by_role("button", name=re.compile("^Done ?: Buy three onions")).click()
    mia.get_by_role("button", name="Let them read it").first.click()
    expect(mia.get_by_text("May read it.")).to_be_visible()
    look_at(mia, "goals")
    mia.goto("/home")
    expect(mia.get_by_text("Ask Rosa for her soup")).to_be_visible()
    look_at(mia, "home-with-goals")

    ben = visitor("desktop", java_script_enabled=scripts)
    sign_in(ben, supporter, PASSPHRASE)
    ben.goto("/today")
    look_at(ben, "today-with-goals")
    ben.get_by_role("link", name="What they want to work on").first.click()
    expect(ben.get_by_text("Rosa, and the radio in the kitchen")).to_be_visible()
    expect(ben.get_by_text("Cook for myself again")).to_be_visible()
    expect(ben.get_by_text("6:30 pm")).to_have_count(0)
    look_at(ben, "goals-shared")
    mia.goto("/goals")
    mia.get_by_role("button", name="No longer").first.click()
    expect(mia.get_by_text("Does not read it.").first).to_be_visible()
    assert ben.reload().status == 404

    mia.get_by_role("link", name="Ask Rosa for her soup").click()
    mia.get_by_role("button", name="Switch the reminder off").click()
    expect(mia.get_by_text("6:30 pm")).to_have_count(0)
    mia.get_by_role("link", name=re.compile("^Change ?: Cook for myself again")).click()
    look_at(mia, "goals-change")
    mia.get_by_role("button", name="I have reached it").click()
    expect(mia.get_by_text("Reached", exact=True)).to_be_visible()
    look_at(mia, "goals-reached")
    mia.get_by_role("link", name="Cook for myself again").click()
    mia.get_by_role("button", name="Delete this").click()
    expect(mia.get_by_text("Cook for myself again")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_story_is_told_once(visitor, server, scripts):
    login, supporter = pair(2 if scripts else 6)
    mia = visitor(java_script_enabled=scripts)
    look_at = inspect if scripts else look
    sign_in(mia, login, PASSPHRASE)
    mia.goto("/home")
    mia.get_by_role("link", name="My story, told once").click()
    look_at(mia, "my-story-none")
    mia.get_by_role("main").get_by_role("link", name="Write my story").click()
    look_at(mia, "my-story-form")
    mia.get_by_label("What happened, or what do I live with?").fill("The winter on the fourth floor")
    mia.get_by_label("What do I not want to be asked about?").fill("The car")
    mia.get_by_label("What does this speak of?").fill("An accident")
    mia.get_by_role("button", name="Save my story").click()
    mia.get_by_role("button", name="Let them read it").first.click()
    expect(mia.get_by_text("May read it.")).to_be_visible()
    look_at(mia, "my-story")

    ben = visitor("desktop", java_script_enabled=scripts)
    sign_in(ben, supporter, PASSPHRASE)
    ben.goto("/today")
    ben.get_by_role("link", name="Their story, told once").first.click()
    # The note comes first, and the words when the reader opens them.
    expect(ben.get_by_text("An accident")).to_be_visible()
    expect(ben.get_by_text("The winter on the fourth floor")).to_be_hidden()
    look_at(ben, "my-story-shared-closed")
    ben.get_by_text("An accident").click()
    expect(ben.get_by_text("The winter on the fourth floor")).to_be_visible()
    look_at(ben, "my-story-shared")
    mia.get_by_role("button", name="No longer").first.click()
    expect(mia.get_by_text("Does not read it.").first).to_be_visible()
    assert ben.reload().status == 404


def test_the_demonstration_has_both(visitor, server):
    logins = sign_ins(server.output)
    mia = visitor()
    sign_in(mia, logins["Participant"], PASSPHRASE)
    mia.goto("/home")
    inspect(mia, "home-of-the-demonstration")
    mia.get_by_role("link", name="See all my steps").click()
    inspect(mia, "goals-of-the-demonstration")
    ben = visitor("desktop")
    sign_in(ben, logins["Supporter"], PASSPHRASE)
    ben.goto("/today")
    inspect(ben, "today-of-the-demonstration")
    for link in ["What they want to work on", "Their story, told once"]:
        ben.goto("/today")
        ben.get_by_role("link", name=link).first.click()
        inspect(ben, f"shared-{link[:5].lower()}")
