"""Walks through the demonstration: from somebody's first page along every link."""

import json
import re
from urllib.parse import urlsplit

from support.pages import inspect
from support.server import ROOT

PASSPHRASE = "quiet river morning"
# An identifier, a signed token, the number of a message: pages that differ in these alone are looked at a few times
# only.
NAME = re.compile(r"/[\w-]+(\.[\w-]+){3}|/[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/messages)/\d+")
OF_A_KIND = 2
IN_NAMES = str.maketrans({"/": "-", "?": "-", "*": "one"})
MOST_PAGES = 60


def sign_ins(output: str) -> dict[str, str]:
    """What the demonstration prints: a sign-in name for each role, the first of a role that has several."""
    found = re.findall(r"^  ([A-Z][a-z]+)  .*?(\S+@\S+)  ", output, re.MULTILINE)
    assert found, f"no sign-ins in:\n{output}"
    return {role: login for role, login in reversed(found)}


def participants(program: str, story: str = "support") -> list[str]:
    """Sign-in names of people of a program of the demonstration, who are supported or in another state, and do not read
    their pages in Arabic. They come in the same order on every run, so that no two journeys take the same person."""
    people = json.loads((ROOT / "Sources/KithCommand/Demonstration/participants.json").read_text())
    return [one["email"] for one in people
            if one["program"] == program and one["story"] == story and one.get("email") and one["language"] != "ar"]


def links(page) -> list[str]:
    """The links of a page that stay on this site and in its language, as paths with what follows the question mark."""
    found = page.eval_on_selector_all("a[href]:not([download], [hreflang])", "links => links.map(link => link.href)")
    parts = [urlsplit(link) for link in found]
    return [part._replace(scheme="", netloc="", fragment="").geturl() for part in parts
            if part.netloc == urlsplit(page.url).netloc]


def kind_of(link: str) -> str:
    """What pages that differ in identifiers and values alone have in common."""
    part = urlsplit(link)
    names = sorted(pair.partition("=")[0] for pair in part.query.split("&") if pair)
    return "?".join([NAME.sub("/*", part.path), *names])


def follow(page, first: str, of_a_kind: int = OF_A_KIND, most: int = MOST_PAGES):
    """Goes from page to page, from `first` along every link: tells of each its path, its kind and how many of that kind
    there have been."""
    waiting, known, kinds, count = [first], {first}, {}, 0
    while waiting and count < most:
        path = waiting.pop(0)
        kind = kind_of(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > of_a_kind:
            continue
        answer = page.goto(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        count += 1
        # The links before anything is tried on the page.
        found = links(page)
        yield path, kind, kinds[kind]
        for link in found:
            if link not in known and not link.startswith(("/assets/", "/sign-out", "/leaving")):
                known.add(link)
                waiting.append(link)


def walk(page, first: str, name: str, look_at=inspect) -> list[str]:
    """Visits what can be reached from `first`, and looks at each page: at every width, unless told otherwise."""
    visited = []
    for path, kind, number in follow(page, first):
        visited.append(path)
        look_at(page, f"{name}{kind.translate(IN_NAMES)}-{number}")
    return visited


# Each role, its first page, and how many pages it has at least.
ROLES = [
    ("Coordinator", "/board", 8), ("Supporter", "/today", 6), ("Participant", "/home", 5),
    ("Referrer", "/referrals/sent", 4), ("Supervisor", "/team", 3), ("Administrator", "/people", 3),
]
