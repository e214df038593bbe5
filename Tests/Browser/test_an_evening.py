"""A whole evening in Spanish: a group is looked for and joined by its code, three of them see and hear each other, words
that worry bring help and people, the meeting is closed in less than ninety seconds, and everything else follows."""

import datetime
import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from support.pages import inspect
from test_calendar import read
from support.walks import PASSPHRASE, sign_ins
from test_running_a_meeting import Counted
from test_spanish import SPANISH as ES
from test_video_room import guest, house, media_browser, receives, relay  # noqa: F401 (fixtures)

PEOPLE = [("Luz", "phone"), ("Mar", "desktop"), ("Nube", "phone")]


def press(page, key: str, role: str = "button") -> None:
    page.get_by_role(role, name=ES[key], exact=True).first.click()


def write_in(page, key: str, text: str) -> None:
    page.get_by_label(ES[key], exact=True).fill(text)


def supported(house, login: str) -> tuple[str, list[str]]:  # noqa: F811
    """The name of a supporter, and the sign-in names of those they support."""
    rows = house.ask(
        """SELECT s.name, a.login FROM match m JOIN person s ON s.id = m.supporter_id
        JOIN account b ON b.person_id = s.id AND b.login = ? JOIN account a ON a.person_id = m.participant_id
        WHERE m.status = 'active' ORDER BY m.started_at""", login)
    return rows[0][0], [row[1] for row in rows]


def found_group(ana) -> tuple[str, str]:
    """Makes an open group that meets by video; gives its address for staff, and its code to join by."""
    ana.goto("/groups")
    press(ana, "groups.new-type", "link")
    write_in(ana, "group-type.name", "Noches tranquilas")
    write_in(ana, "group-type.summary", "Para quien está despierto de noche con un bebé.")
    ana.get_by_label(ES["group-type.role.supporter"]).check()
    ana.get_by_role("radiogroup", name=ES["group-type.facilitators"]).get_by_label("1").check()
    write_in(ana, "group-type.agreements", "Lo que se dice aquí se queda aquí.")
    press(ana, "group-type.new.button")
    write_in(ana, "group.name", "Noches tranquilas")
    ana.get_by_label(ES["group.setting.online"], exact=True).check()
    ana.get_by_label(ES["group.admission.open"], exact=True).check()
    press(ana, "group.new.button")
    expect(ana.get_by_role("heading", name="Noches tranquilas")).to_be_visible()
    group, code = urlsplit(ana.url).path, urlsplit(ana.locator(".code").inner_text()).path
    return group, code


def name_facilitator(ana, name: str) -> None:
    ana.get_by_text(ES["group.add-facilitator"]).first.click()
    ana.get_by_label(ES["group.person"], exact=True).select_option(label=name)
    ana.get_by_label(ES["group.as.facilitator"], exact=True).check()
    press(ana, "group.add-facilitator")
    expect(ana.locator("li").filter(has_text=name).first).to_be_visible()


def plan(ana, group: str, in_seconds: int) -> str:
    """Plans a meeting of an hour, by the clocks of the group, and gives its address."""
    ana.goto(group)
    press(ana, "group.meeting.title", "link")
    day, hour = ana.evaluate(
        "(at) => new Intl.DateTimeFormat('sv', {timeZone: 'America/New_York', dateStyle: 'short', timeStyle: 'short'})"
        ".format(at)", (time.time() + in_seconds) * 1000).split(" ")
    write_in(ana, "meeting.date", day)
    write_in(ana, "meeting.time", hour)
    write_in(ana, "meeting.minutes", "60")
    press(ana, "group.meeting.button")
    ana.wait_for_url("**/meetings/*")
    return urlsplit(ana.url).path


