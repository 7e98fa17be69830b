"""Building the field of a territory, and loading it from the cache."""

import subprocess
import sys

import pytest

from deploygeo import boundaries
from deploygeo.geodesy import Shape, Territory, field_of
from deploygeo.geodesy.fields import saved_field
from deploygeo.model.membership import nato

MEMBERS_ON = "2026-01-01"


def skip_large(quick, name):
    if quick and name == "NATO":
        pytest.skip("the field of NATO: only in the long run")


@pytest.mark.parametrize("name", ["Russia", "NATO"])
def bench_field(timed, quick, monkeypatch, tmp_path, name):
    skip_large(quick, name)
    monkeypatch.setenv("DEPLOYGEO_CACHE", str(tmp_path))
    states = ["RUS"] if name == "Russia" else nato(MEMBERS_ON)
    given = boundaries.territory(states, level="hybrid")
    # What a field needs of its territory is made when first asked for: that belongs to it.
    territories = [
        Territory(name, tuple(Shape.of(shape.geometry, shape.name) for shape in given.shapes))
        for _ in range(2 if name == "Russia" else 1)
    ]

    def build():
        return field_of(territories.pop(), cache=False)

    rounds = len(territories)
    timed(build, table="fields", column=name, row="built", count=1, rounds=rounds, warm=False)


@pytest.mark.parametrize("name", ["Russia", "NATO"])
def bench_load(timed, quick, monkeypatch, tmp_path, name):
    skip_large(quick, name)
    monkeypatch.setenv("DEPLOYGEO_CACHE", str(tmp_path))
    states = ["RUS"] if name == "Russia" else nato(MEMBERS_ON)
    # Built by another process, so that this one has it on disk only.
    code = (
        "import sys; from deploygeo import boundaries; from deploygeo.geodesy import field_of; "
        "field_of(boundaries.territory(sys.argv[1:], level='hybrid'))"
    )
    subprocess.run([sys.executable, "-c", code, *states], check=True)
    territory = boundaries.territory(states, level="hybrid")
    answer = timed(
        lambda: saved_field(territory), table="fields", column=name, row="from the cache",
        count=1, rounds=1, warm=False,
    )  # fmt: skip
    assert answer is not None
