"""What deep lint proves of random treaties, random deployments do not contradict."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deploygeo.checker.findings import Settings
from deploygeo.checker.verdicts import verdicts
from deploygeo.consistency import compare, deep_lint
from deploygeo.testing.strategies import deployments, treaties
from deploygeo.treaties import load

DENIED = {
    "never-violated": {"violation"},
    "undecided": {"violation"},
    "swallowed": {"violation"},
    "always-violated": {"compliant", "excused"},
}
STEADY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=15,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def checkable(treaty):
    return [clause for clause in treaty.clauses if clause.check != "none"]


@pytest.fixture
def at(tmp_path):
    """Write a treaty and load it."""

    def go(written, name="t"):
        (tmp_path / name).mkdir(exist_ok=True)
        path = tmp_path / name / "treaty.toml"
        path.write_text(written.text, encoding="utf-8")
        return load(path)

    return go


@STEADY
@given(written=treaties(), data=st.data())
def test_no_deployment_contradicts_a_proof(at, written, data):
    treaty = at(written)
    if not checkable(treaty):
        return
    for advice in deep_lint(treaty, level="ne10").advice:
        if advice.certainty != "proved" or advice.code not in {*DENIED, "redundant"}:
            continue
        asked = treaty.clause(advice.clauses[0])
        if asked.subject == "record":
            continue
        for _ in range(8):
            thing = data.draw(deployments(treaty=treaty, clause=asked.id))
            told = verdicts([thing], treaty, advice.clauses, Settings(level="ne10"))
            first = {one.verdict for one in told if one.clause == asked.id}
            assert not first & DENIED.get(advice.code, set()), (advice, thing)
            if advice.code == "redundant" and first == {"violation"}:
                other = {one.verdict for one in told if one.clause == advice.clauses[1]}
                assert not other & {"compliant", "not-applicable", "excused"}, (advice, thing)


@STEADY
@given(one=treaties(max_clauses=2), other=treaties(max_clauses=2))
def test_any_two_treaties_can_be_compared(at, one, other):
    a, b = at(one, "a"), at(other, "b")
    if not checkable(a) and not checkable(b):
        return
    found = compare(a, b, level="ne10")
    for difference in found.differences:
        treaty = a if difference.forbids == found.treaties[0] else b
        told = verdicts(
            difference.witness.things, treaty, [difference.clause], Settings(level="ne10")
        )
        assert "violation" in {v.verdict for v in told if "witness" in v.members}
