"""Deep lint finds each defect in a small treaty, and nothing in the same treaty without it."""

import pytest
from drafts import HEAD, clause, draft, unless

from deploygeo.checker.run import check
from deploygeo.consistency import CODES, deep_lint
from deploygeo.errors import SettingError, TreatyError, UnknownNameError
from deploygeo.treaties import library, load

ABROAD = "inside(land(everyone - own))"


def missiles(id_, condition):
    return clause(id_, ABROAD, applies=f"kind('missile_launcher') and {condition}")


def bombers(id_, rule, **keys):
    return clause(id_, rule, applies="kind('heavy_bomber')", **keys)


@pytest.fixture
def found(tmp_path):
    """Lint a treaty of some parts."""

    def go(*parts, **choices):
        return deep_lint(draft(tmp_path / "t", *parts), level="ne10", **choices)

    return go


DEFECTS = {
    "two kinds at once": (
        [clause("1", "kind('radar') and kind('submarine')")],
        [clause("1", "kind('radar', 'submarine') and kind('submarine')")],
        ("never-violated", ("1",), "proved"),
    ),
    "in two states at once": (
        [clause("1", "inside(land(states('POL'))) and inside(territory(states('UKR')))")],
        [clause("1", "inside(land(states('POL'))) and inside(territory(states('POL', 'UKR')))")],
        ("never-violated", ("1",), "proved"),
    ),
    "a class without a value": (
        [missiles("1", "range > 500 and range <= 500")],
        [missiles("1", "range >= 500 and range <= 500")],
        ("never-violated", ("1",), "proved"),
    ),
    "nobody is bound": (
        [clause("1", ABROAD, bearers="states('FRA') & states('USA')")],
        [clause("1", ABROAD, bearers="states('FRA') | states('USA')")],
        ("never-violated", ("1",), "proved"),
    ),
    "farther than the Earth is wide": (
        [clause("1", "distance(land(states('USA'))) > 30000")],
        [clause("1", "distance(land(states('USA'))) > 3000")],
        ("never-violated", ("1",), "searched"),
    ),
    "a parameter without a value": (
        [clause("1", "separation(counterparts, 'combat_aircraft') < param('km')")],
        [clause("1", "separation(counterparts, 'combat_aircraft') < 5")],
        ("undecided", ("1",), "proved"),
    ),
    "a deadline from a day that is not known": (
        [clause("1", f"{ABROAD} and days_in_force > 30")],
        [clause("1", f"{ABROAD} and days_in_force >= 0")],
        ("undecided", ("1",), "proved"),
    ),
    "a ban without a condition": (
        [clause("1", "range > 500 or range <= 500", applies="kind('submarine')")],
        [clause("1", "range > 500 or personnel > 90", applies="kind('submarine')")],
        ("always-violated", ("1",), "proved"),
    ),
    "everything is near to land": (
        [clause("1", "distance(land(everyone)) < 15000")],
        [clause("1", "distance(land(everyone)) < 15")],
        ("always-violated", ("1",), "searched"),
    ),
    "a part of another clause": (
        [
            clause("1", f"kind('radar') and {ABROAD}"),
            clause("2", "kind('radar', 'artillery') and inside(territory(everyone - own))"),
        ],
        [
            clause("1", f"kind('radar') and {ABROAD}"),
            clause("2", "kind('artillery') and inside(territory(everyone - own))"),
        ],
        ("redundant", ("1", "2"), "proved"),
    ),
    "a reach that another clause has": (
        [
            clause("1", "range >= 500 and reaches(land(counterparts), range)"),
            clause("2", "reaches(territory(counterparts), range)"),
        ],
        [
            clause("1", "reaches(land(counterparts), range)"),
            clause("2", "range >= 500 and reaches(land(counterparts), range) and kind('radar')"),
            clause("3", "inside(land(counterparts)) and kind('submarine')"),
        ][:1],
        ("redundant", ("1", "2"), "proved"),
    ),
    "nearer to a smaller region": (
        [
            clause("1", "distance(land(states('UKR'))) < 100", applies="kind('radar')"),
            clause("2", "distance(land(states('UKR', 'POL'))) < 200", applies="kind('radar')"),
        ],
        [
            clause("1", "distance(land(states('UKR'))) < 100", applies="kind('radar')"),
            clause("2", "distance(land(states('POL'))) < 200", applies="kind('radar')"),
        ],
        ("redundant", ("1", "2"), "searched"),
    ),
    "an obligation against a prohibition": (
        [
            bombers("1", "inside(territory(own))", modality="oblige"),
            clause("2", "inside(territory(own))", applies="kind('heavy_bomber', 'radar')"),
        ],
        [
            bombers("1", "inside(territory(own))", modality="oblige"),
            clause("2", "inside(territory(own))", applies="kind('radar')"),
        ],
        ("conflict", ("1", "2"), "proved"),
    ),
    "a prohibition whose rule names the kind": (
        [
            clause("1", "kind('radar', 'heavy_bomber') and inside(territory(own))"),
            bombers("2", "inside(territory(own))", modality="oblige"),
        ],
        [
            clause("1", "kind('radar') and inside(territory(own))"),
            bombers("2", "inside(territory(own))", modality="oblige"),
        ],
        ("conflict", ("2", "1"), "proved"),
    ),
    "near to one and far from another": (
        [
            bombers("1", "distance(land(own)) < 300", modality="oblige"),
            bombers("2", "distance(land(everyone)) < 400"),
        ],
        [
            bombers("1", "distance(land(own)) < 300", modality="oblige"),
            bombers("2", "distance(land(everyone)) < 10"),
        ],
        ("conflict", ("1", "2"), "searched"),
    ),
    "an exception for all": (
        [clause("1", f"kind('radar') and {ABROAD}"), unless("ships", "not kind('submarine')")],
        [clause("1", f"kind('radar') and {ABROAD}"), unless("ships", "kind('submarine')")],
        ("swallowed", ("1",), "proved"),
    ),
    "an exception for all that is near to land": (
        [clause("1", f"kind('radar') and {ABROAD}"), unless("near", "distance(land(own)) < 19000")],
        [clause("1", f"kind('radar') and {ABROAD}"), unless("near", "distance(land(own)) < 190")],
        ("swallowed", ("1",), "searched"),
    ),
    "consent excuses, and is not always there": (
        [
            clause("1", f"kind('radar') and {ABROAD}"),
            unless("all", "not consent(states('CHN')) or consent(states('CHN'))"),
        ],
        [clause("1", f"kind('radar') and {ABROAD}"), unless("all", "consent(counterparts)")],
        ("swallowed", ("1",), "proved"),
    ),
    "between two classes of range": (
        [missiles("1", "range < 500"), missiles("2", "range > 500")],
        [missiles("1", "range <= 500"), missiles("2", "range > 500")],
        ("gap", ("1", "2"), "proved"),
    ),
    "within one clause": (
        [missiles("1", "(range < 1000 or range > 1000)")],
        [missiles("1", "(range < 1000 or range > 3000)")],
        ("gap", ("1",), "proved"),
    ),
    "a kilometre between two classes": (
        [missiles("1", "range <= 500"), missiles("2", "range >= 501")],
        [missiles("1", "range <= 500"), missiles("2", "range >= 800")],
        ("gap", ("1", "2"), "proved"),
    ),
    "between two sizes": (
        [
            clause("1", ABROAD, applies="kind('exercise') and personnel < 5000"),
            clause("2", ABROAD, applies="kind('exercise') and personnel > 5000"),
        ],
        [  # people are whole
            clause("1", ABROAD, applies="kind('exercise') and personnel <= 5000"),
            clause("2", ABROAD, applies="kind('exercise') and personnel >= 5001"),
        ],
        ("gap", ("1", "2"), "proved"),
    ),
    "between two bands": (
        [
            clause("1", "distance(land(states('UKR'))) < 100", applies="kind('radar')"),
            clause("2", "distance(land(states('UKR'))) > 100", applies="kind('radar')"),
        ],
        [
            clause("1", "distance(land(states('UKR'))) < 100", applies="kind('radar')"),
            clause("2", "distance(land(states('UKR'))) > 100", applies="kind('artillery')"),
        ],
        ("gap", ("1", "2"), "proved"),
    ),
    "in two classes": (
        [missiles("1", "500 <= range <= 1000"), missiles("2", "1000 <= range <= 5500")],
        [missiles("1", "500 <= range <= 1000"), missiles("2", "1000 < range <= 5500")],
        ("overlap", ("1", "2"), "proved"),
    ),
}

