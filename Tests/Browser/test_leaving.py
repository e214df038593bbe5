"""Leaving a page quickly: nothing of it comes back, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.walks import PASSPHRASE, sign_ins

AWAY = re.compile("^https://www.weather.gov/?")


@pytest.fixture
def away(browser):
    """Stands for the site that tells nothing, which tests do not ask."""

    def answer(page):
        page.context.route(AWAY, lambda route: route.fulfill(body="<title>Weather</title>Sunny", content_type="text/html"))

    return answer


def open_home(visitor, server, away, **options):
    page = visitor(**options)
    away(page)
    sign_in(page, sign_ins(server.output)["Participant"], PASSPHRASE)
    page.goto("/home")
    return page


def is_gone(page, words: str) -> None:
    """However somebody goes back, the page and its words do not show."""
    for _ in range(4):
        page.go_back()
        page.wait_for_load_state()
        expect(page.get_by_text(words), f"{page.url} shows it again").not_to_be_visible()
    page.goto("/home")
    expect(page).to_have_url(re.compile("/sign-in"))


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("how", ["link", "keys"])
def test_back_does_not_show_the_page(visitor, server, away, scripts, how):
    if how == "keys" and not scripts:
        pytest.skip("keys need a script; the link does not")
    page = open_home(visitor, server, away, java_script_enabled=scripts)
    words = page.get_by_role("heading", level=1).inner_text()
    page.goto("/conversations")
    page.goto("/home")
    assert words in page.content(), "the premise: it shows"
    if how == "link":
        page.get_by_role("link", name="Leave page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    expect(page).to_have_url(AWAY)
    is_gone(page, words)
    # Where it leads is the one place elsewhere that was asked for.
    elsewhere = visitor.__self__.requests_elsewhere
    assert elsewhere and all(AWAY.match(url) for url in elsewhere), elsewhere
    elsewhere.clear()


def test_signing_out_of_a_device_that_others_use_leaves_nothing(visitor, server):
    page = visitor("desktop")
    page.goto("/sign-in")
    inspect(page, "sign-in")
    page.get_by_label("Sign-in name", exact=True).fill(sign_ins(server.output)["Coordinator"])
    page.get_by_label("Password", exact=True).fill(PASSPHRASE)
    page.get_by_label("Other people use this device too").check()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/board")
    cookie = next(cookie for cookie in page.context.cookies() if cookie["name"] == "session")
    assert cookie["expires"] == -1, "it goes with the browser"
    words = page.get_by_role("heading", level=1).inner_text()
    with page.expect_response("**/sign-out") as answer:
        page.get_by_role("button", name="Sign out").click()
    assert answer.value.header_value("clear-site-data") == '"cache", "cookies", "storage"'
    page.wait_for_url(lambda url: not url.endswith(("/board", "/sign-out")))
    page.go_back()
    page.wait_for_load_state()
    assert words not in page.get_by_role("main").inner_text()
    assert [cookie["name"] for cookie in page.context.cookies()] == []


def test_a_quiet_session_says_so_before_it_ends(visitor, server):
    page = visitor("desktop")
    page.clock.install()
    sign_in(page, sign_ins(server.output)["Coordinator"], PASSPHRASE)
    page.goto("/account")
    warning = page.get_by_text("You will be signed out soon")
    over = page.get_by_text("You are signed out now")
    page.get_by_label("Your new password", exact=True).fill("what I typed")
    # Typing counts, once a minute at most: the quarter of an hour begins when the server hears of it.
    with page.expect_response("**/presence"):
        page.clock.run_for("01:30")
    page.clock.run_for("11:00")
    expect(warning).not_to_be_visible()
    page.clock.run_for("02:00")
    expect(warning).to_be_visible()
    look(page, "idle-warning")
    inspect(page, "idle-warning")
    with page.expect_response("**/presence") as answer:
        page.get_by_role("button", name="Stay signed in").click()
    assert answer.value.status == 204
    expect(warning).not_to_be_visible()
    page.clock.run_for("15:10")
    expect(over).to_be_visible()
    expect(page.get_by_label("Your new password", exact=True)).to_have_value("what I typed")
