"""The worked cases of the drafts that ship, and of two treaties that are only files."""

from pathlib import Path

import pytest

from deploygeo.checker import run_cases
from deploygeo.clauses import VOCABULARY
from deploygeo.clauses.expression import Call, Name, walk
from deploygeo.errors import TreatyError, UnknownNameError
from deploygeo.treaties import library, load

HERE = Path(__file__).parent
FIXTURES = (HERE / "inf-1987", HERE / "korea-2018")
TREATIES = (*library(), *FIXTURES)


def name_of(treaty):
    return Path(treaty).name


@pytest.fixture(scope="module")
def results():
    return {name_of(treaty): run_cases(treaty) for treaty in TREATIES}


@pytest.mark.parametrize("treaty", [name_of(treaty) for treaty in TREATIES])
def test_every_case_gives_its_verdict(treaty, results):
    wrong = [(case.name, case.expected, case.actual) for case in results[treaty] if not case.passed]
    assert wrong == []


@pytest.mark.parametrize("treaty", TREATIES, ids=name_of)
def test_every_checkable_clause_has_a_violation_and_a_compliant_case(treaty, results):
    seen = {(case.clause, case.actual) for case in results[name_of(treaty)]}
    wanted = {
        (clause.id, verdict)
        for clause in load(treaty).clauses
        if clause.check != "none"
        for verdict in ("violation", "compliant")
    }
    assert wanted - seen == set()


# An accession without its party, or a cooperation without its other side, is refused as input,
# so nothing is unknown.
ALWAYS_DECIDED = {("us-russia-2021", "4.1"), ("us-russia-2021", "4.2-cooperation")} | {
    ("nato-russia-2021", "6")
}


@pytest.mark.parametrize("treaty", library())
def test_every_clause_that_can_be_undecided_has_an_indeterminate_case(treaty, results):
    seen = {case.clause for case in results[treaty] if case.actual == "indeterminate"}
    wanted = {clause.id for clause in load(treaty).clauses if clause.check != "none"}
    assert {(treaty, clause) for clause in wanted - seen} <= ALWAYS_DECIDED


@pytest.mark.parametrize("folder", FIXTURES, ids=name_of)
def test_a_treaty_file_needs_the_vocabulary_only(folder):
    treaty = load(folder)
    known = {*VOCABULARY, *(item.name for item in treaty.definitions)}
    nodes = [item.rule for item in treaty.definitions if item.rule is not None]
    for clause in treaty.clauses:
        nodes += [node for node in (clause.applies, clause.rule) if node is not None]
        nodes += [item.rule for item in clause.unless]
    words = {inner.name for node in nodes for inner in walk(node) if isinstance(inner, Name | Call)}
    assert words <= known
    assert not list(folder.glob("*.py"))


@pytest.mark.parametrize("folder", FIXTURES, ids=name_of)
def test_a_real_treaty_binds_neither_before_nor_after_its_time(folder, results):
    (interval,) = load(folder).in_force
    assert interval.end is not None
    verdicts = [case.actual for case in results[folder.name] if " day" in case.name]
    assert verdicts.count("not-applicable") == 2


# -- faults of a file of cases


def faults_of(tmp_path, text):
    (tmp_path / "treaty.toml").write_text((HERE / "inf-1987/treaty.toml").read_text())
    (tmp_path / "cases.toml").write_text(text)
    with pytest.raises(TreatyError) as caught:
        run_cases(tmp_path)
    return [str(fault) for fault in caught.value.faults]


GOOD = """
[[case]]
name = "good"
clause = "v"
verdict = "violation"
place = [48.0, 48.5]
deployment = { party = "RUS", kind = "missile_launcher", range_km = 700, on = 2018-06-01 }
"""


def test_all_faults_of_a_file_of_cases_come_at_once(tmp_path):
    faults = faults_of(
        tmp_path,
        GOOD
        + """
[[case]]
name = "bad"
claus = "v"
clause = "vv"
verdict = "violates"
record = { record = "accession", party = "FIN", group = "NATO" }
place = [1.0, 2.0]
on = "2018-06-01"

[[case]]
name = "bad input"
clause = "v"
verdict = "violation"
place = [48.5, 148.0]
deployment = { party = "RUSS", kind = "missile_launcher" }
""",
    )
    assert faults[:5] == [
        "cases.toml: $.case[1]: unknown key 'claus'; did you mean 'clause'? Known: name, clause,"
        " verdict, place, deployment, record, more, worldview, readings, params, on, in_force.",
        "cases.toml: $.case[1]: no clause 'vv' is checkable; did you mean 'v'? Known: iv, v.",
        "cases.toml: $.case[1]: unknown verdict 'violates'; did you mean 'violation'? Known:"
        " violation, indeterminate, excused, compliant, not-applicable.",
        "cases.toml: $.case[1]: a deployment has a place, and a record has none",
        "cases.toml: $.case[1].on: on is a date without quotes, not '2018-06-01'",
    ]
    assert all(fault.startswith("cases.toml: $.case[2]: ") for fault in faults[5:])
    assert any("did you mean 'RUS'" in fault for fault in faults[5:])
    assert any("are lon and lat swapped" in fault for fault in faults[5:])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "write [[case]]"),
        ("case = 3", "write [[case]]"),
        ("case = [3]", "a case is a table"),
        ("[[case]", "not TOML"),
        (GOOD + "params = 3", "a table of numbers"),
        (GOOD + 'params = { x = "1" }', "x is a number"),
        (GOOD + "params = { x = 1 }", "unknown parameter 'x'"),
        (GOOD + 'readings = { reech = "weapon" }', "unknown reading 'reech'"),
        (GOOD + 'worldview = "rusia"', "did you mean 'russia'"),
        (GOOD + "more = 3", "more is a list of tables"),
        (GOOD + "more = [{}]", "either a deployment or a record"),
        (GOOD.replace("[48.0, 48.5]", '"here"'), "coordinates"),
        (GOOD.replace("[48.0, 48.5]", "[]"), "coordinates"),
        (GOOD.replace('clause = "v"', "clause = 5"), "clause is missing or not text"),
    ],
)
def test_a_wrong_file_of_cases_is_a_fault_and_no_traceback(tmp_path, text, message):
    assert message in "\n".join(faults_of(tmp_path, text))


def test_a_case_that_fails_says_what_it_got(tmp_path):
    (tmp_path / "treaty.toml").write_text((HERE / "inf-1987/treaty.toml").read_text())
    (tmp_path / "cases.toml").write_text(GOOD.replace('"violation"', '"compliant"'))
    (result,) = run_cases(tmp_path)
    assert (result.passed, result.expected, result.actual) == (False, "compliant", "violation")


def test_a_treaty_without_cases_says_so(tmp_path):
    (tmp_path / "treaty.toml").write_text((HERE / "inf-1987/treaty.toml").read_text())
    with pytest.raises(TreatyError, match=r"no cases\.toml"):
        run_cases(tmp_path)


def test_an_unknown_treaty_has_a_suggestion():
    with pytest.raises(UnknownNameError, match="did you mean 'us-russia-2021'"):
        run_cases("us-rusia-2021")
