"""A calendar on the phone: an address that is shown once, read by a library for calendars, renewed and ended."""

import re
import urllib.error
import urllib.request

import icalendar
from playwright.sync_api import expect

from support.pages import inspect, sign_in
from support.walks import PASSPHRASE, sign_ins


def read(address):
    with urllib.request.urlopen(address) as answer:
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return icalendar.Calendar.from_ical(answer.read())


def status(address):
    try:
        return urllib.request.urlopen(address).status
    except urllib.error.HTTPError as error:
        return error.code


def test_an_address_for_the_phone(visitor, server):
    logins = sign_ins(server.output)
    ben = visitor()
    sign_in(ben, logins["Supporter"], PASSPHRASE)
    ben.goto("/today")
    ben.get_by_role("link", name="My calendar").click()
    inspect(ben, "calendar")
    ben.get_by_role("button", name="Get my address").click()
    expect(ben.get_by_role("heading", name="This is your address")).to_be_visible()
    inspect(ben, "calendar-address")
    address = ben.locator("p.code").inner_text()
    calendar = read(address)
    assert calendar.events, "the demonstration has something planned"
    assert {str(event["SUMMARY"]) for event in calendar.events} == {"Appointment"}
    assert not any("LOCATION" in event for event in calendar.events)

    ben.get_by_label("Also show where").check()
    ben.get_by_role("button", name="Save").click()
    assert any("LOCATION" in event or "URL" in event for event in read(address).events)
    inspect(ben, "calendar-has")
    ben.get_by_role("button", name="Get a new address").click()
    newer = ben.locator("p.code").inner_text()
    assert newer != address and status(address) == 404 and status(newer) == 200
    ben.get_by_role("button", name="End my address").click()
    expect(ben.get_by_text(re.compile("You have no address now"))).to_be_visible()
    assert status(newer) == 404
