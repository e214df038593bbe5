"""The first write, sync, opening, reading or deletion on a simulated disk fails, then the second, and so on until a run
needs no more of them: no crash, nothing acknowledged that is not there, and it works again when the disk does."""

import re

from support.swift import swift_test
from support.tally import torture

with torture() as tally:
    passed, said = swift_test("FailingDiskTests")
    runs = re.findall(r"calls failed: (\d+), (.*), (?:goes on|starts again)", said)
    tried = sum(int(calls) for calls, _ in runs)
    tally.add(tried, tried if passed else 0, "calls of the disk that failed")
    tally.check(passed, said[-3000:])
    tally.say(f"{len(runs)} kinds of failure")
