"""The report as one page of HTML: a map, a table and the reasons, without a network.

`payload` says what the page knows, `zones` what it draws as closed, `atlas` the borders of the
map, and `writing` puts them into one file with the script and the style that ship beside them.
"""

from __future__ import annotations

from deploygeo.report.page.writing import to_page

__all__ = ["to_page"]
