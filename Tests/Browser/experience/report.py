"""docs/experience.md: what was looked at, and what was found."""

from collections import Counter

from experience.crawl import LANGUAGES, ROLES, Visit
from experience.page_rules import RULES
from support.server import ROOT



def write(visits: list[Visit], counts, faults, ways, sources: int, routes: list[str], missed: list[str],
          seconds: float) -> None:
    by_role = Counter((visit.role, visit.language) for visit in visits)
    lines = [
        "# How it feels to use",
        "",
        "Written by `make experience`, which starts the demonstration, goes everywhere that each role can go by links in",
        "each language, and checks every page against every rule. A part of it runs in `make ci`.",
        "",
        f"{len(visits)} pages, {seconds / 60:.0f} minutes.",
        "",
        "| role | " + " | ".join(LANGUAGES) + " |",
        "|---|" + "---:|" * len(LANGUAGES),
        *[f"| {role} | " + " | ".join(str(by_role[role, language]) for language in LANGUAGES) + " |" for role in ROLES],
        "",
        "## Every page",
        "",
        "| rule | holds when | pages | faults |",
        "|---|---|---:|---:|",
        *[f"| {rule.name} | {rule.says} | {counts[rule.name]} | {len(faults[rule.name])} |" for rule in RULES],
        f"| Markup | the W3C's validator finds no error | {sources} | {len(faults['Markup'])} |",
        f"| No other origin | no page asks another origin for anything | {len(visits)} | {len(faults['No other origin'])} |",
        f"| Its own policy | no page does what its policy forbids, no script fails | {len(visits)} "
        f"| {len(faults['Its own policy'])} |",
        "",
        "Reading grades are those of textstat 0.7.4, of English sentences of four words or more that are Kith's own, on the",
        "pages of strangers and participants; pages with fewer than eight such sentences are held to the length alone.",
        "",
        "## Every way",
        "",
        "| way | holds when | measured | faults |",
        "|---|---|---|---:|",
        *[f"| {way.name} | {way.says} | {measured} | {len(wrong)} |" for way, measured, wrong in ways],
        "",
        "## Does any page escape?",
        "",
        f"The program has {len(routes)} addresses of pages; the walks came to {len(routes) - len(missed)} of them. The others",
        "are behind a link that is sent to somebody, a form that was filled in, or a state that the demonstration does not",
        "have. Journeys of their own look at most of them.",
        "",
        "<details><summary>Those not come to</summary>",
        "",
        *[f"- `{route}`" for route in missed],
        "",
        "</details>",
        "",
    ]
    (ROOT / "docs" / "experience.md").write_text("\n".join(lines))
