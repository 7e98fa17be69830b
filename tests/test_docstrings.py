"""What a reader at a prompt asks of `help`: each parameter, and an example."""

import importlib
import inspect
import pkgutil
import re

import pytest

import deploygeo

PACKAGES = ("deploygeo.io", "deploygeo.model", "deploygeo.report")
FRONT = [name for name in deploygeo.__all__ if inspect.isroutine(getattr(deploygeo, name))]


def functions():
    for package in PACKAGES:
        folder = importlib.import_module(package).__path__
        for module in pkgutil.iter_modules(folder, f"{package}."):
            if module.name.rpartition(".")[2].startswith("_"):
                continue
            loaded = importlib.import_module(module.name)
            for name in getattr(loaded, "__all__", ()):
                thing = getattr(loaded, name)
                if inspect.isroutine(thing) and thing.__module__ == module.name:
                    yield pytest.param(thing, id=f"{module.name}.{name}")


def section(doc, name):
    found = re.search(rf"^{name}\n-+\n(.*?)(?=^\w+\n-+$|\Z)", doc, re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize("function", [*(getattr(deploygeo, name) for name in FRONT), *functions()])
def test_a_public_function_tells_its_parameters_and_has_an_example(function):
    doc = inspect.getdoc(function) or ""
    told = section(doc, "Parameters")
    names = inspect.signature(function).parameters
    assert [name for name in names if not re.search(rf"\b{name}\b", told)] == []
    assert ">>>" in section(doc, "Examples") or ">>>" in doc


@pytest.mark.parametrize(
    "kind", ["BoundaryError", "SettingError", "TreatyError", "UnknownNameError"]
)
def test_the_check_names_every_error_of_its_own(kind):
    assert kind in section(inspect.getdoc(deploygeo.check), "Raises")


@pytest.mark.parametrize("name", ["settings", "findings", "as_if", "sha256", "deployments"])
def test_the_fields_of_a_report_are_told(name):
    assert re.search(rf"\b{name}\b", section(inspect.getdoc(deploygeo.Report), "Parameters"))
