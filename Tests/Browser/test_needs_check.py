"""Somebody who asked for support says how they are, reads what follows, and is read by whoever takes care of it."""

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, sign_ins


def ask(page, name):
    """Asks for support for oneself, and comes to the questions."""
    page.goto("/get-support/riverside")
    page.get_by_label("For me").check()
    page.get_by_label("New parents").check()
    page.get_by_label("How may we reach you?").fill("555 0147")
    page.get_by_text("Tell us a little more, if you like").click()
    page.get_by_label("What may we call the person who gets support?").fill(name)
    page.get_by_role("button", name="Ask for support").click()
    page.get_by_role("link", name="Answer a few questions").click()


def test_from_asking_to_the_talk(visitor, server):
    page = visitor(locale="en-US")
    ask(page, "Wilma Winter")
    inspect(page, "needs-check")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspect(page, "needs-check-nothing-said")
    page.get_by_role("radiogroup", name="How do you get through your days?").get_by_label("I do not get through them").check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("We are no clinic")).to_be_visible()
    expect(page.get_by_text("Your request comes sooner now")).to_be_visible()
    inspect(page, "needs-check-said")

    staff = visitor("desktop", locale="en-US")
    sign_in(staff, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    staff.goto("/needs-checks")
    inspect(staff, "needs-checks")
    staff.get_by_role("link", name="Wilma Winter").click()
    inspect(staff, "needs-check-of-a-request")
    staff.get_by_role("button", name="We talked about it").click()
    expect(staff.get_by_text("Talked about it on")).to_be_visible()
    staff.goto("/needs-checks")
    expect(staff.get_by_role("link", name="Wilma Winter")).to_have_count(0)


def test_not_safe_without_scripts(visitor, server):
    page = visitor(locale="en-US", java_script_enabled=False)
    ask(page, "Wanda West")
    page.get_by_role("radiogroup", name="Do you feel safe right now?").get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Please do not wait for us.")).to_be_visible()
    page.get_by_role("link", name="See who looks after it").click()
    expect(page.get_by_text("It arrived.")).to_be_visible()

    staff = visitor("desktop", locale="en-US")
    sign_in(staff, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    staff.goto("/concerns")
    staff.locator("li.row", has_text="Wanda West").get_by_role("link").click()
    expect(staff.get_by_text("they do not feel safe")).to_be_visible()
    staff.get_by_role("button", name="I have this in hand").click()
    page.reload()
    expect(page.get_by_text("is looking after it")).to_be_visible()


def test_read_aloud_on_the_phone(visitor, server):
    staff = visitor("desktop", locale="en-US")
    sign_in(staff, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    staff.goto("/board?queue=waiting")
    staff.locator(".row .person a").first.click()
    staff.get_by_role("link", name="They are on the phone").click()
    staff.get_by_role("link", name="Ask how they are").click()
    staff.get_by_role("link", name="Ask them now").click()
    inspect(staff, "needs-check-read-aloud")
    staff.get_by_role("radiogroup", name="How soon do you need somebody?").get_by_label("I can wait").check()
    staff.get_by_role("button", name="Send my answers").click()
    expect(staff.get_by_text("Written down by")).to_be_visible()
    inspect(staff, "needs-check-written-down")
