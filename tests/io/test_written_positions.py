"""Positions in words: what is written is read exactly, and what is ambiguous is refused."""

import itertools
import math
import warnings
from contextlib import suppress

import mgrs
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from deploygeo.errors import CoordinateError
from deploygeo.io.coordinates import parse_angle, parse_dms, parse_position
from deploygeo.io.mgrs import parse_mgrs

ELLIPSOID = Geod(ellps="WGS84")
GRID = mgrs.MGRS()  # NGA's GEOTRANS

TALLINN = (24 + 44 / 60, 59 + 26 / 60 + 12.5 / 3600)


@pytest.mark.parametrize(
    "text",
    [
        "59°26'12.5\"N 24°44'E",
        "59°26'12.5''N, 24°44'0''E",
        "59°26′12.5″N 24°44′E",
        "59º26’12.5”N/24º44’E",
        "59° 26' 12.5\" N; 24° 44' E",
        "59\u00a0°\u202f26' 12.5\" N 24° 44' E",
        "59 26 12.5 N 24 44 E",
        "59 26 12.5 N 24 44 0 E",
        "59:26:12.5N 24:44E",
        "59:26:12.5n 24:44e",
        "N59°26'12.5\" E24°44'",
        "N 59 26 12.5 E 024 44 00.0",
        "24°44'E 59°26'12.5\"N",
        "59°26'12.5\"N24°44'E",
        "  59°26'12.5\"N 24°44'E\t",
        "59°26.20833333333333333'N 24°44'E",
    ],
)
def test_the_usual_forms_of_one_position_are_one_position(text):
    position = parse_dms(text)
    assert position.lon == pytest.approx(TALLINN[0], abs=1e-12)
    assert position.lat == pytest.approx(TALLINN[1], abs=1e-12)
    assert position.error_m == 0.0


@pytest.mark.parametrize(
    ("text", "lon", "lat"),
    [
        ("59.4368N 24.7536E", 24.7536, 59.4368),
        ("59.4368° N, 24.7536° E", 24.7536, 59.4368),
        ("90N 0E", 0.0, 90.0),
        ("90°00'00\"S 180°00'00\"W", -180.0, -90.0),
        ("0°30'S 0°30'W", -0.5, -0.5),
        ("0S 0W", 0.0, 0.0),
    ],
)
def test_hemispheres_give_the_sign(text, lon, lat):
    assert tuple(parse_dms(text))[:2] == (lon, lat)
    assert math.copysign(1, parse_dms("0S 0W").lat) == 1.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "blank"),
        ("59°60'N 24°44'E", "60 minutes"),
        ("59°26'60\"N 24°44'E", "60 seconds"),
        ("59.5°26'N 24°44'E", "only the last part may have decimals"),
        ("59°26.5'12\"N 24°44'E", "only the last part may have decimals"),
        ("-59°26'N 24°44'E", "no sign"),
        ("59°26'N −24°44'E", "no sign"),
        ("59°26' 24°44'", "names no hemispheres"),
        ("59.4, 24.7", "names no hemispheres"),
        ("59.4 -24.7", "names no hemispheres"),
        ("59 26 24 44", "names no hemispheres"),
        ("59°26'N 24°44'", "no position"),
        ("59°26'N 24°44'N", "the lat twice"),
        ("59°26'E 24°44'E", "the lon twice"),
        ("91N 24E", "lat 91N is beyond 90°; are lon and lat swapped?"),
        ("59N 180°0'1\"W", "lon 180°0'1\"W is beyond 180°"),
        ("90°0'0.0000001\"N 0E", "beyond 90°"),
        ("٥٩N 24E", "arabic-indic digit five; write the digits 0 to 9"),
        ("５９N 24E", "fullwidth digit five"),
        ("5_9N 24E", "low line"),
        ("1_000N 24E", "low line"),
        ("59N 24O", "latin capital letter o"),
        ("59N 24E extra", "latin small letter x"),
        ("59N 24E 3", "no position"),
        ("59N 24E\n", "U+000A"),
        ("59N\x0024E", "U+0000"),
        ("59e3N 24E", "no position"),
        ("nanN 24E", "latin small letter a"),
        ("59N", "one coordinate"),
        ("59°26'N 24°44'E" * 20, "characters"),
        ("59'26°N 24°44'E", "no position"),
        ("59''26'N 24E", "no position"),
        (".5N 24E", "no position"),
        ("59.N 24E", "no position"),
        ("1" * 50 + "N 24E", "no position"),
    ],
)
def test_what_is_not_wholly_a_position_is_refused_in_words(text, words):
    with pytest.raises(CoordinateError) as caught:
        parse_dms(text)
    assert words.casefold() in str(caught.value).casefold()


