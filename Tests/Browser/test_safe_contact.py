"""How people may be reached: chosen by themselves, stopped in one click, and never more than they said."""

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, sign_ins


def test_a_person_chooses_and_stops(visitor, server):
    page = visitor(java_script_enabled=False)
    sign_in(page, sign_ins(server.output)["Participant"], PASSPHRASE)
    page.get_by_role("link", name="How we may reach you").click()
    page.get_by_label("By email").check()
    page.get_by_label("Email address").fill("not an address")
    page.get_by_label("From", exact=True).fill("10:00")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("alert").is_visible()
    assert page.get_by_label("Email address").input_value() == "not an address", "nothing typed is lost"
    page.get_by_label("Email address").fill("somebody@home.example")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_label("Email address").input_value() == "somebody@home.example"
    page.get_by_role("button", name="Do not contact me").click()
    assert page.get_by_role("heading", name="We do not contact you").is_visible()
    assert page.get_by_role("button", name="Save").count() == 0
    page.get_by_role("button", name="You may contact me again").click()
    assert page.get_by_label("Email address").input_value() == "somebody@home.example"


def test_the_pages(visitor, server):
    logins = sign_ins(server.output)
    page = visitor("desktop")
    sign_in(page, logins["Participant"], PASSPHRASE)
    page.goto("/reach")
    inspect(page, "reach")
    page.get_by_role("button", name="Do not contact me").click()
    inspect(page, "reach-stopped")
    page.get_by_role("button", name="You may contact me again").click()
    page = visitor("desktop")
    sign_in(page, logins["Administrator"], PASSPHRASE)
    for path in ["/outbox", "/neutral-names", "/urgent-help/numbers", "/programs", "/people"]:
        page.goto(path)
        inspect(page, path[1:].replace("/", "-"))
    page.goto("/urgent-help/numbers")
    page.locator("#name-1").fill("Riverside night line")
    page.locator("#call-1").fill("call us")
    page.get_by_role("button", name="Save the numbers").click()
    inspect(page, "urgent-help-numbers-wrong")
    page.locator("#call-1").fill("(410) 555-0100")
    page.get_by_role("button", name="Save the numbers").click()
    page.goto("/urgent-help")
    assert page.get_by_role("link", name="Call (410) 555-0100").is_visible()
    inspect(page, "urgent-help")
    page = visitor("desktop")
    sign_in(page, logins["Coordinator"], PASSPHRASE)
    page.goto("/board")
    paths = page.eval_on_selector_all("main a[href^='/referrals/0']", "all => all.map(a => a.getAttribute('href'))")
    page.goto(paths[0])
    inspect(page, "referral")
    link = page.get_by_role("link", name="When and where we may reach them")
    # Some may not be contacted at all; there is nothing to set for them.
    for path in paths:
        page.goto(f"{path}/person")
        if link.count():
            break
    link.click()
    inspect(page, "reach-for-somebody")
