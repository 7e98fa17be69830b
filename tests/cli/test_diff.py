import copy
import json

import pytest

import deploygeo
from deploygeo.cli import main
from deploygeo.model import Deployment


def ship(id_, lon, lat):
    return Deployment(
        id=id_,
        party="USA",
        kind="surface_warship",
        geometry=(lon, lat),
        range_km=1600,
        stay="2021-11-10",
    )


@pytest.fixture(scope="module")
def bodies():
    def made(*ships, **options):
        return json.loads(deploygeo.check(ships, "us-russia-2021", **options).to_json())

    return {
        "one": made(ship("porter", 34.0, 43.0)),
        "two": made(ship("porter", 34.0, 43.0), ship("far", -150.0, 0.0)),
        "near": made(ship("porter", 34.5, 43.0)),
        "away": made(ship("porter", -150.0, 0.0)),
        "russia": made(ship("porter", 34.0, 43.0), worldview="russia"),
    }


@pytest.fixture
def told(bodies, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, body in bodies.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(body))

    def told(*args):
        with pytest.raises(SystemExit) as leaving:
            main(["diff", *args])
        shown = capsys.readouterr()
        return leaving.value.code, shown.out, shown.err

    return told


def test_a_report_and_itself_are_the_same(told):
    code, out, _ = told("one.json", "one.json")
    assert code == 0
    assert out.startswith("one.json and one.json: 0 new, 0 gone, 0 changed,")


def test_what_is_new_one_way_is_gone_the_other(told, bodies):
    code, out, _ = told("one.json", "two.json", "-f", "json")
    assert code == 1
    there = json.loads(out)
    back = json.loads(told("two.json", "one.json", "-f", "json")[1])
    assert there["new"] == back["gone"]
    assert {name for one in there["new"] for name in one["members"]} == {"far"}
    assert there["gone"] == there["changed"] == []
    assert there["same"] == len(bodies["one"]["findings"])


def test_a_change_tells_the_verdicts_and_by_how_much_the_margin_moved(told, bodies):
    code, out, _ = told("one.json", "near.json")
    assert code == 1
    assert "us-russia-2021/5.2@porter: porter (United States): still VIOLATION" in out
    shown = json.loads(told("one.json", "near.json", "-f", "json")[1])
    (change,) = [one for one in shown["changed"] if one["id"] == "us-russia-2021/5.2@porter"]
    before, after = change["margin"]
    assert change["margin_by"] == [
        round(after["lo"] - before["lo"], 3),
        round(after["hi"] - before["hi"], 3),
    ]
    assert "measures" in change["keys"]
    out = told("one.json", "away.json")[1]
    assert "us-russia-2021/5.2@porter: porter (United States): VIOLATION → compliant" in out


def test_receipts_that_differ_are_told_and_change_no_exit_code(told, bodies, tmp_path):
    other = copy.deepcopy(bodies["one"])
    other["receipt"]["versions"]["numpy"] = "0.9"
    other["receipt"]["inputs"] = [{"name": "x", "sha256": "00"}]
    (tmp_path / "other.json").write_text(json.dumps(other))
    code, out, _ = told("one.json", "other.json")
    assert code == 0
    assert f"versions numpy: {bodies['one']['receipt']['versions']['numpy']} → 0.9" in out
    assert "inputs x: – → 00" in out
    out = told("one.json", "russia.json")[1]
    assert "worldview: un → russia" in out
    assert "also worldview" not in out  # or every finding would have changed


def test_the_difference_is_written_to_a_file_but_over_no_report(told, tmp_path):
    code, out, _ = told("one.json", "near.json", "-f", "json", "-o", "d.json")
    assert (code, out) == (1, "")
    assert json.loads((tmp_path / "d.json").read_text())["format"] == "deploygeo-difference/1"
    code, _, err = told("one.json", "near.json", "-o", "near.json")
    assert code == 2
    assert "-o near.json is one of the reports" in err


def set_at(*path):
    def set_value(value):
        def change(body):
            for step in path[:-1]:
                body = body[step]
            body[path[-1]] = value

        return change

    return set_value


DAMAGE = [
    (set_at("format")("deploygeo-report/1"), "this version of deploygeo reads deploygeo-report/2"),
    (set_at("format")("deploygeo-audit/1"), "is a deploygeo-audit/1, and no report of a check"),
    (set_at("format")(7), "is no JSON report of deploygeo check"),
    (set_at("findings", 3, "verdict")("guilty"), "/findings/3/verdict is 'guilty', which is not"),
    (set_at("findings", 3, "margin")({"lo": 1}), "/findings/3/margin lacks hi"),
    (set_at("findings", 3, "margin")({"lo": 2, "hi": 1, "unit": "km"}), "runs downwards"),
    (set_at("findings")({}), "/findings is an object, which is no array"),
    (set_at("receipt", "more")(1), "/receipt has 'more', which nobody defined"),
    (set_at("checks")(True), "/checks is true, which is no integer"),
    (lambda body: body.pop("counts"), "the top level lacks counts"),
    (lambda body: body["findings"].append(body["findings"][0]), "two findings have the id"),
    (set_at("findings", 3, "name")("\x1b[2J\u202e"), None),
]


@pytest.mark.parametrize(("damage", "reason"), DAMAGE)
def test_a_report_of_another_format_or_damaged_is_refused_and_says_why(
    told, bodies, tmp_path, damage, reason
):
    body = copy.deepcopy(bodies["one"])
    damage(body)
    (tmp_path / "bad.json").write_text(json.dumps(body))
    code, out, err = told("one.json", "bad.json")
    assert all(char.isprintable() or char == "\n" for char in out + err)
    if reason is None:
        assert code == 1
    else:
        assert (code, out) == (2, "")
        assert reason in err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "line 1, column 1"),
        (b"\xff\xfe{}", "byte 0 is not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"format": NaN}', "NaN is no number"),
        (b'{"format": 1e999}', "too large a number"),
        (b'{"format": 1' + b"0" * 5000 + b"}", "a number of 5001 digits"),
        (b'{"format": 1, "format": 2}', "a key twice"),
        (b"[]", "is no JSON report"),
        (b'{"type": "FeatureCollection"}', "is no JSON report"),
    ],
)
def test_what_is_no_report_is_refused(told, tmp_path, content, reason):
    (tmp_path / "bad.json").write_bytes(content)
    for args in (("bad.json", "one.json"), ("one.json", "bad.json")):
        code, out, err = told(*args)
        assert (code, out) == (2, "")
        assert reason in err
        assert "Traceback" not in err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[" + b"{}," * 1_500_000 + b"{}]", "has 1500002 objects and lists, too many"),
        (b"[" + b"1," * 6_000_001 + b"1]", "has 6000001 values, too many"),
        (b" " * 100_000_001, "has more than 100000000 bytes"),
    ],
    ids=["objects", "values", "bytes"],
)
def test_a_file_that_would_fill_the_memory_is_refused_before_it_is_parsed(
    told, tmp_path, monkeypatch, content, reason
):
    """198 MB of empty objects took 5 GB and 20 seconds."""
    monkeypatch.setattr("json.loads", None)
    (tmp_path / "bad.json").write_bytes(content)
    code, out, err = told("bad.json", "one.json")
    assert (code, out) == (2, "")
    assert reason in err


def test_a_folder_and_a_missing_file_are_refused(told, tmp_path):
    assert "Is a directory" in told(".", "one.json")[2]
    assert "No such file" in told("one.json", "none.json")[2]
