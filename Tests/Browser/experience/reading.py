"""How hard a page is to read, by the formulas of Flesch and Kincaid and of McLaughlin (SMOG), as textstat computes them.

Of English alone: the formulas count syllables of English. What people and the house wrote is not counted, nor are names."""

import re

import textstat
from playwright.sync_api import Page

HARDEST_GRADE = 6.0
HARDEST_SMOG = 9.0
LONGEST_SENTENCE = 20
# Fewer sentences than this say more about chance than about the page.
FEWEST_SENTENCES = 8

# A line for each paragraph, heading and label of what is ours.
OURS = """() => [...document.querySelectorAll('main :is(h1, h2, h3, p, li, dt, dd, label, legend, summary, button, a.button)')]
  .filter((element) => element.checkVisibility()
    && !element.closest('.words, p.card, blockquote, .person, .message, .code, [dir=auto], [translate=no], .languages, time, table')
    && !element.querySelector('h1, h2, h3, p, li, label, button, form'))
  .map((element) => element.innerText.replace(/\\s+/g, ' ').trim())
  .filter((text) => text)"""
# Telephone numbers, times, addresses and amounts are read out, not read.
NOT_WORDS = re.compile(r"\S*\d\S*|\S+@\S+|https?://\S+")


def sentences(lines: list[str]) -> list[str]:
    """Each a sentence with its mark at the end. Lines that only name something, such as a button, count with others as
    parts of a list do: they are left out, or they would make every page look easier than it is."""
    found = []
    for line in lines:
        line = re.sub(r"\s+", " ", NOT_WORDS.sub("", line)).strip()
        for part in re.split(r"(?<=[.!?:;])\s+", line):
            if len(part.split()) >= 4:
                found.append(part if part[-1] in ".!?" else part.rstrip(":;,") + ".")
    return found


def complaints_about(page: Page, _: str) -> list[str]:
    if page.evaluate("document.documentElement.lang") != "en":
        return []
    found = sentences(page.evaluate(OURS))
    faults = [f"{len(one.split())} words: {one}" for one in found if len(one.split()) > LONGEST_SENTENCE]
    if len(found) < FEWEST_SENTENCES:
        return faults
    text = " ".join(found)
    grade, smog = textstat.flesch_kincaid_grade(text), textstat.smog_index(text)
    if grade > HARDEST_GRADE:
        faults.append(f"Flesch-Kincaid {grade:.1f}")
    if smog > HARDEST_SMOG:
        faults.append(f"SMOG {smog:.1f}")
    return faults
