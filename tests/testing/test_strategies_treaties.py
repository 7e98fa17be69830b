"""Predicates that compile from their text, and treaty files that have no fault."""

import tomllib
from collections import Counter
from datetime import date

import pytest

from deploygeo.checker.verdicts import verdicts
from deploygeo.clauses import VOCABULARY, compile_expression
from deploygeo.clauses.expression import (
    And,
    Call,
    Combine,
    Compare,
    Literal,
    Name,
    Not,
    Or,
    walk,
)
from deploygeo.clauses.language import misplaced, type_of
from deploygeo.errors import SettingError, TreatyError, UnknownNameError
from deploygeo.testing.strategies import (
    TreatyFile,
    deployments,
    drawn,
    predicates,
    simplest,
    treaties,
)
from deploygeo.testing.strategies.toml import written
from deploygeo.treaties import lint, load

DEFINED = {"mine": "truth", "width": "number", "rivals": "states", "target": "region"}
TYPES = ("truth", "number", "states", "region")


@pytest.mark.parametrize("about", ["deployment", "record", "group", "side"])
@pytest.mark.parametrize("gives", TYPES)
def test_every_predicate_compiles_from_its_own_text_to_itself(about, gives):
    found = predicates(about=about, gives=gives, definitions=DEFINED, params=["limit"])
    for node in drawn(found, 150):
        text = str(node)
        again = compile_expression(
            text, gives=gives, definitions=DEFINED, choices={"param": ["limit"]}
        )
        assert again == node
        assert type_of(node, DEFINED) == gives
        for item in walk(node):
            if isinstance(item, Name | Call) and item.name not in DEFINED:
                assert misplaced(item.name, about) == ""


def test_predicates_are_of_every_form_and_use_every_word():
    forms, words = Counter(), Counter()
    for about in ("deployment", "record", "group"):
        for node in drawn(predicates(about=about, params=["limit"], definitions=DEFINED), 900):
            for item in walk(node):
                forms[type(item)] += 1
                if isinstance(item, Name | Call):
                    words[item.name] += 1
    assert set(forms) == {And, Call, Combine, Compare, Literal, Name, Not, Or}
    # lines lie beside a treaty file
    assert set(VOCABULARY) - set(words) <= {"line"}
    assert set(DEFINED) <= set(words)


def test_predicates_are_no_larger_than_asked():
    def leaves(node):
        return sum(isinstance(item, Name | Call) for item in walk(node))

    assert max(leaves(node) for node in drawn(predicates(max_leaves=1), 200)) <= 6
    assert max(leaves(node) for node in drawn(predicates(max_leaves=8), 300)) <= 24
    assert max(leaves(node) for node in drawn(predicates(max_leaves=30), 100)) > 24


def test_predicates_use_only_the_words_asked_for_where_these_suffice():
    words = ["kind", "range", "own", "land", "reaches"]
    for node in drawn(predicates(words=words), 100):
        used = {item.name for item in walk(node) if isinstance(item, Name | Call)}
        assert used <= set(words)


def test_predicates_shrink_to_few_and_plain_words():
    assert str(simplest(predicates())) == "always"
    assert str(simplest(predicates(), lambda node: isinstance(node, Compare))) == "0 <= 0"
    both = simplest(predicates(), lambda node: isinstance(node, And))
    assert str(both) == "always and always"
    kind = simplest(predicates(), lambda node: "kind" in str(node))
    assert str(kind) == "kind('air_base')"


def test_every_treaty_lints_with_no_fault():
    for file in drawn(treaties(), 150):
        assert file.faults == (), file.text


def test_a_treaty_written_to_a_folder_loads_as_the_same(tmp_path):
    for file in {one.text: one for one in drawn(treaties(), 30)}.values():
        path = file.write(tmp_path)
        assert lint(path) == ()
        loaded = load(path)
        assert loaded.clauses == file.treaty.clauses
        assert loaded.definitions == file.treaty.definitions
        assert loaded.parameters == file.treaty.parameters
        assert loaded.in_force == file.treaty.in_force


def test_a_treaty_prints_as_python_that_makes_it_again():
    for file in drawn(treaties(), 40):
        assert eval(repr(file), {"TreatyFile": TreatyFile}) == file  # noqa: S307 - of our own making


