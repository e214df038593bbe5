"""Something went wrong: a supervisor writes it down, a coordinator reviews it, and it is closed with what was learned."""

import datetime

from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, sign_ins


def test_an_incident_from_what_happened_to_what_was_learned(visitor, server):
    logins = sign_ins(server.output)
    ruth = visitor("desktop")
    sign_in(ruth, logins["Supervisor"], PASSPHRASE)
    ruth.goto("/concerns")
    ruth.get_by_role("link", name="Incidents").click()
    ruth.get_by_role("link", name="Write down an incident").click()
    ruth.get_by_role("button", name="Write it down").click()
    inspect(ruth, "incident-wrong")
    ruth.get_by_label("In which program?").select_option(index=1)
    ruth.get_by_label("What kind of thing was it?").select_option(label="Something private got out")
    ruth.get_by_label("When did it happen?").fill(f"{datetime.date.today() - datetime.timedelta(days=3)}")
    ruth.get_by_label("What happened?").fill("A list with names was left on a chair.\nA member found it.")
    ruth.get_by_role("button", name="Write it down").click()
    expect(ruth.get_by_text("Somebody else reviews this")).to_be_visible()
    ruth.get_by_label("Who was told?").select_option(label="Whom it happened to")
    ruth.get_by_role("button", name="They were told today").click()
    expect(ruth.get_by_text("A list with names")).to_be_visible()
    inspect(ruth, "incident-open")

    ana = visitor("phone")
    sign_in(ana, logins["Coordinator"], PASSPHRASE)
    ana.goto("/incidents")
    inspect(ana, "incidents-one")
    ana.get_by_role("link", name="Something private got out").tap()
    expect(ana.get_by_label("What do you make of it?")).to_be_visible()
    inspect(ana, "incident-to-review")
    ana.get_by_label("What do you make of it?").fill("There is no folder for lists.")
    ana.get_by_role("button", name="Save my review").tap()
    ana.get_by_label("What do we do differently?").fill("Lists stay in a folder. The coordinator buys ten this week.")
    ana.get_by_role("button", name="Close it").tap()
    expect(ana.get_by_role("heading", name="What we do differently")).to_be_visible()
    inspect(ana, "incident-closed")
