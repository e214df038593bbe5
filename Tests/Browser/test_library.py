"""The library: a coordinator writes a checklist, is told of a long sentence, and a participant reads and prints it."""

import re

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, sign_ins
from test_paper import printed

LONG = "Take the blue bag that stands by the door and put the letters from the clinic and your keys in it"
TEXT = f"""## The evening before
{LONG}.
- [ ] Charge the **phone**
<script>alert(1)</script>
"""


def field(page, label: str):
    return page.get_by_label(label, exact=True)


def test_a_page_from_writing_to_paper(visitor, server):
    logins = sign_ins(server.output)
    ana = visitor("desktop")
    sign_in(ana, logins["Coordinator"], PASSPHRASE)
    ana.goto("/groups")
    ana.get_by_role("link", name="Library", exact=True).click()
    ana.get_by_role("link", name=re.compile("^Write pages for")).first.click()
    expect(ana.get_by_text("1 page should have been reviewed by now.")).to_be_visible()
    inspect(ana, "library-pages")
    ana.get_by_role("link", name="New page").click()
    expect(field(ana, "Title")).to_be_visible()
    inspect(ana, "library-new")
    field(ana, "Title").fill("The night before a test")
    ana.get_by_label("Checklist").check()
    field(ana, "Text").fill(TEXT)
    # Nothing of what was typed is lost when the day is not right, and the text is measured already.
    field(ana, "Look at it again by").fill("2020-01-01")
    ana.get_by_role("button", name="Save this page").click()
    expect(ana.get_by_text("Please choose a day after today.").first).to_be_visible()
    expect(ana.get_by_text(LONG).last).to_be_visible()
    inspect(ana, "library-wrong")
    field(ana, "Look at it again by").fill(ana.evaluate("new Date(Date.now() + 200 * 86400e3).toISOString().slice(0, 10)"))
    ana.get_by_role("button", name="Save this page").click()
    expect(ana.get_by_text("Draft", exact=True)).to_be_visible()
    expect(ana.get_by_text("These sentences are long. Could they be two?")).to_be_visible()
    expect(ana.get_by_text(re.compile(r"^LIX \d+: "))).to_be_visible()
    expect(ana.locator("main script")).to_have_count(0)
    inspect(ana, "library-draft")
    ana.get_by_role("button", name="Publish").click()
    expect(ana.get_by_text("Published", exact=True)).to_be_visible()
    ana.get_by_role("link", name="See it as readers do").click()
    address = ana.url
    ana.go_back()

    cleo = visitor(java_script_enabled=False)
    sign_in(cleo, logins["Participant"], PASSPHRASE)
    cleo.goto("/home")
    cleo.get_by_role("link", name="Open the library").click()
    expect(cleo.get_by_role("link", name="Before you go home from the hospital")).to_be_visible()
    expect(cleo.get_by_role("heading", name="In other languages")).to_be_visible()
    cleo.get_by_role("link", name="The night before a test").click()
    assert cleo.url == address
    assert "night before" not in cleo.title()
    expect(cleo.get_by_text("Charge the phone")).to_be_visible()
    text = printed(cleo, "library-page", {1})
    assert "Charge the phone" in text

    ana.get_by_role("button", name="Withdraw").click()
    expect(ana.get_by_text("Withdrawn", exact=True)).to_be_visible()
    assert cleo.reload().status == 404


def test_pages_as_people_read_them(visitor, server):
    cleo = visitor()
    sign_in(cleo, sign_ins(server.output)["Participant"], PASSPHRASE)
    cleo.goto("/library")
    expect(cleo.get_by_role("link", name="Antes de salir del hospital")).to_have_attribute("lang", "es")
    inspect(cleo, "library")
    cleo.get_by_role("link", name="Before you go home from the hospital").tap()
    expect(cleo.get_by_text("Print this list and tick the boxes by hand.")).to_be_visible()
    inspect(cleo, "library-checklist")
    cleo.get_by_role("link", name="Larger letters").tap()
    expect(cleo.get_by_role("link", name="Usual letters")).to_be_visible()
    printed(cleo, "library-large", {1, 2})
