"""Reads calendars with two libraries that know nothing of Kith, and says at which moments each entry begins.

In: a JSON list of {"calendar": text, "from": seconds, "until": seconds, "zone": "own" or "public"}. Out: for each a sorted
list of [seconds, minutes].

own     the zone as the calendar itself describes it
public  the zone of that name as Python knows it
"""

import json
import re
import sys
from datetime import datetime, timedelta, timezone

import icalendar
import recurring_ical_events


def begins(number, case):
    text = case["calendar"]
    if case["zone"] == "own":
        # A name that nobody knows, and no other case has: nothing but this calendar can say what it means.
        text = re.sub(r"TZID([=:])([A-Za-z_]+)/", rf"TZID\1Nowhere-{number}-\2-", text)
    calendar = icalendar.Calendar.from_ical(text)
    assert not calendar.errors, calendar.errors
    for event in calendar.events:
        assert not event.errors, event.errors
        assert event["UID"] and event["DTSTAMP"] and event["SUMMARY"]
    begin = datetime.fromtimestamp(case["from"], timezone.utc)
    end = datetime.fromtimestamp(case["until"], timezone.utc)
    found = []
    margin = timedelta(days=2)
    for event in recurring_ical_events.of(calendar).between(begin - margin, end + margin):
        if event.get("STATUS") == "CANCELLED":
            continue
        start, stop = event.start, event.end
        # To UTC before anything is reckoned: Python subtracts two times of one zone as the wall shows them.
        seconds = start.astimezone(timezone.utc).timestamp()
        if case["from"] <= seconds < case["until"]:
            # As the wall shows it: the library puts an end in place of how long it takes.
            minutes = (stop.replace(tzinfo=None) - start.replace(tzinfo=None)) // timedelta(minutes=1)
            found.append([int(seconds), minutes])
    return sorted(set(map(tuple, found)))


def main():
    json.dump([begins(*each) for each in enumerate(json.load(sys.stdin))], sys.stdout)


main()
