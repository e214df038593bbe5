"""Every address of /openapi.json is asked with whatever its description allows and does not allow, by a stranger, by people
of several roles and by a partner's system: nothing is a fault of the server, and every answer is one that is described."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
import time

from support.kith import ROOT, Demo
from support.tally import torture

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
AIM = ["--organization", "riverside", "--program", "Family and bereaved caregivers"]
# A stream does not end. Signing out and ending sessions would end the run's own.
LEFT_OUT = r"/events$|/sign-out|/account/sign-outs"


class Planted(http.server.BaseHTTPRequestHandler):
    """A server with two faults: one input that it fails at, and one answer that is not described."""

    def do_GET(self):
        if self.path.startswith("/faulty") and "0" in self.path:
            return self._answer(500)
        self._answer(418 if self.path.startswith("/odd") else 200)

    def _answer(self, status: int):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def run(folder, document: str, url: str, examples: int, phases: str, environment: dict[str, str], *more: str):
    """Runs schemathesis.
    :return: whether it found nothing, what it said, and how many requests it made"""
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", document, "--url", url, "--checks", CHECKS,
         "--phases", phases, "--max-examples", str(examples), "--exclude-path-regex", LEFT_OUT, "--workers", "1",
         "--suppress-health-check", "all", "--no-shrink", "--warnings", "off", "--seed", "1", "--continue-on-failure",
         *more],
        capture_output=True, text=True, timeout=1_700, cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "support.schema_hooks", "PYTHONPATH": str(ROOT / "Tests" / "Torture"), "NO_COLOR": "1", "COLUMNS": "160",
             "NO_PROXY": "127.0.0.1", **environment},
    )
    said = done.stdout + done.stderr
    cases = re.search(r"(\d+) generated", said)
    return done.returncode == 0, said, int(cases.group(1)) if cases else 0


def premise(tally, folder) -> None:
    """A planted fault and a planted difference from the description are both found."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Planted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    operation = {
        "parameters": [{"name": "x", "in": "query", "required": True, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "Good.", "content": {"text/plain": {}}}},
    }
    document = folder / "planted.json"
    for path, words in {"/faulty": "Server error", "/odd": "Undocumented status code", "/good": None}.items():
        document.write_text(json.dumps({
            "openapi": "3.1.0", "info": {"title": "Planted", "version": "1"},
            "paths": {path: {"get": operation}},
        }))
        found_nothing, said, _ = run(folder, str(document), f"http://127.0.0.1:{server.server_address[1]}", 100, "fuzzing", {})
        tally.check(found_nothing == (words is None) and (words or "") in said, f"the planted {path}: {said[-1500:]}")
    server.shutdown()


def things(visitor) -> list[str]:
    """Identifiers that stand on the first pages somebody sees."""
    found = set()
    for path in ["/", "/home", "/today", "/board", "/conversations", "/encounters", "/supporters", "/programs"]:
        found |= set(re.findall(r"/([0-9a-f]{8}-[0-9a-f-]{27})", visitor.get(path).text))
    return sorted(found)[:20]


with torture() as tally:
    with Demo() as kith:
        premise(tally, kith.folder)
        document = kith.folder / "openapi.json"
        who = {"visitor": None, "participant": "Participant", "coordinator": "Coordinator", "partner": None}
        if tally.short:
            examples, phases = 2, "fuzzing"
        else:
            examples, phases = 100, "examples,coverage,fuzzing"
        for name, role in who.items():
            visitor = kith.sign_in(role) if role else None
            document.write_text((visitor or kith.stranger()).get("/openapi.json").text)
            more, environment = [], {}
            if visitor:
                cookies = "; ".join(f"{key}={value}" for key, value in visitor.cookies.items())
                more = ["-H", f"Cookie: {cookies}"]
                environment = {"TORTURE_FORM_TOKEN": visitor.token, "TORTURE_THINGS": ",".join(things(visitor))}
            if name == "partner":
                more = ["-H", f"Authorization: Bearer {kith.add_partner('Mercy Clinic', *AIM)}",
                        "--include-path-regex", "^/fhir"]
                examples *= 4
            start = time.monotonic()
            good, said, cases = run(
                kith.folder, str(document), kith.url, examples, phases, environment, "-H", "Sec-Fetch-Site: same-origin", *more
            )
            tally.say(f"{name}: {cases} requests in {time.monotonic() - start:.0f} s")
            with tally.fault(f"what a {name} may send"):
                assert cases > 100, f"next to nothing was asked: {said[-1500:]}"
                assert good, said[-6_000:]
            tally.add(cases, cases, name)
            tally.check(kith.is_alive and kith.answers(), f"the server, after {name}")
