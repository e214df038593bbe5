"""Courses: a coordinator writes one and gives it to a group, and a member reads what comes next."""

import re

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, sign_ins
from test_video_room import members

TEXT = """Nights are the **hardest** part.

## For this evening

- What wakes you?
- Who could take over?

| Instead of | Try |
|---|---|
| I never sleep | Could you stay on Friday? |

Read more at [the library](https://example.org/sleep). <script>alert(1)</script> ![a moon](https://example.org/moon.png)
"""


def write(page, title: str, text: str) -> None:
    page.get_by_role("link", name="Add a session").click()
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_role("button", name="Add this session").click()
    expect(page.get_by_role("heading", name=re.compile(re.escape(title)))).to_be_visible()


def test_a_course_from_writing_to_reading(visitor, server):
    logins = sign_ins(server.output)
    ana = visitor("desktop")
    sign_in(ana, logins["Coordinator"], PASSPHRASE)
    ana.goto("/groups")
    ana.get_by_role("link", name="Courses", exact=True).click()
    expect(ana.get_by_role("heading", name="Courses")).to_be_visible()
    inspect(ana, "courses")
    ana.get_by_role("link", name=re.compile("^New course")).first.click()
    expect(ana.get_by_label("Sessions to complete it")).to_be_visible()
    inspect(ana, "courses-new")
    ana.get_by_label("Title", exact=True).fill("Better nights")
    ana.get_by_label("Language").select_option("en")
    ana.get_by_label("Sessions to complete it").fill("1")
    ana.get_by_role("button", name="Make this course").click()
    expect(ana.get_by_role("heading", name="Better nights")).to_be_visible()
    inspect(ana, "courses-empty")
    write(ana, "Noise", "What do you hear at night?")
    ana.get_by_role("link", name="Add a session").click()
    expect(ana.get_by_label("Text", exact=True)).to_be_visible()
    inspect(ana, "courses-session")
    ana.go_back()
    write(ana, "Why we wake", TEXT)
    expect(ana.locator("main script, main img")).to_have_count(0)
    expect(ana.get_by_role("link", name="the library")).to_have_attribute("rel", "noopener noreferrer")
    ana.get_by_role("button", name=re.compile(r"^Move up ?: 2\. Why we wake")).click()
    expect(ana.get_by_role("heading", name="1. Why we wake")).to_be_visible()
    inspect(ana, "courses-written")

    ana.goto("/groups")
    ana.get_by_role("main").get_by_role("link", name="Evenings together").first.click()
    expect(ana.get_by_text("Session 1 of 5: Where you are now")).to_be_visible()
    inspect(ana, "courses-group-staff")
    ana.get_by_role("link", name="See the sessions").click()
    expect(ana.get_by_role("heading", name="Who came to which session")).to_be_visible()
    inspect(ana, "courses-of-group-staff")
    ana.go_back()
    ana.get_by_role("link", name="Change the group").click()
    ana.get_by_label("Course").select_option("Better nights")
    ana.get_by_role("button", name="Save").click()
    expect(ana.get_by_text("Session 1 of 2: Why we wake")).to_be_visible()
    ana.goto("/courses")
    ana.get_by_role("link", name="Better nights").click()
    expect(ana.get_by_text("A group goes through this course")).to_be_visible()
    expect(ana.get_by_role("button", name=re.compile("Move|Remove"))).to_have_count(0)
    inspect(ana, "courses-in-use")

    ben = visitor()
    sign_in(ben, logins["Supporter"], PASSPHRASE)
    ben.goto("/groups")
    ben.get_by_role("main").get_by_role("link", name="Evenings together").first.tap()
    ben.get_by_role("link", name="See the sessions").tap()
    expect(ben.get_by_role("heading", name="1. Why we wake")).to_be_visible()
    ben.go_back()
    ben.get_by_role("main").get_by_role("link", name=re.compile(r"\d:\d\d")).first.tap()
    expect(ben.get_by_role("heading", name="Session 1 of 2: Why we wake")).to_be_visible()
    inspect(ben, "courses-meeting")
    ben.get_by_role("link", name="Run this meeting").tap()
    expect(ben.get_by_role("heading", name="Session 1 of 2: Why we wake")).to_be_visible()
    inspect(ben, "courses-running")

    cleo = visitor()
    sign_in(cleo, members(server)[0], PASSPHRASE)
    cleo.goto("/groups")
    cleo.get_by_role("main").get_by_role("link", name="Evenings together").first.tap()
    expect(cleo.get_by_role("link", name="See the sessions")).to_be_visible()
    inspect(cleo, "courses-group-member")
    cleo.get_by_role("link", name="See the sessions").tap()
    expect(cleo.get_by_text("What wakes you?")).to_be_visible()
    expect(cleo.get_by_text("Whoever comes to 1 session completes it.")).to_be_visible()
    expect(cleo.get_by_text("What do you hear at night?")).to_have_count(0)
    inspect(cleo, "courses-of-group-member")