PARAMETER = '[[parameter]]\nname = "km"\ntext = "Left to be agreed."\n\n'


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found(found, name):
    parts, _, (code, clauses, certainty) = DEFECTS[name]
    advice = found(PARAMETER, *parts).advice
    told = [one for one in advice if one.code != "unused"]
    assert [(one.code, one.clauses, one.certainty) for one in told] == [(code, clauses, certainty)]
    assert (told[0].tried > 0) == (certainty == "searched")


@pytest.mark.parametrize("name", DEFECTS)
def test_the_same_without_the_defect_is_clean(found, name):
    _, parts, _ = DEFECTS[name]
    advice = found(PARAMETER, *parts).advice
    assert [str(one) for one in advice if one.code != "unused"] == []


@pytest.mark.parametrize("name", DEFECTS)
def test_a_check_of_the_witness_says_what_the_advice_says(tmp_path, name):
    parts, _, _ = DEFECTS[name]
    path = draft(tmp_path / "t", PARAMETER, *parts)
    for advice in deep_lint(path, level="ne10").advice:
        if advice.witness is None:
            continue
        collection = {"type": "FeatureCollection", "features": advice.witness.features}
        report = check(collection, path, level="ne10")
        assert report.faults == ()
        for outcome in advice.outcomes:
            findings = report.of("witness", f"small/{outcome.clause}")
            told = {one.verdict for one in findings} or {"not-applicable"}
            assert outcome.verdict in told


