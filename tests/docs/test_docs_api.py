"""Every public name is told with its parameters, and its examples run as they are copied."""

import ast
import builtins
import dataclasses
import doctest
import importlib
import inspect
import sys
import tomllib
from pathlib import Path

import pytest

import deploygeo

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "_ext"))
api_pages = importlib.import_module("api_pages")
docstrings = importlib.import_module("docstrings")


def test_the_list_of_packages_has_the_order_of_the_layers():
    """The page says that a package imports only those below it."""
    text = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text("utf-8")
    contract = tomllib.loads(text)["tool"]["importlinter"]["contracts"][0]
    told = [name for name in api_pages.PACKAGES if not name.startswith("deploygeo.testing")]
    assert [name for name in contract["layers"] if name in told] == told


def things():
    told = set()
    for package in (api_pages.FACE, *api_pages.PACKAGES):
        for name in api_pages.public_names(package):
            home = api_pages.home_of(package, name)
            thing = getattr(importlib.import_module(package), name)
            if home not in told and (inspect.isclass(thing) or inspect.isroutine(thing)):
                told.add(home)
                yield pytest.param(home, thing, id=home)


THINGS = list(things())
FUNCTIONS = [item for item in THINGS if inspect.isroutine(item.values[1])]


@pytest.mark.parametrize(("home", "function"), FUNCTIONS)
def test_a_function_of_the_reference_tells_its_parameters_and_has_an_example(home, function):
    told = {name.lstrip("*") for item in docstrings.fields(function) for name in item.names}
    assert [name for name in inspect.signature(function).parameters if name not in told] == []
    assert ">>>" in docstrings.section(function, "Examples")


@pytest.mark.parametrize("name", sorted(deploygeo.__all__))
def test_a_value_on_the_face_tells_every_field(name):
    thing = getattr(deploygeo, name)
    if dataclasses.is_dataclass(thing):
        sections = [docstrings.fields(thing, title) for title in ("Parameters", "Attributes")]
        told = {name for entries in sections for item in entries for name in item.names}
        assert [one.name for one in dataclasses.fields(thing) if one.name not in told] == []


def _examples(thing):
    docs = [inspect.getdoc(thing)]
    if inspect.isclass(thing):
        members = [value for name, value in vars(thing).items() if not name.startswith("_")]
        docs += [inspect.getdoc(getattr(one, "__func__", one)) for one in members if _told(one)]
    parser = doctest.DocTestParser()
    return "\n".join(one.source for doc in docs if doc for one in parser.get_examples(doc))


def _told(member):
    return inspect.isroutine(member) or isinstance(member, property | classmethod | staticmethod)


def _asked(source):
    asked, made = set(), set(dir(builtins))
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                asked.add(name)
            case ast.Name(id=name) | ast.arg(arg=name):
                made.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                made.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                made |= {(one.asname or one.name).partition(".")[0] for one in names}
    return asked - made


@pytest.mark.parametrize(("home", "thing"), THINGS)
def test_an_example_asks_only_public_names_of_its_package(home, thing):
    """Doctests find a module's private names and imports, and a reader does not have them."""
    package = home.rpartition(".")[0]
    public = {*api_pages.public_names(package), *api_pages.public_names(api_pages.FACE)}
    assert _asked(_examples(thing)) - public == set()
