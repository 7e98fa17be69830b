"""Write europe-2021-12-17.geojson from the table beside this script.

Run it from anywhere: ``python examples/build_europe.py``. It needs nothing but Python. With
``--check`` it writes nothing and fails if the file on disk is not what the table gives.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TABLE = HERE / "europe-2021-12-17.toml"
OUTPUT = HERE / "europe-2021-12-17.geojson"

# The order of the properties in the output; a key that is not here is a slip of the pen.
KEYS = (
    "id",
    "name",
    "record",
    "party",
    "kind",
    "activity",
    "system",
    "range_km",
    "basing",
    "nuclear",
    "personnel",
    "contingents",
    "total",
    "part_of",
    "echelon",
    "group",
    "from",
    "until",
    "on",
    "position_error_km",
    "framework",
    "loadout",
    "with",
    "un_mandate",
    "text",
    "source",
    "notes",
)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def feature(row: dict[str, Any], sources: dict[str, str], day: dt.date | None) -> dict[str, Any]:
    """Return one GeoJSON feature; ``day`` dates a row that has no date of its own."""
    row = dict(row)
    at = row.pop("at", None)
    if unknown := sorted(set(row) - set(KEYS)):
        raise SystemExit(f"{row.get('id')}: unknown keys {unknown}")
    if day and not {"from", "until", "on"} & set(row):
        row["on"] = day
    if row["source"].startswith("@"):
        row["source"] = sources[row["source"][1:]]
    properties = {key: _plain(row[key]) for key in KEYS if key in row}
    geometry = {"type": "Point", "coordinates": at} if at else None
    return {"type": "Feature", "id": row["id"], "geometry": geometry, "properties": properties}


def text(table: dict[str, Any]) -> str:
    """Return the collection as text, one property a line, so that a change is easy to review."""
    sources, day = table["sources"], table["defaults"]["on"]
    features = [feature(row, sources, day) for row in table["deployment"]]
    features += [feature(row, sources, None) for row in table["record"]]
    ids = [each["id"] for each in features]
    if repeated := sorted({each for each in ids if ids.count(each) > 1}):
        raise SystemExit(f"ids used twice: {repeated}")
    for each in features:
        whole = each["properties"].get("part_of")
        if whole is not None and whole not in ids:
            raise SystemExit(f"{each['id']}: part_of names no feature: {whole}")
    return (
        '{\n"type": "FeatureCollection",\n"features": [\n'
        + ",\n".join(_feature_text(each) for each in features)
        + "\n]\n}\n"
    )


def _feature_text(each: dict[str, Any]) -> str:
    head = ", ".join(f"{_json(key)}: {_json(each[key])}" for key in ("type", "id", "geometry"))
    lines = [f"  {_json(key)}: {_json(value)}" for key, value in each["properties"].items()]
    return "{" + head + ', "properties": {\n' + ",\n".join(lines) + "\n}}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def main(arguments: list[str]) -> int:
    """Build the file, or check it."""
    with TABLE.open("rb") as file:
        built = text(tomllib.load(file))
    if arguments == ["--check"]:
        same = OUTPUT.is_file() and OUTPUT.read_text(encoding="utf-8") == built
        if not same:
            print(f"{OUTPUT.name} is not what {TABLE.name} gives; run build_europe.py")
        return 0 if same else 1
    OUTPUT.write_text(built, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
