"""Runs every block of code in the pages that people write, and compares what it prints.

What each block is, by its language:

- ``python``: run, all of a page in one namespace; the ``text`` block that follows is its output,
  and without one it prints nothing.
- ``console``: lines that begin with ``$`` are commands, ``deploygeo …``, ``cat FILE`` or
  ``echo $?``; what follows each is what a terminal shows of it.
- ``toml``: a treaty file, or a part of one, which the loader must take; or must refuse, where its
  ``:class:`` is ``faulty``.
- ``json``: it must parse.
- ``sh`` and ``yaml``: not run, because it may take minutes; but every ``deploygeo`` command in it
  must be one, with its options.
- ``text``: what the ``python`` before it prints, or a file with a ``:caption:``; and else a fault.
- ``bibtex`` and ``{toctree}``: not run.

A block that is indented, or fenced otherwise, would be run by nothing, and is a fault.

A block with a ``:caption:`` is written to a file of that name first, in the folder where the
whole page runs. A line that is ``…`` alone stands for any lines. ``python blocks.py --write
PAGE…`` puts what is printed into pages.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from deploygeo import treaties
from deploygeo.cli import main
from deploygeo.cli.app import cli

__all__ = ["Block", "Run", "blocks", "pages", "problems"]

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
ANY = "…"
_FENCE = re.compile(
    r"^(?P<fence>```+)(?P<info>[^\n]*)\n(?P<body>.*?)^(?P=fence)[ ]*$", re.DOTALL | re.MULTILINE
)
_OPTION = re.compile(r"^:(\w+): *(.*)$")
_COMMAND = re.compile(r"^\s*(?:-? ?run: )?(deploygeo .*?)(?:\s+#.*)?$", re.MULTILINE)
# Versions and checksums in a receipt differ from machine to machine.
_RECEIPT = re.compile(r"^((?:# )?receipt\n)(?:#?  .*\n)+", re.MULTILINE)
_UNRUN = frozenset({"bibtex", "toctree"})
# What Markdown takes for code too, and `_FENCE` does not find.
_HIDDEN = re.compile(r"^(?:~~~| +(?:```|~~~)|:::)", re.MULTILINE)
# A part of a treaty file is loaded below this head.
_HEAD = """
id = "part"
title = "A part of a treaty"
status = "draft"
source = "the documentation"
"""
_CLAUSE = """
[[clause]]
id = "1"
article = "1"
text = "A clause."
bearers = "everyone"
rule = "never"
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code in a page: where, of which language, and for which file, if any."""

    line: int
    language: str
    body: str
    caption: str = ""
    is_faulty: bool = False
    start: int = 0
    end: int = 0


def pages() -> list[Path]:
    """Return the pages that people write; the others are written at each build, elsewhere."""
    return [path for path in sorted(DOCS.rglob("*.md")) if "_ext" not in path.parts]


def blocks(text: str) -> list[Block]:
    """Return the blocks of a page, in their order."""
    found = []
    for match in _FENCE.finditer(text):
        language, options, body = match["info"].strip(), {}, match["body"]
        if language.startswith("{"):
            name, _, rest = language[1:].partition("}")
            language = rest.strip() or name
            lines = body.split("\n")
            while lines and (option := _OPTION.match(lines[0])):
                options[option[1]] = option[2]
                lines.pop(0)
            body = "\n".join(lines).lstrip("\n")
        line = text.count("\n", 0, match.start()) + 1
        caption = options.get("caption", "")
        faulty = options.get("class") == "faulty"
        span = match.span("body")
        found.append(Block(line, language, body, caption, faulty, *span))
    return found


class Run:
    """One page, run block by block in a folder of its own.

    Parameters
    ----------
    folder : Path
        Where files are written; `examples` leads to those of the checkout.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, Any] = {"__name__": "__page__"}
        self.code = 0
        link = folder / "examples"
        if not link.exists():
            link.symlink_to(ROOT / "examples", target_is_directory=True)

    def python(self, text: str, where: str) -> str:
        """Run Python; return what it prints."""
        program = compile(text, where, "exec")
        return self._told(lambda: exec(program, self.names))  # noqa: S102 - our own pages

    def command(self, line: str) -> str:
        """Run a command; return what a terminal shows."""
        if line == "echo $?":
            return f"{self.code}\n"
        words = shlex.split(line)
        if words[0] == "cat":
            return "".join((self.folder / word).read_text("utf-8") for word in words[1:])
        if words[0] != "deploygeo":
            raise ValueError(f"no command of a page: {line}")
        return self._told(lambda: self._run(words[1:]))

    def _run(self, words: list[str]) -> None:
        try:
            main(words)
        except SystemExit as left:
            self.code = int(left.code or 0)

    def _told(self, job: Callable[[], object]) -> str:
        """Return what a job writes, to standard output and error together."""
        raw = io.BytesIO()
        both = io.TextIOWrapper(raw, encoding="utf-8", write_through=True)
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(both),
            contextlib.redirect_stderr(both),
        ):
            job()
        return raw.getvalue().decode()


