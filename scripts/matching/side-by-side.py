"""Prints what scripts/bench-matching measured as one table: side-by-side.py FOLDER SIZES.

Milliseconds are of the processor, the best of the repeats, unless the line says otherwise. An answer that another program's check refused, or that differs
from the peer's, is an error.
"""

import json
import os
import sys

folder, sizes = sys.argv[1], sys.argv[2].split(",")


def rows(name):
    path = os.path.join(folder, name + ".ndjson")
    return [json.loads(line) for line in open(path)] if os.path.exists(path) else []


def best(found, key="cpu_s"):
    return min(found, key=lambda row: row[key], default=None)


def milliseconds(value):
    return f"{value * 1000:,.0f}" if value >= 0.1 else f"{value * 1000:.3g}"


table, faults = [], []


def line(what, size, peer, theirs, ours, memory=""):
    ratio = f"{theirs / ours:.1f}"
    table.append(f"| {what} | {size} | {peer} | {milliseconds(theirs)} | {milliseconds(ours)} | {ratio} | {memory} |")


runs = [row for row in rows("assignments") if "error" not in row]
for row in rows("assignments"):
    if "error" in row:
        faults.append(f"{row['solver']}, {row['job']} {row['instance']}: {row['error']}")
cold = {}
for job in ("optimal", "stable", "fair"):
    for size in sizes:
        here = [row for row in runs if row["job"] == job and row["instance"] == size]
        mine = best([row for row in here if row["solver"] == "ours"])
        for peer in sorted({row["solver"] for row in here} - {"ours"}):
            theirs = best([row for row in here if row["solver"] == peer])
            if mine is None:
                continue
            if job == "optimal":
                cold[size] = min(cold.get(size, (theirs["cpu_s"], peer)), (theirs["cpu_s"], peer))
            memory = f"{theirs['rss_peak_mb']} / {mine['rss_peak_mb']}"
            line(job, size, peer, theirs["cpu_s"], mine["cpu_s"], memory)
            if (theirs["assigned"], theirs["score"]) != (mine["assigned"], mine["score"]):
                faults.append(f"{job} {size}: {peer} has another answer")
        for row in here:
            if not row["valid"] or (job == "stable" and row["blocking_pairs"]):
                faults.append(f"{job} {size}: the answer of {row['solver']} is refused")
            if row["solver"] == "ours" and job == "optimal" and row["gap"] != 0:
                faults.append(f"{job} {size}: not proved")
for size in sizes:
    theirs, mine = best(rows("peer-scoring-" + size)), best(rows("scoring-" + size))
    if theirs and mine:
        line("all pairs", size, "numpy", theirs["cpu_s"], mine["cpu_s"])
        if theirs["crc32"] != mine["edges_crc32"] or not mine["edges_crc32_agrees"]:
            faults.append(f"all pairs {size}: the checksums differ")
for size in sizes:
    found = rows("repair-" + size)
    if found and size in cold:
        for kind in found[0]["repairs"]:
            mine = min(row["repairs"][kind] for row in found)
            line(f"repair, 1 % {kind}", size, f"{cold[size][1]}, anew", cold[size][0], mine)
        if any(row["gap"] != 0 for row in found):
            faults.append(f"repair {size}: not proved")
mine = best(rows("online"), "p50_us")
for theirs in rows("peer-online"):
    if mine:
        line("best 10, clock, median", "10,000", theirs["peer"], theirs["p50_ms"] / 1000, mine["p50_us"] / 1e6)
        if theirs["sig"] != mine["sig"]:
            faults.append(f"best 10: {theirs['peer']} has another answer")

print("| job | size | peer | peer, ms | kith, ms | times as fast | peak MB, peer / kith |")
print("| --- | --- | --- | ---: | ---: | ---: | ---: |")
print("\n".join(table))
if faults:
    sys.exit("\n".join(["error:"] + faults))
