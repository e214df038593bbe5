"""What people hold in their hands: as many pages as it should have, all of the words, nothing of the site around it, and
a picture that other programs than Kith can read."""

import io
import os
import re
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from support.languages import Translated
from support.pages import SCREENS, inspect, look, sign_in
from support.walks import PASSPHRASE, sign_ins

LANGUAGES = {"en": "ltr", "es": "ltr", "ar": "rtl"}
TEXTS = {code: Translated(code, direction) for code, direction in LANGUAGES.items()}
SHEETS = ["Letter", "A4"]
# What stands around a page and not on paper: layout and hints.
AROUND = "header.bar, nav, .foot, .skip, .unprinted, .back, form, button"
# What of a paper goes over its edges, or is laid out wider than the sheet.
CUT = """() => [...document.querySelectorAll('main, main *')].filter((element) => {
  const box = element.getBoundingClientRect();
  return box.width && !element.closest('.unseen, svg')
    && (box.left < -1 || box.right > innerWidth + 1 || element.scrollWidth > element.clientWidth + 1
        && element.clientWidth && getComputedStyle(element).overflowX !== 'visible');
}).map((element) => element.outerHTML.slice(0, 120))"""


def letters(text):
    """Words without what makers of PDF put in between or join: spaces, hyphens, ligatures."""
    return re.sub(r"\W", "", text.replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff")).lower()


def printed(page, name, pages, sheet="Letter", is_latin=True):
    """Prints a page; it has so many pages, all that the paper says, and nothing of what stands around it."""
    page.emulate_media(media="print")
    around = [one for one in page.locator(AROUND).all() if one.is_visible()]
    assert not around, f"{name} prints {[one.evaluate('(e) => e.outerHTML.slice(0, 80)') for one in around]}"
    said = page.locator("main").inner_text()
    own = page.viewport_size
    # The width of what is printed on: a letter sheet without its margins, in CSS pixels.
    page.set_viewport_size({"width": 690, "height": 930})
    cut = page.evaluate(CUT)
    page.set_viewport_size(own)
    page.emulate_media(media="null")
    assert not cut, f"{name} is cut off:\n  " + "\n  ".join(cut)
    pdf = page.pdf(format=sheet, prefer_css_page_size=True)
    if os.environ.get("KITH_SCREENS"):
        (SCREENS / f"{name}-{sheet}.pdf").write_bytes(pdf)
    sheets = PdfReader(io.BytesIO(pdf)).pages
    assert len(sheets) in pages, f"{name} on {sheet} has {len(sheets)} pages"
    text = "".join(one.extract_text() for one in sheets)
    if is_latin:
        paper = letters(text)
        lost = [line for line in said.splitlines() if letters(line) not in paper]
        assert not lost, f"{name} loses on paper: {lost}"
    return text


def read_code(page):
    """What another reader than a phone finds in the picture of a page."""
    picture = Image.open(io.BytesIO(page.locator("svg.picture").screenshot()))
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1, found
    return found[0].text


def test_the_check_sees_what_does_not_belong_on_paper(visitor):
    page = visitor("desktop")
    page.goto("/about-peer-support")
    page.evaluate("document.querySelector('main').append(document.createElement('nav'), document.createElement('nav'))")
    page.evaluate("document.querySelector('main nav').append('Elsewhere')")
    with pytest.raises(AssertionError, match="prints"):
        printed(page, "around", {1, 2})
    page.reload()
    page.evaluate("document.querySelector('h1').attributeStyleMap.set('width', '1200px')")
    with pytest.raises(AssertionError, match="cut off"):
        printed(page, "wide", {1, 2})
    page.reload()
    with pytest.raises(AssertionError, match="pages"):
        printed(page, "long", {7})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_leaflet_is_handed_over(visitor, server, language):
    # Whoever refers reads English; the leaflet is in the language of whoever gets it.
    dana = visitor("desktop")
    sign_in(dana, sign_ins(server.output)["Referrer"], PASSPHRASE)
    dana.goto("/referrals/new")
    dana.get_by_role("link", name="Leaflets to print").click()
    expect(dana.get_by_role("heading", name="Leaflets to hand out")).to_be_visible()
    inspect(dana, "leaflets")
    dana.locator(f"main a[hreflang={language}]").first.click()
    dana.wait_for_url("**/leaflets/*/*")
    texts = TEXTS[language]
    expect(dana.get_by_role("heading", name=texts["leaflet.begin"])).to_be_visible()
    inspect(dana, f"leaflet-{language}")
    if language != "en":
        texts.check(dana, "leaflet")
    asking = read_code(dana)
    for sheet in SHEETS:
        text = printed(dana, f"leaflet-{language}", {1}, sheet, language != "ar")
        assert "/get-support/riverside" in text.replace("\n", "")
    large = dana.get_by_role("link", name=texts["papers.large"])
    large.click()
    expect(dana.locator(".large")).to_have_count(1)
    expect(dana.get_by_role("heading", name=texts["leaflet.begin"])).to_be_visible()
    for sheet in SHEETS:
        printed(dana, f"leaflet-{language}-large", {1, 2}, sheet, language != "ar")

    # Somebody holds their phone to it.
    mia = visitor(locale={"en": "en-US", "es": "es-MX", "ar": "ar-EG"}[language])
    place = urlsplit(asking)
    assert place.netloc == server.url.removeprefix("http://").replace("127.0.0.1", "localhost")
    mia.goto(f"{place.path}?{place.query}")
    expect(mia.get_by_role("heading", name=texts["support.heading"])).to_be_visible()
    assert mia.locator("[name=program]:checked").count() == 1
    assert mia.locator("[name=program]:checked").get_attribute("value") in asking


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_peer_support_is_and_is_not(visitor, language):
    page = visitor(locale={"en": "en-US", "es": "es-MX", "ar": "ar-EG"}[language])
    page.goto("/")
    page.locator("main a[href='/about-peer-support']").tap()
    texts = TEXTS[language]
    expect(page.get_by_role("heading", name=texts["about-support.title"])).to_be_visible()
    inspect(page, f"about-peer-support-{language}")
    if language != "en":
        texts.check(page, "about-peer-support")
    for sheet in SHEETS:
        printed(page, f"about-peer-support-{language}", {1, 2}, sheet, language != "ar")
    page.get_by_role("link", name=texts["papers.large"]).tap()
    expect(page.get_by_role("link", name=texts["papers.usual"])).to_be_visible()
    printed(page, f"about-peer-support-{language}-large", {2, 3}, is_latin=language != "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_for_the_wallet(visitor, language):
    page = visitor(locale={"en": "en-US", "es": "es-MX", "ar": "ar-EG"}[language])
    page.goto("/urgent-help")
    texts = TEXTS[language]
    page.get_by_role("link", name=texts["card.link"]).tap()
    expect(page.get_by_role("heading", name=texts["card.heading"])).to_be_visible()
    inspect(page, f"wallet-card-{language}")
    if language != "en":
        texts.check(page, "wallet-card")
    for sheet in SHEETS:
        text = printed(page, f"wallet-card-{language}", {1}, sheet, language != "ar")
        assert "988" in text and "741741" in text
    faces(page)
    page.get_by_role("link", name=texts["card.without-names"]).tap()
    expect(page.get_by_role("link", name=texts["card.with-names"])).to_be_visible()
    text = printed(page, f"wallet-card-{language}-discreet", {1}, is_latin=language != "ar")
    assert "127.0.0.1" not in text and "Riverside" not in text
    page.get_by_role("link", name=texts["papers.large"]).tap()
    expect(page.get_by_role("link", name=texts["papers.usual"])).to_be_visible()
    printed(page, f"wallet-card-{language}-large", {1}, is_latin=language != "ar")
    faces(page)


def faces(page):
    """Each face of the card has the size of a bank card, to half a millimeter."""
    page.emulate_media(media="print")
    for face in page.locator(".face").all():
        box = face.bounding_box()
        size = [side * 25.4 / 96 for side in (box["width"], box["height"])]
        assert abs(size[0] - 85) < .8 and abs(size[1] - 54) < .8, size
    page.emulate_media(media="null")


def test_a_sheet_for_an_appointment(visitor, server):
    logins = sign_ins(server.output)
    mia = visitor()
    sign_in(mia, logins["Participant"], PASSPHRASE)
    mia.goto("/home")
    mia.get_by_role("link", name="Before an appointment").tap()
    expect(mia.get_by_role("link", name="Write my sheet")).to_be_visible()
    inspect(mia, "preparation-none")
    # Whoever likes to write by hand prints the questions.
    assert "My questions" in printed(mia, "preparation-by-hand", {1})
    mia.get_by_role("link", name="Write my sheet").tap()
    look(mia, "preparation-form")
    mia.get_by_label("What matters to me").fill("To sleep through one night.\nThat Rosa may come along.")
    mia.get_by_label("My questions").fill("When may I lift the baby again?")
    mia.get_by_role("button", name="Save my sheet").tap()
    expect(mia.get_by_text("To sleep through one night.")).to_be_visible()
    for sheet in SHEETS:
        text = printed(mia, "preparation", {1}, sheet)
        assert "When may I lift the baby again?" in text and "What has changed since last time" in text
    mia.get_by_role("link", name="Larger letters").tap()
    expect(mia.get_by_role("link", name="Usual letters")).to_be_visible()
    printed(mia, "preparation-large", {1, 2})
    mia.get_by_role("button", name="Let them read it").first.tap()
    expect(mia.get_by_text("May read it.")).to_be_visible()

    ben = visitor("desktop")
    sign_in(ben, logins["Supporter"], PASSPHRASE)
    ben.goto("/today")
    ben.get_by_role("link", name="Their sheet for an appointment").first.click()
    expect(ben.get_by_text("When may I lift the baby again?")).to_be_visible()
    inspect(ben, "preparation-shared")
    mia.goto("/preparation/form")
    mia.get_by_role("button", name="Clear my sheet").tap()
    expect(mia.get_by_role("link", name="Write my sheet")).to_be_visible()
    assert ben.reload().status == 404


def test_what_participants_have_prints_well(visitor, server):
    logins = sign_ins(server.output)
    mia = visitor()
    sign_in(mia, logins["Participant"], PASSPHRASE)
    mia.goto("/home")
    mia.get_by_role("link", name="A card with these numbers").tap()
    mia.get_by_role("link", name="Put the next planned day on it").tap()
    expect(mia.get_by_role("link", name="Leave off the next day")).to_be_visible()
    inspect(mia, "wallet-card-mine")
    printed(mia, "wallet-card-mine", {1})
    for path, pages in [("/encounters", {1, 2}), ("/groups", {1, 2})]:
        mia.goto(path)
        inspect(mia, f"paper{path.replace('/', '-')}")
        assert "Printed on" in printed(mia, path.strip("/"), pages)
        mia.get_by_role("link", name="Larger letters").tap()
        expect(mia.get_by_role("link", name="Usual letters")).to_be_visible()
        inspect(mia, f"paper{path.replace('/', '-')}-large")
        printed(mia, f"{path.strip('/')}-large", {1, 2, 3})
    mia.goto("/hard-days/form")
    mia.get_by_label("What can I do by myself that helps a little?").fill("A walk to the river\nA shower")
    mia.get_by_role("button", name="Save my plan").tap()
    expect(mia.get_by_text("A walk to the river")).to_be_visible()
    assert "A walk to the river" in printed(mia, "hard-days", {1})
    mia.get_by_role("link", name="Larger letters").tap()
    expect(mia.get_by_role("link", name="Usual letters")).to_be_visible()
    inspect(mia, "hard-days-large")
    printed(mia, "hard-days-large", {1, 2})
    mia.goto("/hard-days/form")
    mia.get_by_role("button", name="Delete my plan").tap()


@pytest.mark.parametrize("language", ["es", "ar"])
def test_the_sheet_in_other_languages(visitor, server, language):
    texts = TEXTS[language]
    page = visitor(locale=language)
    texts.sign_in(page, sign_ins(server.output)["Participant"], PASSPHRASE)
    for path in ["/preparation", "/preparation/form", "/wallet-card/mine"]:
        assert page.goto(path).status == 200
        texts.check(page, path.strip("/").replace("/", "-"))
        inspect(page, language + path.replace("/", "-"))
    page.goto("/preparation")
    printed(page, f"preparation-{language}", {1}, is_latin=language != "ar")
