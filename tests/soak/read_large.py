"""Read a large collection from standard input: ``python tests/soak/read_large.py 2000000000``.

By hand. Features of 4 500 bytes, most of them a description that is ignored, are written to the
pipe of a process that reads them; nothing is written to a disk. Printed are how many were read, the
processor time for them, and the greatest memory of that process. It ends with 1 if the memory
reached a GiB or a feature was lost. ``--faulty`` makes each range a text, which is a fault of its
feature, and ``--each`` sets the size of a feature (below 150 there is no description).
"""

import argparse
import json
import subprocess
import sys
from itertools import islice

LIMIT_MIB = 1024.0
PART = 1_000
READER = """
import json, re, sys, time
from deploygeo.io import Limits, read
read([])
before = time.process_time()
reading = read("-", limits=Limits(features=int(sys.argv[1])))
spent = time.process_time() - before
peak_kib = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read()).group(1)
said = {"good": len(reading.deployments), "faults": reading.fault_count}
said |= {"seconds": spent, "peak_mib": int(peak_kib) / 1024}
said["told"] = [str(one) for one in reading.faults[:1]]
print(json.dumps(said))
"""


def lines(size, each, faulty):
    """Yield a collection of some size, a feature a line."""
    yield b'{"type": "FeatureCollection", "features": [\n'
    reach = '"1600 km"' if faulty else "1600"
    written = number = 0
    while written < size:
        place = f"[{number % 360_000 / 1000 - 180:.3f}, {number % 170_000 / 1000 - 85:.3f}]"
        head = f'{{"type": "Feature", "id": "s{number}", "geometry": {{"type": "Point", '
        head += f'"coordinates": {place}}}, "properties": {{"party": "USA", '
        head += f'"kind": "surface_warship", "range_km": {reach}'
        filling = each - len(head) - 24
        if filling > 0:
            head += f', "description": "{"x" * filling}"'
        line = f"{',' if number else ''}{head}}}}}\n".encode()
        written, number = written + len(line), number + 1
        yield line
    yield b"]}"


def main():
    """Write, and judge what the reader says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("size", type=int, help="bytes")
    parser.add_argument("--each", type=int, default=4_500, help="bytes of a feature")
    parser.add_argument("--faulty", action="store_true")
    parser.add_argument("--features", type=int, default=500_000, help="the limit of features")
    options = parser.parse_args()
    child = subprocess.Popen(
        [sys.executable, "-c", READER, str(options.features)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=False,
    )
    rows = lines(options.size, options.each, options.faulty)
    count = -2
    while part := list(islice(rows, PART)):
        child.stdin.write(b"".join(part))
        count += len(part)
    said = json.loads(child.communicate()[0])
    each_us = said["seconds"] / max(count, 1) * 1e6
    print(f"{options.size / 1e9:g} GB, {count} features: {said['good']} good")
    print(f"{said['seconds']:.0f} s of the processor, {each_us:.0f} µs a feature")
    print(f"at most {said['peak_mib']:.0f} MiB; {said['faults']} faults", *said["told"], sep="\n")
    lost = (said["faults"] if options.faulty else said["good"]) != count
    return 1 if lost or said["peak_mib"] >= LIMIT_MIB else 0


if __name__ == "__main__":
    sys.exit(main())
