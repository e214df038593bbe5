"""Groups: looking around without an account, joining by a link under a nickname, and a seat that moves on by itself."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, participants, sign_ins


def join_spanish_group(page, login: str, nickname: str) -> None:
    """Finds the open group in Spanish without an account, signs in and joins it. Ends on the group's page."""
    page.goto("/")
    page.get_by_role("link", name=re.compile("Look at open groups")).first.tap()
    page.get_by_role("link", name="Spanish", exact=True).tap()
    page.get_by_role("link", name=re.compile("More about this group")).tap()
    page.get_by_role("link", name="Join", exact=True).tap()
    page.get_by_label("Sign-in name", exact=True).fill(login)
    page.get_by_label("Password", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Nickname").fill(nickname)
    page.get_by_label("I have read this and agree").check()
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_text(f"In this group you are called {nickname}.")).to_be_visible()


def test_looking_around_and_joining(visitor):
    page = visitor()
    page.goto("/")
    page.get_by_role("link", name=re.compile("Look at open groups")).first.tap()
    expect(page.get_by_role("heading", name="Tuesday evenings")).to_be_visible()
    expect(page.get_by_text("The long table")).to_have_count(0)
    inspect(page, "groups-open")
    page.get_by_role("link", name="Spanish", exact=True).tap()
    expect(page.get_by_role("heading", name="Tuesday evenings")).to_have_count(0)
    page.get_by_role("link", name=re.compile("More about this group")).tap()
    expect(page.get_by_text(re.compile("Every 2 weeks on Monday, 8:00 pm to 9:00 pm"))).to_be_visible()
    inspect(page, "groups-join-page")
    page.get_by_role("link", name="Join", exact=True).tap()
    page.get_by_label("Sign-in name", exact=True).fill(participants("new-parents")[6])
    page.get_by_label("Password", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Join the group")).to_be_visible()
    inspect(page, "groups-joining")
    page.get_by_label("Nickname").fill("Luna")
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Nickname")).to_have_value("Luna")
    inspect(page, "groups-joining-wrong")
    page.get_by_label("Nickname").fill("Estrella")
    page.get_by_label("I have read this and agree").check()
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_text("In this group you are called Estrella.")).to_be_visible()
    inspect(page, "groups-member")
    group = page.url
    page.get_by_role("link", name="Open the conversation").tap()
    expect(page.get_by_role("heading", name="Lunes por la noche")).to_be_visible()
    expect(page.get_by_text("Here you are Estrella")).to_be_visible()
    page.get_by_role("textbox").first.fill("Buenas noches a todas")
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.get_by_text("Buenas noches a todas")).to_be_visible()
    inspect(page, "groups-conversation")
    page.goto(group)
    page.get_by_role("link", name="Your nickname and reminder").click()
    inspect(page, "groups-membership")
    page.get_by_label(re.compile("hours before")).first.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You are reminded")).to_be_visible()
    page.get_by_role("button", name="Leave the group").click()
    inspect(page, "groups-mine")
    expect(page.get_by_text("Lunes por la noche")).to_have_count(0)


def test_two_in_a_group_who_do_not_read_each_other(visitor):
    pages = []
    for login, nickname in zip(participants("new-parents")[7:], ("Linden", "Willow")):
        page = visitor()
        join_spanish_group(page, login, nickname)
        page.get_by_role("link", name="Open the conversation").tap()
        pages.append(page)

    def write(page, words):
        page.get_by_role("textbox").first.fill(words)
        page.get_by_role("button", name="Send", exact=True).tap()
        expect(page.get_by_text(words)).to_be_visible()

    linden, willow = pages
    write(willow, "Where exactly do you live?")
    expect(linden.get_by_text("Where exactly do you live?")).to_be_visible()
    conversation = linden.url
    linden.get_by_role("link", name="Report or block").last.tap()
    expect(linden.get_by_text("Whoever leads the group sees you both")).to_be_visible()
    inspect(linden, "groups-block")
    linden.get_by_role("button", name="Block Willow").tap()
    expect(linden.get_by_text("Willow, in Lunes por la noche", exact=True)).to_be_visible()
    inspect(linden, "groups-blocks")
    linden.goto(conversation)
    write(linden, "Good night")
    expect(willow.get_by_text("This message is not shown to you.")).to_be_visible()
    expect(willow.get_by_text("Good night")).to_have_count(0)
    write(willow, "Which street?")
    expect(linden.get_by_text("This message is not shown to you.").last).to_be_visible()
    expect(linden.get_by_text("Which street?")).to_have_count(0)
    inspect(linden, "groups-apart")
    linden.goto("/blocks")
    linden.get_by_role("button", name=re.compile("Take it back")).tap()
    expect(linden.get_by_text("You block nobody.")).to_be_visible()
    linden.goto(conversation)
    expect(linden.get_by_text("Which street?")).to_be_visible()


