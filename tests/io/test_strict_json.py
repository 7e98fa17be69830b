import random

import orjson

#: JSON of every kind below a key that is ignored, so that only its syntax counts.
WHOLE = (
    '{"type": "Feature", "id": "a", "geometry": {"type": "Point", "coordinates": [2.5e0, -48]}, '
    '"properties": {"party": "USA", "kind": "radar", '
    '"description": [1, "\\u00e9x", {"b": null, "c": true}, []]}}'
)
PIECES = [
    *"{}[]:,\"\\ue0123456789+-.Ee \n\t\r/'aNI\x00\x1f\x7f\u00e9\u2028\ufeff\u0663",
    *("true", "false", "null", "NaN", "Infinity", "00", "\\u", "\\ud800", "\\n", "1e", ".5", "5."),
    *("0x1", "//", "/**/", "-0", "1E+2", "1_0", "\ud800"),
]
DAMAGES = 1_500


def damaged(rng):
    """The text with up to three letters replaced, put in, left out or repeated."""
    text = list(WHOLE)
    for _ in range(rng.choice([1, 1, 2, 3])):
        at = rng.randrange(len(text))
        how = rng.random()
        if how < 0.4:
            text[at] = rng.choice(PIECES)
        elif how < 0.7:
            text.insert(at, rng.choice(PIECES))
        elif how < 0.9:
            del text[at]
        else:
            begin = rng.randrange(len(text))
            text[at:at] = text[begin : begin + rng.randrange(1, 8)]
    return "".join(text).encode("utf-8", "surrogatepass")


def is_json(content):
    try:
        orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return str(error)
    return True


def test_what_is_json_is_what_another_strict_parser_says(read_text):
    """A half of a surrogate pair, escaped, is a matter of taste (RFC 8259, 8.2)."""
    rng = random.Random(5)  # noqa: S311
    seen = {True: 0, False: 0}
    for _ in range(DAMAGES):
        content = damaged(rng)
        right = is_json(content)
        said = [fault.message for fault in read_text(content).faults]
        if right is True:
            wrong = [text for text in said if "not JSON" in text or text.startswith("the file")]
            assert not wrong, (content, wrong)
        else:
            assert said or "surrogate" in right, (content, right)
        seen[right is True] += 1
    assert min(seen.values()) > DAMAGES / 5
