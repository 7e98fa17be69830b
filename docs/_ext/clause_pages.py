"""A page for each treaty that ships and for each of its clauses, made from the treaty file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from doctext import block, code, escaped, linked, page, table, toctree
from wording import bullets, phrase
from worked import Worked, worked_cases

from deploygeo.clauses.expression import Call, Literal, Name, Node, walk
from deploygeo.treaties import Clause, Definition, Reading, Treaty, library, load

__all__ = ["clause_pages"]

_CHECKS = {"rule": "checked", "flag": "flagged for a human", "none": "not checkable"}
_ASKED = {
    "deployment": "each deployment",
    "record": "each record",
    "group": "all deployments of one sender in one host state, during an unbroken period",
}
_PLACED = frozenset({"inside", "reaches", "distance", "land", "territory", "host_in", "separation"})
_FLAG = (
    "This is left to a human: where the clause applies and the file does not settle it, the "
    "verdict is *for a human to judge*, until a record of a `finding` says whether it holds. A "
    "finding overrules what the file says."
)

_BASELINE = (
    "The figures of 1997 that it is compared with are in [a table of their "
    "own](../../reference/presence-1997.md), each with its source."
)


def clause_pages() -> dict[str, str]:
    """Return the pages by document name."""
    pages = {"clauses/index": _index()}
    for id_ in library():
        treaty = load(id_)
        cases = worked_cases(treaty)
        pages[f"clauses/{id_}/index"] = _treaty_page(treaty, cases)
        for clause in treaty.clauses:
            own = [case for case in cases if case.clause == clause.id]
            pages[f"clauses/{id_}/{clause.id}"] = _clause_page(treaty, clause, own)
    return pages


def _index() -> str:
    return page(
        "Treaties, clause by clause",
        "These are the texts that ship with deploygeo. Each clause has a page: what it says, how "
        "it is read, the parameters and readings that it depends on, its worked cases with their "
        "verdicts, and its sources. The pages are made from the treaty files when the "
        "documentation is built, and the cases are checked anew each time.",
        "Both are drafts that Russia published on 17 December 2021. They were rejected and never "
        "bound anyone; they are checked *as if in force*.",
        toctree([f"{id_}/index" for id_ in library()], depth=2),
    )


def _treaty_page(treaty: Treaty, cases: tuple[Worked, ...]) -> str:
    facts = [
        ("id", code(treaty.id)),
        ("status", f"{treaty.status}, published {treaty.published}"),
        ("checked for", f"{treaty.reference_date}, where a deployment gives no day"),
        ("sides", ", ".join(f"{escaped(s.name)} ({code(str(s.states))})" for s in treaty.sides)),
        ("source", linked(treaty.source)),
    ]
    rows = [
        (
            f"[{escaped(clause.article)}]({clause.id}.md)",
            code(clause.id),
            escaped(clause.text),
            _CHECKS[clause.check],
            str(sum(1 for case in cases if case.clause == clause.id) or ""),
        )
        for clause in treaty.clauses
    ]
    return page(
        escaped(treaty.title),
        escaped(treaty.note),
        table(("What", "Value"), facts),
        "## Clauses",
        "The wording is a paraphrase of ours.",
        table(("Article", "Clause", "It says", "It is", "Cases"), rows),
        "## Parameters",
        _parameters(treaty, [item.name for item in treaty.parameters]),
        "## At a prompt",
        block(
            f"deploygeo treaty show {treaty.id}\n"
            f"deploygeo treaty test {treaty.id}\n"
            f"deploygeo check FILE -t {treaty.id}",
            "sh",
        ),
        toctree([_listed(treaty, clause) for clause in treaty.clauses], hidden=True),
    )


def _listed(treaty: Treaty, clause: Clause) -> str:
    """Return the line of the side bar: the article, and the id where two clauses share that."""
    is_one = sum(1 for other in treaty.clauses if other.article == clause.article) == 1
    return f"Article {clause.article}{'' if is_one else f', {clause.id}'} <{clause.id}>"


def _clause_page(treaty: Treaty, clause: Clause, cases: list[Worked]) -> str:
    title = f"Article {escaped(clause.article)} ({escaped(treaty.id)}/{escaped(clause.id)})"
    source = linked(clause.source or treaty.source)
    parts = [
        f"[{escaped(treaty.title)}](index.md); {_CHECKS[clause.check]}.",
        "## What it says",
        f"> {escaped(clause.text)}",
        f"Article {escaped(clause.article)}, paraphrased by us. Source: {source}.",
    ]
    if clause.check == "none":
        why = f"It has no rule. The reason: {escaped(clause.why)}. Every report lists it as such."
        return page(title, *parts, "## How we read it", why)
    used = _used(treaty, _nodes(clause))
    parts += [
        "## How we read it",
        *_reading_of(treaty, clause, frozenset(item.name for item in used)),
        *_definitions(used),
        "## Parameters",
        _parameters(treaty, _named(_all_nodes(clause, used), "param")),
        _BASELINE if _named(_all_nodes(clause, used), "presence") else "",
        "## Readings",
        _readings(treaty, clause, used, cases),
        "## Worked cases",
        _cases(cases),
        "## At a prompt",
        block(f"deploygeo explain {treaty.id}/{clause.id}", "sh"),
    ]
    return page(title, *parts)


def _nodes(clause: Clause) -> list[Node]:
    found = [clause.bearers, clause.applies, clause.rule, clause.counts]
    return [node for node in (*found, *(item.rule for item in clause.unless)) if node is not None]


def _all_nodes(clause: Clause, used: Iterable[Definition]) -> list[Node]:
    below = [node for item in used for node in _ways(item).values()]
    return [node for root in (*_nodes(clause), *below) for node in walk(root)]


def _ways(definition: Definition) -> Mapping[str, Node]:
    return definition.under or ({"": definition.rule} if definition.rule is not None else {})


def _used(treaty: Treaty, roots: Iterable[Node]) -> tuple[Definition, ...]:
    """Return the definitions that expressions rest on, in the order in which they are met."""
    found: dict[str, tuple[Definition, ...]] = {}
    todo = list(roots)
    while todo:
        for node in walk(todo.pop(0)):
            name = node.name if isinstance(node, Name) else ""
            if name in treaty.named and name not in found:
                found[name] = treaty.named[name]
                todo += [way for item in found[name] for way in _ways(item).values()]
    return tuple(item for group in found.values() for item in group)


def _named(nodes: Iterable[Node], word: str) -> list[str]:
    calls = [node for node in nodes if isinstance(node, Call) and node.name == word]
    first = [call.args[0] for call in calls]
    return list(dict.fromkeys(str(arg.value) for arg in first if isinstance(arg, Literal)))


def _reading_of(treaty: Treaty, clause: Clause, names: frozenset[str]) -> list[str]:
    bound = "all parties" if clause.bearers is None else phrase(clause.bearers, names)
    facts = [
        ("binds", escaped(bound), code("" if clause.bearers is None else str(clause.bearers))),
        ("asked of", _ASKED[clause.subject], ""),
    ]
    if clause.counts is not None:
        counted = escaped(phrase(clause.counts, names))
        facts.append(("counts", f"a deployment where {counted}", code(str(clause.counts))))
    if clause.standing:
        facts.append(("time", "asked before entry into force as well", code("standing = true")))
    head = ("What", "In words", "In the treaty file")
    width = 3 if any(text for *_, text in facts) else 2
    parts = [table(head[:width], [row[:width] for row in facts])]
    if clause.check == "flag":
        parts.append(_FLAG)
    if str(clause.applies) != "always":
        parts += [
            "**It applies** where this holds; elsewhere the verdict is *not applicable*:",
            bullets(clause.applies, names),
            block(f"applies = {_quoted(clause.applies)}", "toml"),
        ]
    if clause.rule is not None:
        what = "forbids" if clause.modality == "prohibit" else "requires"
        parts += [
            f"**It {what}** that this holds:",
            bullets(clause.rule, names),
            block(f"rule = {_quoted(clause.rule)}", "toml"),
        ]
    for item in clause.unless:
        parts += [
            f"**A breach is excused** by *{escaped(item.name)}*: {escaped(item.text)}",
            bullets(item.rule, names),
            block(f"rule = {_quoted(item.rule)}", "toml"),
        ]
    return parts


def _quoted(node: Node) -> str:
    text = str(node)
    return f'"{text}"' if '"' not in text and "\\" not in text else f"'''{text}'''"


def _definitions(used: tuple[Definition, ...]) -> list[str]:
    if not used:
        return []
    names = frozenset(item.name for item in used)
    parts = ["### Words it uses"]
    for item in used:
        span = "".join(
            f", {word} {day}" for word, day in (("from", item.start), ("until", item.end)) if day
        )
        by = f" depends on the reading {code(item.reading)}" if item.reading else ""
        rows = [
            (code(way), code(str(node)), escaped(phrase(node, names)))
            for way, node in _ways(item).items()
        ]
        if item.reading:
            parts += [
                f"“{escaped(item.name)}”{by}{span}:",
                table(("Value", "In the treaty file", "In words"), rows),
            ]
        else:
            _, text, words = rows[0]
            parts.append(f"“{escaped(item.name)}”{span} is {text}: {words}.")
    return parts


def _parameters(treaty: Treaty, names: Iterable[str]) -> str:
    wanted = set(names)
    rows = []
    for item in treaty.parameters:
        if item.name not in wanted:
            continue
        values = [f"{v:g}{f' from {start}' if start else ''}" for start, v in item.values]
        told = "; ".join(values) or f"left to be agreed: `--param {item.name}=NUMBER`"
        rows.append((code(item.name), escaped(item.text), told, linked(item.source)))
    if not rows:
        return "It depends on no number that the text leaves to be agreed."
    return table(("Parameter", "What it is", "Value", "Source"), rows)


def _consulted(
    treaty: Treaty, clause: Clause, used: tuple[Definition, ...], cases: list[Worked]
) -> tuple[Reading, ...]:
    names = {item.reading for item in used}
    words = {getattr(node, "name", "") for node in _all_nodes(clause, used)}
    if words & _PLACED:
        names.add("overseas")
    if "presence" in words:
        names.add("baseline_absent")
    names |= {name for case in cases if case.finding for name in case.finding.readings}
    return tuple(item for item in treaty.readings if item.name in names)


def _readings(
    treaty: Treaty, clause: Clause, used: tuple[Definition, ...], cases: list[Worked]
) -> str:
    flips = _flips(cases)
    parts = []
    for reading in _consulted(treaty, clause, used, cases):
        rows = []
        for value in reading.values:
            told = flips.get(f"{reading.name} = {value.name}", [])
            default = " (default)" if value.name == reading.default else ""
            changed = _many(told) if told or not default else ""
            rows.append((code(value.name) + default, escaped(value.text), changed))
        parts += [
            f"{code(reading.name)}: {escaped(reading.question)}",
            table(("Value", "It says", "It alone changes the verdict of"), rows),
        ]
    views = [change for change in flips if change.startswith("worldview = ")]
    for change in sorted(views):
        told = _many(flips[change])
        parts.append(f"The worldview {code(change[12:])} alone changes the verdict of {told}.")
    if not parts:
        return "It depends on no reading."
    intro = (
        "The last column counts the worked cases below whose verdict would be another under that "
        "value, all else equal. A case may itself be judged under another value than the default."
    )
    return "\n\n".join([intro, *parts])


def _flips(cases: list[Worked]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, case in enumerate(cases, 1):
        for flip in case.finding.stability if case.finding else ():
            found.setdefault(flip.change, []).append(index)
    return found


def _many(told: list[int]) -> str:
    if not told:
        return "no case"
    return f"{'case' if len(told) == 1 else 'cases'} {', '.join(map(str, told))}"


def _cases(cases: list[Worked]) -> str:
    if not cases:
        return "There is none."
    rows = [(str(i), *_case(case)) for i, case in enumerate(cases, 1)]
    return table(("No.", "Case", "Given", "Verdict"), rows)


def _case(case: Worked) -> tuple[str, str, str]:
    given = "; ".join(case.given)
    chosen = f" **Under** {escaped(', '.join(case.chosen))}." if case.chosen else ""
    verdict = f"**{case.verdict}**"
    finding = case.finding
    if finding is not None and finding.verdict == "indeterminate" and finding.why:
        verdict += f", for want of: {escaped(', '.join(finding.why))}"
    if finding is not None and finding.exception:
        verdict += f", by {escaped(finding.exception)}"
    if finding is not None and finding.margin_km and finding.verdict in ("violation", "compliant"):
        verdict += f", by {_margin(finding.margin_km)}"
    return (
        escaped(case.name.partition(": ")[2] or case.name),
        escaped(given) + "." + chosen,
        verdict,
    )


def _margin(margin_km: tuple[float, float]) -> str:
    lo, hi = sorted(abs(end) for end in margin_km)
    if hi == float("inf"):
        return f"at least {lo:.1f} km"
    middle, half = (lo + hi) / 2, (hi - lo) / 2
    return f"{middle:.1f} ± {half:.1f} km"
