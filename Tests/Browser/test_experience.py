"""The rules of how Kith feels: each finds a planted fault, and the first pages of every role keep them all. `make
experience` holds every page to them."""

import pytest

from experience import markup
from experience.crawl import PLAIN, ROLES, Visit, crawl
from experience.journeys import WAYS
from experience.page_rules import RULES

# Put into a page one at a time, each breaks one rule and is found by it.
PLANTED = {
    "WCAG 2.2 AA": "add('img', { src: 'data:,' })",
    "One heading": "add('h1', {}, 'Another')",
    "Nothing moves by itself": "main.prepend('It came late. '.repeat(200))",
    "Large targets": "add('button', { class: 'tiny' }, 'x')",
    "Large text": "add('p', { class: 'small' }, 'Small words')",
    "Dark": "add('p', { class: 'faint' }, 'Faint words')",
    "Forced colors": "add('button', { class: 'flat' }, 'Flat')",
    "Reduced motion": "main.animate([{ opacity: 1 }, { opacity: .5 }], { duration: 1e6, iterations: Infinity })",
    "Nothing is ticked for anybody": "add('input', { type: 'checkbox', checked: '' })",
    "Plain words": "add('p', {}, Array(30).fill('utilization').join(' ') + '.')",
    "Every width": "add('p', { class: 'wide' }, 'Wide')",
    "Text spacing": "add('p', { class: 'exact' }, 'Eighteen letters..')",
    "Longer languages": "add('p', { class: 'exact' }, 'Eighteen letters..')",
}
STYLES = """.tiny { min-block-size: 0; block-size: 20px; padding: 0; } .small { font-size: 12px; }
.faint { color: #3a3530; } .flat { border: 0; outline: 0; } .wide { inline-size: 3000px; max-inline-size: none; }
.exact { inline-size: max-content; max-inline-size: 9rem; white-space: nowrap; overflow: hidden; }"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_planted_fault_is_found(visitor, rule):
    planted = PLANTED[rule.name]
    page = visitor("desktop", locale="en-US")
    page.goto("/get-support/riverside")
    assert rule.check(page, "/get-support/riverside") == [], "the premise: the page keeps the rule"
    page.reload()
    # What comes before anything is seen moves nothing.
    page.evaluate("() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")
    page.evaluate("""(styles) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
      document.adoptedStyleSheets = [sheet];
    }""", STYLES)
    page.evaluate(f"""() => {{
      const main = document.querySelector('main');
      const add = (tag, attributes, text = '') => {{
        const element = main.appendChild(document.createElement(tag));
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.textContent = text;
      }};
      {planted};
    }}""")
    assert rule.check(page, "/get-support/riverside") != []


def test_the_validator_finds_a_planted_fault():
    good = "<!doctype html><html lang=en><title>x</title><p>Good</p></html>"
    found = markup.faults({"good": good, "bad": good.replace("<p>", "<p><div>").replace("Good", "<b>Bad")})
    assert found and {name for name, _ in found} == {"bad"}


@pytest.mark.timeout(600)
def test_the_first_pages_of_each_role(browser, server):
    sources, faults = {}, []

    def look(page, visit: Visit) -> None:
        sources.setdefault(visit.name, page.request.get(visit.path).text())
        for rule in RULES:
            if rule.is_for_all or visit.role in PLAIN:
                faults.extend(f"{rule.name}: {visit.name}: {fault}" for fault in rule.check(page, visit.path))

    done = crawl(browser, server, look, ROLES, ["en"], of_a_kind=1, most=6)
    assert len(done.visits) == 6 * len(ROLES), "the premise: it comes to so many"
    faults += [f"Markup: {name}: {fault}" for name, fault in markup.faults(sources)]
    assert not faults + done.elsewhere + done.complaints, "\n  ".join(faults + done.elsewhere + done.complaints)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_each_way(browser, server, way):
    measured, faults = way.go(browser, server)
    assert not faults, f"{measured}: {faults}"
