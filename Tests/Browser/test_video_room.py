"""The room of a meeting: browsers that really see and hear each other, directly and through a relay; who comes in, who is
asked to be quiet, who is taken out, and the end for all."""

import re
import time

import pytest
from playwright.sync_api import expect

from support.pages import inspect, look, sign_in
from support.relay import SECRET, Relay
from support.server import Server
from support.visitors import Visitors, launch
from support.walks import PASSPHRASE, sign_ins

# Chromium's own pictures and sounds stand in for a camera and a microphone. Without an mDNS service two browsers find
# each other by plain addresses only.
MEDIA = [
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns", "--autoplay-policy=no-user-gesture-required",
]

# Keeps every connection that a page makes where the journey can ask it.
NOTING = """
window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.connections.push(this); }
};
"""

# What each open connection has received, and by which kind of way.
RECEIVED = """async () => {
  const all = [];
  for (const connection of window.connections) {
    if (connection.connectionState === "closed") continue;
    const stats = [...(await connection.getStats()).values()];
    const of = (kind) => stats.find((one) => one.type === "inbound-rtp" && one.kind === kind) ?? {};
    const pair = stats.find((one) => one.type === "candidate-pair" && one.nominated && one.state === "succeeded");
    const type = (id) => stats.find((one) => one.id === id)?.candidateType ?? "";
    all.push({
      state: connection.connectionState, frames: of("video").framesDecoded ?? 0,
      sound: of("audio").bytesReceived ?? 0, energy: of("audio").totalAudioEnergy ?? 0,
      local: type(pair?.localCandidateId), remote: type(pair?.remoteCandidateId),
    });
  }
  return all;
}"""


@pytest.fixture(scope="module")
def media_browser(playwright):
    browser = launch(playwright, MEDIA)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    relay = Relay(tmp_path_factory.mktemp("relay"))
    yield relay
    relay.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory, relay):
    """A Kith with demonstration data and a relay, with a folder of its own."""
    folder = tmp_path_factory.mktemp("kith")
    server = Server(folder, f"env KITH_TURN_ADDRESS={relay.address} KITH_TURN_SECRET='{SECRET}'"
                            " .build/debug/kith demo --data {data} --port {port}")
    yield server
    server.stop()


@pytest.fixture
def guest(media_browser, house):
    """Opens a page for one more visitor, who has a camera and a microphone."""
    visitors = Visitors(media_browser, house.url)

    def open_page(size="desktop", **options):
        page = visitors.open(size, **options)
        page.add_init_script(NOTING)
        return page

    yield open_page
    visitors.close()


def members(house) -> list[str]:
    """Sign-in names of those who take part in the group that is about to meet, and read English."""
    rows = house.ask(
        """SELECT a.login FROM group_member r JOIN support_group g ON g.id = r.group_id
        JOIN account a ON a.person_id = r.person_id JOIN person p ON p.id = r.person_id
        WHERE g.name = 'Evenings together' AND p.language = 'en' ORDER BY r.nickname_key""")
    return [row[0] for row in rows]


def new_meeting(house, guest) -> str:
    """The address of a meeting of that group that begins in a few minutes, planned for this journey alone."""
    coordinator = guest()
    sign_in(coordinator, sign_ins(house.output)["Coordinator"], PASSPHRASE)
    coordinator.goto("/groups")
    coordinator.get_by_role("main").get_by_role("link", name="Evenings together").first.click()
    coordinator.get_by_role("link", name="Plan one meeting").click()
    begins = time.localtime(time.time() + 240)
    # By the clocks of the group.
    zone = coordinator.evaluate(
        "(at) => new Intl.DateTimeFormat('sv', {timeZone: 'America/New_York', dateStyle: 'short', timeStyle: 'short'})"
        ".format(at)", time.mktime(begins) * 1000)
    day, hour = zone.split(" ")
    coordinator.get_by_label("Day").fill(day)
    coordinator.get_by_label("Time", exact=True).fill(hour)
    coordinator.get_by_label("How many minutes").fill("60")
    coordinator.get_by_role("button", name="Plan the meeting").click()
    coordinator.wait_for_url(re.compile("/meetings/"))
    path = re.search(r"/meetings/[\w-]+", coordinator.url).group()
    coordinator.context.close()
    return path


