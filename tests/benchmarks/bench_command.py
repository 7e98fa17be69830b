"""A whole process: `deploygeo check` of the example."""

import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "europe-2021-12-17.geojson"


def processor_s():
    """Return the processor time of the processes that have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def bench_check(timed):
    command = [sys.executable, "-m", "deploygeo", "check", str(EXAMPLE), "--fail-on", "never"]

    def check():
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    timed(
        check, table="command", column="", row="`deploygeo check` of the example", count=1,
        rounds=timed.rounds, cpu=processor_s,
    )  # fmt: skip
