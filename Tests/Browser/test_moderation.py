"""The safety net: a hard message, help offered, a person looks; then a report, a decision, and another look."""

import re

from playwright.sync_api import expect

from support.house import come_in
from support.pages import inspect, look
from test_conversations import conversation, enter, house, messages, visit, write  # noqa: F401 (fixtures)


def staff(house, visit):  # noqa: F811
    """A coordinator and a supervisor of the house, signed in."""
    pages = []
    for name, role in [("Cora Cruz", "coordinator"), ("Sam Sato", "supervisor")]:
        page = visit("desktop")
        come_in(page, house.add(name, role, "riverside"), name.split()[0].lower())
        pages.append(page)
    return pages


def test_from_a_hard_message_to_another_look(house, visit, enter):  # noqa: F811
    cora, sam = staff(house, visit)
    nora = enter("nora")
    expect(nora.get_by_role("button", name="Send", exact=True)).to_be_visible()  # no rules, nothing asked

    cora.goto("/moderation")
    inspect(cora, "moderation-empty")
    cora.get_by_role("link", name="House rules of Caregivers").click()
    cora.get_by_text("Write a new version").click()
    cora.get_by_label("The rules").fill("Be kind\nNobody is put down here.\n\nStay in Kith\nWe ask for no numbers.")
    cora.get_by_label("What has changed, and why?").fill("They are new, so that everybody knows what to expect.")
    cora.get_by_role("button", name="Publish").click()
    expect(cora.get_by_text(re.compile("^Caregivers · Version 1"))).to_be_visible()
    inspect(cora, "house-rules-staff")

    # What was typed on a page from before comes back in plain words.
    write(nora, "I typed this before")
    expect(nora.get_by_text(re.compile("The house rules are new"))).to_be_visible()
    expect(nora.get_by_role("textbox")).to_have_value("I typed this before")
    nora.reload()
    inspect(nora, "conversation-rules")
    nora.get_by_role("link", name="Read the house rules").tap()
    expect(nora.get_by_role("button", name="I keep to these rules")).to_be_visible()
    inspect(nora, "house-rules")
    nora.get_by_role("button", name="I keep to these rules").tap()
    expect(nora.get_by_role("button", name="Send", exact=True)).to_be_visible()

    # Help comes with the answer, and nothing is held back.
    write(nora, "I don't want to live any more")
    expect(nora.get_by_role("heading", name="You do not have to be alone with this")).to_be_visible()
    expect(nora.get_by_text("I don't want to live any more")).to_have_count(1)
    inspect(nora, "conversation-help")
    nora.get_by_role("button", name="I am all right").tap()
    expect(nora).to_have_url(re.compile("/conversations/"))

    quiet = enter("nora", java_script_enabled=False)
    quiet.get_by_role("textbox").fill("I want to kill myself")
    quiet.get_by_role("button", name="Send").tap()
    expect(quiet.get_by_text("Your message was sent.")).to_be_visible()
    look(quiet, "help")
    quiet.get_by_role("button", name="Ask for a person now").tap()
    expect(quiet.get_by_role("heading", name="It arrived. We are calling people now.")).to_be_visible()

    sam.goto("/moderation")
    inspect(sam, "moderation")
    sam.get_by_role("link", name="Somebody may be having a hard time").click()
    expect(sam.get_by_text("Only who takes this reads what was written.")).to_be_visible()
    inspect(sam, "moderation-worry-waiting")
    sam.get_by_role("button", name="I take this").click()
    expect(sam.get_by_role("blockquote")).to_have_text("want to kill myself")  # the newest words
    inspect(sam, "moderation-worry")
    sam.get_by_label("Somebody has talked with them").check()
    sam.get_by_role("button", name="Decide").click()
    expect(sam.get_by_text("Decided", exact=True)).to_be_visible()
    inspect(sam, "moderation-worry-decided")

    # A report, from the message itself.
    ben = enter("ben")
    ben.get_by_role("link", name="Read the house rules").tap()
    ben.get_by_role("button", name="I keep to these rules").tap()
    write(ben, "Give me your number")
    nora.get_by_text("Give me your number").wait_for()
    nora.get_by_role("link", name="Report or block").last.tap()
    expect(nora.get_by_role("button", name="Report it")).to_be_visible()
    inspect(nora, "report")
    nora.get_by_role("button", name="Report it").tap()
    expect(nora.get_by_role("alert").first).to_be_visible()
    nora.get_by_label("It asks to meet or talk outside Kith").check()
    nora.get_by_role("button", name="Report it").tap()
    expect(nora.get_by_text("Thank you. It arrived")).to_be_visible()
    inspect(nora, "report-thanks")

    sam.goto("/moderation")
    sam.get_by_role("link", name="It asks to meet or talk outside Kith").click()
    sam.get_by_role("button", name="I take this").click()
    expect(sam.get_by_role("button", name="Decide")).to_be_visible()
    inspect(sam, "moderation-report")
    sam.get_by_label("The message is taken away").check()
    sam.get_by_label("Which house rule?").select_option(label="2. Stay in Kith")
    sam.get_by_label("What do you tell them?").fill("Please keep to messages here.")
    sam.get_by_role("button", name="Decide").click()
    expect(sam.get_by_text("Decided", exact=True)).to_be_visible()

    ben.goto("/today")
    ben.get_by_role("link", name="Something you wrote or reported was looked at").tap()
    ben.get_by_role("link", name="A message of yours was taken away").tap()
    expect(ben.get_by_text("2. Stay in Kith")).to_be_visible()
    inspect(ben, "decision")
    ben.get_by_label("What should they know?").fill("It was about the meeting place.")
    ben.get_by_role("button", name="Ask for another look").tap()
    expect(ben.get_by_text(re.compile("You asked for another look"))).to_be_visible()
    inspect(ben, "decision-appealed")
    cora.goto("/moderation")
    cora.get_by_role("link", name="Somebody asks for another look").click()
    cora.get_by_role("button", name="I take this").click()
    expect(cora.get_by_label("It is taken back")).to_be_visible()
    inspect(cora, "moderation-appeal")
    cora.get_by_label("It is taken back").check()
    cora.get_by_role("button", name="Decide").click()
    expect(cora.get_by_text("Decided for good")).to_be_visible()
    ben.reload()
    expect(ben.get_by_text("The decision was taken back.")).to_be_visible()
    nora.goto("/home")
    nora.get_by_role("link", name="Something you wrote or reported was looked at").tap()
    expect(nora.get_by_role("heading", name="What you reported")).to_be_visible()
    inspect(nora, "decisions")


def test_a_block_reaches_the_page_that_is_open(enter):  # noqa: F811
    nora, ben = enter("nora"), enter("ben")
    write(ben, "Are you there?")
    nora.get_by_text("Are you there?").wait_for()
    nora.get_by_role("link", name="Report or block").last.tap()
    nora.get_by_role("button", name=re.compile("^Block")).tap()
    expect(ben.get_by_role("button", name="Send", exact=True)).to_be_hidden(timeout=1_000)
    expect(ben.get_by_text("You cannot write to each other at the moment")).to_be_visible()
    expect(nora.get_by_role("heading", name="People you block")).to_be_visible()
    inspect(nora, "blocks")
    nora.get_by_role("button", name=re.compile("Take it back")).tap()
    expect(nora.get_by_text("You block nobody.")).to_be_visible()
    ben.reload()
    write(ben, "Thank you")
    expect(ben.get_by_text("Thank you")).to_have_count(1)
    assert "Are you there?" in messages(ben)
