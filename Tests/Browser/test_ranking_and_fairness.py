"""How matches are ranked in a program, and whether support reaches everybody alike: both read by staff."""

import re

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, sign_ins


def test_how_matches_are_ranked(visitor, server):
    logins = sign_ins(server.output)
    for role, device in (("Supervisor", "desktop"), ("Coordinator", "phone")):
        page = visitor(device)
        sign_in(page, logins[role], PASSPHRASE)
        page.goto("/ranking")
        expect(page).to_have_url(re.compile("/programs/[^/]+/ranking$"))
        expect(page.get_by_role("heading", name="How matches are ranked")).to_be_visible()
        expect(page.get_by_text("of the 60 matches it takes")).to_be_visible()
        expect(page.get_by_role("rowheader", name=re.compile("Shared experience"))).to_be_visible()
        expect(page.get_by_role("button", name="Rank by the proposed points")).to_have_count(0)
        inspect(page, f"ranking-{device}")


def test_whether_support_reaches_everybody_alike(visitor, server):
    logins = sign_ins(server.output)
    for role, device in (("Administrator", "desktop"), ("Coordinator", "phone")):
        page = visitor(device)
        sign_in(page, logins[role], PASSPHRASE)
        page.goto("/concerns")
        page.get_by_role("link", name="Does support reach everybody alike?").click()
        expect(page.get_by_role("heading", name="Does support reach everybody alike?")).to_be_visible()
        inspect(page, f"fairness-{device}")
        page.get_by_role("link", name="The quarter before").click()
        expect(page.get_by_role("link", name="The next quarter")).to_be_visible()
        expect(page.get_by_role("rowheader", name="Everybody").first).to_be_visible()
        inspect(page, f"fairness-before-{device}")
