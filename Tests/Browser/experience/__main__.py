"""Looks at every page of every role in every language, goes every way, and writes docs/experience.md.

  python -m experience            as `make experience` runs it
  python -m experience --pictures as `make screenshots` runs it: pictures of every page in var/screenshots
  python -m experience --first-screens    what each role sees first, for README.md, in docs/pictures
"""

import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from playwright.sync_api import sync_playwright

from experience import markup
from experience.crawl import LANGUAGES, PLAIN, ROLES, Visit, crawl, page_routes, unvisited
from experience.journeys import WAYS
from experience.page_rules import RULES
from experience.pictures import take_first_screens, take_pictures
from experience.report import write
from support.server import Server
from support.visitors import launch


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server, browser = Server(Path(folder)), launch(playwright)
        try:
            work = {"--pictures": take_pictures, "--first-screens": take_first_screens}
            return work.get(sys.argv[-1], look_at_everything)(browser, server)
        finally:
            browser.close()
            server.stop()


def look_at_everything(browser, server) -> int:
    faults: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    sources: dict[str, str] = {}
    began = time.monotonic()

    def look(page, visit: Visit) -> None:
        sources.setdefault(visit.name, page.request.get(visit.path).text())
        for rule in RULES:
            if rule.is_for_all or visit.role in PLAIN:
                counts[rule.name] += 1
                faults[rule.name] += [f"{visit.name}: {fault}" for fault in rule.check(page, visit.path)]

    done = crawl(browser, server, look)
    for name, fault in markup.faults(sources):
        faults["Markup"].append(f"{name}: {fault}")
    ways = []
    for way in WAYS:
        measured, wrong = way.go(browser, server)
        ways.append((way, measured, wrong))
        faults[way.name] += wrong
    faults["No other origin"] += done.elsewhere
    faults["Its own policy"] += done.complaints
    routes = page_routes(server)
    write(done.visits, counts, faults, ways, len(sources), routes, unvisited(routes, done.visits),
          time.monotonic() - began)
    wrong = {name: found for name, found in faults.items() if found}
    for name, found in wrong.items():
        print(f"{name}: {len(found)}", *sorted(set(found))[:20], sep="\n  ")
    print(f"{len(done.visits)} pages of {len(ROLES)} roles in {len(LANGUAGES)} languages: "
          f"{sum(map(len, wrong.values()))} faults")
    return 1 if wrong else 0


sys.exit(main())
