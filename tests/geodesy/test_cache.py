"""Fields in the user's cache: found again, private, never wrong, and no harm where it fails."""

import multiprocessing
import os
import stat
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import shapely

from deploygeo.geodesy import Territory, cache, decide, field_of, fields

SQUARE = shapely.box(0, 0, 1, 1)
STEP = 10.0
posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    place = tmp_path / "a" / "cache"
    monkeypatch.setenv("DEPLOYGEO_CACHE", str(place))
    return place


def fresh():
    """Return a territory that no field in memory is of."""
    return Territory.of(SQUARE)


def only_file(folder):
    (file,) = folder.iterdir()
    return file


def no_building(monkeypatch):
    def fail(*_):
        raise AssertionError("built again")

    monkeypatch.setattr(fields, "built", fail)


def same(one, two):
    names = ("node_m", "gap_m", "east_m", "north_m", "lo_m", "hi_m")
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in names)


def test_a_field_is_saved_and_found_again(folder, monkeypatch):
    built = field_of(fresh(), step_deg=STEP)
    assert only_file(folder).suffix == ".field"
    no_building(monkeypatch)
    found = field_of(fresh(), step_deg=STEP)
    assert found is not built
    assert same(found, built)
    assert (
        found.decide([0.5, 90.0], 0.5, 5e6).tolist() == built.decide([0.5, 90], 0.5, 5e6).tolist()
    )
    with pytest.raises(ValueError, match="read-only"):
        found.node_m[0, 0] = 1.0


def test_a_cache_may_be_declined_for_one_field(folder):
    field_of(fresh(), step_deg=STEP, cache=False)
    assert not folder.exists()


@pytest.mark.parametrize("word", ["off", "OFF"])
def test_the_cache_can_be_switched_off(folder, monkeypatch, word):
    monkeypatch.setenv("DEPLOYGEO_CACHE", word)
    assert cache.folder() is None
    field_of(fresh(), step_deg=STEP)
    assert not folder.exists()
    assert cache.load("key", []) is None
    assert not cache.save("key", [])


@posix
def test_file_and_folder_are_private_whatever_the_mask(folder):
    before = os.umask(0)
    try:
        field_of(fresh(), step_deg=STEP)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(folder).stat().st_mode) == 0o600


@posix
def test_a_file_that_others_may_write_is_not_believed(folder):
    field_of(fresh(), step_deg=STEP)
    only_file(folder).chmod(0o666)
    assert fields.saved_field(fresh(), step_deg=STEP) is None
    field_of(fresh(), step_deg=STEP)
    assert stat.S_IMODE(only_file(folder).stat().st_mode) == 0o600


DAMAGES = {
    "truncated": lambda whole: whole[:-100],
    "empty": lambda whole: b"",
    "shorter than its digest": lambda whole: whole[:10],
    "one bit": lambda whole: whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:],
    "its digest": lambda whole: bytes([whole[0] ^ 128]) + whole[1:],
    "longer": lambda whole: whole + b"\0",
    "something else": lambda whole: b"not a field at all" * 100,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_built_again_and_replaced(folder, damage):
    built = field_of(fresh(), step_deg=STEP)
    file = only_file(folder)
    whole = file.read_bytes()
    file.write_bytes(DAMAGES[damage](whole))
    assert fields.saved_field(fresh(), step_deg=STEP) is None
    assert same(field_of(fresh(), step_deg=STEP), built)
    assert only_file(folder).read_bytes() == whole


def test_a_whole_file_of_other_arrays_is_built_again(folder):
    key = cache.key_of(fresh(), STEP)
    for arrays in ([np.zeros(3)], [np.zeros((19, 37))] * 5):
        assert cache.save(key, arrays)
        assert fields.saved_field(fresh(), step_deg=STEP) is None


def test_pickled_objects_are_neither_written_nor_read(folder):
    with pytest.raises(ValueError, match="allow_pickle"):
        cache.save("key", [np.array([{}], dtype=object)])
    assert not list(folder.glob("*")) if folder.exists() else True


