"""Who can see what, a record opened for a reason and somebody else's word on it, and two people at one form."""

import re

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, sign_ins

REFERENCE = re.compile(r"\b[B-Z2-9]{4}-[B-Z2-9]{4}\b")


def test_who_can_see_what_and_a_record_opened(visitor, server):
    logins = sign_ins(server.output)
    participant, supervisor, administrator = (visitor("desktop") for _ in range(3))
    sign_in(participant, logins["Participant"], PASSPHRASE)
    participant.goto("/privacy")
    inspect(participant, "privacy")
    participant.get_by_role("link", name="Your messages").click()
    expect(participant.get_by_role("heading", name="Your messages")).to_be_visible()
    inspect(participant, "privacy-messages")
    participant.goto("/privacy/accounting")
    inspect(participant, "privacy-accounting")
    participant.goto("/privacy/items/receipt")
    reference = REFERENCE.search(participant.inner_text("main")).group()

    sign_in(supervisor, logins["Supervisor"], PASSPHRASE)
    supervisor.goto("/openings")
    inspect(supervisor, "openings-none")
    supervisor.get_by_role("link", name="Open a record").click()
    supervisor.get_by_label("Reference of the request").fill("BBBB-2222")
    supervisor.get_by_label("Why you open it").fill("The person wrote that they are not safe at home.")
    supervisor.get_by_role("button", name="Open the record").click()
    expect(supervisor.get_by_label("Why you open it")).to_have_value(re.compile("not safe at home"))
    inspect(supervisor, "openings-new")
    supervisor.get_by_label("Reference of the request").fill(reference)
    supervisor.get_by_role("button", name="Open the record").click()
    expect(supervisor.get_by_text("This record is open to you.")).to_be_visible()
    inspect(supervisor, "openings-record")
    supervisor.goto("/team")
    expect(supervisor.get_by_text("You have a record open.")).to_be_visible()
    inspect(supervisor, "openings-team")

    participant.goto("/home")
    expect(participant.get_by_text("opened your whole record")).to_be_visible()
    inspect(participant, "openings-told")

    sign_in(administrator, logins["Administrator"], PASSPHRASE)
    administrator.goto("/openings")
    inspect(administrator, "openings-queue")
    administrator.locator(".rows a").first.click()
    inspect(administrator, "openings-review")
    administrator.get_by_label("No, it should not have been opened").check()
    administrator.get_by_role("button", name="Save my answer").click()
    expect(administrator.get_by_text("Nothing waits for you.")).to_be_visible()
    supervisor.goto("/openings")
    expect(supervisor.get_by_text("You have a record open.")).to_have_count(0)
    participant.goto("/privacy")
    expect(participant.get_by_text("it was not right to open your record")).to_be_visible()
    inspect(participant, "privacy-opened")


def test_two_tabs_at_one_form(visitor, server):
    one, two = visitor("desktop"), visitor("desktop")
    for page in (one, two):
        sign_in(page, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    one.goto("/board")
    one.locator(".person a").first.click()
    path = re.sub(r"[?#].*", "", one.url) + "/person"
    for page, name in ((one, "What one wrote"), (two, "What two wrote")):
        page.goto(path)
        page.get_by_label("What they like to be called").fill(name)
    one.get_by_role("button", name="Save").click()
    expect(one).not_to_have_url(path)
    two.get_by_role("button", name="Save").click()
    expect(two.get_by_label("What they like to be called")).to_have_value("What two wrote")
    expect(two.get_by_text("What one wrote").first).to_be_visible()
    inspect(two, "person-changed-meanwhile")
    two.get_by_role("button", name="Save").click()
    expect(two).not_to_have_url(path)
