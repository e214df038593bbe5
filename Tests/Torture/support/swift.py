"""Swift tests as tortures: what only a test inside the store can break, such as its simulated disk."""

import os
import subprocess

from support.kith import ROOT


def swift_test(suite: str, **environment: str) -> tuple[bool, str]:
    """Builds the tests and runs one suite. :return: whether it passed, and what it printed"""
    subprocess.run(["swift", "build", "--build-tests"], cwd=ROOT, check=True, capture_output=True)
    done = subprocess.run(
        ["swift", "test", "--skip-build", "--filter", suite], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, **environment},
    )
    said = done.stdout + done.stderr
    assert "Test run with 0 tests" not in said and "Test run with" in said, f"no test was run: {said[-2000:]}"
    return done.returncode == 0, said
