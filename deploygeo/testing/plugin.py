"""A plugin of pytest: ``pytest --deploygeo-treaty FILE`` collects laws and cases as tests.

Without the option nothing is imported, so that it costs a run of other tests nothing.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from deploygeo.checker import CaseResult
    from deploygeo.testing.prove import Trial

__all__ = ["pytest_addoption", "pytest_collection_modifyitems"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("deploygeo", "laws of deploygeo")
    group.addoption(
        "--deploygeo-treaty",
        action="append",
        default=[],
        metavar="FILE",
        help="treaty file, folder or id: its laws and its cases.toml are collected as tests",
    )
    group.addoption(
        "--deploygeo-examples",
        type=_from_one,
        default=None,
        metavar="N",
        help="cases a law is tried on for each clause",
    )
    group.addoption(
        "--deploygeo-seed", type=int, default=0, metavar="N", help="seed of the cases of laws"
    )


def _from_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1, not {text!r}")
    return int(text)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the tests of the treaties that are asked for; -k and -m see them too."""
    for name in session.config.getoption("--deploygeo-treaty"):
        collector = TreatyCollector.from_parent(session, name=f"treaty {name}", treaty=name)
        items.extend(collector.collect())


class TreatyCollector(pytest.Collector):
    """The laws and the cases of one treaty."""

    def __init__(self, *, treaty: str, **more: Any) -> None:
        super().__init__(**more)
        self.treaty = treaty

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each law of each clause, and for each case."""
        from deploygeo.checker import run_cases
        from deploygeo.errors import DeploygeoError
        from deploygeo.testing.prove import trials
        from deploygeo.treaties import load

        try:
            loaded = load(self.treaty)
            todo = trials(loaded)
            results = run_cases(self.treaty) if _has_cases(loaded) else ()
        except DeploygeoError as error:
            raise pytest.UsageError(f"--deploygeo-treaty {self.treaty}: {error}") from None
        for trial in todo:
            if not trial.exempt:
                name = f"law::{trial.name}"
                yield LawItem.from_parent(self, name=name, trial=trial, source=self.treaty)
        for index, result in enumerate(results):
            name = f"case::{index + 1}::{result.name}"
            yield CaseItem.from_parent(self, name=name, result=result)


def _has_cases(treaty: Any) -> bool:
    return treaty.folder is not None and (treaty.folder / "cases.toml").is_file()


class LawItem(pytest.Item):
    """One law tried on one clause, or on deploygeo itself."""

    def __init__(self, *, trial: Trial, source: str, **more: Any) -> None:
        super().__init__(**more)
        self.trial = trial
        self.source = source

    def runtest(self) -> None:
        """Try the law."""
        from deploygeo.testing.prove import EXAMPLES, tried
        from deploygeo.testing.telling import told

        examples = self.config.getoption("--deploygeo-examples")
        seed = self.config.getoption("--deploygeo-seed")
        count = EXAMPLES if examples is None else examples
        proof = tried(self.trial, examples=count, seed=seed)
        if proof.outcome == "broken":
            again = ["deploygeo", "treaty", "prove", self.source, "--law", self.trial.law.name]
            if self.trial.clause is not None:
                again += ["--clause", self.trial.clause.id]
            again += ["--seed", str(seed), "--examples", str(count)]
            files = f"  as files: {shlex.join(again)}"
            pytest.fail(f"{told(proof, self.source)}\n{files}", pytrace=False)
        if proof.outcome == "untried":
            pytest.skip(proof.why)

    def reportinfo(self) -> tuple[str, None, str]:
        """Return what stands above a failure."""
        return (self.name, None, f"{self.trial.treaty.id}: {self.trial.law.statement}")


class CaseItem(pytest.Item):
    """One case of ``cases.toml``."""

    def __init__(self, *, result: CaseResult, **more: Any) -> None:
        super().__init__(**more)
        self.result = result

    def runtest(self) -> None:
        """Compare the verdict with the expected one."""
        result = self.result
        if not result.passed:
            why = f" ({'; '.join(result.why)})" if result.why else ""
            told = f"clause {result.clause}: expected {result.expected}, got {result.actual}{why}"
            pytest.fail(told, pytrace=False)

    def reportinfo(self) -> tuple[str, None, str]:
        """Return what stands above a failure."""
        return (self.name, None, self.name)
