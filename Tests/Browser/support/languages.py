"""Kith in another language than English: what a page must not leave in English, and nothing that is cut off."""

import json
import re
from urllib.parse import urlsplit

from support.pages import look
from support.server import ROOT
from support.visitors import SIZES

STRINGS = ROOT / "Sources/Kith/Strings"
ENGLISH = json.loads((STRINGS / "en.json").read_text())
GAP = re.compile(r"\{\{[^}]*\}\}")

# What a reader meets: each stretch of text and what is read aloud, but for what says of itself that it is English, and
# what people wrote.
SHOWN = """() => {
  const shown = [document.title.replace(/ – [^–]*$/, '')];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element.closest('body [lang=en], script, style, template, .words')) shown.push(walker.currentNode.data);
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt']) shown.push(element.getAttribute(name) || '');
  return shown.map((text) => text.replace(/\\s+/g, ' ').trim()).filter((text) => text);
}"""

# Anything whose text is wider than its box, so that a part cannot be read. The name of the house may give way, and what
# is typed moves in its box.
CUT_OFF = """() => [...document.querySelectorAll('body *')]
  .filter((element) => element.clientWidth && element.scrollWidth > element.clientWidth + 1
    && getComputedStyle(element).overflowX !== 'visible' && !element.closest('.skip, .unseen, .brand, [tabindex="0"], pre, table, input'))
  .map((element) => element.outerHTML.slice(0, 120))"""


def is_telling(text: str) -> bool:
    """Whether a text with gaps has words enough of its own to be known again."""
    return len(re.sub(r"[^A-Za-z]", "", GAP.sub("", text))) > 7


class Translated:
    """The texts of one language, and what its pages look like."""

    def __init__(self, code: str, direction: str, sizes: dict = SIZES):
        self.code = code
        self.direction = direction
        self.sizes = sizes
        self.texts = json.loads((STRINGS / f"{code}.json").read_text())
        same = set(self.texts.values())
        self._whole = {text for text in ENGLISH.values() if not GAP.search(text) and text not in same}
        self._filled = [
            re.compile(".+?".join(re.escape(part) for part in GAP.split(text)))
            for key, text in ENGLISH.items() if GAP.search(text) and is_telling(text) and text != self.texts.get(key)
        ]

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def left_in_english(self, texts: list[str]) -> list[str]:
        return [text for text in texts if text in self._whole or any(one.fullmatch(text) for one in self._filled)]

    def check(self, page, name: str) -> None:
        """Nothing is in English, nothing scrolls sideways, nothing is cut off, at any width."""
        language = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        assert language == [self.code, self.direction], f"{name}: {language}"
        left = self.left_in_english(page.evaluate(SHOWN))
        assert not left, f"{name} is in English here:\n  " + "\n  ".join(left)
        own = page.viewport_size
        for size in self.sizes.values():
            page.set_viewport_size(size)
            look(page, f"{self.code}-{name}")
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{name} scrolls sideways at {size['width']}: {width}"
            cut = page.evaluate(CUT_OFF)
            assert not cut, f"{name} cuts off at {size['width']}:\n  " + "\n  ".join(cut)
        page.set_viewport_size(own)

    def sign_in(self, page, login: str, password: str) -> None:
        page.goto("/sign-in")
        page.get_by_label(self["sign-in.login"], exact=True).fill(login)
        page.get_by_label(self["sign-in.password"], exact=True).fill(password)
        page.get_by_role("button", name=self["sign-in.button"], exact=True).click()
        page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")