def come(page, login: str, path: str, way: str = "With camera and microphone") -> None:
    sign_in(page, login, PASSPHRASE)
    page.goto(path)
    page.get_by_role("link", name="Go to the video room").click()
    page.get_by_label(way).check()
    page.get_by_role("button", name="Come in", exact=True).click()


def wait_until(what, seconds: float = 30):
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found or time.monotonic() > deadline:
            assert found, "it did not come to that in time"
            return found
        time.sleep(0.25)


def receives(page, others: int, sound: bool = True) -> list[dict]:
    """Waits until a page receives pictures and sound from so many others, and more and more of it."""
    def flowing(than=None):
        now = page.evaluate(RECEIVED)
        enough = [one for one in now if one["frames"] > 3 and one["state"] == "connected" and (
            one["sound"] > 0 and one["energy"] > 0 or not sound)]
        if than:
            enough = [one for one, before in zip(enough, than)
                      if one["frames"] > before["frames"] + 3 and (one["sound"] > before["sound"] or not sound)]
        return enough if len(enough) == others else None

    first = wait_until(flowing, 45)
    return wait_until(lambda: flowing(first), 45)


def test_two_and_three_see_and_hear_each_other(house, guest):
    path = new_meeting(house, guest)
    logins = members(house)
    ben, robin, third = guest(), guest("phone"), guest()
    sign_in(robin, logins[0], PASSPHRASE)
    robin.goto(f"{path}/room")
    inspect(robin, "video-door")
    robin.get_by_role("button", name="Come in", exact=True).click()
    expect(robin.get_by_role("alert")).to_have_text("Please choose how you want to come in.")
    robin.get_by_label("With camera and microphone").check()
    expect(robin.get_by_text("Your microphone works.")).to_be_visible()
    inspect(robin, "video-preview")
    robin.get_by_role("button", name="Come in", exact=True).click()
    expect(robin.get_by_role("heading", name="You are at the door")).to_be_focused()
    inspect(robin, "video-waiting")
    assert robin.evaluate("window.connections.length") == 0

    come(ben, sign_ins(house.output)["Supporter"], path)
    expect(ben.get_by_role("heading", name="At the door")).to_be_visible()
    inspect(ben, "video-knocking")
    ben.get_by_role("button", name=re.compile("^Let in")).first.click()
    expect(robin.get_by_role("button", name="Mute me", exact=True)).to_be_visible()
    for page in (ben, robin):
        for one in receives(page, 1):
            assert "relay" not in (one["local"], one["remote"])
    inspect(ben, "video-two")
    inspect(robin, "video-member")

    come(third, logins[1], path, "With my microphone only")
    ben.get_by_role("button", name="Let everybody in").click()
    expect(third.get_by_role("button", name="Start camera")).to_be_visible()
    receives(third, 2)
    third.get_by_role("button", name="Start camera").click()
    for page in (ben, robin, third):
        receives(page, 2)
    inspect(ben, "video-three")
    # Nothing scrolls sideways on the narrowest phone.
    robin.set_viewport_size({"width": 320, "height": 640})
    assert robin.evaluate("document.documentElement.scrollWidth") <= 320
    look(robin, "video-narrow")

    # Captions, as they are typed and when they are done.
    third.get_by_label("Type what is said").fill("Could you speak up")
    expect(ben.locator("#typing")).to_contain_text("Could you speak up")
    third.get_by_label("Type what is said").press("Enter")
    expect(ben.get_by_role("log")).to_contain_text("Could you speak up")
    expect(robin.get_by_role("log")).to_contain_text("Could you speak up")

    # Asked to be quiet: the page does it, and they can undo it.
    ben.get_by_role("button", name=re.compile("^Ask to mute")).first.click()
    expect(robin.get_by_role("button", name="Unmute me")).to_be_visible()
    expect(robin.get_by_role("status").first).to_contain_text("asked for quiet")
    look(robin, "video-muted")
    robin.get_by_role("button", name="Unmute me").click()
    expect(robin.get_by_role("button", name="Mute me", exact=True)).to_be_visible()

    # Taken out: their connections close at once, and the others'.
    ben.get_by_role("button", name=re.compile("^Remove")).first.click()
    expect(robin.get_by_role("heading", name="You are no longer in this room")).to_be_focused()
    assert robin.evaluate("window.connections.every((one) => one.connectionState === 'closed')")
    inspect(robin, "video-removed")
    wait_until(lambda: len(ben.evaluate(RECEIVED)) == 1, 5)
    robin.get_by_role("button", name="Come in again").click()
    robin.get_by_label("I only listen").check()
    robin.get_by_role("button", name="Come in", exact=True).click()
    expect(robin.get_by_role("heading", name="You are at the door")).to_be_visible()
    ben.get_by_role("button", name=re.compile("^Let in")).first.click()
    receives(robin, 2)

    # What the facilitator sees of who has come.
    ben.get_by_role("button", name="End for all").click()
    for page in (ben, robin, third):
        expect(page.get_by_role("heading", name="The meeting has ended")).to_be_visible()
        assert page.evaluate("window.connections.every((one) => one.connectionState === 'closed')")
    inspect(third, "video-ended")
    ben.goto(f"{path}/running")
    ben.get_by_role("button", name="Start this meeting").click()
    expect(ben.get_by_text(re.compile("^2 of 12"))).to_be_visible()


