"""Who goes where: every role from their first page along every link, in each language, and whether any page escapes."""

import json
import re
import urllib.request
from dataclasses import dataclass, field
from typing import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from support.languages import Translated
from support.server import Server
from support.visitors import Visitors
from support.walks import IN_NAMES, OF_A_KIND, PASSPHRASE, follow, kind_of, sign_ins

# Each role, the name of somebody who has it in the demonstration, and their first page.
ROLES = {
    "stranger": (None, "/"), "participant": ("Participant", "/home"), "supporter": ("Supporter", "/today"),
    "coordinator": ("Coordinator", "/board"), "referrer": ("Referrer", "/referrals/sent"),
    "supervisor": ("Supervisor", "/team"), "administrator": ("Administrator", "/people"),
}
LANGUAGES = {"en": ("en-US", "ltr"), "es": ("es-US", "ltr"), "ar": ("ar", "rtl")}
# Roles whose pages are for people who are tired, worried or grieving.
PLAIN = {"stranger", "participant"}


@dataclass(frozen=True)
class Visit:
    role: str
    language: str
    path: str

    @property
    def name(self) -> str:
        """For files: the role, the language and the page without identifiers."""
        kind = kind_of(self.path).strip("/").translate(IN_NAMES) or "front"
        return f"{self.role}-{self.language}-{kind}"


@dataclass
class Crawl:
    """What was visited, and whom the visitors' pages asked for anything."""
    visits: list[Visit] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def crawl(browser: Browser, server: Server, look: Callable[[Page, Visit], None], roles=ROLES, languages=LANGUAGES,
          of_a_kind: int = OF_A_KIND, most: int = 200) -> Crawl:
    result = Crawl()
    for language in languages:
        for role in roles:
            visitors = Visitors(browser, server.url)
            page = visitors.open("desktop", locale=LANGUAGES[language][0])
            enter(page, server, role, language)
            for path, _, _ in follow(page, ROLES[role][1], of_a_kind, most):
                result.visits.append(Visit(role, language, path))
                look(page, result.visits[-1])
            result.elsewhere += visitors.requests_elsewhere
            result.complaints += visitors.complaints
            visitors.requests_elsewhere.clear()
            visitors.complaints.clear()
            visitors.close()
    return result


def enter(page: Page, server: Server, role: str, language: str = "en") -> None:
    """Signs somebody with this role in, in this language."""
    name, _ = ROLES[role]
    if name:
        Translated(language, LANGUAGES[language][1]).sign_in(page, sign_ins(server.output)[name], PASSPHRASE)


def page_routes(server: Server) -> list[str]:
    """Every address of a page that the program says it has, as `/matches/{id}`."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{server.url}/openapi.json") as answer:
        paths = json.load(answer)["paths"]
    return sorted(path for path, methods in paths.items()
                  if "text/html" in methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {}))


def unvisited(routes: list[str], visits: list[Visit]) -> list[str]:
    """The addresses that no visit came to: each visit counts for the most exact address that it fits."""
    patterns = {route: re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(route))) for route in routes}
    reached = set()
    for visit in visits:
        path = urlsplit(visit.path).path
        fitting = [route for route, pattern in patterns.items() if pattern.fullmatch(path)]
        if fitting:
            reached.add(min(fitting, key=lambda route: route.count("{")))
    return [route for route in routes if route not in reached]