@pytest.mark.parametrize(
    ("text", "axis", "value"),
    [
        ("24.75", "lon", 24.75),
        ("+24.75", "lon", 24.75),
        ("-0.0", "lon", 0.0),
        ("2.5e-05", "lat", 2.5e-5),
        ("24°45'W", "lon", -24.75),
        ("S 12 30", "lat", -12.5),
        ("540", "lon", 540.0),
        ("1e999", "lon", math.inf),
    ],
)
def test_a_coordinate_alone_is_a_number_or_has_a_hemisphere(text, axis, value):
    """What is out of bounds is for the check of the geometry, which says more about it."""
    assert value == parse_angle(text, axis)


@pytest.mark.parametrize(
    ("text", "axis", "words"),
    [
        ("", "lon", "lon is blank"),
        ("24,75", "lon", "decimal comma; write 24.75"),
        ("24°45'", "lon", "add E or W"),
        ("24 45", "lat", "add N or S"),
        ("24°45'N", "lon", "is a lat, in the column of the lon"),
        ("24°45'E", "lat", "is a lon, in the column of the lat"),
        ("-24°45'W", "lon", "no sign"),
        ("-24W", "lon", "no sign"),
        ("nan", "lon", "write degrees"),
        ("-Infinity", "lon", "write degrees"),
        ("٢٤", "lon", "arabic-indic"),
        ("1_0", "lon", "low line"),
        ("0x10", "lon", "latin small letter x"),
        ("24..5", "lon", "no coordinate"),
        ("1e9999", "lon", "no coordinate"),
        ("True", "lon", "latin capital letter t"),
        ("91°S", "lat", "beyond 90°"),
    ],
)
def test_a_coordinate_that_is_none_is_refused_in_words(text, axis, words):
    with pytest.raises(CoordinateError) as caught:
        parse_angle(text, axis)
    assert words in str(caught.value)


@settings(deadline=None)
@given(
    st.integers(0, 90 * 3600 * 1000),
    st.integers(0, 180 * 3600 * 1000),
    st.sampled_from("NS"),
    st.sampled_from("EW"),
    st.booleans(),
)
def test_milliseconds_of_arc_read_back_as_the_nearest_number(lat_ms, lon_ms, ns, ew, is_before):
    def written(ms, letter):
        degrees, rest = divmod(ms, 3_600_000)
        minutes, rest = divmod(rest, 60_000)
        text = f"{degrees}°{minutes}'{rest // 1000}.{rest % 1000:03}\""
        return f"{letter}{text}" if is_before else f"{text}{letter}"

    position = parse_position(f"{written(lat_ms, ns)} {written(lon_ms, ew)}")
    # one correctly rounded division
    assert position.lat == (lat_ms / 3_600_000) * (-1 if ns == "S" else 1)
    assert position.lon == (lon_ms / 3_600_000) * (-1 if ew == "W" else 1)


@settings(max_examples=500, deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90), st.integers(0, 5))
@example(3.0, 60.0, 5)  # the edge of Norway's wide zone
@example(2.9999999, 60.0, 0)
@example(9.0, 78.0, 2)
@example(20.9999, 83.9999, 1)
@example(180.0, 0.0, 0)
@example(0.0, 84.0, 3)
@example(0.0, -80.0, 3)
@example(0.0, 90.0, 5)
@example(0.0, -90.0, 5)
@example(0.0, -3.3e-8, 4)  # rounded to the equator, and named by the band south of it
def test_a_reference_of_geotrans_names_the_square_that_the_position_lies_in(lon, lat, digits):
    # GEOTRANS rounds what lies within half a metre of the equator over it, and leaves the band
    assume(digits >= 4 or not -1e-5 < lat < 0)
    text = GRID.toMGRS(lat, lon if lon > -180 else 180.0, MGRSPrecision=digits)
    centre = parse_mgrs(text)
    _, _, off_m = ELLIPSOID.inv(lon, lat, centre.lon, centre.lat)
    assert off_m <= centre.error_m
    side_m = 10 ** (5 - digits)
    assert side_m * 0.7 <= centre.error_m <= side_m * 0.72
    spaced = f"{text[: len(text) - 2 * digits]} {text[len(text) - 2 * digits :][:digits]}"
    spaced = f"{spaced} {text[len(text) - digits :]}" if digits else spaced.strip()
    assert parse_mgrs(spaced) == centre
    assert parse_position(spaced.lower()) == centre


@settings(max_examples=300, deadline=None)
@given(st.floats(-179.9, 179.9), st.floats(-89.9, 89.9))
def test_the_centre_of_a_square_of_a_metre_is_in_the_square(lon, lat):
    text = GRID.toMGRS(lat, lon, MGRSPrecision=4)
    centre = parse_mgrs(text)
    back = GRID.toMGRS(centre.lat, centre.lon, MGRSPrecision=4)
    # a square that a zone's edge cuts may have its centre beyond it
    assert back == text or back[:3] != text[:3]


