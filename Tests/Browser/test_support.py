"""Proves that the checks the journeys rely on can fail."""

import shlex
import sys

import pytest

from support import server as servers
from support.pages import assert_accessible, look, sign_in
from support.server import Server
from support.visitors import Visitors

# A site small enough to read. What it does at SIGTERM is the argument.
SITE = """
import http.server, signal, sys
pages = {
    "/health": "ok",
    "/sign-in": '''<!doctype html><html lang="en"><title>Sign in</title><main><h1>Sign in</h1><form action="/home">
        <p><label>Sign-in name <input name="login"></label></p>
        <p><label>Password <input name="password" type="password"></label></p>
        <p><button>Sign in</button></p></form></main>''',
    "/home": '''<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
        <title>Home</title><main><h1>Welcome</h1></main>''',
}
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        page = pages.get(self.path.partition("?")[0])
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write((page or "").encode())
at_sigterm = {"stop": lambda *_: sys.exit(0), "ignore": signal.SIG_IGN, "crash": lambda *_: sys.exit(70)}
signal.signal(signal.SIGTERM, at_sigterm[sys.argv[2]])
print("Sign-in: ada", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def command(at_sigterm: str) -> str:
    return shlex.join([sys.executable, "-c", SITE.replace("{", "{{").replace("}", "}}"), "{port}", at_sigterm])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """In place of Kith, so that a fault in Kith is not a fault here."""
    server = Server(tmp_path_factory.mktemp("site"), command("stop"))
    yield server
    server.stop()


def test_a_planted_fault_is_found(visitor):
    page = visitor()
    page.set_content('<!doctype html><html><body><img src="data:,"><button></button></body></html>')
    with pytest.raises(AssertionError) as failure:
        assert_accessible(page)
    for expected in ["image-alt (critical): ['img']", "button-name (critical): ['button']", "html-has-lang (serious)"]:
        assert expected in str(failure.value)


def test_targets_that_are_too_small_are_found(visitor):
    page = visitor()
    page.goto("/home")
    assert_accessible(page)
    page.set_content(
        '<!doctype html><html lang="en"><title>Small</title><main><h1>Small</h1>'
        '<p style="font: 8px/8px sans-serif; display: flex">'
        '<button style="all: unset; width: 8px">a</button><button style="all: unset; width: 8px">b</button></p></main>'
    )
    with pytest.raises(AssertionError, match="target-size"):
        assert_accessible(page)


@pytest.mark.parametrize("size, width", [("phone", 390), ("desktop", 1280)])
def test_visitors_have_the_size_asked_for_and_share_nothing(visitor, size, width):
    first, second = visitor(size), visitor(size)
    for page in (first, second):
        page.goto("/home")
        assert page.evaluate("innerWidth") == width
    first.evaluate("document.cookie = 'seen=yes'")
    assert first.evaluate("document.cookie") == "seen=yes"
    assert second.evaluate("document.cookie") == ""


@pytest.mark.parametrize(
    "script, url",
    [
        ("new Image().src = 'http://elsewhere.example/pixel.png'", "http://elsewhere.example/pixel.png"),
        ("fetch('http://127.0.0.1:9/x').catch(() => 0)", "http://127.0.0.1:9/x"),
        ("new WebSocket('ws://elsewhere.example/live')", "ws://elsewhere.example/live"),
    ],
)
def test_a_request_to_another_origin_fails_the_visitors(browser, server, script, url):
    visitors = Visitors(browser, server.url)
    page = visitors.open()
    page.goto("/home")
    assert visitors.requests_elsewhere == []
    page.evaluate(f"void ({script})")
    page.wait_for_timeout(300)
    with pytest.raises(AssertionError, match="requests to another origin"):
        visitors.close()
    assert url in visitors.requests_elsewhere


def test_signing_in_fills_the_form_and_waits_for_the_next_page(visitor):
    page = visitor()
    sign_in(page, "ada", "secret")
    assert page.url.endswith("/home?login=ada&password=secret")
    assert page.get_by_role("heading", name="Welcome").is_visible()


def test_pictures_are_kept_only_when_asked_for(visitor, monkeypatch, tmp_path):
    monkeypatch.setattr("support.pages.SCREENS", tmp_path)
    monkeypatch.delenv("KITH_SCREENS", raising=False)
    page = visitor("desktop")
    page.goto("/home")
    look(page, "home")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("KITH_SCREENS", "1")
    look(page, "home")
    assert [picture.name for picture in tmp_path.iterdir()] == ["home-1280.png"]


def test_what_the_server_prints_can_be_read(server):
    assert "Sign-in: ada" in server.output


@pytest.mark.parametrize(
    "at_sigterm, message", [("ignore", "still running 1 s after SIGTERM"), ("crash", "ended with status 70")]
)
def test_a_server_that_does_not_stop_cleanly_is_a_failure(tmp_path, at_sigterm, message):
    server = Server(tmp_path, command(at_sigterm), seconds_to_stop=1)
    with pytest.raises(AssertionError, match=message):
        server.stop()
    assert not servers.is_healthy(server.url)


def test_a_server_that_does_not_start_shows_what_it_printed(tmp_path):
    broken = shlex.join([sys.executable, "-c", "import sys; print('the disk is full'); sys.exit(3)"])
    with pytest.raises(AssertionError, match="ended with status 3 before it was ready(.|\n)*the disk is full"):
        Server(tmp_path, broken)
