"""Every text field of every form takes what people who mean harm write, and every page shows it as text. The browser's own
protection by the content security policy is off, so that only the pages' own counts."""

import os
import re
from urllib.parse import urlsplit

from playwright.sync_api import Error, sync_playwright

from support.kith import Demo
from support.payloads import ALL, EVENTS, SCRIPTS
from support.tally import torture

ROLES = ["Participant", "Supporter", "Coordinator", "Supervisor", "Referrer", "Administrator"]
IDENTIFIER = re.compile(r"/[\w-]+(\.[\w-]+){3}|/[0-9a-f]{8}-[0-9a-f-]{27}")
# Ends the visit, or lets nobody in any more.
LEFT_ALONE = re.compile(r"/sign-out|/account|/people/.*/(ending|way-in)|/roles/ending|/merging|/language|/passkeys|/codes")
MOST_PAGES = 45

# Fills a form as somebody would who writes nothing but payloads, and sends it past the browser's own checks.
FILL = """([index, payloads]) => {
  const form = [...document.forms].filter((form) => form.method === 'post')[index];
  let used = 0;
  const next = (most) => {
    let text = '';
    while (used < 5000) {
      const piece = payloads[used++ % payloads.length];
      if (text && text.length + piece.length + 1 > most) { used--; break; }
      text += (text && ' ') + piece;
      if (text.length > most) { text = text.slice(0, most); break; }
      if (most < 120) break;
    }
    return text;
  };
  const radios = new Set();
  for (const field of form.elements) {
    if (field.type === 'radio') {
      if (!radios.has(field.name)) { field.checked = true; radios.add(field.name); }
    } else if (field.type === 'checkbox') field.checked = true;
    else if (field.tagName === 'SELECT') field.selectedIndex = field.options.length - 1;
    else if (field.type === 'date') field.value = '2030-03-05';
    else if (field.type === 'time') field.value = '14:00';
    else if (field.type === 'number') field.value = field.min || '3';
    else if (['text', 'search', 'textarea', 'email', 'tel', 'url'].includes(field.type)) {
      if (/year|month|day|hour|minute/.test(field.name)) continue;
      field.value = next(field.maxLength > 0 ? field.maxLength : field.type === 'textarea' ? 900 : 190);
    }
  }
  HTMLFormElement.prototype.submit.call(form);
  return used;
}"""


class Visit:
    """One role's browser, which notes every script that ran though it was only text."""

    def __init__(self, browser, kith: Demo, role: str):
        context = browser.new_context(base_url=kith.url, bypass_csp=True)
        context.set_default_timeout(8_000)
        visitor = kith.sign_in(role)
        context.add_cookies([{"name": k, "value": v, "url": kith.url} for k, v in visitor.cookies.items()])
        self.hits: list[str] = []
        self.pages = self.forms = self.fields = 0
        context.expose_function("hit", lambda where: self.hits.append(where))
        context.add_init_script(
            "for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => hit(location.pathname);"
        )
        # Whatever a page would fetch from elsewhere is a hit as well.
        context.route(
            lambda url: urlsplit(url).netloc not in ("", urlsplit(kith.url).netloc),
            lambda route: (self.hits.append(f"asked for {route.request.url}"), route.abort()),
        )
        self.page = context.new_page()
        self.page.on("dialog", lambda dialog: (self.hits.append("a dialog"), dialog.dismiss()))

    def go(self, path: str) -> bool:
        try:
            answer = self.page.goto(path, wait_until="load")
        except Error:
            return False
        self.pages += 1
        return answer is not None and answer.status == 200

    def walk(self, payloads: list[str] | None) -> None:
        """Visits what can be reached; with payloads, fills each form on the way."""
        waiting, known, kinds, filled = ["/"], {"/"}, {}, {}
        visited = 0
        while waiting and visited < MOST_PAGES:
            path = waiting.pop(0)
            kind = IDENTIFIER.sub("/*", path.partition("?")[0])
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] > 2 or not self.go(path):
                continue
            visited += 1
            for link in self.page.eval_on_selector_all("a[href^='/']", "links => links.map((a) => a.getAttribute('href'))"):
                link = link.partition("#")[0]
                if link not in known and not link.startswith(("/assets", "/sign-out")):
                    known.add(link)
                    waiting.append(link)
            if payloads:
                self.fill_all(path, payloads, filled)

    def fill_all(self, path: str, payloads: list[str], filled: dict[str, int]) -> None:
        actions = self.page.evaluate(
            "() => [...document.forms].filter((f) => f.method === 'post').map((f) => f.getAttribute('action'))"
        )
        for index, action in enumerate(actions):
            kind = IDENTIFIER.sub("/*", action or "")
            if LEFT_ALONE.search(action or "") or filled.get(kind, 0) >= 2:
                continue
            filled[kind] = filled.get(kind, 0) + 1
            if not self.go(path):
                return
            # Another form of the page may have changed it.
            now = self.page.evaluate("() => [...document.forms].filter((f) => f.method === 'post').length")
            if index >= now:
                continue
            turn = (7 * self.forms) % len(payloads)
            try:
                with self.page.expect_navigation(wait_until="load"):
                    self.fields += self.page.evaluate(FILL, [index, payloads[turn:] + payloads[:turn]])
            except Error as error:
                if "Timeout" in str(error):
                    continue
                raise
            self.forms += 1


def planted(browser) -> int:
    """How many payloads run where a page takes them for more than text."""
    ran = 0
    page = browser.new_context(bypass_csp=True).new_page()
    page.add_init_script("window.alert = () => { window.ran = true };")
    for payload in EVENTS + SCRIPTS:
        page.goto("about:blank")
        page.evaluate("() => { window.ran = false; window.alert = () => { window.ran = true } }")
        page.set_content(f"<!doctype html><p>{payload}</p>", wait_until="load")
        page.wait_for_timeout(20)
        ran += page.evaluate("() => window.ran === true")
    return ran


with torture() as tally:
    with Demo() as kith, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("KITH_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        # The premise: in a page without protection most of the payloads do run, and are noticed.
        ran = planted(browser)
        tally.say(f"{ran} of {len(EVENTS + SCRIPTS)} payloads run in a page that does not escape them")
        tally.check(ran > len(EVENTS + SCRIPTS) * 0.6, f"only {ran} payloads run where they may: nothing is proved")
        tally.say(f"{len(ALL)} payloads in all")
        for round_ in range(1 if tally.short else 6):
            start = round_ * len(ALL) // 6
            payloads = ALL[start:] + ALL[:start]
            visits = [Visit(browser, kith, role) for role in ROLES[: 3 if tally.short else 6]]
            for visit in visits:
                visit.walk(payloads)
            for visit in visits:
                visit.walk(None)
                tried = max(visit.fields, 1)
                tally.add(tried, tried - min(tried, len(visit.hits)), f"ran as code: {sorted(set(visit.hits))[:5]}")
            tally.say(
                f"{sum(v.forms for v in visits)} forms sent with {sum(v.fields for v in visits)} payloads, "
                f"{sum(v.pages for v in visits)} pages looked at"
            )
            for visit in visits:
                visit.page.context.close()
        tally.check(kith.is_alive and kith.answers(), "the server, after all of it")
        browser.close()
