"""Pictures and voice notes in a conversation: chosen or recorded, seen and heard at the other side at once, with nothing
left of where and when they were made, and without scripts as well."""

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from support.house import come_in
from support.pages import assert_accessible, inspect, look
from support.visitors import launch
from test_conversations import conversation, enter, house, visit, write  # noqa: F401, the fixtures of that journey

ADD = "Add a picture or a voice note"
MARK = "Laurel Hill 40.4461N"


@pytest.fixture(scope="module")
def browser(playwright):
    """One with a microphone, in which Chromium's own sounds are heard."""
    browser = launch(playwright, [
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
    ])
    yield browser
    browser.close()


def photo(width: int = 640, height: int = 420, kind: str = "JPEG") -> bytes:
    """As a telephone takes it: lying on its side, with place and time."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height * 2 // 3, width, height), fill=(96, 132, 80))
    draw.ellipse((width // 8, height // 8, width // 3, height // 2), fill=(240, 190, 70))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = MARK
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (40.0, 26.0, 46.0)
    file = io.BytesIO()
    picture.save(file, kind, exif=exif, **{"comment": MARK.encode()} if kind == "JPEG" else {})
    return file.getvalue()


def choose(page, name: str, content: bytes, type_: str = "image/jpeg") -> None:
    if not page.get_by_label("Choose a picture or a recording").is_visible():
        page.get_by_text(ADD).click()
    page.get_by_label("Choose a picture or a recording").set_input_files(
        {"name": name, "mimeType": type_, "buffer": content}
    )


def send(page) -> None:
    page.get_by_role("button", name=re.compile("^(Send|Try again)$")).click()


def shown(page):
    """The last picture of the conversation, loaded."""
    image = page.locator(".message img").last
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    page.wait_for_function("(image) => image.complete && image.naturalWidth > 0", arg=image.element_handle())
    return image


def fetched(page, element) -> bytes:
    answer = page.request.get(element.evaluate("(element) => element.src"))
    assert answer.status == 200
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    return answer.body()


def test_a_picture_is_seen_at_once_and_says_nothing_of_place_and_time(enter):
    nora, ben = enter("nora"), enter("ben", size="desktop")
    original = photo()
    assert MARK.encode() in original and Image.open(io.BytesIO(original)).getexif().get_ifd(0x8825)
    choose(nora, "IMG_2026.jpg", original)
    nora.locator("[data-preview] img").wait_for()
    nora.get_by_label("Describe it in a few words").fill("Sun over our field")
    look(nora, "attachment-chosen")
    assert_accessible(nora)
    nora.get_by_label("Your message").fill("From this morning")
    send(nora)

    image = shown(ben)
    expect(image).to_have_attribute("alt", "Sun over our field")
    expect(ben.get_by_text("From this morning")).to_be_visible()
    # It is turned as it was taken: upright.
    assert image.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [420, 640]
    served = fetched(ben, image)
    assert MARK.encode() not in served
    with Image.open(io.BytesIO(served)) as found, Image.open(io.BytesIO(original)) as sent:
        assert dict(found.getexif()) == {0x0112: 6}
        assert found.tobytes() == sent.tobytes()
    expect(nora.get_by_label("Choose a picture or a recording")).to_be_hidden()
    expect(nora.locator(".message img")).to_have_count(1)
    shown(nora)
    look(nora, "attachment-sent")
    inspect(ben, "attachment-received")
    nora.reload()
    shown(nora)
    assert_accessible(nora)


def test_a_large_picture_is_made_smaller_before_it_is_sent(enter):
    nora, ben = enter("nora"), enter("ben")
    before = ben.locator(".message img").count()
    choose(nora, "large.png", photo(5000, 3000, "PNG"), "image/png")
    nora.locator("[data-preview] img").wait_for()
    send(nora)
    expect(ben.locator(".message img")).to_have_count(before + 1)
    image = shown(ben)
    assert image.evaluate("(image) => Math.max(image.naturalWidth, image.naturalHeight)") == 2048
    expect(image).to_have_attribute("alt", "Picture without a description")
    box = image.bounding_box()
    assert box["width"] <= 320 and box["height"] <= 384


def test_a_voice_note_is_recorded_and_heard(enter):
    nora, ben = enter("nora"), enter("ben")
    nora.get_by_text(ADD).click()
    record = nora.get_by_role("button", name="Record a voice note")
    record.click()
    nora.get_by_text("Recording. Stop when you are done.").wait_for()
    nora.get_by_text("0:02", exact=True).wait_for()
    look(nora, "voice-note-recording")
    nora.get_by_role("button", name="Stop recording").click()
    heard = nora.locator("[data-preview] audio")
    expect(heard).to_be_visible()
    assert_accessible(nora)
    # Thrown away, nothing is left to send.
    nora.get_by_role("button", name="Throw it away").click()
    expect(heard).to_be_hidden()
    record.click()
    nora.get_by_text("0:02", exact=True).wait_for()
    nora.get_by_role("button", name="Stop recording").click()
    expect(heard).to_be_visible()
    look(nora, "voice-note-recorded")
    send(nora)

    voice = ben.locator(".message audio").last
    voice.wait_for()
    expect(ben.get_by_text(re.compile("^Voice note, 0:0[23]$")).last).to_be_visible()
    ben.evaluate("(audio) => audio.play()", voice.element_handle())
    ben.wait_for_function("(audio) => audio.currentTime > 0.3", arg=voice.element_handle())
    length = voice.evaluate("(audio) => audio.duration")
    assert 1.5 < length < 5, length
    # It can be wound forward, which what a browser records cannot.
    voice.evaluate("(audio) => { audio.currentTime = 1.2; }")
    ben.wait_for_function("(audio) => !audio.seeking && audio.currentTime >= 1.2", arg=voice.element_handle())
    inspect(ben, "voice-note-received")


def test_what_is_opened_first_hides_the_picture_and_taken_back_it_is_gone(enter):
    nora, ben = enter("nora"), enter("ben")
    before = ben.locator(".message img").count()
    nora.get_by_text("More", exact=True).click()
    nora.get_by_label("What does this speak of?").fill("a hospital")
    choose(nora, "ward.jpg", photo())
    nora.locator("[data-preview] img").wait_for()
    send(nora)
    note = ben.get_by_text("This speaks of a hospital.")
    note.wait_for()
    assert ben.locator(".message img").count() == before + 1 and not ben.locator(".message img").last.is_visible()
    note.click()
    path = shown(ben).get_attribute("src")
    nora.get_by_role("link", name="Change").last.click()
    nora.get_by_text("It stays with this message.").wait_for()
    nora.get_by_role("button", name="Take this message back").click()
    expect(ben.locator(".message img")).to_have_count(before)
    assert ben.request.get(path).status == 404


def test_it_works_without_scripts_and_says_what_is_wrong(enter):
    nora, ben = enter("nora", java_script_enabled=False), enter("ben")
    before = ben.locator(".message img").count()
    expect(nora.get_by_role("button", name="Record a voice note")).to_be_hidden()
    nora.get_by_label("Your message").fill("Do you know this flower?")
    choose(nora, "flower.gif", b"GIF89a" + bytes(20), "image/gif")
    send(nora)
    nora.get_by_text("This kind of file cannot be sent here.").wait_for()
    expect(nora.get_by_label("Your message")).to_have_value("Do you know this flower?")
    look(nora, "attachment-refused")
    choose(nora, "flower.jpg", photo())
    send(nora)
    nora.locator(".message img").last.wait_for()
    expect(ben.get_by_text("Do you know this flower?")).to_be_visible()
    expect(ben.locator(".message img")).to_have_count(before + 1)


def test_a_word_alone_is_still_a_message(enter):
    nora, ben = enter("nora"), enter("ben")
    write(nora, "No picture this time")
    ben.get_by_text("No picture this time").wait_for()


def test_whoever_decides_on_a_report_sees_the_picture(house, visit, enter):  # noqa: F811
    nora, ben, cora = enter("nora"), enter("ben"), visit("desktop")
    come_in(cora, house.add("Cora Cruz", "coordinator", "riverside"), "cora")
    before = ben.locator(".message img").count()
    choose(nora, "unkind.jpg", photo())
    nora.locator("[data-preview] img").wait_for()
    nora.get_by_label("Describe it in a few words").fill("Something unkind")
    send(nora)
    expect(ben.locator(".message img")).to_have_count(before + 1)
    ben.get_by_role("link", name="Report or block").last.click()
    ben.get_by_text("A picture: Something unkind").wait_for()
    look(ben, "attachment-report")
    assert_accessible(ben)
    ben.get_by_label("It is hurtful or insulting").check()
    ben.get_by_role("button", name="Report it").click()
    ben.get_by_text("Thank you. It arrived").wait_for()

    cora.goto("/moderation")
    cora.get_by_role("link", name="It is hurtful or insulting").click()
    take = cora.get_by_role("button", name="I take this")
    take.wait_for()
    expect(cora.locator("main img")).to_have_count(0)
    take.click()
    image = cora.locator("main img").last
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    cora.wait_for_function("(image) => image.complete && image.naturalWidth > 0", arg=image.element_handle())
    inspect(cora, "attachment-moderation")
    path = image.get_attribute("src")
    assert cora.request.get(path).status == 200
    assert ben.request.get(path).status == 403


def test_a_copy_for_the_person_leads_to_what_they_sent(enter):
    nora, ben = enter("nora"), enter("ben")
    choose(nora, "garden.jpg", photo())
    nora.locator("[data-preview] img").wait_for()
    nora.get_by_label("Describe it in a few words").fill("Our garden in May")
    send(nora)
    expect(ben.get_by_alt_text("Our garden in May")).to_have_count(1)
    nora.goto("/privacy/copy")
    line = nora.locator(".row", has_text="A picture: Our garden in May").last
    path = line.get_by_role("link", name="Save what came with it").get_attribute("href")
    answer = nora.request.get(path)
    assert answer.status == 200 and answer.body().startswith(b"\xff\xd8")
    assert ben.request.get(path).status == 403  # it is a participant's own
    assert_accessible(nora)
