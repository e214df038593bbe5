"""What journeys do and check on a page."""

import os
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from support.server import ROOT
from support.visitors import SIZES

SCREENS = ROOT / "var" / "screens"
SIGN_IN_PATH = "/sign-in"
# A page to which something comes live may scroll once more by itself.
STAY_AT_TOP = """async () => {
  for (let calm = 0; calm < 3; calm = scrollY ? 0 : calm + 1) {
    scrollTo(0, 0);
    await new Promise(requestAnimationFrame);
  }
}"""


def sign_in(page: Page, login: str, password: str) -> None:
    """Signs in by hand and waits until the sign-in page is left behind."""
    page.goto(SIGN_IN_PATH)
    page.get_by_label("Sign-in name", exact=True).fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path != SIGN_IN_PATH)


def assert_accessible(page: Page) -> None:
    """No violation of any rule axe-core has, including its best practices."""
    # The rule on the size of targets belongs to WCAG 2.2 AA, and axe leaves it off unless asked.
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    violations = Axe().run(page, options=options).response["violations"]
    found = [
        f"{violation['id']} ({violation['impact']}): {node['target']}"
        for violation in violations
        for node in violation["nodes"]
    ]
    assert not found, f"{urlsplit(page.url).path} is not accessible:\n  " + "\n  ".join(found)


def inspect(page: Page, name: str) -> None:
    """Looks at a page at the width of a phone and of a desk: nothing inaccessible, nothing that scrolls sideways.

    From its top, where nothing that stays in reach lies over a link half of which has scrolled away."""
    own = page.viewport_size
    for size in SIZES.values():
        page.set_viewport_size(size)
        page.evaluate(STAY_AT_TOP)
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{name} scrolls sideways at {size['width']}: {width}"
        look(page, name)
    page.set_viewport_size(own)


def look(page: Page, name: str) -> None:
    """Keeps a picture of the whole page in var/screens for people to look at, if KITH_SCREENS is set."""
    if not os.environ.get("KITH_SCREENS"):
        return
    width = page.viewport_size["width"]
    page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