@settings(deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90), st.integers(0, 5))
def test_no_point_of_a_square_is_farther_from_its_centre_than_is_said(lon, lat, digits):
    assume(not -1e-5 < lat < 0)
    text = GRID.toMGRS(lat, lon if lon > -180 else 180.0, MGRSPrecision=digits)
    if digits < 5:  # its four corners, as references of squares of a metre
        head, tail = text[: len(text) - 2 * digits], text[len(text) - 2 * digits :]
        east, north = tail[:digits], tail[digits:]
        pad = 5 - digits
        corners = itertools.product(
            (east + "0" * pad, east + "9" * pad), (north + "0" * pad, north + "9" * pad)
        )
        centre = parse_mgrs(text)
        for e, n in corners:
            try:
                corner = parse_mgrs(head + e + n)
            except CoordinateError:
                continue  # beyond the edge of its zone
            _, _, off_m = ELLIPSOID.inv(centre.lon, centre.lat, corner.lon, corner.lat)
            assert off_m <= centre.error_m


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.sampled_from("ABYZ"),
        st.tuples(st.integers(1, 60), st.sampled_from("CDEFGHJKLMNPQRSTUVWX")).map(
            lambda pair: f"{pair[0]}{pair[1]}"
        ),
    ),
    st.text("ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=2, max_size=2),
    st.integers(0, 5).flatmap(lambda n: st.text("0123456789", min_size=2 * n, max_size=2 * n)),
)
def test_what_is_read_geotrans_reads_as_the_same_square(head, square, digits):
    text = head + square + digits
    try:
        centre = parse_mgrs(text)
    except CoordinateError:
        return  # GEOTRANS reads squares well outside their band and zone
    assert abs(centre.lat) > 79 or abs((centre.lon + 180) // 6 + 1 - int(head[:-1])) % 58 <= 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            lat, lon = GRID.toLatLon(text)
        except mgrs.core.MGRSError:
            assert digits[-4:] == "0000"
            return
    _, _, off_m = ELLIPSOID.inv(lon, lat, centre.lon, centre.lat)
    assert off_m <= centre.error_m * (1 + 1e-6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no MGRS reference"),
        (
            "35VLF 6941 86850",
            "its easting has 4 and its northing 5; write as many digits of either",
        ),
        ("35VLF 694128685", "9 digits"),
        ("35VLF 694128 868503", "at most 10"),
        ("00VLF", "zones are 1 to 60"),
        ("61VLF", "zones are 1 to 60"),
        ("035VLF", "no MGRS reference"),
        ("35ILF", "no band"),
        ("35OLF", "no band"),
        ("35ALF", "a band without a zone"),
        ("VLF", "has no zone"),
        ("35VAF", "no squares of column A"),
        ("35VIF", "no squares of column I"),
        ("35VLW", "no row of squares"),
        ("35VLI", "no row of squares"),
        ("35ULF 69412 86850", "does not touch band U (48° to 56° N)"),
        ("35GLF 69412 86850", "does not touch band G (40° to 48° S)"),
        ("31VGF 00 00", "does not touch zone 31V"),
        ("32XNS", "no zone 32 in band X; 31 or 33?"),
        ("34XNS", "no zone 34"),
        ("36XNS", "no zone 36"),
        # were read as squares on the other side of the pole
        ("9MXA", "does not touch band M"),
        ("28XEC", "does not touch band X"),
        ("25XET", "does not touch band X"),
        ("YUP", "outside the polar squares"),
        ("ZYA", "no square YA"),
        ("ZAQ", "no square AQ"),
        ("ADA", "no square DA"),
        ("ASZ", "outside the polar squares"),
        ("35VLF69412８6850", "no MGRS reference"),
        ("35VLF-6941286850", "no MGRS reference"),
        ("35VLF 69412 86850 1", "no MGRS reference"),
        ("35VLF\n", "no MGRS reference"),
        ("35V LF  69412 86850", "no MGRS reference"),
    ],
)
def test_a_reference_that_names_no_square_is_refused_in_words(text, words):
    with pytest.raises(CoordinateError) as caught:
        parse_mgrs(text)
    assert words in str(caught.value)


@settings(deadline=None)
@given(st.text(max_size=40) | st.text("0123456789NSEW°'\" ABCXYZVLF-.,;:", max_size=30))
def test_no_text_raises_anything_else(text):
    for parse in (parse_dms, parse_mgrs, parse_position):
        with suppress(CoordinateError):
            position = parse(text)
            assert -180 <= position.lon <= 180
            assert -90 <= position.lat <= 90
    for axis in ("lon", "lat"):
        with suppress(CoordinateError):
            assert isinstance(parse_angle(text, axis), float)