def test_treaties_have_everything_that_a_file_may_have():
    seen = Counter()
    for file in drawn(treaties(), 400):
        treaty = file.treaty
        seen[f"{len(treaty.sides)} sides"] += 1
        seen["in force"] += bool(treaty.in_force)
        seen["ends"] += any(span.end for span in treaty.in_force)
        seen["of a party"] += any(span.party for span in treaty.in_force)
        seen["published"] += treaty.published is not None
        seen["reference date"] += treaty.reference_date is not None
        seen["note"] += bool(treaty.note)
        seen["own reading"] += any(item.name.startswith("choice") for item in treaty.readings)
        for item in treaty.parameters:
            seen[f"{min(2, len(item.values))} values"] += 1
        for item in treaty.definitions:
            seen[f"gives {item.gives}"] += 1
            seen["under a reading"] += bool(item.reading)
            seen["from"] += item.start is not None
            seen["until"] += item.end is not None
            seen["priority"] += item.priority > 0
        for clause in treaty.clauses:
            seen[clause.subject] += 1
            seen[clause.modality] += 1
            seen[f"check {clause.check}"] += 1
            seen["no rule"] += clause.rule is None
            seen["bearers"] += clause.bearers is not None
            seen["counts"] += clause.counts is not None
            seen["unless"] += bool(clause.unless)
            seen["standing"] += clause.standing
            seen["source"] += bool(clause.source)
    wanted = {
        *("1 sides", "2 sides", "3 sides", "in force", "ends", "of a party", "published"),
        *("reference date", "note", "own reading", "0 values", "1 values", "2 values"),
        *(f"gives {type_}" for type_ in TYPES),
        *("under a reading", "from", "until", "priority", "deployment", "record", "group"),
        *("prohibit", "oblige", "check rule", "check flag", "check none", "no rule", "bearers"),
        *("counts", "unless", "standing", "source"),
    }
    assert {name for name, many in seen.items() if many >= 3} >= wanted


def test_definitions_of_treaties_use_those_above_them():
    used = 0
    for file in drawn(treaties(max_definitions=6), 200):
        above = set()
        for item in file.treaty.definitions:
            nodes = [item.rule] if item.rule is not None else list(item.under.values())
            names = {n.name for node in nodes for n in walk(node) if isinstance(n, Name)}
            used += bool(names & above)
            above.add(item.name)
    assert used > 10


def test_treaties_can_be_checked_without_an_error():
    for file in drawn(treaties(max_leaves=4), 25):
        checkable = [one.id for one in file.treaty.clauses if one.check != "none"]
        if checkable:
            for one in drawn(deployments(treaty=file.treaty, clause=checkable[0]), 3):
                verdicts([one], file.treaty)


def test_treaties_shrink_to_one_side_and_one_clause():
    plain = simplest(treaties())
    assert plain.text.count("[[") == 2
    assert str(plain.treaty.clauses[0].rule) == "always"
    record = simplest(
        treaties(), lambda file: any(one.subject == "record" for one in file.treaty.clauses)
    )
    assert len(record.treaty.clauses) == 1
    assert record.treaty.definitions == ()


def test_a_file_with_faults_tells_them():
    wrong = TreatyFile("id = 'x'\n")
    assert "title is missing" in {fault.message for fault in wrong.faults}
    with pytest.raises(TreatyError):
        _ = wrong.treaty


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"a": "", "b": True, "c": 0, "d": 0.0, "e": date(2021, 12, 17), "f": [], "g": {}},
        {"odd key": {"é": 1}, "": 2},
        {"t": "tab\t quote\" back\\ line\n nul\x00 del\x7f é \u2028 '''"},
        {"n": [1e22, 1e-9, -5, -0.5, 12345678901234567890]},
        {"row": [{"a": 1, "row": [{"b": 2, "row": [{"c": 3}]}]}, {"d": [{"e": 4}]}]},
        {"values": [{"name": "x", "text": "y"}], "dated": [{"from": date(2020, 1, 1), "value": 1}]},
        {"mixed": [1, "a", [True, {"x": {"y": 1}}]]},
    ],
)
def test_toml_is_read_as_it_was_written(table):
    assert tomllib.loads(written(table)) == table


def test_toml_is_the_same_text_for_the_same_table():
    table = {"id": "x", "clause": [{"id": "1"}, {"id": "2", "unless": [{"rule": "never"}]}]}
    assert written(table) == (
        'id = "x"\n\n[[clause]]\nid = "1"\n\n[[clause]]\nid = "2"\n\n'
        '[[clause.unless]]\nrule = "never"\n'
    )


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda: predicates(about="ship"), UnknownNameError, "unknown subject 'ship'"),
        (lambda: predicates(gives="text"), UnknownNameError, "unknown type 'text'"),
        (lambda: predicates(words=["rang"]), UnknownNameError, "did you mean 'range'"),
        (lambda: predicates(max_leaves=0), SettingError, "whole number from 1"),
        (lambda: predicates(definitions={"x": "text"}), UnknownNameError, "unknown type"),
        (lambda: treaties(max_clauses=0), SettingError, "whole number from 1"),
        (lambda: treaties(words=["lines"]), UnknownNameError, "did you mean 'line'"),
    ],
)
def test_a_wrong_argument_is_told_at_once(make, error, told):
    with pytest.raises(error, match=told):
        make()


def test_strategies_print_as_the_call_that_makes_them():
    assert repr(predicates(gives="region")) == "predicates(gives='region')"
    assert repr(treaties(max_clauses=1)) == "treaties(max_clauses=1)"
