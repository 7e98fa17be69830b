"""What came of trying laws, told to a person: which held, and files that show what did not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploygeo.checker.verdicts import Verdict
from deploygeo.errors import SettingError
from deploygeo.testing.law import Situation
from deploygeo.testing.prove import Proof

__all__ = ["summary", "told", "written"]

_MOST_SHOWN = 2_000


def summary(proofs: Iterable[Proof], *, full: bool = False) -> str:
    """Return one line a law, and a last one for all.

    Parameters
    ----------
    proofs : iterable of Proof
    full : bool
        Tell also what each law says, and why clauses are exempt.

    Examples
    --------
    >>> print(summary([]), end="")
    0 laws held, 0 broken, 0 not tried; 0 cases
    """
    by_law: dict[str, list[Proof]] = {}
    for proof in proofs:
        by_law.setdefault(proof.trial.law.name, []).append(proof)
    lines = []
    counts = {"held": 0, "broken": 0, "exempt": 0, "untried": 0}
    for name, found in by_law.items():
        outcome = _outcome(found)
        counts[outcome] += 1
        tried = [proof for proof in found if proof.outcome in ("held", "broken")]
        cases = sum(proof.cases for proof in found)
        where = ""
        if found[0].trial.clause is not None:
            where = f"{len(tried)} clause{'' if len(tried) == 1 else 's'}, "
        lines.append(f"{outcome:8}{name}: {where}{cases} cases")
        if full:
            lines.append(f"        {found[0].trial.law.statement}")
            for proof in found:
                if proof.outcome in ("exempt", "untried") and proof.trial.clause is not None:
                    lines.append(f"        {proof.trial.clause.id} {proof.outcome}: {proof.why}")
    whole = sum(proof.cases for found in by_law.values() for proof in found)
    lines.append(
        f"{counts['held']} law{'' if counts['held'] == 1 else 's'} held, {counts['broken']} broken,"
        f" {counts['exempt'] + counts['untried']} not tried; {whole} cases"
    )
    return "".join(f"{line}\n" for line in lines)


def _outcome(proofs: list[Proof]) -> str:
    found = {proof.outcome for proof in proofs}
    return next(outcome for outcome in ("broken", "held", "untried", "exempt") if outcome in found)


def told(proof: Proof, treaty: str | None = None, files: Mapping[int, str] | None = None) -> str:
    """Return what a broken law says, what was found, and how to see it.

    Parameters
    ----------
    proof : Proof
        With the outcome ``broken``.
    treaty : str, optional
        The id or file of the treaty, for the commands.
    files : mapping of int to str, optional
        Where each situation was written, by its place in the proof.

    Examples
    --------
    >>> from deploygeo.testing.prove import trials
    >>> trial = trials("us-russia-2021", laws=["consent-only-excuses"], clauses=["5.2"])[0]
    >>> print(told(Proof(trial, "broken", 1, "5.2 was compliant and is excused")))
    consent-only-excuses[5.2] is broken: 5.2 was compliant and is excused
      the law: More consent never makes a breach.
      because: consent is a defence. Where a clause knows it only as an exception, it excuses
      breaches and leaves what complies as it is.
    """
    law = proof.trial.law
    lines = [f"{proof.trial.name} is broken: {proof.why}", f"  the law: {law.statement}"]
    lines += _wrapped(f"because: {law.reason}")
    for index, situation in enumerate(proof.situations):
        when = ""
        if len(proof.situations) > 1:
            when = "before: " if index == 0 else "after: "
        lines.append(f"  {when}{situation.command((files or {}).get(index, '-'), treaty)}")
        lines += [f"    {item.id}: {item.verdict}" for item in _verdicts(situation)]
        if not files:
            lines.append(_cut(f"    {situation.geojson()}".replace("\n", "\n    ").rstrip()))
    if not proof.situations and proof.case:
        lines += [_cut(f"  {name} = {value!r}") for name, value in proof.case.items()]
    return "\n".join(lines)


def _verdicts(situation: Situation) -> list[Verdict]:
    try:
        found = situation.verdicts()
    except Exception:  # the law was broken by just that
        return []
    return [item for item in found if item.verdict != "not-applicable"]


def _wrapped(text: str) -> list[str]:
    from textwrap import wrap

    return [f"  {line}" for line in wrap(text, 90)]


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def written(proof: Proof, folder: Path) -> dict[int, str]:
    """Write the situations of a broken law as files that ``deploygeo check`` reads.

    Parameters
    ----------
    proof : Proof
    folder : Path
        Is made where it is not there.

    Returns
    -------
    dict of int to str
        The file of each situation, by its place in the proof.

    Raises
    ------
    SettingError
        If the folder cannot be written.

    Examples
    --------
    >>> from deploygeo.testing.prove import trials
    >>> trial = trials("us-russia-2021", laws=["consent-only-excuses"], clauses=["5.2"])[0]
    >>> written(Proof(trial, "broken", 1, "nothing to show"), Path("nowhere"))
    {}
    """
    found: dict[int, str] = {}
    if not proof.situations:
        return found
    stem = re.sub(r"[^A-Za-z0-9.-]+", "-", proof.trial.name).strip("-.")
    names = [""] if len(proof.situations) == 1 else ["-before", "-after", "-third"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for index, (situation, name) in enumerate(zip(proof.situations, names, strict=False)):
            path = folder / f"{stem}{name}.geojson"
            path.write_text(situation.geojson(), encoding="utf-8")
            found[index] = str(path)
    except OSError as error:
        raise SettingError(f"cannot write to {folder}: {error.strerror or error}") from None
    return found
