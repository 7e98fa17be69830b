"""What every benchmark shares: the work, the peers, and how a run is timed and recorded."""

from __future__ import annotations

import datetime
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import deploygeo
from deploygeo import boundaries
from deploygeo.geodesy import DistanceField, field_of

# Threads of libraries below would blur rates per processor second.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
# `geodesy.oracle` and its friends live beside this folder.
sys.path.insert(0, str(Path(__file__).parents[1]))

from . import peers  # noqa: E402
from .postgis import AbsentError, PostGIS, Server  # noqa: E402
from .work import Work  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="fewer points and rounds: about 3 min")


def pytest_configure() -> None:
    # So that the server is stopped when the run is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


@pytest.fixture(scope="session")
def quick(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--quick"))


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep fields in a folder of this run: nothing of the user's helps or is touched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEPLOYGEO_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def work(quick: bool) -> Work:
    made = Work(quick)
    ne10 = boundaries.territory("RUS", level="ne10").shapes
    _sizes.update(
        vertices=shapely.get_num_coordinates(made.polygon).item(),
        ne10_vertices=sum(shapely.get_num_coordinates(part.geometry).item() for part in ne10),
        limit_s=made.limit_s,
    )
    return made


@pytest.fixture(scope="session")
def distances(work: Work, _own_cache: None) -> DistanceField:
    return field_of(work.territory)


@pytest.fixture(scope="session")
def server() -> Iterator[Server | str]:
    """Return the PostGIS server, or why there is none."""
    try:
        started = Server().__enter__()
    except AbsentError as error:
        yield str(error)
        return
    try:
        yield started
    finally:
        started.__exit__()


@pytest.fixture(scope="session")
def peer(work: Work, server: Server | str) -> Callable[[str], Any]:
    """Return a function from a name to a peer with the polygon loaded; skips what is absent."""
    made: dict[str, Any] = {}

    def get(name: str) -> Any:
        if name not in made:
            try:
                if name == "PostGIS":
                    if isinstance(server, str):
                        raise AbsentError(server)
                    made[name] = PostGIS(server, work.polygon)
                else:
                    made[name] = getattr(peers, name)(work.polygon)
            except AbsentError as error:
                made[name] = error
        if isinstance(made[name], AbsentError):
            pytest.skip(f"{name}: {made[name]}")
        return made[name]

    return get


@dataclass
class Timed:
    """Runs a function, timed by pytest-benchmark, and records what the report needs."""

    benchmark: Any
    rounds: int
    processor_s: list[float] = field(default_factory=list)

    def __call__(
        self,
        function: Callable[[], Any],
        *,
        table: str,
        column: str,
        row: str,
        count: int,
        cpu: Callable[[], float] = time.process_time,
        rounds: int | None = None,
        warm: bool = True,
        version: str = "",
        setup: Callable[[], Any] | None = None,
    ) -> Any:
        load = os.getloadavg()[0]

        def run() -> Any:
            begin = cpu()
            answer = function()
            self.processor_s.append(cpu() - begin)
            return answer

        answer = self.benchmark.pedantic(
            run,
            setup=setup,
            rounds=rounds or self.rounds,
            iterations=1,
            warmup_rounds=1 if warm else 0,
        )
        timed = self.processor_s[1:] if warm else self.processor_s
        self.benchmark.extra_info.update(
            table=table,
            column=column,
            row=row,
            count=count,
            # A processor's clock of 10 ms may show nothing.
            cpu_s=max(min(timed), 1e-4),
            load=round(max(load, os.getloadavg()[0]), 2),
            version=version,
        )
        return answer

    def note(self, **values: Any) -> None:
        """Record something else about this row."""
        self.benchmark.extra_info.update(
            {
                key: value.item() if hasattr(value, "item") else value
                for key, value in values.items()
            }
        )


@pytest.fixture
def timed(benchmark: Any, quick: bool) -> Timed:
    return Timed(benchmark, rounds=2 if quick else 3)


def _cpu_model() -> str:
    """Return maker and family only: 'AMD EPYC'."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                words = line.split(":", 1)[1].replace("(R)", "").replace("(TM)", "").split()
                return " ".join(words[:2])
    return platform.machine()


def pytest_benchmark_update_machine_info(config: pytest.Config, machine_info: dict) -> None:
    """Keep of the machine what a reader needs and nothing that names it."""
    del config
    machine_info.clear()
    machine_info.update(
        cores=os.cpu_count(),
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        model=_cpu_model(),
        system=platform.system(),
        python=platform.python_version(),
        deploygeo=deploygeo.__version__,
        numpy=np.__version__,
        versions=peers.version("shapely", "pyproj", "pytest-benchmark"),
    )


_sizes: dict[str, int] = {}
_skipped: list[str] = []
_load: list[float] = []
_begun = time.time()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _load.append(os.getloadavg()[0])
    if report.skipped and isinstance(report.longrepr, tuple):
        _skipped.append(report.longrepr[2].removeprefix("Skipped: "))
    elif report.failed:
        _skipped.append(f"{report.nodeid.rsplit('::')[-1]} failed")


def pytest_benchmark_update_json(
    config: pytest.Config, benchmarks: list[Any], output_json: dict[str, Any]
) -> None:
    del benchmarks
    output_json.pop("commit_info", None)
    output_json["run"] = {
        "quick": bool(config.getoption("--quick")),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "minutes": round((time.time() - _begun) / 60, 1),
        "load": [round(min(_load), 1), round(float(np.median(_load)), 1), round(max(_load), 1)],
        "skipped": sorted(set(_skipped)),
        **_sizes,
    }
