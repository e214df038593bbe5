"""A coordinator matches a whole waiting list at once, and reads whom to look for."""

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, sign_ins


def test_everybody_who_waits_together(visitor, server):
    logins = sign_ins(server.output)
    for device in ("phone", "desktop"):
        ana = visitor(device)
        sign_in(ana, logins["Coordinator"], PASSPHRASE)
        ana.goto("/board?queue=matching")
        ana.get_by_role("link", name="Match everybody who waits together").click()
        expect(ana.get_by_role("heading", name="Match everybody who waits")).to_be_visible()
        expect(ana.get_by_text("were looked at together")).to_be_visible()
        inspect(ana, f"round-{device}")
        ana.get_by_text("Why", exact=False).first.click()
        ana.get_by_role("link", name="What is asked for, and who is missing").click()
        expect(ana.get_by_role("heading", name="Needs and supporters")).to_be_visible()
        expect(ana.get_by_role("heading", name="Whom to look for")).to_be_visible()
        inspect(ana, f"needs-{device}")


def test_one_pair_of_a_round_is_asked(visitor, server):
    logins = sign_ins(server.output)
    ana = visitor("desktop")
    sign_in(ana, logins["Coordinator"], PASSPHRASE)
    ana.goto("/rounds")
    rows = ana.locator("form .row")
    expect(rows.first.get_by_role("checkbox")).to_be_checked()
    # All but the last are left for other journeys.
    for number in range(rows.count() - 1):
        rows.nth(number).get_by_role("checkbox").uncheck()
    person = rows.last.locator(".person").first.inner_text()
    ana.get_by_role("button", name="Ask those with a tick").click()
    expect(ana.get_by_text("1 pair was asked.")).to_be_visible()
    expect(ana.locator("main").get_by_text(person, exact=True)).to_have_count(0)
    inspect(ana, "round-asked")
    ana.goto("/board?queue=answers")
    expect(ana.get_by_role("link", name=person, exact=True)).to_be_visible()


def test_a_wish_that_is_in_the_way(visitor, server):
    logins = sign_ins(server.output)
    ana = visitor("desktop")
    sign_in(ana, logins["Coordinator"], PASSPHRASE)
    paths = []
    for queue in ("matching", "waiting"):
        ana.goto(f"/board?queue={queue}")
        paths += [link.get_attribute("href") for link in ana.locator(".actions a").all()]
    for path in paths:
        ana.goto(path)
        if ana.get_by_role("heading", name="What one wish less would open").count():
            break
    else:
        raise AssertionError("nobody of the demonstration has a wish that is in the way")
    expect(ana.get_by_text("A wish is theirs to keep or to give up.")).to_be_visible()
    inspect(ana, "openings")
