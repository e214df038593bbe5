"""Two people write to each other: nothing is lost or repeated when the line breaks, and it works without scripts."""

import re

import pytest
from playwright.sync_api import expect

from support.house import PASSWORD, House, come_in
from support.pages import assert_accessible, look, sign_in
from support.visitors import Visitors

# A closed stream is tried again after 15 seconds.
UNTIL_TRIED_AGAIN = 30_000


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


@pytest.fixture(scope="module")
def conversation(browser, house):
    """The path of Nora's and Ben's conversation. They sign in as "nora" and "ben"."""
    ana_in = house.open_organization("Riverside Health", "riverside", "Caregivers", "Ana Alvarez")
    ben_in = house.add("Ben Boateng", "supporter", "riverside")
    dana_in = house.add("Dana Dumont", "referrer", "riverside")
    visitors = Visitors(browser, house.server.url)
    ana, ben, dana, nora = (visitors.open() for _ in range(4))

    come_in(ben, ben_in, "ben")
    ben.goto("/profile")
    ben.get_by_label("How many people at a time").fill("3")
    ben.get_by_label("English", exact=True).check()
    ben.get_by_label("by messages").check()
    ben.get_by_role("button", name="Save", exact=True).click()

    come_in(dana, dana_in, "dana")
    dana.get_by_role("link", name="Refer somebody").first.click()
    dana.get_by_label("Caregivers").check()
    dana.get_by_label("Name of the person").fill("Nora North")
    dana.get_by_label("Somebody who cares for them").check()
    dana.get_by_label("What should support be about?").fill("Her first weeks of caring for her mother.")
    dana.get_by_label("Phone number").fill("555-0142")
    dana.get_by_label("The person knows about this and agrees").check()
    dana.get_by_role("button", name="Send").click()
    dana.get_by_text("Received", exact=True).first.wait_for()

    come_in(ana, ana_in, "ana")
    ana.goto("/board")
    ana.get_by_role("link", name=re.compile("Accept or decline")).first.click()
    referral = ana.url
    ana.get_by_role("button", name="Accept").click()
    ana.get_by_role("button", name="Make a way in").click()
    come_in(nora, re.search(r"/invitations/[\w-]+", ana.content()).group(), "nora")
    nora.get_by_role("link", name="Answer").first.click()
    for group in nora.locator("fieldset").all():
        group.get_by_label(re.compile("^Yes")).check()
    nora.get_by_label("Your name").fill("Nora North")
    nora.get_by_role("button", name="Sign my answers").click()

    ana.goto(referral)
    ana.get_by_role("link", name="See suggestions").click()
    ana.get_by_role("button", name=re.compile("Ben")).click()
    nora.goto("/home")
    nora.get_by_role("link", name="Meet them").click()
    nora.get_by_role("button", name="Yes, please").click()
    ben.goto("/today")
    ben.get_by_role("link", name=re.compile("Read and answer")).click()
    ben.get_by_role("button", name="Yes, please").click()
    ben.goto("/today")
    path = ben.get_by_role("link", name=re.compile("^Write")).first.get_attribute("href")
    visitors.close()
    return path.partition("#")[0]


@pytest.fixture
def enter(visit, conversation):
    """Opens the conversation for one of the two: `enter("nora")`."""

    def enter(login: str, **options):
        page = visit(**options)
        sign_in(page, login, PASSWORD)
        page.goto(conversation)
        return page

    return enter


def write(page, words: str) -> None:
    page.get_by_role("textbox").fill(words)
    page.get_by_role("button", name=re.compile("Send|Try again")).click()


def messages(page) -> list[str]:
    return page.locator(".message .words").all_inner_texts()


def state(page):
    return page.locator("[data-state]").last


def test_nothing_is_lost_or_repeated_when_the_server_restarts(house, enter):
    nora, ben = enter("nora"), enter("ben")
    write(nora, "Before the restart")
    ben.get_by_text("Before the restart").wait_for()
    expect(state(nora)).to_have_text("Read")

    house.restart()
    write(nora, "While nobody listened")
    expect(nora.get_by_text("While nobody listened")).to_have_count(1)
    # The browsers come back by themselves, from where they were.
    ben.get_by_text("While nobody listened").wait_for(timeout=UNTIL_TRIED_AGAIN)
    write(ben, "I am here again")
    nora.get_by_text("I am here again").wait_for(timeout=UNTIL_TRIED_AGAIN)
    for page in (nora, ben):
        assert messages(page)[-3:] == ["Before the restart", "While nobody listened", "I am here again"]
        assert len(set(messages(page))) == len(messages(page))


