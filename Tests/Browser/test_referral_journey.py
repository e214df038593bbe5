"""From a clinician's referral to support that is really happening, and back to the clinician."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from support.house import House, come_in
from support.pages import inspect
from support.visitors import Visitors


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.server.stop()


@pytest.fixture
def visit(browser, house):
    visitors = Visitors(browser, house.server.url)
    yield visitors.open
    visitors.close()


def soon() -> datetime:
    """The next full minute for which there is time left to plan something, where the organization is."""
    now = datetime.now(ZoneInfo("America/New_York"))
    return (now + timedelta(seconds=80)).replace(second=0, microsecond=0)


def wait_until(page, moment: datetime) -> None:
    left = moment - datetime.now(moment.tzinfo)
    page.wait_for_timeout(max(0, left.total_seconds() * 1_000))


@pytest.mark.timeout(400)
def test_a_referral_becomes_support(house, visit):
    house.open_organization("Hillside Clinic", "hillside", "Caregivers", "Hedi Holm")
    ada_in = house.open_organization("Riverside Health", "riverside", "Caregivers", "Ada Adler")
    ways_in = {name: house.add(name, role, "riverside") for name, role in [
        ("Dana Dumont", "referrer"), ("Ana Alvarez", "coordinator"), ("Ben Boateng", "supporter")]}
    hana_in = house.add("Hana Haddad", "coordinator", "hillside")

    # The administrator takes a look; the supporter says what he brings.
    ada = visit("desktop")
    come_in(ada, ada_in, "ada")
    ada.goto("/people")
    ada.get_by_text("Ben Boateng").wait_for()
    inspect(ada, "people")
    ben = visit()
    come_in(ben, ways_in["Ben Boateng"], "ben")
    ben.goto("/profile")
    inspect(ben, "profile")
    ben.get_by_label("A few words about you").fill("I looked after my father for four years.")
    ben.get_by_label("How many people at a time").fill("3")
    ben.get_by_label("English", exact=True).check()
    ben.get_by_label("by phone").check()
    ben.get_by_label("by messages").check()
    ben.get_by_label("in person").check()
    ben.get_by_role("button", name="Save", exact=True).click()

    # The clinician refers, in one page.
    dana = visit("desktop")
    come_in(dana, ways_in["Dana Dumont"], "dana")
    dana.get_by_role("link", name="Refer somebody").first.click()
    inspect(dana, "refer")
    dana.get_by_role("button", name="Send").click()
    dana.get_by_role("alert").wait_for()
    inspect(dana, "refer-with-errors")
    dana.get_by_label("Caregivers").check()
    dana.get_by_label("Name of the person").fill("Nora North")
    dana.get_by_label("Somebody who cares for them").check()
    dana.get_by_label("What should support be about?").fill("Her first weeks of caring for her mother at home.")
    dana.get_by_label("Phone number").fill("555-0142")
    dana.get_by_label("The person knows about this and agrees").check()
    dana.get_by_role("button", name="Send").click()
    dana.get_by_text("Received", exact=True).first.wait_for()
    inspect(dana, "sent-received")

    # The coordinator accepts and makes a way in.
    ana = visit("desktop")
    come_in(ana, ways_in["Ana Alvarez"], "ana")
    ana.get_by_text("Nora North").first.wait_for()
    inspect(ana, "board")
    ana.get_by_role("link", name=re.compile("Accept or decline")).first.click()
    referral = ana.url
    inspect(ana, "referral-new")
    ana.get_by_role("button", name="Accept").click()
    dana.reload()
    dana.get_by_text("Accepted", exact=True).wait_for()
    ana.get_by_role("button", name="Make a way in").click()
    inspect(ana, "way-in")
    nora_in = re.search(r"/invitations/[\w-]+", ana.content()).group()

    # The person agrees, each thing by itself.
    nora = visit()
    come_in(nora, nora_in, "nora")
    inspect(nora, "home-asked")
    nora.get_by_role("link", name="Answer").first.click()
    inspect(nora, "consent")
    for group in nora.locator("fieldset").all():
        group.get_by_label(re.compile("^Yes")).check()
    nora.get_by_label("Your name").fill("Nora North")
    nora.get_by_role("button", name="Sign my answers").click()
    nora.get_by_role("button", name=re.compile("^Take this back")).first.wait_for()
    inspect(nora, "consent-given")

    # Three suggestions with reasons; both sides say yes.
    ana.goto(referral)
    ana.get_by_role("link", name="See suggestions").click()
    ana.get_by_text("Ben Boateng").first.wait_for()
    inspect(ana, "suggestions")
    ana.get_by_role("button", name=re.compile("Ben")).click()
    nora.goto("/home")
    nora.get_by_role("link", name="Meet them").click()
    inspect(nora, "proposal")
    nora.get_by_role("button", name="Yes, please").click()
    ben.goto("/today")
    inspect(ben, "today-proposal")
    ben.get_by_role("link", name=re.compile("Read and answer")).click()
    match = ben.url
    inspect(ben, "proposal-supporter")
    ben.get_by_role("button", name="Yes, please").click()

    # They write to each other, live: what one sends appears at the other without a reload.
    nora.goto("/home")
    nora.get_by_role("link", name=re.compile("^Write")).click()
    ben.goto("/today")
    ben.get_by_role("link", name=re.compile("^Write")).click()
    conversation = ben.url
    inspect(nora, "conversation-empty")
    ben.get_by_role("textbox").fill("Good morning Nora. How was the night?")
    ben.get_by_role("button", name="Send").click()
    nora.get_by_text("How was the night?").wait_for(timeout=10_000)
    nora.get_by_role("textbox").fill("Up at four again. But she laughed.")
    nora.get_by_role("button", name="Send").click()
    ben.get_by_text("But she laughed.").wait_for(timeout=10_000)
    ben.get_by_text("Read", exact=True).wait_for(timeout=20_000)
    inspect(nora, "conversation")
    inspect(ben, "conversation-supporter")

    # A visit is planned, and its time comes; the note is written together.
    ben.goto("/today")
    inspect(ben, "today")
    ben.get_by_role("link", name=re.compile("^Plan")).click()
    inspect(ben, "plan")
    start = soon()
    ben.get_by_label("In person").check()
    ben.get_by_label("Day").fill(f"{start:%Y-%m-%d}")
    ben.get_by_label("Time", exact=True).fill(f"{start:%H:%M}")
    ben.get_by_label("Where?").fill("The bench behind the library")
    ben.get_by_role("button", name="Save this time").click()
    inspect(ben, "encounter-planned")
    nora.goto("/home")
    nora.get_by_role("link", name=re.compile("^(Today|Tomorrow) at")).click()
    nora.get_by_text("The bench behind the library").wait_for()
    inspect(nora, "encounter-ahead")
    wait_until(ben, start)
    ben.reload()
    inspect(ben, "encounter-due")
    ben.get_by_label("In person").check()
    ben.get_by_label("How many minutes?").fill("25")
    ben.get_by_label("Listening and encouraging").check()
    ben.get_by_role("button", name="Save", exact=True).click()
    ben.get_by_role("heading", name="In touch with Nora").wait_for()
    encounter = ben.url
    inspect(ben, "encounter-done")
    ben.get_by_label("What happened, in two or three sentences").fill(
        "We talked about the nights. I told her to take a walk at noon.")
    ben.get_by_label("Their own words").fill("The walk is the best part of my day.")
    ben.get_by_role("button", name="Save for later").click()
    # That she was told what to do is not how it was, and not how peers are: it is pointed out before she reads it.
    ben.get_by_role("heading", name="Before Nora North reads it").wait_for()
    inspect(ben, "note-wording")
    ben.get_by_label("What happened, in two or three sentences").fill(
        "We talked about the nights. She knows what helps: a walk at noon.")
    ben.get_by_role("button", name="Let them read it").click()
    dana.reload()
    dana.get_by_text("First contact has taken place").wait_for()
    nora.goto("/home")
    nora.get_by_role("link", name="Read it").click()
    inspect(nora, "note-offered")
    nora.get_by_role("button", name="Yes, this is right").click()
    ben.goto(encounter)
    ben.get_by_role("button", name="Sign the note").click()
    ben.get_by_text("Signed by Ben").wait_for()
    inspect(ben, "note-signed")

    # It ends; the clinician has seen each step, and reads the word the person released.
    ana.goto(referral)
    inspect(ana, "referral-in-support")
    ana.get_by_label("How did it end?").select_option(label="They reached what they wanted")
    ana.get_by_label("A word to the referrer").fill("She has a walk, a plan for the nights, and a friend.")
    ana.get_by_role("button", name="Close", exact=True).click()
    dana.reload()
    for step in ["Received", "Accepted", "First contact has taken place", "Closed"]:
        dana.get_by_text(step, exact=True).first.wait_for()
    dana.get_by_text("a plan for the nights").wait_for()
    inspect(dana, "sent-closed")
    nora.goto("/home")
    nora.get_by_role("link", name="Answer").click()
    nora.locator("fieldset").nth(0).get_by_label("Yes").check()
    nora.locator("fieldset").nth(1).get_by_label("Yes").check()
    inspect(nora, "feedback")
    nora.get_by_role("button", name="Send").click()
    nora.get_by_text("The door stays open").wait_for()

    # Whoever holds the signed link sees the same, without the name and without an account.
    dana.get_by_role("link", name="Open the page to hand on").click()
    link = dana.url
    stranger = visit()
    stranger.goto(link)
    stranger.get_by_text("First contact has taken place").wait_for()
    assert "Nora" not in stranger.content()
    inspect(stranger, "status-link")

    # Next door sees nothing of it.
    hana = visit("desktop")
    come_in(hana, hana_in, "hana")
    assert "Nora" not in hana.content()
    for address in [referral, f"{referral}/consent", f"{referral}/matching", match, conversation, encounter]:
        answer = hana.goto(address)
        assert answer.status in (403, 404), f"{address}: {answer.status}"
        assert "Nora" not in hana.content()
    inspect(hana, "next-door")


def test_asking_without_an_account(house, visit):
    """Three questions, a reference and a PIN, and a page to see how it goes."""
    house.open_organization("Lakeside House", "lakeside", "New parents", "Lea Lund")
    page = visit()
    page.goto("/")
    inspect(page, "front")
    page.goto("/get-support/lakeside")
    inspect(page, "get-support")
    page.get_by_label("For me").check()
    page.get_by_label("New parents").check()
    page.get_by_label("How may we reach you?").fill("555-0117")
    page.get_by_role("button", name="Ask for support").click()
    reference = page.get_by_text(re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$")).first.inner_text()
    pin = page.get_by_text(re.compile(r"^\d{6}$")).first.inner_text()
    inspect(page, "asked")
    page.get_by_role("link", name="See how it goes").click()
    page.get_by_label("Reference").fill(reference.lower())
    page.get_by_label("PIN").fill("000000" if pin != "000000" else "111111")
    page.get_by_role("button", name="Open").click()
    page.get_by_role("alert").wait_for()
    inspect(page, "progress-door-with-error")
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Open").click()
    page.get_by_text("We have your request").wait_for()
    inspect(page, "progress")


def test_without_scripts(house, visit):
    """Signing in, urgent help and asking for support work without scripts."""
    page = visit("phone", java_script_enabled=False)
    page.goto("/urgent-help")
    page.get_by_text("988").first.wait_for()
    page.goto("/sign-in")
    page.get_by_label("Sign-in name").fill("nobody")
    page.get_by_label("Password").fill("wrong wrong wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
