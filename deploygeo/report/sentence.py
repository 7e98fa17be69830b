"""A finding in one line, and the lines of the input that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from deploygeo.checker.findings import Finding
from deploygeo.model import Deployment, Origin
from deploygeo.report._names import state_name
from deploygeo.report._words import listed, margin_text, measure_text, plain, stability_text
from deploygeo.report.text import article_text, title_text

__all__ = ["known_origins", "origins_of", "sentence"]


def sentence(finding: Finding) -> str:
    """Return a finding as one line of text: who, what, by how much, and what it hangs on.

    Parameters
    ----------
    finding : Finding

    Examples
    --------
    >>> finding = Finding(id="a/b@c", treaty="a", clause="b", article="1", text="", name="Ship",
    ...     subject="deployment", members=("c",), party="USA", on=None, verdict="violation")
    >>> sentence(finding)
    'Ship (United States): violation of Article 1; holds under all readings and worldviews'
    """
    who = title_text(finding)
    if finding.subject != "group" and finding.party:
        who += f" ({state_name(plain(finding.party))})"
    where = article_text(finding.article)
    if finding.is_open:
        what = f"for a human to judge under {where}"
    elif finding.verdict == "violation":
        what = f"violation of {where}"
    else:
        what = f"{plain(finding.verdict)} under {where}"
    parts = [f"{who}: {what}"]
    parts += [measure_text(finding.measures[0])] if finding.measures else []
    parts += [margin_text(finding.margin)] if finding.margin is not None else []
    parts += [f"excused by {plain(finding.exception)}"] if finding.exception else []
    parts += [f"wants {listed(finding.why)}"] if finding.why else []
    parts.append(stability_text(finding.stability))
    return "; ".join(part for part in parts if part)


def known_origins(deployments: Iterable[Deployment]) -> dict[str, Origin]:
    """Return where deployments stand in the input, by id, for `origins_of`.

    Parameters
    ----------
    deployments : iterable of Deployment

    Examples
    --------
    >>> known_origins([Deployment(id="a", party="USA", kind="radar", geometry=(1, 2))])
    {}
    """
    return {one.id: one.origin for one in deployments if one.origin is not None}


def origins_of(finding: Finding, known: Mapping[str, Origin]) -> list[Origin]:
    """Return where in the input stands what a finding is about; of a group, each member.

    Parameters
    ----------
    finding : Finding
    known : mapping of str to Origin
        Those of the deployments, from `known_origins`.

    Examples
    --------
    >>> finding = Finding(id="a/b@c", treaty="a", clause="b", article="1", text="", name="c",
    ...     subject="group", members=("c", "d"), party="USA", on=None, verdict="violation")
    >>> origins_of(finding, {"d": Origin("a.json", 7)}), origins_of(finding, {})
    ([Origin(source='a.json', line=7, feature=None)], [])
    """
    if finding.origin is not None:
        return [finding.origin]
    return list(dict.fromkeys(known[name] for name in finding.members if name in known))