def problems(path: Path, folder: Path) -> Iterator[str]:
    """Yield what is wrong with the blocks of a page, each with its line."""
    run = Run(folder)
    text = path.read_text("utf-8")
    for block, printed, said in _results(run, text, path.name):
        if not _agrees(said, printed):
            yield f"{path.name}:{block.line}: it prints\n{printed}\nand the page says\n{said}"


def _results(run: Run, text: str, name: str) -> Iterator[tuple[Block, str, str]]:
    """Yield each block that says what it prints, with what it prints and what it says."""
    found = blocks(text)
    hidden = [match.start() for match in _HIDDEN.finditer(text)]
    hidden = [at for at in hidden if not any(item.start <= at < item.end for item in found)]
    for at in hidden[::2]:  # each has a second fence, where it ends
        line = text.count("\n", 0, at) + 1
        yield Block(line, "", ""), "", "a block that nothing runs; fence it with ``` alone"
    printed_here: set[int] = set()
    for index, block in enumerate(found):
        where = f"{name}:{block.line}"
        if block.caption:
            target = run.folder / block.caption
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        if block.language == "python":
            following = found[index + 1] if index + 1 < len(found) else None
            output = _output(text, block, following)
            printed = run.python("\n" * block.line + block.body, where)
            printed_here |= {output.start} if output else set()
            yield output or block, printed, output.body if output else ""
        elif block.language == "console":
            printed = "".join(
                f"$ {line}\n{run.command(' '.join(line.replace(chr(92), ' ').split()))}"
                for line in _commands(block.body)
            )
            yield block, printed, block.body
        elif block.language == "toml":
            faults = _refused(block, run.folder)
            if block.is_faulty:
                faults = "" if faults else "the loader takes it, and should not"
            yield block, "", faults
        elif block.language == "json":
            json.loads(block.body)
        elif block.language in ("sh", "yaml"):
            with contextlib.redirect_stdout(io.StringIO()):  # --version
                wrong = [_misspelt(line) for line in _COMMAND.findall(block.body)]
            yield block, "", "\n".join(filter(None, wrong))
        elif block.language == "text":
            if not block.caption and block.start not in printed_here:
                yield block, "", "no code before it prints this"
        elif block.language not in _UNRUN:
            yield block, "", f"nobody knows how to run {block.language!r}"


def _output(text: str, block: Block, following: Block | None) -> Block | None:
    """Return the block of text that follows with nothing but blank lines between."""
    if following is None or following.language != "text":
        return None
    between = text[block.end : following.start]
    return following if re.fullmatch(r"```+\s*\n\s*```+text\n", between) else None


def _commands(body: str) -> list[str]:
    """Return the commands of a console; one whose line ends with a backslash goes on."""
    found: list[str] = []
    goes_on = False
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append(line[2:])
        elif goes_on:
            found[-1] += f"\n{line}"
        goes_on = bool(found) and line.endswith("\\") and (line.startswith("$ ") or goes_on)
    return found


def _misspelt(line: str) -> str:
    """Return what is wrong with a command that is not run; empty where nothing is."""
    words = shlex.split(line)[1:]
    command: click.Command = cli
    context = None
    try:
        while True:  # down to a command that has none below it
            context = command.make_context(command.name, words, parent=context)
            if not isinstance(command, click.Group):
                return ""
            rest = [*context._protected_args, *context.args]
            _, found, words = command.resolve_command(context, rest)
            if found is None:
                return f"{line}: there is no such command"
            command = found
    except click.ClickException as error:
        return f"{line}: {error.format_message()}"
    except click.exceptions.Exit:
        return ""


def _refused(block: Block, folder: Path) -> str:
    """Return the faults of a treaty file, or of a part of one; empty where it has none."""
    table = tomllib.loads(block.body)
    if "case" in table or block.caption.endswith("cases.toml"):
        return ""  # `deploygeo treaty test` runs them
    head, tail = "" if "id" in table else _HEAD, "" if "clause" in table else _CLAUSE
    text = f"{head}{block.body}{tail}"
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name, "treaty.toml")
        path.write_text(text, encoding="utf-8")
        return "\n".join(str(fault) for fault in treaties.lint(path))


def _agrees(said: str, printed: str) -> bool:
    pattern = "".join(
        r"(?:.*\n)*?" if line == ANY else re.escape(line) + "\n" for line in said.splitlines()
    )
    ended = printed if printed.endswith("\n") or not printed else f"{printed}\n"
    return re.fullmatch(pattern, ended) is not None


def _written(path: Path) -> str:
    """Return a page with what its blocks print; what agrees already stays as it is."""
    text = path.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        changes = [
            (block, printed)
            for block, printed, said in _results(Run(Path(folder)), text, path.name)
            if block.language in ("console", "text") and not _agrees(said, printed)
        ]
    for block, printed in reversed(changes):
        text = text[: block.start] + printed + text[block.end :]
    return _RECEIPT.sub(rf"\1{ANY}\n", text)


if __name__ == "__main__":
    os.environ["PYTHONUTF8"] = "1"
    if sys.argv[1:2] != ["--write"] or not sys.argv[2:]:
        sys.exit("usage: python blocks.py --write PAGE…")
    for argument in sys.argv[2:]:
        page = Path(argument)
        page.write_text(_written(page), encoding="utf-8")