def test_what_came_before_my_own_message_is_not_lost_with_a_closed_stream(enter):
    nora, ben = enter("nora"), enter("ben")
    write(nora, "You can hear me")
    ben.get_by_text("You can hear me").wait_for()
    # Ben's stream is refused for good, which ends it; only what he sends gets through.
    ben.route("**/events?*", lambda route: route.fulfill(status=503))
    ben.reload()
    ben.get_by_text("no longer show up by themselves").wait_for()
    write(nora, "Written while you were cut off")
    expect(state(nora)).to_have_text("Sent")
    write(ben, "Can you hear me?")
    nora.get_by_text("Can you hear me?").wait_for()
    # Ben has answered, but not to what he has not got: that is still only sent.
    assert "Written while you were cut off" not in messages(ben)
    nora.reload()
    nora.get_by_text("Written while you were cut off").wait_for()
    expect(nora.locator("[data-state]")).to_have_text(["Sent"])

    ben.unroute("**/events?*")
    ben.get_by_text("Written while you were cut off").wait_for(timeout=UNTIL_TRIED_AGAIN)
    ends = ["You can hear me", "Written while you were cut off", "Can you hear me?"]
    assert messages(ben)[-3:] == messages(nora)[-3:] == ends
    expect(state(nora)).to_have_text("Read")


def test_it_is_delivered_when_it_has_arrived_and_read_when_somebody_looks(enter):
    nora, ben = enter("nora"), enter("ben")
    # Ben looks at something else.
    ben.evaluate(
        "Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' })"
    )
    write(nora, "Take your time")
    ben.get_by_text("Take your time").wait_for()
    expect(state(nora)).to_have_text("Delivered")
    ben.evaluate("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))")
    expect(state(nora)).to_have_text("Read")


def test_it_works_without_scripts(enter, visit):
    nora, ben = enter("nora", java_script_enabled=False), visit(java_script_enabled=False)
    sign_in(ben, "ben", PASSWORD)
    write(nora, "Good morning")
    nora.get_by_text("Good morning").wait_for()
    expect(nora.locator("[data-state]")).to_have_text(["Sent"])
    look(nora, "conversation-without-scripts")

    ben.goto("/conversations")
    ben.get_by_text("1 new message", exact=True).wait_for()
    # The list is not the conversation: nothing has been read yet.
    nora.reload()
    expect(nora.locator("[data-state]")).to_have_text(["Sent"])
    ben.get_by_role("link", name="Nora North").click()
    ben.get_by_text("Good morning").wait_for()
    nora.reload()
    expect(nora.locator("[data-state]")).to_have_text(["Read"])

    write(ben, "Good morning, Nora")
    assert messages(ben)[-2:] == ["Good morning", "Good morning, Nora"]
    nora.reload()
    assert messages(nora)[-2:] == ["Good morning", "Good morning, Nora"]
    ben.reload()
    expect(ben.locator("[data-state]")).to_have_text(["Read"])


def test_with_many_unread_one_begins_where_one_left_off(enter, visit, conversation):
    nora, ben = enter("nora", java_script_enabled=False), visit(java_script_enabled=False)
    for number in range(1, 46):
        write(nora, f"Line {number}.")
    sign_in(ben, "ben", PASSWORD)
    ben.goto("/conversations")
    ben.get_by_role("link", name="Nora North").click()
    assert messages(ben) == [f"Line {number}." for number in range(1, 41)]
    ben.get_by_text("You have not read these yet").wait_for()
    look(ben, "conversation-unread")
    ben.get_by_role("link", name="Show later messages").click()
    assert messages(ben) == [f"Line {number}." for number in range(41, 46)]
    nora.reload()
    expect(nora.locator("[data-state]")).to_have_text(["Read"])


def test_every_way_to_see_it_is_accessible(enter, conversation):
    ben = enter("ben")
    for path in (conversation, f"{conversation}?newest=1", f"{conversation}?after=1", "/conversations"):
        ben.goto(path)
        assert_accessible(ben)


GROUP = "0195cf1e-0000-7000-8000-0000000c1c1e"


