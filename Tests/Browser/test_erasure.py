"""Somebody asks that everything about them is deleted: told first why it has to wait, then it is done, with a
certificate."""

import re

import pytest
from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, participants, sign_ins


@pytest.fixture
def somebody(server):
    """The sign-in and the name of somebody whom the first program supports, and whom no other journey looks at."""
    # Whoever is in a group is counted there, and the journeys of groups take those in the middle.
    people = participants("new-parents")
    in_groups = {login for login, in server.ask(
        "SELECT a.login FROM group_member g JOIN account a ON a.person_id = g.person_id WHERE g.ended_at IS NULL")}
    login = next(login for login in [*people[9:], *people[2:6]] if login not in in_groups)
    (found,) = server.ask("SELECT p.name FROM account a JOIN person p ON p.id = a.person_id WHERE a.login = ?", login)
    return login, *found


def test_from_the_wish_to_the_certificate(visitor, server, somebody):
    login, name = somebody
    rosa = visitor(locale="en-US")
    sign_in(rosa, login, PASSPHRASE)
    rosa.goto("/privacy")
    inspect(rosa, "privacy-with-erasure")
    rosa.get_by_role("link", name="Delete everything about me").tap()
    expect(rosa.get_by_role("button", name="Ask to delete everything")).to_be_visible()
    inspect(rosa, "erasure-own")
    rosa.get_by_role("button", name="Ask to delete everything").tap()
    expect(rosa.get_by_text("You asked us to delete everything")).to_be_visible()
    inspect(rosa, "erasure-asked")

    ana = visitor("desktop", locale="en-US")
    sign_in(ana, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    ana.goto("/board")
    ana.get_by_role("link", name=re.compile("asks? to be deleted")).click()
    expect(ana.get_by_role("link", name=name)).to_be_visible()
    inspect(ana, "erasures")
    ana.get_by_role("link", name=name).click()
    expect(ana.get_by_role("heading", name="They ask to be deleted")).to_be_visible()
    inspect(ana, "erasure-one")
    ana.get_by_role("button", name="Delete everything for good").click()
    expect(ana.get_by_role("alert")).to_be_visible()
    inspect(ana, "erasure-unsure")
    ana.get_by_label("A law says for how long it is kept").check()
    ana.get_by_label("Until when?").fill("2031-05-01")
    ana.get_by_role("button", name="Tell them that it stays for now").click()
    expect(ana.get_by_text("Nobody asks for it now")).to_be_visible()
    inspect(ana, "erasures-none")

    rosa.goto("/home")
    rosa.get_by_role("link", name="What became of your wish to be deleted").tap()
    expect(rosa.get_by_text("A law says that we keep it until")).to_be_visible()
    inspect(rosa, "erasure-kept")
    rosa.get_by_role("button", name="Ask to delete everything").tap()
    expect(rosa.get_by_text("You asked us to delete everything")).to_be_visible()

    ana.goto("/erasures")
    ana.get_by_role("link", name=name).click()
    ana.get_by_label(re.compile("^I have looked at all of this")).check()
    ana.get_by_role("button", name="Delete everything for good").click()
    expect(ana.get_by_role("heading", name="Deleted", exact=True)).to_be_visible()
    ana.get_by_text("The signed certificate").click()
    inspect(ana, "erasure-done")
    assert name not in ana.content()
    rosa.goto("/home")
    expect(rosa).to_have_url(re.compile("/sign-in"))
