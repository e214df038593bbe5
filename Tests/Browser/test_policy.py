"""What the browser itself forbids: scripts in a page's text, strings as code, and pages inside other pages."""

import http.server
import threading
from contextlib import contextmanager

import pytest

from support.pages import sign_in
from support.walks import PASSPHRASE, sign_ins


@contextmanager
def elsewhere(pages: dict[str, str]):
    """Another site, on another address of this machine. Yields its origin."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            text = pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.2", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.2:{server.server_address[1]}"
    server.shutdown()


def what_is_thrown(page, code: str) -> str:
    """Runs code in the page as one of its own scripts would, and returns the name of the error."""
    return page.evaluate(f"() => {{ try {{ {code}; return 'nothing' }} catch (error) {{ return error.name }} }}")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/home", "/nowhere"])
def test_strings_do_not_become_code(visitor, server, path):
    page = visitor("desktop", violations_allowed=True)
    sign_in(page, sign_ins(server.output)["Participant"], PASSPHRASE)
    page.goto(path)
    for code in [
        "document.body.innerHTML = '<b>x</b>'", "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
        "document.write('<b>x</b>')", "document.createElement('script').text = 'x'",
        "document.createElement('script').src = '/x.js'", "new DOMParser().parseFromString('<b>', 'text/html')",
        "trustedTypes.createPolicy('app', { createHTML: (text) => text })",
    ]:
        assert what_is_thrown(page, code) == "TypeError", f"{path}: {code}"
    assert page.locator("b", has_text="x").count() == 0
    # What is put in as an element is not run either.
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.append('document.title = "run"');
          document.body.append(script);
        }"""
    )
    assert page.title() != "run"
    assert any("Content Security Policy" in said or "Trusted" in said for said in page.context.complaints)


def test_no_page_of_ours_is_shown_inside_another(visitor, server, browser):
    with elsewhere({"/": f"<iframe src='{server.url}/sign-in'></iframe>"}) as origin:
        context = browser.new_context()
        page = context.new_page()
        page.goto(origin)
        page.wait_for_timeout(500)
        inside = [frame for frame in page.frames if frame != page.main_frame]
        assert inside and all("sign-in" not in frame.url for frame in inside), [frame.url for frame in inside]
        context.close()


def test_another_site_cannot_read_or_hold_a_page(visitor, server, browser):
    script = f"""<script>
      const other = open('{server.url}/sign-in');
      setTimeout(() => {{ document.title = other.closed ? 'let go' : 'held'; }}, 1000);
      fetch('{server.url}/health', {{ credentials: 'include' }})
        .then(() => document.body.append('read'), () => document.body.append('refused'));
    </script><body></body>"""
    with elsewhere({"/": script}) as origin:
        context = browser.new_context()
        page = context.new_page()
        page.goto(origin)
        page.wait_for_function("document.title !== ''")
        assert page.title() == "let go"
        assert page.inner_text("body") == "refused"
        context.close()
