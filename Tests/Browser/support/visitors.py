"""People with a browser, each with a context of their own: no cookie or cache is shared."""

import os
import re
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Playwright

SIZES = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
}


def launch(playwright: Playwright, arguments: list[str] = ()) -> Browser:
    return playwright.chromium.launch(
        executable_path=os.environ.get("KITH_CHROMIUM", "/usr/bin/chromium"),
        args=[
            "--no-sandbox",
            # What is not this machine does not exist: a page that asks for it fails, and nothing is sent.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE 127.0.0.2, EXCLUDE localhost",
            *arguments,
        ],
    )


# Said by the browser when a page does what its own headers forbid, or when it cannot read them.
COMPLAINT = re.compile("content security policy|trusted ?(type|html|script)|permissions.policy|unrecognized feature|"
                       "cross-origin-(opener|resource)", re.IGNORECASE)


class Visitors:
    """Opens pages on one origin, and remembers every request that any of them made elsewhere, every script that failed
    and everything that a page's own policy forbade."""

    def __init__(self, browser: Browser, origin: str):
        self.requests_elsewhere: list[str] = []
        self.complaints: list[str] = []
        self._browser = browser
        self._origin = origin
        self._contexts = []

    def open(self, size: str = "phone", violations_allowed: bool = False, **options) -> Page:
        """A new page at "phone" or "desktop" size. Options are those of Playwright's `new_context`.

        With `violations_allowed` what the policy forbids is only noted, in the context's `complaints`."""
        phone = size == "phone"
        context = self._browser.new_context(
            **{"base_url": self._origin, "viewport": SIZES[size], "has_touch": phone, "is_mobile": phone, **options}
        )
        context.set_default_timeout(8_000)
        self._contexts.append(context)
        context.on("request", lambda request: self._note(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._note(socket.url)))
        context.complaints = [] if violations_allowed else self.complaints
        context.on("console", lambda said: _complain(context.complaints, said.text))
        context.on("weberror", lambda error: context.complaints.append(f"a script failed: {error.error}"))
        return context.new_page()

    def close(self) -> None:
        """Fails when a page asked another origin for anything, or did what it may not."""
        for context in self._contexts:
            context.close()
        elsewhere = "\n  ".join(self.requests_elsewhere)
        assert not elsewhere, f"requests to another origin:\n  {elsewhere}"
        complaints = "\n  ".join(self.complaints)
        assert not complaints, f"the browser complained:\n  {complaints}"

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        inside = parts.scheme in ("about", "blob", "data") or parts.netloc == urlsplit(self._origin).netloc
        if not inside:
            self.requests_elsewhere.append(url)


def _complain(complaints: list[str], text: str) -> None:
    if COMPLAINT.search(text):
        complaints.append(text)
