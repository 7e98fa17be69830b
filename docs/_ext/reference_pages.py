"""The pages of the reference that are made from the package itself."""

from __future__ import annotations

from command_pages import command_line
from format_pages import input_format, report_format
from language_pages import shared_readings, vocabulary
from table_pages import (
    border_errors,
    groups_of_states,
    presence_1997,
    weapon_systems,
    worldviews,
)

__all__ = ["reference_pages"]


def reference_pages() -> dict[str, str]:
    """Return the pages by document name."""
    return {
        "reference/command-line": command_line(),
        "reference/input": input_format(),
        "reference/report": report_format(),
        "reference/vocabulary": vocabulary(),
        "reference/readings": shared_readings(),
        "reference/worldviews": worldviews(),
        "reference/border-errors": border_errors(),
        "reference/groups": groups_of_states(),
        "reference/presence-1997": presence_1997(),
        "reference/systems": weapon_systems(),
    }
