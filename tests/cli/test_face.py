import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import deploygeo


@pytest.mark.parametrize("name", deploygeo.__all__)
def test_each_public_name_is_there(name):
    assert getattr(deploygeo, name) is not None


def test_dir_lists_the_public_names():
    assert dir(deploygeo) == sorted(deploygeo.__all__)


def test_no_public_name_is_a_sub_package():
    folder = Path(deploygeo.__file__).parent
    modules = {path.stem for path in folder.iterdir()}
    assert modules & set(deploygeo.__all__) == set()


def test_importing_loads_no_geometry():
    code = (
        "import deploygeo, sys; "
        "print([m for m in ('numpy', 'shapely', 'click', 'deploygeo.model') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'chek'"):
        deploygeo.chek  # noqa: B018 - the access is the test


@pytest.mark.parametrize(
    "name", [found.name for found in pkgutil.iter_modules(deploygeo.__path__) if found.ispkg]
)
def test_every_package_says_what_is_public_in_it(name):
    """The package of zones did not, and its page of the reference was empty."""
    package = importlib.import_module(f"deploygeo.{name}")
    assert package.__all__
    assert all(hasattr(package, public) for public in package.__all__)
