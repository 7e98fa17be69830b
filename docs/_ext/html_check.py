"""Looks through built pages: nothing comes from outside, every link inside leads somewhere.

``python html_check.py BUILT SOURCES`` prints what is wrong and ends with 1 where anything is; a
source without a page is wrong too, so that each clause and each law has one, and a page to which
no way leads.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["Page", "faults", "read_page", "unbuilt", "unlinked"]

# What a browser fetches by itself, by element: where an <a> leads is only followed by a reader.
_FETCHED = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "input": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
    "base": ("href",),
    "form": ("action",),
}
_CSS_ADDRESS = re.compile(r"""(?:url\(\s*|@import\s+)['"]?\s*((?:https?:)?//[^'")\s]+)""", re.I)
# A call in a script that would fetch: search of this very site does so with relative names.
_ABSOLUTE = re.compile(r"""(?:fetch|importScripts|import)\(\s*['"`](https?:)?//""")


@dataclass(slots=True)
class Page:
    """What a page fetches, where its links lead, and which places in it have a name."""

    fetched: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    styles: list[str] = field(default_factory=list)
    is_english: bool = False
    headings: list[int] = field(default_factory=list)
    images_without_text: int = 0
    empty_headers: int = 0


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._in_style = False
        self._header: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page = self.page
        page.names |= {given[key] for key in ("id", "name") if given.get(key)}
        page.fetched += [given[key] for key in _FETCHED.get(tag, ()) if key in given]
        if "style" in given:
            page.styles.append(given["style"])
        if tag == "a" and "href" in given:
            page.links.append(given["href"])
        if tag == "html":
            page.is_english = given.get("lang") == "en"
        if re.fullmatch("h[1-6]", tag):
            page.headings.append(int(tag[1]))
        page.images_without_text += tag == "img" and "alt" not in given
        self._in_style = tag == "style"
        if tag == "th":
            self._header = ""

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.page.styles.append(data)
        if self._header is not None:
            self._header += data

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False
        if tag == "th" and self._header is not None:
            self.page.empty_headers += not self._header.strip()
            self._header = None


def read_page(text: str) -> Page:
    """Return what a page fetches and where it leads.

    >>> read_page('<a href="b.html#x">b</a><img src="https://a.example/i.png">').fetched
    ['https://a.example/i.png']
    """
    reader = _Reader()
    reader.feed(text)
    return reader.page


def faults(folder: Path) -> Iterator[str]:
    """Yield what is wrong with a folder of built pages, page by page."""
    pages = {path: read_page(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}
    if not pages:
        yield f"{folder}: there is no page"
    for path, page in pages.items():
        at = path.relative_to(folder)
        for address in page.fetched:
            if _is_outside(address):
                yield f"{at}: it loads {address}"
            elif (told := _missing(path, address, pages)) is not None:
                yield f"{at}: it loads {address}, {told}"
        for style in page.styles:
            yield from (f"{at}: its style loads {found}" for found in _CSS_ADDRESS.findall(style))
        for address in page.links:
            if not _is_outside(address) and (told := _missing(path, address, pages)) is not None:
                yield f"{at}: its link {address} {told}"
        if not page.is_english:
            yield f"{at}: it does not say its language"
        firsts = page.headings.count(1)
        if firsts != 1 and at.name not in ("genindex.html", "search.html"):
            yield f"{at}: it has {firsts} first headings"
        for above, below in pairwise(page.headings):
            if below > above + 1:
                yield f"{at}: a heading of level {below} stands below one of level {above}"
        if page.images_without_text:
            yield f"{at}: {page.images_without_text} images have no text"
        if page.empty_headers:
            yield f"{at}: {page.empty_headers} headers of tables have no text"
    for path in sorted(folder.rglob("*.css")):
        for found in _CSS_ADDRESS.findall(path.read_text("utf-8")):
            yield f"{path.relative_to(folder)}: it loads {found}"
    for path in sorted(folder.rglob("*.js")):
        if _ABSOLUTE.search(path.read_text("utf-8")):
            yield f"{path.relative_to(folder)}: it fetches from outside"


def unbuilt(folder: Path, sources: Path) -> Iterator[str]:
    """Yield the sources that have no page."""
    for path in sorted(sources.rglob("*.md")):
        name = str(path.relative_to(sources)).removesuffix(".md")
        if "_ext" not in path.parts and not (folder / f"{name}.html").is_file():
            yield f"{name}: it has no page"


def unlinked(folder: Path) -> Iterator[str]:
    """Yield the pages to which no way leads from the first one; a form leads to the search."""
    todo, seen = [folder / "index.html"], {folder / "search.html"}
    while todo:
        path = todo.pop()
        if path in seen or path.suffix != ".html" or not path.is_file():
            continue
        seen.add(path)
        inside = [
            item for item in read_page(path.read_text("utf-8")).links if not _is_outside(item)
        ]
        todo += [(path.parent / unquote(urlsplit(item).path)).resolve() for item in inside]
    for path in sorted(folder.rglob("*.html")):
        if path not in seen:
            yield f"{path.relative_to(folder)}: no way leads to it from the first page"


def _is_outside(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme in ("http", "https", "ftp", "mailto")


def _missing(path: Path, address: str, pages: dict[Path, Page]) -> str | None:
    """Return why an address inside leads nowhere; None where it leads somewhere."""
    parts = urlsplit(address)
    if parts.scheme in ("data", "javascript"):
        return None if parts.scheme == "data" else "is a script"
    target = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
    if not target.is_file():
        return "is no file"
    name = unquote(parts.fragment)
    if name and target in pages and name not in pages[target].names:
        return f"has no place named {name!r}"
    return None


if __name__ == "__main__":
    built, written = (Path(argument).resolve() for argument in sys.argv[1:3])
    found = [*faults(built), *unbuilt(built, written), *unlinked(built)]
    print("\n".join(found) or "nothing is loaded from outside, and every link leads somewhere")
    sys.exit(bool(found))
