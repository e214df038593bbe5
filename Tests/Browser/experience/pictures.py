"""Pictures of every page: each role, on a phone and at a desk, by day and in the dark, in English and in Arabic."""

import html
import shutil

from PIL import Image
from playwright.sync_api import Browser, Page

from experience.crawl import ROLES, Visit, crawl, enter
from support.server import ROOT, Server
from support.visitors import SIZES, Visitors

FOLDER = ROOT / "var" / "screenshots"
FIRST_SCREENS = {
    "participant": "phone", "supporter": "phone", "coordinator": "desktop", "referrer": "desktop",
    "supervisor": "desktop", "administrator": "desktop",
}


def take_first_screens(browser: Browser, server: Server) -> int:
    """What each role sees first, for the front page of the repository: few colors, so that they stay small."""
    for role, size in FIRST_SCREENS.items():
        visitors = Visitors(browser, server.url)
        page = visitors.open(size, locale="en-US")
        enter(page, server, role)
        page.goto(ROLES[role][1])
        file = ROOT / "docs" / "pictures" / f"{role}.png"
        page.screenshot(path=file)
        Image.open(file).convert("RGB").quantize(64).save(file, optimize=True)
        visitors.close()
    print(f"{len(FIRST_SCREENS)} pictures in docs/pictures")
    return 0


def take_pictures(browser: Browser, server: Server) -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    taken: dict[str, list[str]] = {}

    def look(page: Page, visit: Visit) -> None:
        files = taken.setdefault(visit.name, [])
        if files:
            return
        for width, size in SIZES.items():
            page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                file = f"{visit.name}-{width}-{scheme}.png"
                page.screenshot(path=FOLDER / file, full_page=True)
                files.append(file)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(SIZES["desktop"])

    crawl(browser, server, look, ROLES, ["en", "ar"], of_a_kind=1)
    lines = [
        f"<h2 id={html.escape(name)}>{html.escape(name)}</h2>"
        + "".join(f'<a href="{file}"><img loading=lazy height=480 src="{file}" alt="{file}"></a> ' for file in files)
        for name, files in taken.items()
    ]
    (FOLDER / "index.html").write_text("<!doctype html><title>Every page</title>" + "\n".join(lines))
    print(f"{sum(map(len, taken.values()))} pictures of {len(taken)} pages: {FOLDER.relative_to(ROOT)}/index.html")
    return 0