def test_every_code_has_a_treaty_that_shows_it():
    assert {code for *_, (code, *_) in DEFECTS.values()} == set(CODES) - {"unused"}


def test_the_gaps_of_three_range_classes_are_told_each(found):
    classes = ["range < 500", "500 < range < 1000", "1000 < range < 5500", "range > 5500"]
    advice = found(*(missiles(str(at), text) for at, text in enumerate(classes))).advice
    assert [one.text.split(" is in")[0] for one in advice] == [
        "a range of exactly 500 km",
        "a range of exactly 1 000 km",
        "a range of exactly 5 500 km",
    ]
    assert [one.witness.range_km for one in advice] == [500.0, 1000.0, 5500.0]


def test_two_clauses_that_forbid_the_same_are_told_once(found):
    parts = [
        clause("1", f"kind('radar') and {ABROAD}"),
        clause("2", ABROAD, applies="kind('radar')"),
    ]
    (advice,) = found(*parts).advice
    assert advice.text == (
        "whatever violates it violates 2 too, and the other way round: they forbid the same"
    )


def test_a_proof_names_the_fewest_conditions_that_exclude_each_other(found):
    rule = f"{ABROAD} and kind('radar') and nuclear and kind('submarine')"
    (advice,) = found(clause("1", rule)).advice
    assert advice.text == (
        "nothing violates it: these never hold together: 'kind('radar')'; 'kind('submarine')'"
    )


def test_a_witness_says_no_more_than_it_must(found):
    (advice,) = found(missiles("1", "range < 500"), missiles("2", "range > 500")).advice
    assert advice.witness.features[0]["properties"] == {
        "id": "witness",
        "party": "USA",
        "kind": "missile_launcher",
        "activity": "deploy",
        "range_km": 500,
    }


def test_what_nothing_uses_is_told(tmp_path):
    reading = (
        '[[reading]]\nname = "mine"\nquestion = "?"\n'
        'values = [{ name = "a", text = "a" }, { name = "b", text = "b" }]\n\n'
    )
    idle = '[[definition]]\nname = "idle"\nrule = "kind(\'radar\')"\n\n'
    path = draft(tmp_path / "t", PARAMETER, reading, idle, clause("1", ABROAD))
    assert [one.text for one in deep_lint(path).advice] == [
        "no clause uses the parameter 'km'",
        "no clause uses the definition 'idle'",
        "no definition that a clause uses depends on the reading 'mine'",
    ]
    used = (
        '[[definition]]\nname = "idle"\nreading = "mine"\n'
        "under = { a = \"kind('radar')\", b = \"distance(land(own)) < param('km')\" }\n\n"
    )
    path = draft(tmp_path / "t", PARAMETER, reading, used, clause("1", f"idle and {ABROAD}"))
    assert deep_lint(path).is_clean


