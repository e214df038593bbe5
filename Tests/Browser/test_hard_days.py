"""Somebody writes a plan for hard days without scripts, shares it with their supporter, and takes that back."""

from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.walks import PASSPHRASE, sign_ins


def test_a_plan_is_written_shared_and_taken_back(visitor, server):
    logins = sign_ins(server.output)
    mia = visitor(java_script_enabled=False)
    sign_in(mia, logins["Participant"], PASSPHRASE)
    mia.goto("/home")
    mia.get_by_role("link", name="My plan for hard days").tap()
    look(mia, "hard-days-none")
    mia.get_by_role("main").get_by_role("link", name="Write my plan").tap()
    look(mia, "hard-days-form")
    mia.get_by_label("What can I do by myself that helps a little?").fill("The song from the kitchen radio\nA shower")
    mia.get_by_label("Whom can I tell that I need help?").fill("Rosa, 555-0199, also at night")
    mia.get_by_role("button", name="Save my plan").tap()
    assert mia.get_by_text("The song from the kitchen radio").inner_text() == "The song from the kitchen radio\nA shower"
    mia.get_by_role("button", name="Let them read it").first.tap()
    expect(mia.get_by_text("May read it.")).to_be_visible()
    look(mia, "hard-days")

    ben = visitor("desktop")
    sign_in(ben, logins["Supporter"], PASSPHRASE)
    ben.goto("/today")
    inspect(ben, "today-with-a-plan")
    ben.get_by_role("link", name="Their plan for hard days").first.click()
    expect(ben.get_by_text("Rosa, 555-0199")).to_be_visible()
    inspect(ben, "hard-days-shared")
    mia.get_by_role("button", name="No longer").first.tap()
    expect(mia.get_by_text("Does not read it.").first).to_be_visible()
    assert ben.reload().status == 404
