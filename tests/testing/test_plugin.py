"""The plugin of pytest: laws and cases of a treaty as tests, and nothing without the option."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KOREA = Path(__file__).parents[1] / "treaties" / "korea-2018"


def run(folder, *words):
    """Run pytest as an author does, in a folder of their own."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_laws_and_cases_are_collected(tmp_path):
    done = run(tmp_path, "--deploygeo-treaty", str(KOREA), "--collect-only")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert any("law::consent-only-excuses[1.3]" in line for line in lines)
    assert sum("case::" in line for line in lines) == 13
    assert any("law::" in line and "[" not in line for line in lines)


def test_laws_and_cases_run_and_can_be_chosen(tmp_path):
    words = ("--deploygeo-treaty", str(KOREA), "--deploygeo-examples", "2")
    done = run(tmp_path, *words, "-k", "case or consent-only")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "15 passed" in done.stdout


def test_a_case_that_fails_tells_both_verdicts(tmp_path):
    shutil.copytree(KOREA, tmp_path / "korea")
    cases = tmp_path / "korea" / "cases.toml"
    cases.write_text(
        cases.read_text(encoding="utf-8").replace('"violation"', '"compliant"', 1), encoding="utf-8"
    )
    done = run(tmp_path, "--deploygeo-treaty", "korea", "-k", "case")
    assert done.returncode == 1
    assert "expected compliant, got violation" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize(
    ("name", "told"), [("nowhere/treaty.toml", "there is no such file"), ("no", "unknown treaty")]
)
def test_a_treaty_that_does_not_load_is_a_usage_error(tmp_path, name, told):
    done = run(tmp_path, "--deploygeo-treaty", name)
    assert done.returncode == 4
    assert told in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_number_of_examples_that_is_none_is_a_usage_error(tmp_path):
    """Nought ended each law in the traceback of an internal error, until November 2026."""
    done = run(tmp_path, "--deploygeo-treaty", str(KOREA), "--deploygeo-examples", "0")
    assert done.returncode == 4
    assert "a whole number from 1, not '0'" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_broken_law_tells_how_to_get_its_files(tmp_path):
    """A long counterexample was cut short, and nothing told how to get the whole."""
    (tmp_path / "conftest.py").write_text(
        "from deploygeo.testing import LAWS, Law, prove, require\n"
        "def more(situation, consent):\n"
        "    'Nothing holds.'\n"
        "    require(False, 'it does not', situation)\n"
        "old = next(law for law in LAWS if law.name == 'consent-only-excuses')\n"
        "prove.LAWS = (Law(more, old.given, old.about),)\n",
        encoding="utf-8",
    )
    shutil.copytree(KOREA, tmp_path / "my korea")
    words = ("--deploygeo-treaty", "my korea", "--deploygeo-examples", "2", "-k", "1.3")
    done = run(tmp_path, *words, "--deploygeo-seed", "7")
    assert done.returncode == 1
    assert (
        "deploygeo treaty prove 'my korea' --law more --clause 1.3 --seed 7 --examples 2"
        in done.stdout
    )


def test_without_the_option_nothing_is_imported(tmp_path):
    """A plugin is loaded in every run of pytest, of whatever project."""
    (tmp_path / "test_it.py").write_text(
        "import sys\n"
        "def test_it():\n"
        "    assert 'deploygeo.testing.plugin' in sys.modules\n"
        "    heavy = ('hypothesis.core', 'shapely', 'deploygeo.testing.prove')\n"
        "    assert [name for name in heavy if name in sys.modules] == []\n",
        encoding="utf-8",
    )
    done = run(tmp_path, "-p", "no:hypothesispytest")
    assert done.returncode == 0, done.stdout
