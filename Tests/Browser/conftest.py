"""Fixtures of the browser journeys. `make test` runs them; by hand, after `make build`:

.venv/bin/python -m pytest Tests/Browser -k referral
"""

import pytest
from playwright.sync_api import sync_playwright

from support.server import Server
from support.visitors import Visitors, launch

SECONDS_PER_TEST = 120


def pytest_collection_modifyitems(items):
    for item in items:
        if not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SECONDS_PER_TEST))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A Kith with demonstration data, shared by all journeys."""
    server = Server(tmp_path_factory.mktemp("kith"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright):
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def visitor(browser, server):
    """Opens a page for one more visitor: `visitor()` has a phone, `visitor("desktop")` a desk."""
    visitors = Visitors(browser, server.url)
    yield visitors.open
    visitors.close()