def join(page, code: str, login: str, nickname: str) -> None:
    """Looks for the group without an account, and joins it."""
    page.goto("/")
    page.get_by_role("link", name=ES["front.groups"]).first.click()
    expect(page.get_by_role("heading", name="Noches tranquilas")).to_be_visible()
    page.goto(code)
    press(page, "join.button", "link")
    page.get_by_label(ES["sign-in.login"], exact=True).fill(login)
    page.get_by_label(ES["sign-in.password"], exact=True).fill(PASSPHRASE)
    press(page, "sign-in.button")
    write_in(page, "group.nickname", nickname)
    page.get_by_label(ES["group.accept"]).check()
    press(page, "group.join.button")
    expect(page.get_by_text(ES["group.you-are"].replace("{{nickname}}", nickname))).to_be_visible()


def come_in(page, meeting: str, way: str = "video.way.camera") -> None:
    page.goto(meeting)
    press(page, "video.link", "link")
    page.get_by_label(ES[way], exact=True).check()
    press(page, "video.come")


def entry(address: str, start: str):
    """What a calendar on a phone shows for a meeting: how often it changed, whether it takes place, and when."""
    found = [event for event in read(address).events if str(event["UID"]).startswith(start)]
    assert len(found) == 1
    return int(found[0].get("SEQUENCE", 0)), str(found[0].get("STATUS", "CONFIRMED")), found[0]["DTSTART"].dt


