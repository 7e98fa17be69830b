"""The expression language: one spelling for every tree, and no way out of it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploygeo.clauses import VOCABULARY, compile_expression
from deploygeo.clauses.expression import And, Call, Combine, Compare, Literal, Name, Not, Or
from deploygeo.errors import TreatyError

SMALL = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

# -- random trees of the language, as the compiler itself would build them

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8).map(Literal)
dates = st.dates().map(lambda day: Literal(day.isoformat()))
OF_A_FORM = {
    "date": dates,
    "day": st.one_of(dates, st.just(Literal("before"))),
    "key": st.sampled_from(["sender-host", "host"]).map(Literal),
}
literals = st.one_of(
    st.integers(0, 10**12).map(lambda value: Literal(float(value))),
    st.floats(0, 1e12, allow_nan=False).map(Literal),
)


def no_arguments(gives):
    names = [name for name, word in VOCABULARY.items() if word.gives == gives]
    return st.sampled_from([n for n in names if len(VOCABULARY[n].takes) == VOCABULARY[n].optional])


def calls(gives, by_type):
    def call(name):
        word = VOCABULARY[name]
        forms = (*word.texts, *[""] * len(word.takes))
        fixed = [
            OF_A_FORM.get(form, by_type[kind])
            for kind, form in zip(word.takes, forms, strict=False)
        ]
        if word.more is None:
            return st.tuples(*fixed).map(lambda args: Call(name, args))
        more = st.lists(by_type[word.more], max_size=2)
        return st.tuples(st.tuples(*fixed), more).map(lambda p: Call(name, (*p[0], *p[1])))

    names = [name for name, word in VOCABULARY.items() if word.gives == gives and word.takes]
    return st.sampled_from(names).flatmap(call)


def joined(terms, operators):
    return st.builds(Combine, terms, st.sampled_from(operators), terms)


def trees(depth=3):
    """Return strategies for each type, of at most this depth."""
    if depth == 0:
        return {
            "truth": no_arguments("truth").map(Name),
            "number": st.one_of(literals, no_arguments("number").map(Name)),
            "states": no_arguments("states").map(Name),
            "region": st.just(Call("sea", (Literal("Black Sea"),))),
            "text": texts,
        }
    below = trees(depth - 1)
    compares = st.lists(below["number"], min_size=2, max_size=4).flatmap(
        lambda terms: st.lists(
            st.sampled_from(["<", "<=", ">", ">="]),
            min_size=len(terms) - 1,
            max_size=len(terms) - 1,
        ).map(lambda signs: Compare(tuple(terms), tuple(signs)))
    )
    several = st.lists(below["truth"], min_size=2, max_size=3).map(tuple)
    return {
        "truth": st.one_of(
            below["truth"],
            calls("truth", below),
            compares,
            below["truth"].map(Not),
            several.map(And),
            several.map(Or),
        ),
        "number": st.one_of(below["number"], calls("number", below), joined(below["number"], "+-")),
        "states": st.one_of(
            below["states"], calls("states", below), joined(below["states"], "|&-")
        ),
        "region": st.one_of(below["region"], calls("region", below)),
        "text": texts,
    }


TREES = trees()


@pytest.mark.parametrize("gives", ["truth", "number", "states", "region"])
def test_compiling_the_spelling_of_a_tree_gives_the_tree(gives):
    @SMALL
    @given(TREES[gives])
    def holds(node):
        assert compile_expression(str(node), gives=gives) == node

    holds()


@SMALL
@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_a_fault(text):
    try:
        node = compile_expression(text)
    except TreatyError:
        return
    assert compile_expression(str(node)) == node


@SMALL
@given(st.text("and or not range<>=()'+-|&0123456789.,_own states kind", max_size=60))
def test_any_text_of_the_languages_own_letters_is_an_expression_or_a_fault(text):
    try:
        node = compile_expression(text)
    except TreatyError:
        return
    assert compile_expression(str(node)) == node


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("nuclear   and(always)", "nuclear and always"),
        ("(range)>=500.0", "range >= 500"),
        ("500<=range<=5500", "500 <= range <= 5500"),
        ('kind("submarine")', "kind('submarine')"),
        ("not(nuclear and always)", "not (nuclear and always)"),
        ("nuclear or (always and never)", "nuclear or always and never"),
        ("(nuclear or always) and never", "(nuclear or always) and never"),
        ("share(own - (parties - joining), own)", "share(own - (parties - joining), own)"),
        ("share((own - parties) - joining, own)", "share(own - parties - joining, own)"),
        ("range - (personnel + 1) < 0.5", "range - (personnel + 1) < 0.5"),
        ("framework('it\\'s')", "framework('it\\'s')"),
    ],
)
def test_every_tree_has_one_spelling(text, canonical):
    assert str(compile_expression(text)) == canonical


@pytest.mark.parametrize("text", ["framework('a\\nb')", "framework('\\x00')", "framework('a\\\\')"])
def test_words_with_odd_letters_keep_them(text):
    node = compile_expression(text)
    assert compile_expression(str(node)) == node


@pytest.mark.parametrize("value", [1e-7, 0.1, 1e12, 499.99999999999994])
def test_a_number_keeps_its_last_bit(value):
    node = compile_expression(f"range < {value!r}")
    assert compile_expression(str(node)) == node == Compare((Name("range"), Literal(value)), ("<",))
