"""Threads that touch the same thing without a lock: the tests of the store, of the streams of events, of the hub and of
sessions run under the thread sanitizer, which must report a planted race first and nothing else after."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from support.kith import ROOT
from support.tally import torture

BUILD = [*"swift build --build-tests --sanitize=thread --scratch-path".split(), ".build/threads"]
RUN = [*"swift test --skip-build --sanitize=thread --scratch-path".split(), ".build/threads"]
# What simulates a disk without syncs needs no second thread, and takes long.
LEFT_OUT = "FailingDiskTests|PowerCutTests|ThreadSanitizerTests|SignInTimingTests"
SUITES = {
    "the store": "^StorageTests",
    "streams of events": "^WebTests.Event",
    "conversations, the hub and live pages": "^KithTests.(Hub|Conversation|Message|Stream|Live)",
    "sessions and tries to sign in": "^KithTests.(Session|SignIn|Account|SecondFactor)",
    "the outbox and the ladder of a concern": "^KithTests.(Outbox|Concern|Ladder)",
    "the running program": "^KithCommandTests.(Serve|Outbox|Watch)",
}


def reports(suite: str, preload: Path | None, **environment: str) -> tuple[int, str]:
    """:return: how many races the sanitizer reported in the suites of a pattern, and what was printed"""
    loaded = {"LD_PRELOAD": str(preload)} if preload else {}
    done = subprocess.run(
        [*RUN, "--filter", suite, "--skip", LEFT_OUT.replace("|ThreadSanitizerTests", "") if environment else LEFT_OUT],
        cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "TSAN_OPTIONS": "halt_on_error=0 history_size=4", **loaded, **environment},
    )
    said = done.stdout + done.stderr
    tests = re.search(r"Test run with (\d+) tests?", said)
    assert tests and int(tests.group(1)) > 0, f"no test was run: {said[-2000:]}"
    return said.count("WARNING: ThreadSanitizer"), said


with torture() as tally:
    if tally.short:
        print("threads: left out in short, for it builds everything once more")
        sys.exit(0)
    subprocess.run(BUILD, cwd=ROOT, check=True, stdout=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        shim = Path(folder) / "mutex.so"
        subprocess.run(
            ["clang", "-O1", "-shared", "-fPIC", "-o", shim, ROOT / "Tests/Threads/MutexTellsThreads.c", "-ldl"], check=True)
        found, said = reports("ThreadSanitizerTests/race", shim, KITH_THREADS="planted")
        assert found > 0, f"a planted race is not reported, so nothing is proved: {said[-2000:]}"
        found, said = reports("ThreadSanitizerTests/queue", shim, KITH_THREADS="planted")
        assert found == 0, f"who waits for a lock is taken for a race: {said[-2000:]}"
        for what, suite in SUITES.items():
            with tally.fault(what):
                found, said = reports(suite, shim)
                count = re.search(r"Test run with (\d+) tests?", said).group(1)
                tally.say(f"{what}: {count} tests, {found} races")
                assert found == 0, said[said.index("WARNING: ThreadSanitizer"):][:4000]
