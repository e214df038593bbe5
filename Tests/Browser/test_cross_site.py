"""A page of another site sends every form there is, with the visitor's own cookies as far as the browser gives them: none
is accepted."""

import json
import re
import urllib.request

from support.pages import sign_in
from support.walks import PASSPHRASE, sign_ins
from test_policy import elsewhere

UNSAFE = {"post", "put", "patch", "delete"}


def unsafe_routes(url: str) -> list[tuple[str, str, dict]]:
    """Every address that changes something, with something in its holes, and the fields of its form."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    document = json.load(direct.open(f"{url}/openapi.json"))
    found = []
    for path, operations in document["paths"].items():
        for method in UNSAFE & operations.keys():
            content = operations[method].get("requestBody", {}).get("content", {})
            form = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
            fields = {name: "x" for name in form.get("properties", {})}
            found.append((method, re.sub(r"\{\w+\}", "0195cf1e-0000-7000-8000-000000000001", path), fields))
    return found


def form(url: str, path: str, fields: dict, kind: str) -> str:
    inputs = "".join(f"<input name='{name}' value='{value}'>" for name, value in fields.items())
    return f"<form method='post' action='{url}{path}' enctype='{kind}'>{inputs}</form>"


def test_nothing_is_accepted_from_another_site(server, browser):
    routes = unsafe_routes(server.url)
    assert len(routes) > 60
    forms = [(path, fields) for method, path, fields in routes if method == "post"]
    kinds = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"]
    pages = {
        f"/{number}/{kind}": form(server.url, path, fields, kind)
        for number, (path, fields) in enumerate(forms) for kind in kinds[: 3 if number % 10 == 0 else 1]
    }
    proven = {page for page in pages if forms[int(page.split("/")[1])][0].startswith(("/stop/", "/text-messages"))}
    with elsewhere({**pages, "/": "<p>Another site</p>"}) as origin:
        context = browser.new_context(base_url=server.url)
        page = context.new_page()
        sign_in(page, sign_ins(server.output)["Participant"], PASSPHRASE)
        # The premise: from our own page the same browser is let through the same door.
        own = page.evaluate("() => fetch('/language', { method: 'POST', body: new URLSearchParams({ locale: 'en' }) })"
                            ".then((answer) => answer.status)")
        assert own == 200, own
        refused = 0
        for path in pages:
            page.goto(f"{origin}{path}")
            with page.expect_navigation() as navigation:
                page.evaluate("() => { document.forms[0].submit() }")
            answer = navigation.value
            # Mail programs may send a link to stop from anywhere: its own signature lets them in, and this one is forged.
            # So may a gateway for text messages, with its own proof, where one is set up; here none is.
            refusals = (404,) if path in proven else (401, 403, 415)
            assert answer.status in refusals, f"{answer.url}: {answer.status}"
            assert answer.status != 415 or "/fhir" in answer.url, answer.url
            refused += 1
        assert refused == len(pages)
        # Scripts of the other site get no further, with any method.
        page.goto(origin)
        statuses = []
        page.on("response", lambda response: statuses.append((response.url, response.status)))
        for method, path, fields in routes:
            page.evaluate(
                """([url, method, fields]) => fetch(url, {
                  method, credentials: 'include', mode: method === 'POST' ? 'no-cors' : 'cors',
                  body: new URLSearchParams(fields),
                }).catch(() => null)""",
                [server.url + path, method.upper(), fields],
            )
        # Where the browser itself lets nothing through, there is no answer at all.
        accepted = [found for found in statuses if found[1] not in (400, 401, 403, 404, 405, 415)]
        assert not accepted, accepted
        # Whoever was signed in still is, and as the one they were.
        assert page.goto(f"{server.url}/home").status == 200
        context.close()
