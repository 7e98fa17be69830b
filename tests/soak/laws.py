"""Every law of clauses on random treaties for some minutes: ``python tests/soak/laws.py 30 7``.

The first number is minutes, the second a seed. What breaks a law is printed with the text of its
treaty, as small as it could be made.
"""

import sys
import time
from collections import Counter
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1]))

from testing.test_laws_random import OF_CLAUSES, try_law

CASES = 60
MOST_SHOWN = 3_000


def trial(law, seed, count):
    """Return a test of one law on random treaties."""

    @hypothesis.seed(seed)
    @settings(
        max_examples=CASES,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data):
        count[law.name] += try_law(law, data)

    return run


def main(minutes, seed):
    until = time.monotonic() + 60 * minutes
    tried, broken, found = Counter(), 0, set()
    while time.monotonic() < until:
        for law in OF_CLAUSES:
            try:
                trial(law, seed, tried)()
            except Exception as error:
                broken += 1
                told = f"{type(error).__name__}: {str(error)[:300]}"
                if (law.name, told[:60]) not in found:
                    found.add((law.name, told[:60]))
                    # the treaty's text and what else was drawn; the whole trees tell less
                    notes = [note for note in getattr(error, "__notes__", ()) if "Draw" in note]
                    notes = [note[:MOST_SHOWN] for note in notes if "Clause(" not in note[:20]]
                    print(f"BROKEN {law.name} (seed {seed}): {told}", *notes, sep="\n", flush=True)
            if time.monotonic() > until:
                break
        seed += 1
        print(f"seed {seed}: {sum(tried.values())} cases, {broken} broken", flush=True)
    for name, cases in sorted(tried.items()):
        print(f"{cases:7} {name}")
    print(f"{sum(tried.values())} cases, {broken} broken, next seed {seed}")


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
