"""Small treaty files, each with one thing that its author may not have meant, or without it."""

from pathlib import Path

HEAD = """\
id = "small"
title = "A small treaty"
status = "draft"
source = "made up"
reference_date = 2021-12-17

[[side]]
name = "United States"
states = "states('USA')"

[[side]]
name = "Russia"
states = "states('RUS')"

"""


def clause(id_, rule, **keys):
    """Return a clause of a file."""
    lines = ["[[clause]]", f'id = "{id_}"', f'article = "{id_}"', f'text = "Clause {id_}."']
    lines += [f'{key} = "{value}"' for key, value in keys.items()]
    return "\n".join([*lines, f'rule = "{rule}"', ""])


def unless(name, rule):
    """Return an exception, which belongs to the clause before it."""
    return f'[[clause.unless]]\nname = "{name}"\ntext = "Exception {name}."\nrule = "{rule}"\n'


def draft(folder: Path, *parts, head=HEAD, name="treaty.toml"):
    """Write a treaty file, and return its path."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(head + "\n".join(parts), encoding="utf-8")
    return path
