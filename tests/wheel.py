"""Build the wheel, install it in a clean environment, and use it from another folder.

Run by ``make wheel``. Prints one line; the exit code is not 0 on any failure. It is a script and
not a test, since it needs the network or a cache of packages, and most of a minute.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "europe-2021-12-17.geojson"
BORDERS = ("hybrid.gpkg", "ne10.gpkg", "seas.gpkg", "errors.toml", "units.toml", "worldviews.toml")
TIMEOUT_S = 300

# What the installed package must be able to say for itself; run with -I, so that neither the
# checkout nor the environment can answer in its place.
PROBE = """
import sys
from pathlib import Path
import deploygeo
from deploygeo.boundaries import data_folder
home = Path(deploygeo.__file__).resolve().parent
assert home.is_relative_to(Path(sys.prefix).resolve()), home
assert data_folder() == home / "_boundaries", data_folder()
assert len(deploygeo.nato("2021-12-17")) == 30
assert deploygeo.treaty("us-russia-2021").clauses
heavy = {"geopandas", "hypothesis", "pandas", "pyarrow", "pytest"} & set(sys.modules)
assert not heavy, heavy
print(deploygeo.__version__)
"""


class WheelError(Exception):
    """The wheel is not what it should be."""


def run(*command: str | Path, cwd: Path) -> str:
    """Return what a command prints; raise with its last lines if it fails."""
    environment = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise WheelError(f"{Path(command[0]).name} {command[1]} ended {done.returncode}:\n{tail}")
    return done.stdout


def expected_files() -> set[str]:
    """Return the files that the wheel must hold: all of the package, and the border data."""
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "deploygeo").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return package | {f"deploygeo/_boundaries/{name}" for name in BORDERS}


def check_contents(wheel: Path) -> None:
    """Raise if a file is missing, empty, or does not belong into the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        sizes = {item.filename: item.file_size for item in archive.infolist()}
    if missing := sorted(expected_files() - set(sizes)):
        raise WheelError(f"the wheel lacks {', '.join(missing)}")
    if empty := [name for name in sizes if name.endswith((".gpkg", ".toml")) and not sizes[name]]:
        raise WheelError(f"empty in the wheel: {', '.join(empty)}")
    tops = {name.partition("/")[0] for name in sizes}
    if foreign := sorted(top for top in tops if top != "deploygeo" and ".dist-info" not in top):
        raise WheelError(f"the wheel would also install {', '.join(foreign)}")
    if not any(name.endswith("/treaty.toml") for name in sizes):
        raise WheelError("the wheel holds no treaty")


def main() -> int:
    """Build, install, use."""
    with tempfile.TemporaryDirectory(prefix="deploygeo-wheel-") as name:
        folder = Path(name)
        elsewhere = folder / "elsewhere"
        elsewhere.mkdir()
        run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT, cwd=folder)
        (wheel,) = folder.glob("*.whl")
        check_contents(wheel)
        venv.create(folder / "clean", with_pip=True)
        scripts = folder / "clean" / ("Scripts" if os.name == "nt" else "bin")
        python = scripts / "python"
        run(python, "-m", "pip", "install", "--quiet", wheel, cwd=elsewhere)
        version = run(python, "-I", "-c", PROBE, cwd=elsewhere).strip()
        shutil.copy(EXAMPLE, elsewhere / EXAMPLE.name)
        report = run(
            scripts / "deploygeo", "check", EXAMPLE.name, "--fail-on", "never", cwd=elsewhere
        )
        if "violation" not in report.lower() or "us-russia-2021" not in report:
            raise WheelError(f"the report says nothing:\n{report[:500]}")
        size_mb = wheel.stat().st_size / 1e6
        lines = len(report.splitlines())
    print(f"wheel: deploygeo {version}, {size_mb:.0f} MB, installed and used; {lines} lines")
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except (WheelError, subprocess.TimeoutExpired) as error:
        raise SystemExit(f"wheel: {error}") from None
