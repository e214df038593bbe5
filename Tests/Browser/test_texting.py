"""Text messages in both directions: asking to be called, help, stopping, starting again, and words of danger."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from support.gateway import Gateway
from support.pages import inspect, sign_in
from support.server import Server
from support.visitors import Visitors
from support.walks import PASSPHRASE

STRANGER, OURS = "+15550100134", "(555) 010-0150"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    gateway = Gateway(tmp_path_factory.mktemp("gateway"))
    yield gateway
    gateway.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory, gateway):
    """A Kith with demonstration data and a gateway, with a folder of its own."""
    folder = tmp_path_factory.mktemp("kith")
    server = Server(folder, f"env {gateway.settings} .build/debug/kith demo --data {{data}} --port {{port}}")
    yield server
    server.stop()


@pytest.fixture
def guest(browser, house):
    visitors = Visitors(browser, house.url)
    yield visitors.open
    visitors.close()


def test_only_the_gateway_comes_in(gateway, house):
    assert gateway.deliver(house.url, STRANGER, "HELP", secret="a guess") == 403
    assert gateway.deliver(house.url, "BANK", "HELP") == 422
    assert gateway.taken == []


def test_a_stranger_asks_to_be_called(gateway, house, guest):
    for _ in range(2):
        assert gateway.deliver(house.url, STRANGER, "PEER", name="once") == 204
    number, words = gateway.wait(1)[0]
    assert number == STRANGER and "Somebody will call you" in words and "911" in words
    page = guest("desktop")
    owner = house.ask(
        """SELECT a.login FROM referral r JOIN account a ON a.person_id = r.owner_id
        JOIN contact_channel c ON c.person_id = r.person_id WHERE c.address = ?""", STRANGER)[0][0]
    sign_in(page, owner, PASSPHRASE)
    page.goto("/board?queue=intake")
    page.get_by_role("link", name="Somebody who sent a text").first.click()
    assert page.get_by_text(STRANGER).first.is_visible()
    inspect(page, "texting-referral")
    time.sleep(1)
    assert len(gateway.taken) == 1, "delivered twice, done once"


def test_help_in_three_languages(gateway, house):
    before = len(gateway.taken)
    for word, said in [("Help!", "call 555-0199"), ("ayuda", "llame al 555-0199"), ("مساعدة", "555-0199")]:
        assert gateway.deliver(house.url, "+15550100177", word) == 204
        before += 1
        words = gateway.wait(before)[-1][1]
        assert said in words and "988" in words, words


def test_danger_calls_people_and_stop_stops(gateway, house, guest):
    # Who is on call there: nobody has a number yet, so nobody can be told outside Kith.
    assert gateway.deliver(house.url, "+15550100167", "I want to die") == 204
    gateway.wait(len(gateway.taken) + 1)
    on_call = house.ask(
        """SELECT a.login FROM concern_call k JOIN account a ON a.person_id = k.person_id
        ORDER BY k.concern_id DESC, k.round, k.rung LIMIT 1""")[0][0]
    page = guest("phone")
    sign_in(page, on_call, PASSPHRASE)
    page.goto("/reach")
    page.get_by_label("By text message").check()
    page.get_by_label("Number for text messages").fill(OURS)
    page.locator("#leave-text").check()
    page.get_by_label("From", exact=True).fill("00:00")
    page.get_by_label("Until", exact=True).fill("00:00")
    page.get_by_role("button", name="Save").click()
    count = len(gateway.taken)
    # Somebody is in danger: they are told who helps at once, and whoever is on call gets a text.
    assert gateway.deliver(house.url, "+15550100166", "I want to die") == 204
    answer = [words for number, words in gateway.wait(count + 2)[count:] if number == "+15550100166"]
    assert len(answer) == 1 and "988" in answer[0] and "asked somebody to call you" in answer[0]
    calls = [words for number, words in gateway.taken[count:] if number == "5550100150"]
    assert len(calls) == 1 and "needs you now" in calls[0]
    # Whoever is on call wants no more texts: nothing goes there, not even this.
    count = len(gateway.taken)
    assert gateway.deliver(house.url, "15550100150", "Stop") == 204
    assert "No more texts will come" in gateway.wait(count + 1)[-1][1]
    page.goto("/reach")
    assert page.get_by_text("No text messages go to this number since").is_visible()
    inspect(page, "texting-stopped")
    assert gateway.deliver(house.url, "+15550100165", "I want to die") == 204
    gateway.wait(count + 2)
    time.sleep(4)
    assert [number for number, _ in gateway.taken[count + 1:]] == ["+15550100165"]
    assert gateway.deliver(house.url, "15550100150", "START") == 204
    assert "can come to this number again" in gateway.wait(count + 3)[-1][1]
    page.goto("/reach")
    assert page.get_by_text("No text messages go to this number since").count() == 0


def test_a_question_goes_out_and_yes_comes_in(gateway, house, guest):
    match, program, participant, supporter = house.ask(
        """SELECT m.id, m.program_id, a.login, b.login FROM match m
        JOIN account a ON a.person_id = m.participant_id JOIN account b ON b.person_id = m.supporter_id
        JOIN person p ON p.id = m.participant_id JOIN person s ON s.id = m.supporter_id
        WHERE m.status = 'active' AND p.language = 'en' AND s.language = 'en' AND NOT p.do_not_contact
        AND EXISTS (SELECT 1 FROM consent c WHERE c.person_id = p.id AND c.program_id = m.program_id
            AND c.purpose = 'take-part' AND c.granted AND c.ended_at IS NULL) 
        AND NOT EXISTS (SELECT 1 FROM encounter e WHERE e.participant_id = p.id AND e.status = 'planned')
        ORDER BY m.id LIMIT 1""")[0]
    page = guest("phone")
    sign_in(page, participant, PASSPHRASE)
    page.goto("/reach")
    page.get_by_label("By text message").check()
    page.get_by_label("Number for text messages").fill("(555) 010-0122")
    page.locator("#leave-text").check()
    page.get_by_label("From", exact=True).fill("00:00")
    page.get_by_label("Until", exact=True).fill("00:00")
    page.get_by_role("button", name="Save").click()
    page.goto(f"/consent/{program}")
    page.locator("input[name='answer-contact-text'][value='yes']").check()
    page.locator("input[name='name']").fill("My own name")
    page.locator("form:has(input[name='answer-contact-text']) button").last.click()
    soon = datetime.now(ZoneInfo("America/New_York")) + timedelta(hours=5)
    page = guest("desktop")
    sign_in(page, supporter, PASSPHRASE)
    page.goto(f"/encounters/new?match={match}")
    page.locator("input[name='mode'][value='in-person']").check()
    page.locator("#date").fill(soon.strftime("%Y-%m-%d"))
    page.locator("#time").fill(soon.strftime("%H:%M"))
    page.locator("#place").fill("Library")
    page.locator("form:has(#place) button").last.click()
    contact = page.url
    deadline = time.monotonic() + 80
    while time.monotonic() < deadline and not asked(gateway):
        time.sleep(0.5)
    assert len(asked(gateway)) == 1 and "Library" not in asked(gateway)[0]
    count = len(gateway.taken)
    assert gateway.deliver(house.url, "+1 555 010 0122", "yes!!") == 204
    assert "written down" in gateway.wait(count + 1)[-1][1]
    page.goto(contact)
    assert page.get_by_text("It suits them").is_visible()
    inspect(page, "texting-yes")


def asked(gateway) -> list[str]:
    return [words for number, words in gateway.taken if number == "5550100122" and "CANCEL" in words]


def test_nothing_of_it_is_in_the_log(house):
    for word in ["want to die", "5550100134", "0150", "PEER"]:
        assert word not in house.output, word
