"""A supporter who uses no app told their week by phone: a coordinator enters it on one page, without scripts as well."""

import re

import pytest
from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.walks import PASSPHRASE, sign_ins

# A supporter of a coordinator, with the match of somebody they met in the last two weeks.
WEEK = """
SELECT m.supporter_id, m.id FROM match m
JOIN membership k ON k.program_id = m.program_id AND k.role = 'coordinator' AND k.ended_at IS NULL
JOIN account c ON c.organization_id = k.organization_id AND c.person_id = k.person_id
JOIN consent s ON s.person_id = m.participant_id AND s.program_id = m.program_id AND s.purpose = 'take-part'
    AND s.granted AND s.ended_at IS NULL
WHERE c.login = ? AND m.status = 'active' AND m.apart_at IS NULL ORDER BY m.id
"""
COUNT = "SELECT count(*) FROM encounter WHERE match_id = ? AND status IN ('done', 'no-answer')"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_week_by_phone(visitor, server, scripts):
    login = sign_ins(server.output)["Coordinator"]
    supporter, match = server.ask(WEEK, login)[0 if scripts else -1]
    ana = visitor("desktop", java_script_enabled=scripts)
    sign_in(ana, login, PASSPHRASE)
    ana.goto(f"/supporters/{supporter}")
    ana.get_by_role("link", name="Enter a week for them").click()
    expect(ana.get_by_role("heading", level=1, name=re.compile("^The week of"))).to_be_visible()
    (inspect if scripts else look)(ana, "week")
    before = server.ask(COUNT, match)[0][0]
    ana.locator(f"[name='outcome-{match}-1']").select_option("done")
    ana.locator(f"[name='mode-{match}-1']").select_option("phone")
    ana.locator(f"[name='minutes-{match}-1']").fill("0")
    ana.locator(f"[name='day-{match}-1']").select_option(index=1)
    ana.locator(f"[name='time-{match}-1']").fill("00:01")
    ana.locator(f"[name='functions-{match}-1']").first.check()
    ana.get_by_role("button", name="Enter the week").click()
    expect(ana.get_by_role("alert")).to_be_visible()
    (inspect if scripts else look)(ana, "week-wrong")
    ana.locator(f"[name='minutes-{match}-1']").fill("35")
    ana.get_by_role("button", name="Enter the week").click()
    expect(ana.get_by_role("alert")).to_have_count(0)
    expect(ana.get_by_text("entered by staff").first).to_be_visible()
    assert server.ask(COUNT, match)[0][0] == before + 1
    (inspect if scripts else look)(ana, "week-entered")
    ana.get_by_role("link", name="An empty sheet to print").click()
    expect(ana.get_by_role("heading", level=1, name="My week")).to_be_visible()
    (inspect if scripts else look)(ana, "week-sheet")


def test_what_to_say_on_the_first_call(visitor, server):
    login = sign_ins(server.output)["Coordinator"]
    # Somebody whom a coordinator may call by phone, at any point after they were accepted.
    calls = server.ask("""
        SELECT r.id FROM referral r
        JOIN membership k ON k.program_id = r.program_id AND k.role = 'coordinator' AND k.ended_at IS NULL
        JOIN account c ON c.organization_id = k.organization_id AND c.person_id = k.person_id
        JOIN contact_channel t ON t.person_id = r.person_id AND t.kind = 'phone' AND t.ended_at IS NULL
        JOIN person p ON p.id = r.person_id AND NOT p.do_not_contact
        WHERE c.login = ? AND r.queue IN ('consent', 'matching', 'waiting')
        AND NOT EXISTS (SELECT 1 FROM consent s WHERE s.person_id = r.person_id AND s.purpose = 'contact-phone'
            AND NOT s.granted)
        ORDER BY r.queue, r.id
    """, login)
    ana = visitor("desktop")
    sign_in(ana, login, PASSPHRASE)
    ana.goto(f"/referrals/{calls[0][0]}")
    ana.get_by_text("What to say on the first call").click()
    expect(ana.get_by_text(re.compile("Ask first whether they have a moment"))).to_be_visible()
    inspect(ana, "call-referral")
    ana.get_by_role("link", name="On a page of its own, to print").click()
    expect(ana.get_by_role("heading", level=1, name="What to say on the first call")).to_be_visible()
    inspect(ana, "call")