def test_a_seat_that_is_freed_moves_on(visitor, server):
    logins = sign_ins(server.output)
    ana = visitor("desktop")
    sign_in(ana, logins["Coordinator"], PASSPHRASE)
    ana.get_by_role("link", name="Groups", exact=True).click()
    inspect(ana, "groups-staff")
    ana.get_by_role("link", name="New kind of group").first.click()
    inspect(ana, "groups-new-type")
    ana.get_by_label("Name", exact=True).fill("Stroller walk")
    ana.get_by_label("Whom it is for").fill("For anybody with a stroller.")
    ana.get_by_label("Supporters").check()
    ana.get_by_role("radiogroup", name="How many facilitate a meeting").get_by_label("1").check()
    ana.get_by_label("Agreements").fill("We walk at the pace of the slowest.")
    ana.get_by_role("button", name="Save and make a group").click()
    inspect(ana, "groups-new")
    ana.get_by_label("Name", exact=True).fill("Stroller walk on Fridays")
    ana.get_by_label("In person", exact=True).check()
    ana.get_by_label("Place").fill("The bench at the river")
    ana.get_by_label(re.compile("^Open")).check()
    ana.get_by_label("Seats in each meeting").fill("1")
    ana.get_by_role("button", name="Save").click()
    expect(ana.get_by_role("heading", name="Stroller walk on Fridays")).to_be_visible()
    ana.get_by_text("Add a facilitator").first.click()
    ana.get_by_label("Who", exact=True).select_option(index=1)
    ana.get_by_label("Facilitator", exact=True).check()
    ana.get_by_role("button", name="Add a facilitator").click()
    ana.get_by_role("link", name="Plan one meeting").click()
    ana.get_by_label("Day").fill(
        ana.evaluate("new Date(Date.now() + 5 * 86400000).toISOString().slice(0, 10)"))
    ana.get_by_label("Time").fill("10:00")
    inspect(ana, "groups-one-meeting")
    ana.get_by_role("button", name="Plan the meeting").click()
    inspect(ana, "groups-meeting-staff")
    meeting = ana.url
    ana.get_by_role("link", name="Stroller walk on Fridays").click()
    ana.get_by_role("link", name="Plan a series").click()
    inspect(ana, "groups-series")
    ana.go_back()
    inspect(ana, "groups-coordinator")
    link = urlsplit(ana.locator(".code").inner_text()).path

    first, second = visitor(), visitor()
    for page, login, nickname in zip((first, second), participants("new-parents"), ("Robin", "Wren")):
        sign_in(page, login, PASSPHRASE)
        page.goto(link)
        page.get_by_role("link", name="Join", exact=True).tap()
        page.get_by_label("Nickname").fill(nickname)
        page.get_by_label("I have read this and agree").check()
        page.get_by_role("button", name="Join", exact=True).tap()
        expect(page.get_by_text(f"In this group you are called {nickname}.")).to_be_visible()
        page.goto(meeting)
    expect(first.get_by_text("1 seat is free.")).to_be_visible()
    first.get_by_role("button", name="Take a seat").tap()
    expect(first.get_by_text("You have a seat in this meeting.")).to_be_visible()
    inspect(first, "groups-seat")
    second.reload()
    second.get_by_role("button", name="Wait for a seat").tap()
    expect(second.get_by_text("You are next on the waiting list.")).to_be_visible()
    first.get_by_role("button", name="Free my seat").tap()
    expect(first.get_by_role("button", name="Wait for a seat")).to_be_visible()
    second.reload()
    expect(second.get_by_text("You have a seat in this meeting.")).to_be_visible()
    ana.goto(meeting)
    expect(ana.get_by_text("1 of 1 seats taken")).to_be_visible()
    expect(ana.get_by_text("Wren")).to_be_visible()
