"""What the fuzzer of the other formats begins with is read, cut anywhere as well."""

import importlib.util
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location(
    "fuzz_tables", Path(__file__).with_name("fuzz_tables.py")
)
fuzz_tables = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(fuzz_tables)


@pytest.mark.parametrize("target", fuzz_tables.TARGETS)
def test_every_seed_and_its_halves_are_read_or_refused_in_words(target, tmp_path):
    seeds = fuzz_tables.seeds(target)
    assert seeds
    for content in seeds:
        for cut in (len(content), len(content) // 2, len(content) - 1):
            fuzz_tables.CHECKS[target](content[:cut], tmp_path)
        fuzz_tables.CHECKS[target](content + content, tmp_path)


def test_the_seed_of_a_geopackage_is_a_good_one(tmp_path):
    from deploygeo.io import read

    path = tmp_path / "f.gpkg"
    path.write_bytes(fuzz_tables._geopackage(tmp_path))
    assert len(read(path).deployments) == 40
