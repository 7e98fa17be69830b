"""The command line: `main` is the entry point ``deploygeo``.

Each command has a file of its own and is imported when it runs, so that ``--help`` waits
for no geometry.
"""

from deploygeo.cli.app import main

__all__ = ["main"]
