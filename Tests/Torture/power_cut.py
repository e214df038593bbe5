"""The power goes while a store opens its database, writes to it or closes it: sectors that were not synced are lost,
torn or kept, and nothing acknowledged may be among them. The disk is simulated, because killing a process leaves the
operating system's cache alone; see Tests/PowerCut. The same servers must lose some where commits are not synced."""

import re

from support.swift import swift_test
from support.tally import torture

# Each loses its power up to three times.
SERVERS, SERVERS_IN_SHORT = 2_600, 100

with torture() as tally:
    servers = SERVERS_IN_SHORT if tally.short else SERVERS
    passed, said = swift_test("PowerCutTests", KITH_POWER_CUT_SERVERS=str(servers))
    losing = int(re.search(r"not synced: (\d+) of 20 servers", said).group(1))
    assert losing > 0, "without syncs nothing is lost either, so nothing is proved"
    halves = re.findall(r"power cuts: (\d+), acknowledged: (\d+), lost: (\d+)", said)
    assert len(halves) == 2, f"two halves of the servers, not {len(halves)}"
    cuts, acknowledged, lost = (sum(int(half[place]) for half in halves) for place in range(3))
    tally.add(cuts, cuts if passed else 0, "power cuts")
    tally.lost += lost
    tally.say(f"{acknowledged} writes acknowledged; without syncs {losing} of 20 servers lose some")
    if not passed:
        tally.say(said[-3000:])
