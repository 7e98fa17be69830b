"""Coverage-guided fuzzing of what strangers write: ``python tests/soak/fuzz.py reader 60 FOLDER``.

The first word is ``reader`` (GeoJSON, features on lines, sequences) or ``treaty`` (treaty files and
their expressions), the number is minutes, and the folder keeps the corpus and what was found.
It needs atheris, which is no dependency of the tests. An input is a finding if it raises anything
(for a treaty: anything that is no `DeploygeoError`), takes more than 10 s or 1 GiB, is told in a
text that a terminal acts upon, or is good and does not read back equal. What a run leaves in the
corpus is kept as a test with ``python tests/soak/fuzz.py keep reader FOLDER``.
"""

import base64
import contextlib
import io
import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = {"reader": ROOT / "tests/io/corpus.jsonl", "treaty": ROOT / "tests/treaties/corpus.jsonl"}
_MORE = ("deploygeo.clauses",)
#: Inputs of the corpus that are kept for the tests, of every length, and how long each may be.
MOST_KEPT, MOST_BYTES = 250, 1_200
WORDS = {
    "reader": (
        *(
            '{"type":"FeatureCollection","features":[',
            '{"type":"Feature","properties":{',
            "]}",
            "}}",
        ),
        *(
            '"id":"a",',
            '"party":"USA",',
            '"kind":"radar"',
            '"geometry":',
            '"coordinates":[',
            "null",
        ),
        *('"type":"Point"', '"type":"LineString"', '"type":"Polygon"', '"type":"MultiPolygon"'),
        *(
            "NaN",
            "-Infinity",
            "1e999",
            "\\ud800",
            "\x1e",
            "\n",
            "[[",
            "]]",
            "[180,90]",
            "[-180,-90]",
        ),
        *(
            '"range_km":[0,1600]',
            '"times":["2021-12-17T00:00:00Z"',
            '"record":"consent"',
            '"by":["RUS"]',
        ),
        *('"subject":["a"]', '"position_error_km":', '"personnel":', '"on":"2021-12-17"', '"crs":'),
        *('"contingents":[{"party":"FRA","personnel":5}]', '"part_of":"a"', '"system":"kalibr"'),
    ),
    "treaty": (
        *("[[clause]]\n", "[[side]]\n", "[[definition]]\n", "[[parameter]]\n", "[[reading]]\n"),
        *(
            "[[clause.unless]]\n",
            "[[in_force]]\n",
            'id = "',
            'rule = "',
            'applies = "',
            "under = {",
        ),
        *(
            "inside(",
            "territory(",
            "reaches(",
            "states('USA')",
            "own",
            "counterparts",
            "range",
            " and ",
        ),
        *(
            " or ",
            "not ",
            "total('host')",
            "param('x')",
            "consent(",
            "step_up(",
            "500 <= range < 5500",
        ),
        *(
            "__class__",
            "9**9**9",
            "lambda:",
            "((((",
            "kind('radar')",
            "sea('Black Sea')",
            '"""',
            "1e999",
        ),
    ),
}


def check_reader(content: bytes) -> None:
    """Read bytes as standard input; nothing may be raised."""
    from deploygeo.io import read, to_features

    sys.stdin = io.TextIOWrapper(io.BytesIO(content))
    reading = read("-")
    for fault in (*reading.faults, *reading.warnings):
        said = str(fault)
        assert all(line.isprintable() for line in said.split("\n")), said
        assert len(said) < 3_000, len(said)
    good = (*reading.deployments, *reading.records)
    again = read(json.loads(json.dumps(to_features(good))))
    assert not again.faults, again.faults[0]
    assert (*again.deployments, *again.records) == good


def check_treaty(content: bytes, folder: Path) -> None:
    """Load bytes as a treaty file; only `TreatyError` may be raised."""
    from deploygeo.errors import TreatyError
    from deploygeo.treaties import load

    (folder / "treaty.toml").write_bytes(content)
    with contextlib.suppress(TreatyError):
        try:
            load(folder)
        except TreatyError as error:
            said = str(error)
            assert all(line.isprintable() for line in said.split("\n")), said
            raise


def seeds(target: str) -> list[bytes]:
    """Return what to begin with."""
    if target == "treaty":
        paths = [*ROOT.glob("deploygeo/treaties/library/*/treaty.toml")]
        paths += ROOT.glob("tests/treaties/*/treaty.toml")
        whole = [path.read_bytes() for path in sorted(paths)]
        parts = [part for text in whole for part in text.split(b"\n\n") if len(part) < 2_000]
        head = whole[0].split(b"[[parameter]]")[0]
        return [*whole, *(head + b"\n" + part for part in parts)]
    sys.path.insert(0, str(ROOT / "tests/io"))
    from test_streaming import NASTY

    text = (ROOT / "examples/europe-2021-12-17.geojson").read_bytes()
    lines = [line.rstrip(b",") for line in text.splitlines() if line.startswith(b'{"type": "Fea')]
    nasty = [one if isinstance(one, bytes) else one.encode() for one in NASTY.values()]
    return [*(one for one in nasty if len(one) < 4_000), *lines[1:]]


def run(target: str, minutes: float, folder: Path) -> None:
    """Fuzz for some minutes."""
    import atheris

    with atheris.instrument_imports(
        include=["deploygeo.io", "deploygeo.model", "deploygeo.treaties", *_MORE]
    ):
        import deploygeo.io
        import deploygeo.treaties  # noqa: F401
    corpus = folder / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(seeds(target)):
        (corpus / f"seed{number:03}").write_bytes(content)
    words = folder / f"{target}.dict"
    words.write_text(
        "".join(
            '"' + "".join(f"\\x{b:02X}" for b in word.encode()) + '"\n' for word in WORDS[target]
        )
    )
    scratch = Path(tempfile.mkdtemp(prefix="deploygeo-fuzz-"))

    def one(content: bytes) -> None:
        if target == "reader":
            check_reader(content)
        else:
            check_treaty(content, scratch)

    limits = [f"-max_total_time={int(60 * minutes)}", "-timeout=10", "-rss_limit_mb=1024"]
    names = [f"-artifact_prefix={folder}/{target}-found-", f"-dict={words}", "-max_len=20000"]
    atheris.Setup([sys.argv[0], str(corpus), *limits, *names], one)
    atheris.Fuzz()


def keep(target: str, folder: Path) -> None:
    """Write inputs of every length, and all that was found, where the tests read them."""
    found = sorted(folder.glob(f"{target}-found-*"))
    rest = sorted((folder / target).iterdir(), key=lambda path: (path.stat().st_size, path.name))
    small = [path for path in rest if path.stat().st_size <= MOST_BYTES]
    some = small[:: max(1, len(small) // MOST_KEPT)]
    rows = {base64.b64encode(path.read_bytes()).decode() for path in (*found, *some)}
    KEPT[target].write_text("".join(f"{json.dumps(row)}\n" for row in sorted(rows)))


if __name__ == "__main__":
    os.chdir(ROOT)
    if sys.argv[1] == "keep":
        keep(sys.argv[2], Path(sys.argv[3]))
    else:
        run(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
