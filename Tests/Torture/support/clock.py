"""A clock that jumps under a running server, by libfaketime. Only the wall clock jumps; measured time goes on."""

from pathlib import Path


class Clock:
    def __init__(self, folder: Path):
        self._file = folder / "clock"
        self.set("+0")
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        assert library, "libfaketime is missing; scripts/setup --tests installs it"
        self.environment = {
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC",
            # The library would name its shared memory in the environment, and a Swift program finds its arguments by
            # where the environment was when it started. Where it is named already, the library leaves it alone.
            "FAKETIME_SHARED": "/none /none",
        }

    def set(self, moment: str) -> None:
        """:param moment: `+2d` or `-1h` from what it really is, or a moment in UTC: `@2038-01-19 03:14:05`"""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(moment + "\n")
        fresh.rename(self._file)