@pytest.mark.timeout(300)
def test_an_evening(house, guest):  # noqa: F811
    logins = sign_ins(house.output)
    options = {"locale": "es-US"}
    ana, ben = guest("desktop", **options), guest("desktop", **options)
    ES.sign_in(ana, logins["Coordinator"], PASSPHRASE)
    ES.sign_in(ben, logins["Supporter"], PASSPHRASE)
    assert ana.evaluate("document.documentElement.lang") == "es"
    group, code = found_group(ana)
    name, people = supported(house, logins["Supporter"])
    name_facilitator(ana, name)
    press(ana, "group.start")
    expect(ana.get_by_role("button", name=ES["group.start"], exact=True)).to_have_count(0)
    meeting, later = plan(ana, group, 240), plan(ana, group, 7 * 86_400)

    # They look around without an account, and join under a name that is not theirs.
    pages = []
    for (nickname, size), login in zip(PEOPLE, people):
        page = guest(size, **options)
        join(page, code, login, nickname)
        pages.append(page)
    luz, mar, nube = pages
    inspect(luz, "evening-joined")
    luz.goto("/calendar")
    press(luz, "calendar.make")
    expect(luz.get_by_role("heading", name=ES["calendar.new.title"])).to_be_visible()
    calendar = luz.locator("p.code").inner_text()
    assert entry(calendar, later.split("/")[-1])[:2] == (0, "CONFIRMED")

    # The room: they wait until they are let in, and then three see and hear each other.
    come_in(ben, meeting)
    for page in (luz, mar):
        come_in(page, meeting)
        expect(page.get_by_role("heading", name=ES["video.waiting"])).to_be_visible()
    expect(ben.get_by_role("heading", name=ES["video.knocking"])).to_be_visible()
    inspect(ben, "evening-knocking")
    ben.get_by_role("button", name=ES["video.admit-all"]).click()
    for page in (ben, luz, mar):
        receives(page, 2)
    inspect(luz, "evening-room")

    # Nube could not come. Afterwards she writes, and is not left alone with it.
    nube.goto(group)
    press(nube, "group.conversation", "link")
    nube.get_by_role("textbox").first.fill("Ya no quiero vivir")
    nube.get_by_role("button", name=ES["conversation.send"], exact=True).click()
    expect(nube.get_by_role("heading", name=ES["help.heading"])).to_be_visible()
    inspect(nube, "evening-help")
    press(nube, "help.person")
    expect(nube.get_by_role("heading", name=ES["concerns.raised.heading.escalating"])).to_be_visible()
    raised = nube.url
    inspect(nube, "evening-raised")

    # Somebody reads what gave cause to ask, and whoever is called takes it in hand, which settles both.
    sam = guest("desktop", **options)
    ES.sign_in(sam, logins["Supervisor"], PASSPHRASE)
    sam.goto("/moderation")
    sam.get_by_role("link", name=ES["moderation.kind.worry"]).first.click()
    press(sam, "moderation.claim")
    expect(sam.get_by_role("blockquote")).to_contain_text("no quiero vivir")
    inspect(sam, "evening-moderation")
    ana.goto("/board")
    expect(ana.locator("main a[href='/concerns']").first).to_be_visible()
    ana.goto("/concerns")
    ana.locator(".rows a").first.click()
    press(ana, "concerns.acknowledge")
    expect(ana.get_by_label(ES["concerns.outcome.settled"], exact=True)).to_be_visible()
    nube.goto(raised)
    expect(nube.get_by_role("heading", name=ES["concerns.raised.heading.escalating"])).to_have_count(0)
    sam.reload()
    expect(sam.get_by_text(ES["moderation.state.decided"], exact=True)).to_be_visible()
    ana.get_by_label(ES["concerns.outcome.settled"], exact=True).check()
    write_in(ana, "concerns.closing.follow-up", f"{datetime.date.today() + datetime.timedelta(days=14)}")
    ana.get_by_label(ES["concerns.closing.debrief.offer"].replace("{{name}}", name)).check()
    press(ana, "concerns.closing.button")
    expect(ana.get_by_role("button", name=ES["concerns.followed-up"])).to_be_visible()
    inspect(ana, "evening-closed")

    # The meeting is closed on one screen, in less than ninety seconds.
    press(ben, "video.end")
    expect(luz.get_by_role("heading", name=ES["video.over.ended"])).to_be_visible()
    work = Counted(ben)
    ben.goto(f"{meeting}/running")
    work.tap(ben.get_by_role("button", name=ES["running.start"], exact=True))
    expect(ben.locator("#close li")).to_have_count(3)
    # Whoever was in the room has a check already.
    assert [box.is_checked() for box in ben.locator("#close li [type=checkbox]").all()].count(True) == 2
    work.thoughts += 3
    work.type(ben.get_by_label(re.compile(re.escape(ES["running.note"]))), "Hablamos de dormir poco.")
    work.tap(ben.get_by_role("button", name=ES["running.close-button"], exact=True))
    expect(ben.get_by_role("heading", name=ES["running.held"])).to_be_visible()
    assert work.seconds < 90
    print(f"closed in {work.seconds:.0f} seconds by the model")
    inspect(ben, "evening-held")

    # Everything follows: totals, a line for each who came and who did not, their own notes, and the calendar.
    assert ben.get_by_text(ES["running.outcome.took-part"], exact=True).count() == 2
    assert ben.get_by_text(ES["running.absent"], exact=True).count() == 1
    totals = dict(zip(ben.locator("dl.facts dt").all_inner_texts(), ben.locator("dl.facts dd").all_inner_texts()))
    assert totals[ES["running.total.came"]] == "2" and totals[ES["running.total.facilitators"]] == "1"
    assert house.ask("SELECT count(*) FROM facilitator_hours WHERE meeting_id = ?", meeting.split("/")[-1]) == [(1,)]
    for page, came in ((luz, 1), (mar, 1), (nube, 0)):
        page.goto("/encounters")
        expect(page.get_by_role("heading", name=ES["encounters.list.groups"])).to_have_count(came)
    inspect(luz, "evening-contacts")
    ben.goto("/today")
    expect(ben.get_by_role("heading", name=ES["today.debrief.title"])).to_be_visible()
    press(ben, "today.debrief.yes")
    expect(ben.get_by_role("heading", name=ES["today.debrief.title"])).to_have_count(0)
    ana.goto("/concerns")
    ana.get_by_role("link", name=ES["concerns.kind.danger"]).first.click()
    press(ana, "concerns.debriefed")
    expect(ana.get_by_role("button", name=ES["concerns.debriefed"], exact=True)).to_have_count(0)
    ana.goto(later)
    ana.get_by_text(ES["meeting.change"]).first.click()
    press(ana, "meeting.cancel")
    expect(ana.get_by_role("button", name=ES["meeting.cancel"], exact=True)).to_have_count(0)
    assert entry(calendar, later.split("/")[-1])[:2] == (1, "CANCELLED")
