"""Rules that hold for each page by itself. A check answers with what breaks its rule, a line for each fault."""

import re
from dataclasses import dataclass
from typing import Callable
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from experience.reading import complaints_about
from support.languages import CUT_OFF
from support.visitors import SIZES

NARROW = {"width": 320, "height": 640}
# What WCAG 1.4.12 lets readers set.
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }" \
         "p { margin-block-end: 2em !important; }"
# Every text 40 % longer, as other languages are, with letters that stand higher and lower.
LONGER = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const words = text.data.trim().split(/\\s+/).filter((word) => word);
    if (!words.length || text.parentElement.closest('script, style, template')) continue;
    let more = Math.ceil(text.data.trim().length * .4);
    const added = [];
    for (let at = 0; more > 0; at += 1) {
      const word = words[at % words.length].replace(/[aeiou]/g, 'Å');
      added.push(word);
      more -= word.length + 1;
    }
    text.data += ' ' + added.join(' ');
  }
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll(
    'button, .button, select, textarea, summary, input:not([type=hidden]), a[href]')]
  .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.closest('.unseen, .skip, [hidden]'))
  .map((element) => {
    const own = element.matches('[type=checkbox], [type=radio]') && element.closest('.option') || element;
    const boxes = [...own.getClientRects()];
    return [element, Math.max(0, ...boxes.map((box) => Math.round(box.height)))];
  })
  .filter(([element, height]) => height > 0 && height < 44)
  .map(([element, height]) => `${height} px: ${element.outerHTML.slice(0, 90)}`)"""
SMALL_TEXT = """() => [...document.querySelectorAll('main :is(p, li, dd, td, label, legend, blockquote)')]
  .filter((element) => element.checkVisibility() && !element.closest('.hint, .unseen, .tag, .optional, .languages, .tabs')
    && !element.querySelector(':scope > .hint, :scope > .tag')
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    && parseFloat(getComputedStyle(element).fontSize) < 18)
  .map((element) => `${getComputedStyle(element).fontSize}: ${element.textContent.trim().slice(0, 60)}`)"""
# In forced colors a browser takes backgrounds away: what can be pressed keeps a line around or below it.
WITHOUT_EDGE = """() => [...document.querySelectorAll('button, .button, input:not([type=hidden]), textarea, select')]
  .filter((element) => element.checkVisibility() && !element.closest('.unseen'))
  .filter((element) => {
    const style = getComputedStyle(element);
    const native = element.matches('[type=checkbox], [type=radio], [type=file], [type=range]');
    return !native && parseFloat(style.borderBlockEndWidth) === 0 && parseFloat(style.outlineWidth) === 0
      && !style.textDecorationLine.includes('underline') && !element.closest('.ways');
  })
  .map((element) => element.outerHTML.slice(0, 90))"""
MOVING = """() => document.getAnimations().filter((one) => one.playState === 'running')
  .map((one) => one.animationName || one.transitionProperty)"""
# A shift is told of after the frame in which it happened, however long that takes on a busy machine.
SHIFTED = """() => new Promise((resolve) => {
  let sum = 0;
  const add = (entries) => { for (const one of entries) sum += one.value; };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
    add(observer.takeRecords());
    resolve(sum);
  }, 60)));
})"""
TICKED = """() => [...document.querySelectorAll('main :is([type=checkbox], [type=radio])[checked]')]
  .map((element) => element.outerHTML.slice(0, 90))"""
# Where somebody says yes to something for the first time. Elsewhere a tick shows what they chose before; and that a
# concern is about nobody by name stands ready, so that nothing is between a worry and its sending.
JOINING = re.compile(r"^/(get-support|open-groups|join|consent|referrals/new|stories/new|losses/new)\b")


@dataclass(frozen=True)
class Rule:
    name: str
    says: str
    check: Callable[[Page, str], list[str]]
    # Whether it holds on pages for the staff as well.
    is_for_all: bool = True


def axe(page: Page, rules: list[str] | None = None) -> list[str]:
    """Violations of all rules that axe-core has, or of some."""
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    if rules:
        options = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": rules}}
    violations = Axe().run(page, options=options).response["violations"]
    return [f"{violation['id']}: {node['target']}" for violation in violations for node in violation["nodes"]]


def headings(page: Page, _: str) -> list[str]:
    count = page.locator("h1").count()
    title = page.title()
    faults = [] if count == 1 else [f"{count} headings of the first rank"]
    return faults + ([] if " – " in title else [f"the title is {title!r}"])


def in_the_dark(page: Page, _: str) -> list[str]:
    page.emulate_media(color_scheme="dark")
    try:
        return axe(page, ["color-contrast"])
    finally:
        page.emulate_media(color_scheme="light")


def in_forced_colors(page: Page, _: str) -> list[str]:
    page.emulate_media(forced_colors="active")
    try:
        return page.evaluate(WITHOUT_EDGE)
    finally:
        page.emulate_media(forced_colors="none")


def at_every_width(page: Page, _: str) -> list[str]:
    """320 px is also what a desk of 1,280 px has at 400 %."""
    return [fault for size in (NARROW, *SIZES.values()) for fault in fits(page, size)]


def fits(page: Page, size: dict) -> list[str]:
    own = page.viewport_size
    page.set_viewport_size(size)
    width = page.evaluate("document.documentElement.scrollWidth")
    faults = [f"scrolls sideways at {size['width']}: {width}"] if width > size["width"] else []
    faults += [f"cut off at {size['width']}: {one}" for one in page.evaluate(CUT_OFF)]
    page.set_viewport_size(own)
    return faults


def with_wide_letters(page: Page, _: str) -> list[str]:
    # A style sheet that the page's own policy does not know; a reader's own is not under it either.
    page.evaluate("""(text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets.push(sheet);
    }""", SPACED)
    faults = fits(page, SIZES["phone"])
    page.evaluate("() => { document.adoptedStyleSheets.pop(); }")
    return faults


def with_longer_words(page: Page, _: str) -> list[str]:
    """Last, because it changes the page."""
    page.evaluate(LONGER)
    return [fault for size in SIZES.values() for fault in fits(page, size)]


def nothing_ticked(page: Page, path: str) -> list[str]:
    # Behind a question mark, a link says what somebody has pressed before.
    parts = urlsplit(path)
    return page.evaluate(TICKED) if JOINING.match(parts.path) and not parts.query else []


def nothing_shifts(page: Page, _: str) -> list[str]:
    sum_ = page.evaluate(SHIFTED)
    return [f"moved by {sum_:.3f}"] if sum_ > 0.01 else []


RULES = [
    Rule("WCAG 2.2 AA", "axe-core finds nothing, best practices included", lambda page, _: axe(page)),
    Rule("One heading", "one `h1`, and a title that names the page and the house", headings),
    Rule("Nothing moves by itself", "layout shift under 0.01 while it loads", nothing_shifts),
    Rule("Large targets", "what can be pressed is 44 px high or more", lambda page, _: page.evaluate(SMALL_TARGETS)),
    Rule("Large text", "running text is 18 px or more", lambda page, _: page.evaluate(SMALL_TEXT)),
    Rule("Dark", "enough contrast in the dark as well", in_the_dark),
    Rule("Forced colors", "what can be pressed keeps an edge where the system sets all colors", in_forced_colors),
    Rule("Reduced motion", "nothing runs", lambda page, _: page.evaluate(MOVING)),
    Rule("Nothing is ticked for anybody", "no box is ticked where somebody says yes for the first time", nothing_ticked),
    Rule("Plain words", "Flesch-Kincaid ≤ 6 and SMOG ≤ 9, no sentence over 20 words", complaints_about, False),
    Rule("Every width", "320, 390 and 1,280 px, which is 400 % zoom too: nothing scrolls sideways, nothing is cut off",
         at_every_width),
    Rule("Text spacing", "the same with the spacing of WCAG 1.4.12", with_wide_letters),
    Rule("Longer languages", "the same with every text 40 % longer", with_longer_words),
]