@pytest.fixture(scope="module")
def group(browser, house, conversation):
    """The path of a group's conversation: Nora, who is called Skylark there, Ben, who leads it, and Cal."""
    cal_in = house.add("Cal Cruz", "supporter", "riverside")
    visitors = Visitors(browser, house.server.url)
    come_in(visitors.open(), cal_in, "cal")
    visitors.close()
    now = "'2026-11-27T12:00:00.000Z'"
    members = [
        f"""
        INSERT INTO conversation_member (organization_id, conversation_id, person_id, role, nickname, joined_at)
        SELECT organization_id, '{GROUP}', id, '{role}', {name}, {now} FROM person WHERE name = '{person}'
        """
        for person, role, name in [
            ("Nora North", "participant", "'Skylark'"),
            ("Ben Boateng", "facilitator", "NULL"),
            ("Cal Cruz", "supporter", "NULL"),
        ]
    ]
    house.put(
        f"""
        INSERT INTO conversation (organization_id, id, title, agreements, program_id, last_at, created_at)
        SELECT organization_id, '{GROUP}', 'Tuesday evenings', 'We listen first.', id, {now}, {now} FROM program
        """,
        *members,
    )
    return f"/conversations/{GROUP}"


@pytest.fixture
def join(visit, group):
    """Opens the group's conversation for one of its members: `join("cal")`."""

    def join(login: str, **options):
        page = visit(**options)
        sign_in(page, login, PASSWORD)
        page.goto(group)
        return page

    return join


def test_three_pages_show_the_same_in_the_same_order(join):
    nora, ben, cal = pages = join("nora"), join("ben", size="desktop"), join("cal")
    for number in range(4):
        for name, page in zip(("Skylark", "Ben", "Cal"), pages, strict=True):
            write(page, f"{name} {number}")
    for page in pages:
        expect(page.locator(".message")).to_have_count(12)
        expect(page.locator("[data-pending]")).to_have_count(0)
        expect(page.locator("[data-state]")).to_have_count(0)
    for page in (ben, cal):
        assert page.get_by_text("Nora").count() == 0
    assert messages(nora) == messages(ben) == messages(cal)
    assert len(set(messages(nora))) == 12
    for page in (nora, ben):
        assert_accessible(page)
    look(nora, "group-conversation")
    look(ben, "group-conversation-desktop")


def test_answers_changes_and_what_was_taken_back_show_on_open_pages(join):
    nora, ben = join("nora"), join("ben", size="desktop")
    write(nora, "I could not slep")
    ben.get_by_text("I could not slep").wait_for()
    nora.get_by_role("link", name="Change").last.click()
    nora.get_by_label("Your message").fill("I could not sleep")
    nora.get_by_label("What does this speak of?").fill("nights")
    look(nora, "change-message")
    assert_accessible(nora)
    nora.get_by_role("button", name="Save").click()
    note = ben.get_by_text("This speaks of nights.")
    note.wait_for()
    assert not ben.get_by_text("I could not sleep").is_visible()
    note.click()
    expect(ben.get_by_text("I could not sleep")).to_be_visible()
    ben.get_by_role("link", name="Answer").last.click()
    ben.get_by_text("Your answer to Skylark").wait_for()
    look(ben, "answering")
    write(ben, "Nor could I")
    nora.locator("blockquote", has_text="Skylark").wait_for()
    look(nora, "answered")
    nora.get_by_role("link", name="Change").last.click()
    nora.get_by_role("button", name="Take this message back").click()
    ben.get_by_text("This message was taken back.").first.wait_for()
    expect(ben.get_by_text("I could not sleep")).to_have_count(0)
    ben.get_by_role("link", name="Look for words").click()
    ben.get_by_label("Words to look for").fill("nor could")
    ben.get_by_role("button", name="Look", exact=True).click()
    ben.get_by_text("Nor could I").wait_for()
    look(ben, "search")
    assert_accessible(ben)


def test_what_is_not_sent_is_there_again_elsewhere(join):
    nora = join("nora", java_script_enabled=False)
    nora.get_by_role("textbox").fill("I will finish this later")
    nora.get_by_text("More", exact=True).click()
    nora.get_by_role("button", name="Keep this for later").click()
    again = join("nora")
    expect(again.get_by_label("Your message")).to_have_value("I will finish this later")
    write(again, "I have finished this")
    expect(again.get_by_text("I have finished this")).to_be_visible()
    expect(again.get_by_text("Sending…")).to_have_count(0)
    again.reload()
    expect(again.get_by_label("Your message")).to_have_value("")