def test_a_definition_that_only_a_side_uses_is_used(tmp_path):
    head = HEAD.replace("states('RUS')", "bear") + (
        '[[definition]]\nname = "bear"\nrule = "states(\'RUS\')"\ngives = "states"\n\n'
    )
    assert deep_lint(draft(tmp_path / "t", clause("1", ABROAD), head=head)).is_clean


def test_a_record_of_a_case_that_its_clause_does_not_ask_for_is_told(tmp_path):
    path = draft(tmp_path / "t", clause("1", ABROAD), clause("2", "notice(7)", modality="oblige"))
    record = '{ record = { record = "notice", by = ["USA"], for = ["case"], on = 2021-01-01 } }'
    path.with_name("cases.toml").write_text(
        "".join(
            f'[[case]]\nname = "c"\nclause = "{id_}"\nverdict = "compliant"\nmore = [{record}]\n'
            for id_ in (1, 2)
        )
    )
    told = [one for one in deep_lint(path).advice if one.code == "unused"]
    assert [(one.clauses, one.text) for one in told] == [
        (("1",), "the record of a notice in the case 'c' changes nothing")
    ]


def test_the_drafts_that_ship_lack_only_what_they_leave_to_be_agreed():
    """Looked at one by one: each parameter is null in the text, and nothing else is odd."""
    told = [str(advice) for id_ in library() for advice in deep_lint(id_).advice]
    assert [line.rpartition(" (")[0] for line in told] == [
        "undecided: 7.2: nothing violates it while the parameter width_km has no value",
        "undecided: 5.3: nothing violates it while the parameter separation_km has no value",
        "undecided: 7.2: nothing violates it while the parameter deadline_days has no value",
    ]


def test_the_drafts_are_clean_once_all_is_agreed():
    params = {"separation_km": 2.0, "deadline_days": 30.0}
    assert deep_lint("us-russia-2021", params=params, in_force="2022-01-01").is_clean
    assert deep_lint("nato-russia-2021", params={"width_km": 100.0}).is_clean


def test_a_reading_can_make_a_clause_needless():
    """Outside everyone's waters is outside one's own, so the flat ban contains the encounters."""
    found = deep_lint(
        "us-russia-2021",
        clauses=["5.2", "5.3"],
        readings={"range_condition": "flat"},
        params={"separation_km": 2.0},
    )
    assert [str(one) for one in found.advice] == [
        "redundant: 5.3, 5.2: whatever violates it violates 5.2 too (proved)"
    ]


def test_the_same_lint_gives_the_same_values(tmp_path):
    parts, _, _ = DEFECTS["near to one and far from another"]
    path = draft(tmp_path / "t", *parts)
    assert deep_lint(path) == deep_lint(path)


def test_a_rule_that_asks_for_the_consent_of_everyone_is_looked_at(tmp_path):
    """It ended in an error about Transnistria, which holds land and which no record can name."""
    rule = "inside(territory(counterparts)) and consent(everyone)"
    path = draft(tmp_path / "t", clause("1", rule))
    assert [one.code for one in deep_lint(path).advice] == ["never-violated"]


def test_a_treaty_without_a_clause_to_check_is_refused(tmp_path):
    text = '[[clause]]\nid = "1"\narticle = "1"\ntext = "t"\ncheck = "none"\nwhy = "intent"\n'
    with pytest.raises(SettingError, match="small has no clause that can be checked"):
        deep_lint(draft(tmp_path / "t", text))


def test_wrong_names_and_files_are_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean 'us-russia-2021'"):
        deep_lint("us-rusia-2021")
    with pytest.raises(TreatyError, match="there is no such file"):
        deep_lint(tmp_path / "none.toml")
    with pytest.raises(UnknownNameError, match=r"clause of us-russia-2021 '9\.9'"):
        deep_lint("us-russia-2021", clauses=["9.9"])
    with pytest.raises(SettingError, match="us-russia-2021/8 cannot be checked"):
        deep_lint("us-russia-2021", clauses=["8"])
    with pytest.raises(SettingError, match="name at least one clause"):
        deep_lint("us-russia-2021", clauses=[])
    with pytest.raises(UnknownNameError, match="worldview"):
        deep_lint(load("us-russia-2021"), worldview="ruritania")