def test_a_key_depends_on_all_that_could_change_a_bound(monkeypatch):
    keys = {cache.key_of(Territory.of(SQUARE), 0.5), cache.key_of(Territory.of(SQUARE), 1.0)}
    one, two = (Territory.of(shapely.box(x, 0, x + 1, 1)) for x in (0, 2))
    hole = SQUARE.difference(shapely.box(0.4, 0.4, 0.6, 0.6))
    filled = shapely.MultiPolygon([SQUARE, shapely.box(0.4, 0.4, 0.6, 0.6)])
    moved = shapely.box(0, 0, 1, np.nextafter(1, 2))
    union = Territory("", (*one.shapes, *two.shapes))
    swapped = Territory("", (*two.shapes, *one.shapes))
    merged = Territory.of(shapely.union_all([SQUARE, shapely.box(2, 0, 3, 1)]))
    others = [*map(Territory.of, (hole, filled, moved)), union, swapped, merged]
    keys |= {cache.key_of(other, 0.5) for other in others}
    monkeypatch.setattr(cache, "_FORMAT", 99)
    keys.add(cache.key_of(Territory.of(SQUARE), 0.5))
    monkeypatch.setattr(cache, "_code", lambda: b"another version")
    keys.add(cache.key_of(Territory.of(SQUARE), 0.5))
    assert len(keys) == 10


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_is_no_hindrance(tmp_path, monkeypatch):
    tmp_path.chmod(0o500)
    monkeypatch.setenv("DEPLOYGEO_CACHE", str(tmp_path))
    assert field_of(fresh(), step_deg=STEP).node_m[9, 18] == 0.0
    monkeypatch.setenv("DEPLOYGEO_CACHE", str(tmp_path / "below"))
    assert field_of(fresh(), step_deg=STEP).node_m[9, 18] == 0.0


def test_a_folder_that_is_a_file_is_no_hindrance(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("DEPLOYGEO_CACHE", str(place))
        assert field_of(fresh(), step_deg=STEP).node_m[9, 18] == 0.0


def test_a_full_disk_leaves_nothing_behind(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert not cache.save("key", [np.zeros(3)])
    assert list(folder.iterdir()) == []


def test_only_the_latest_files_are_kept(folder, monkeypatch):
    monkeypatch.setattr(cache, "_FILES", 3)
    for number in range(5):
        cache.save(f"key{number}", [np.zeros(3)])
        os.utime(folder / f"key{number}.field", (number, number))
    cache.save("last", [np.zeros(3)])
    assert sorted(file.stem for file in folder.iterdir()) == ["key3", "key4", "last"]


def build(place):
    os.environ["DEPLOYGEO_CACHE"] = place
    return field_of(fresh(), step_deg=STEP).lo_m.tobytes()


def test_several_processes_may_build_at_once(folder):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        results = pool.map(build, [str(folder)] * 6, chunksize=1)
    assert len(set(results)) == 1
    assert only_file(folder).suffix == ".field"
    assert fields.saved_field(fresh(), step_deg=STEP) is not None


def test_the_folder_follows_the_platform(monkeypatch, tmp_path):
    monkeypatch.delenv("DEPLOYGEO_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.folder() == tmp_path / "deploygeo"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/path")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache.folder() == tmp_path / ".cache" / "deploygeo"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache.folder() == tmp_path / "Library" / "Caches" / "deploygeo"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert cache.folder() == tmp_path / "Local" / "deploygeo"


def test_a_home_that_is_unknown_is_no_hindrance(monkeypatch):
    def unknown():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("DEPLOYGEO_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", unknown)
    assert cache.folder() is None


def test_enough_points_are_worth_a_look_into_the_cache(folder, monkeypatch):
    wanted = field_of(fresh(), step_deg=STEP)
    no_building(monkeypatch)
    monkeypatch.setattr(decide, "saved_field", partial(fields.saved_field, step_deg=STEP))
    land = fresh()
    lon = np.linspace(-60, 60, decide.LOAD_FROM)
    assert decide.within(lon, 0.5, land, 1e6).sum() > 0
    found = fields.kept_field(land, step_deg=STEP)
    assert found is not None
    assert found is not wanted