def test_through_the_relay_alone(house, guest):
    path = new_meeting(house, guest)
    login = members(house)[2]
    ben, robin = guest(), guest("phone")
    sign_in(robin, login, PASSPHRASE)
    robin.goto(f"{path}/room")
    robin.get_by_role("button", name="Hide my address from the others").click()
    expect(robin.get_by_text("Your address is hidden from the others")).to_be_visible()
    inspect(robin, "video-hidden")
    coordinator = guest()
    sign_in(coordinator, sign_ins(house.output)["Coordinator"], PASSPHRASE)
    coordinator.goto("/video")
    coordinator.get_by_role("button", name=re.compile("^Hide addresses ?: Evenings together")).click()
    inspect(coordinator, "video-settings")

    come(ben, sign_ins(house.output)["Supporter"], path)
    robin.goto(f"{path}/room")
    expect(robin.get_by_text("All that is said here goes through a relay.")).to_be_visible()
    robin.get_by_label("With camera and microphone").check()
    robin.get_by_role("button", name="Come in", exact=True).click()
    ben.get_by_role("button", name=re.compile("^Let in")).first.click()
    for page in (ben, robin):
        for one in receives(page, 1):
            assert (one["local"], one["remote"]) == ("relay", "relay")
        # No other kind of address was even told.
        described = page.evaluate("window.connections.map((one) => one.localDescription.sdp).join()")
        assert "typ relay" in described and "typ host" not in described and "typ srflx" not in described

    # The line breaks: a new way is found by itself.
    ben.evaluate("window.connections[0].restartIce()")
    receives(ben, 1)
    robin.get_by_role("button", name="Leave", exact=True).click()
    expect(robin.get_by_role("heading", name="You have left the room")).to_be_visible()
    wait_until(lambda: not ben.evaluate(RECEIVED), 5)
    coordinator.get_by_role("button", name=re.compile("^Stop hiding addresses ?: Evenings together")).click()


def test_without_scripts_the_page_says_what_to_do(house, guest):
    path = new_meeting(house, guest)
    page = guest("phone", java_script_enabled=False)
    sign_in(page, members(house)[3], PASSPHRASE)
    page.goto(f"{path}/room")
    expect(page.get_by_text("Your browser runs no scripts here")).to_be_visible()
    expect(page.get_by_role("link", name="(410) 555-0137")).to_have_attribute("href", "tel:4105550137")
    expect(page.get_by_role("button", name="Come in", exact=True)).to_be_hidden()
    look(page, "video-no-scripts")
