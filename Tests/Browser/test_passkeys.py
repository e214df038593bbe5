"""Passkeys with Chromium's own authenticator: only the good case passes."""

import re

import pytest
from playwright.sync_api import expect

from support.house import PASSWORD, House, come_in
from support.pages import inspect
from support.visitors import Visitors

# Asks the browser for a signature as our page does, and returns what our page would send.
USE = """async (given) => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer ?? [])))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const used = await navigator.credentials.get({ publicKey: {
    challenge: bytes(given.challenge), rpId: given.site, userVerification: given.verification ?? "required" } });
  return { credential: text(used.rawId), client: text(used.response.clientDataJSON),
    authenticator: text(used.response.authenticatorData), signature: text(used.response.signature),
    user: text(used.response.userHandle) };
}"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"))
    house.open_organization("Riverside Health", "riverside", "Caregivers", "Ada Adler")
    yield house
    house.server.stop()


@pytest.fixture(scope="module")
def origin(house):
    # A passkey belongs to a name, never to a number.
    return house.server.url.replace("127.0.0.1", "localhost")


class Authenticator:
    """The one built into a device."""

    def __init__(self, page):
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }
        self._id = self.ask("addVirtualAuthenticator", options=options)["authenticatorId"]

    def ask(self, method, **arguments):
        return self._session.send(f"WebAuthn.{method}", arguments)

    @property
    def credential(self) -> dict:
        return self.ask("getCredentials", authenticatorId=self._id)["credentials"][0]

    def put(self, credential: dict) -> None:
        """In place of what it holds."""
        self.ask("clearCredentials", authenticatorId=self._id)
        self.ask("addCredential", authenticatorId=self._id, credential=credential)

    def verify(self, is_verified: bool) -> None:
        self.ask("setUserVerified", authenticatorId=self._id, isUserVerified=is_verified)


@pytest.fixture
def ben(browser, house, origin):
    """Ben with a passkey of his own, and the way back to the sign-in page."""
    visitors = Visitors(browser, origin)
    page = visitors.open()
    name = f"ben{len(BENS)}"
    BENS.append(name)
    come_in(page, house.add(name, "supporter", "riverside"), name)
    authenticator = Authenticator(page)
    page.goto("/account")
    page.get_by_role("link", name="Your passkeys").click()
    inspect(page, "passkeys-none")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Codes for a day without your phone")).to_be_visible()
    inspect(page, "recovery-codes")
    page.goto("/account/passkeys")
    inspect(page, "passkeys")
    page.context.clear_cookies()
    page.goto("/sign-in")
    yield page, authenticator, name
    visitors.requests_elsewhere = [url for url in visitors.requests_elsewhere if "localhost" not in url]
    visitors.close()


BENS: list[str] = []


def challenge(page, origin) -> dict:
    answer = page.context.request.post(f"{origin}/sign-in/passkey/challenge", headers=ours(origin))
    assert answer.status == 200
    return answer.json()


def send(page, origin, fields: dict):
    return page.context.request.post(
        f"{origin}/sign-in/passkey", form=fields, headers=ours(origin), max_redirects=0)


def ours(origin) -> dict:
    return {"Origin": origin, "Sec-Fetch-Site": "same-origin"}


def at(page, address: str) -> None:
    """An empty page at another address, without asking anybody."""
    page.context.route(f"{address}/**", lambda route: route.fulfill(body="<title>x</title>", content_type="text/html"))
    page.goto(f"{address}/")


def is_refused(answer) -> None:
    assert answer.status == 422 and "The passkey did not work" in answer.text()
    assert not any("session=" in value for value in answer.headers.values())


def test_it_signs_in_without_a_password(ben):
    page, _, name = ben
    inspect(page, "sign-in-passkey")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/today|/profile"))
    page.goto("/account")
    expect(page.get_by_text(f"Your sign-in name is {name}.")).to_be_visible()


def test_it_stands_for_the_code_and_the_password_alone_does_not_do(ben):
    page, _, name = ben
    page.get_by_label("Sign-in name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/sign-in/code")
    inspect(page, "code")
    page.goto("/account")
    assert "/sign-in" in page.url
    page.goto("/sign-in/code")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/today|/profile"))


def test_the_right_signature_passes_once(ben, origin):
    page, _, _ = ben
    fields = page.evaluate(USE, challenge(page, origin))
    cookies = page.context.cookies()
    assert send(page, origin, fields).status == 303
    # The same again, from the same browser and with the challenge it was given.
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    is_refused(send(page, origin, fields))


def test_a_key_that_the_authenticator_keeps_for_somebody_else_is_refused(ben, origin):
    page, _, _ = ben
    fields = page.evaluate(USE, challenge(page, origin))
    assert fields["user"], "the premise: it says whose it is"
    is_refused(send(page, origin, {**fields, "user": "c29tZWJvZHkgZWxzZQ"}))
    is_refused(send(page, origin, {**fields, "credential": "AAAA"}))
    assert send(page, origin, fields).status == 303


def test_a_challenge_is_one_browsers(ben, origin):
    page, _, _ = ben
    fields = page.evaluate(USE, challenge(page, origin))
    challenge(page, origin)
    is_refused(send(page, origin, fields))
    invented = {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "site": "localhost"}
    is_refused(send(page, origin, page.evaluate(USE, invented)))


def test_another_origin_is_refused(ben, origin):
    page, _, _ = ben
    given = challenge(page, origin)
    at(page, "http://localhost:9")
    is_refused(send(page, origin, page.evaluate(USE, given)))


def test_another_site_is_refused(ben, origin):
    page, authenticator, _ = ben
    given = challenge(page, origin)
    authenticator.put({**authenticator.credential, "rpId": "evil.localhost"})
    at(page, "http://evil.localhost:9")
    is_refused(send(page, origin, page.evaluate(USE, {**given, "site": "evil.localhost"})))


def test_a_counter_that_went_back_is_refused(ben, origin):
    page, authenticator, _ = ben
    assert send(page, origin, page.evaluate(USE, challenge(page, origin))).status == 303
    credential = authenticator.credential
    assert credential["signCount"] > 0, "the premise: it counts"
    authenticator.put({**credential, "signCount": 0})
    is_refused(send(page, origin, page.evaluate(USE, challenge(page, origin))))
    authenticator.put({**credential, "signCount": credential["signCount"] + 5})
    assert send(page, origin, page.evaluate(USE, challenge(page, origin))).status == 303


def test_without_finger_face_or_pin_it_is_refused(ben, origin):
    page, authenticator, _ = ben
    authenticator.verify(False)
    fields = page.evaluate(USE, {**challenge(page, origin), "verification": "discouraged"})
    is_refused(send(page, origin, fields))
    # Nor does our own page ask for less.
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("That did not work.")).to_be_visible()
    authenticator.verify(True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/today|/profile"))


def test_one_that_was_taken_away_is_refused(ben, origin):
    page, authenticator, name = ben
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile("/today|/profile"))
    page.goto("/account/passkeys")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/sign-in")
    is_refused(send(page, origin, page.evaluate(USE, challenge(page, origin))))


def test_without_scripts_it_is_not_offered(browser, origin):
    visitors = Visitors(browser, origin)
    page = visitors.open(java_script_enabled=False)
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).not_to_be_visible()
    visitors.close()
