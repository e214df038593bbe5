"""A new organization asks its staff for a code from their phone: nothing opens before it is set up."""

import base64
import hashlib
import hmac
import re
import time

import pytest
from playwright.sync_api import expect

from support.house import PASSWORD, House, come_in
from support.pages import inspect
from support.visitors import Visitors

PLACES = ["/board", "/people", "/programs", "/account", "/conversations"]


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    yield house
    house.server.stop()


@pytest.fixture
def visit(browser, house):
    visitors = Visitors(browser, house.server.url)
    yield visitors.open
    visitors.close()


class Phone:
    """An app that shows codes (RFC 6238)."""

    def __init__(self, secret: str):
        self._secret = base64.b32decode(secret.replace(" ", ""))
        self._last = 0

    def next_code(self) -> str:
        """One that was not given yet: the one shown next is taken too, before its time."""
        step = max(int(time.time()) // 30, self._last + 1)
        while step > int(time.time()) // 30 + 1:
            time.sleep(1)
        self._last = step
        mac = hmac.new(self._secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
        start = mac[19] & 15
        return f"{(int.from_bytes(mac[start:start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.mark.parametrize("scripts", [True, False])
def test_staff_set_it_up_before_anything_else(house, visit, scripts):
    way_in = house.open_organization("Riverside Health", "riverside", "Caregivers", "Ada Adler", "required")
    page = visit(java_script_enabled=scripts)
    come_in(page, way_in, "ada")
    for place in PLACES:
        page.goto(place)
        expect(page).to_have_url(re.compile("/account/second-factor$"))
    inspect(page, "second-factor-first") if scripts else None
    page.get_by_role("button", name="Set it up").click()
    picture = page.get_by_role("img", name="A picture for your app")
    expect(picture).to_be_visible()
    if scripts:
        page.wait_for_load_state()
        assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 100"), "it is a picture"
        inspect(page, "second-factor-begun")
    phone = Phone(page.locator(".code").inner_text())
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")
    page.get_by_label("Code", exact=True).fill(phone.next_code())
    page.get_by_role("button", name="Turn it on").click()
    listed = page.locator("li.code")
    expect(listed).to_have_count(10)
    spare = listed.nth(2).inner_text()
    page.get_by_role("link", name="I have kept the list").click()
    expect(page).to_have_url(re.compile("/board"))
    page.goto("/account/second-factor")
    if scripts:
        inspect(page, "second-factor-on")
    page.get_by_role("button", name="Turn it off").click()
    expect(page.get_by_text("so it cannot be turned off")).to_be_visible()

    for code in (phone.next_code(), spare):
        other = visit("desktop", java_script_enabled=scripts)
        other.goto("/sign-in")
        other.get_by_label("Sign-in name", exact=True).fill("ada")
        other.get_by_label("Password", exact=True).fill(PASSWORD)
        other.get_by_role("button", name="Sign in", exact=True).click()
        expect(other).to_have_url(re.compile("/sign-in/code"))
        other.goto("/board")
        expect(other).to_have_url(re.compile("/sign-in"))
        other.goto("/sign-in/code")
        other.get_by_label("Code", exact=True).fill(code)
        other.get_by_role("button", name="Go on").click()
        expect(other).to_have_url(re.compile("/board"))


def test_the_operator_helps_who_lost_phone_and_list(house, visit):
    way_in = house.open_organization("Riverside Health", "riverside", "Caregivers", "Ada Adler", "required")
    page = visit("desktop")
    come_in(page, way_in, "ada")
    page.get_by_role("button", name="Set it up").click()
    page.get_by_label("Code", exact=True).fill(Phone(page.locator(".code").inner_text()).next_code())
    page.get_by_role("button", name="Turn it on").click()
    assert "second factor required" in house.order("sign-in", "show", "--organization", "riverside")
    house.order("sign-in", "reset", "ada", "--organization", "riverside")
    page.goto("/sign-in")
    page.get_by_label("Sign-in name", exact=True).fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/account/second-factor$"))
    expect(page.get_by_role("button", name="Set it up")).to_be_visible()
