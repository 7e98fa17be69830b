"""KML: placemarks are deployments, each fault has its line, and nothing is followed."""

import re

import pytest
import shapely

from deploygeo.io import Limits, read


def placemark(id_="a", shape="<Point><coordinates>1,2</coordinates></Point>", more="", **also):
    values = {"id": id_, "party": "USA", "kind": "radar", **also}
    rows = "".join(f'<Data name="{key}"><value>{one}</value></Data>' for key, one in values.items())
    return f"<Placemark>{more}<ExtendedData>{rows}</ExtendedData>{shape}</Placemark>\n"


def document(*placemarks, space=' xmlns="http://www.opengis.net/kml/2.2"', head=""):
    start = f"<?xml version='1.0'?>{head}\n<kml{space}><Document>\n"
    return f"{start}{''.join(placemarks)}</Document></kml>"


@pytest.fixture
def read_text(tmp_path):
    def reader(content, name="f.kml", **limits):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, limits=Limits(**limits))

    return reader


@pytest.mark.parametrize(
    ("shape", "wkt"),
    [
        ("<Point><coordinates> 1,2 </coordinates></Point>", "POINT (1 2)"),
        ("<Point><coordinates>1,2,0</coordinates></Point>", "POINT (1 2)"),
        (
            "<LineString><tessellate>1</tessellate><coordinates>1,2\n3,4</coordinates></LineString>",
            "LINESTRING (1 2, 3 4)",
        ),
        (
            "<Polygon><innerBoundaryIs><LinearRing><coordinates>2,1 3,1 3,2 2,1</coordinates>"
            "</LinearRing></innerBoundaryIs><outerBoundaryIs><LinearRing><coordinates>0,0 4,0 4,4 "
            "0,0</coordinates></LinearRing></outerBoundaryIs></Polygon>",
            "POLYGON ((0 0, 4 0, 4 4, 0 0), (2 1, 3 1, 3 2, 2 1))",
        ),
        (
            "<MultiGeometry><Point><coordinates>1,2</coordinates></Point><Point><coordinates>3,4"
            "</coordinates></Point></MultiGeometry>",
            "MULTIPOINT (1 2, 3 4)",
        ),
        (
            "<MultiGeometry><Point><coordinates>1,2</coordinates></Point><LineString><coordinates>"
            "3,4 5,6</coordinates></LineString></MultiGeometry>",
            "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (3 4, 5 6))",
        ),
    ],
)
def test_shapes_are_read(read_text, shape, wkt):
    reading = read_text(document(placemark(shape=shape)))
    assert (reading.faults, reading.warnings) == ((), ())
    assert reading.deployments[0].geometry.equals_exact(shapely.from_wkt(wkt), 0)


def test_positions_are_numbers_of_kml(read_text):
    shape = "<LineString><coordinates>+1.,.5 -2e0,3,7 4,5,0</coordinates></LineString>"
    reading = read_text(document(placemark(shape=shape)))
    assert reading.deployments[0].geometry.wkt == "LINESTRING (1 0.5, -2 3, 4 5)"
    for row in ("1,2,3,4", "1", "1,,2", "a,b", "1,2;3,4", "٣,4", "1_0,2", "nan,2", "0x1,2"):
        shape = f"<Point><coordinates>{row}</coordinates></Point>"
        assert "is no position" in read_text(document(placemark(shape=shape))).faults[0].message


def test_names_spans_and_fields_of_a_schema_are_properties(read_text):
    reading = read_text(
        document(
            '<Placemark id="a"><name>Radar &amp; co</name><description>x</description><TimeSpan>'
            "<begin>2021-12-01</begin><end>2021-12-17T00:00:00Z</end></TimeSpan><ExtendedData>"
            '<SchemaData schemaUrl="#s"><SimpleData name="party">USA</SimpleData><SimpleData '
            'name="kind">radar</SimpleData><SimpleData name="range_km">500-900</SimpleData>'
            '<SimpleData name="with">UKR;POL</SimpleData></SchemaData></ExtendedData><Point>'
            "<coordinates>1,2</coordinates></Point></Placemark>",
            placemark("b", more="<TimeStamp><when>2021-12-17</when></TimeStamp>", name="B"),
        )
    )
    assert reading.faults == ()
    first, second = reading.deployments
    assert (first.id, first.name, first.partners) == ("a", "Radar & co", ("UKR", "POL"))
    assert (str(first.stay.start), str(first.stay.end)) == ("2021-12-01", "2021-12-17")
    assert (second.name, str(second.stay.start)) == ("B", "2021-12-17")


def test_the_usual_names_of_kml_are_taken(read_text):
    for space in (' xmlns="http://earth.google.com/kml/2.1"', ""):
        assert read_text(document(placemark(), space=space)).faults == ()
    prefixed = document(placemark(), space=' xmlns:k="http://www.opengis.net/kml/2.2"')
    prefixed = re.sub(r"<(/?)(?!\?)", r"<\1k:", prefixed)
    assert read_text(prefixed).faults == ()


def test_every_fault_has_the_line_and_column_of_its_element(read_text):
    reading = read_text(
        document(
            placemark("a"),
            placemark("b", kind="rdar"),
            placemark("c", shape="<Point><coordinates>540,2</coordinates></Point>"),
            placemark("d", shape="<Point><coordinates>1 2</coordinates></Point>"),
            placemark("e", shape=""),
            placemark("a"),
            placemark("f", shape="<gx><Model/></gx>"),
            placemark("g", shape="<Point><coordinates>1,2</coordinates></Point>" * 2),
            placemark("h", shape="<Polygon></Polygon>"),
            placemark("i", rnage_km="5"),
            placemark("z"),
        )
    )
    assert [one.id for one in reading.deployments] == ["a", "z"]
    told = [(one.line, one.feature, re.sub("[^a-z ].*", "", one.message)) for one in reading.faults]
    assert told == [
        (4, 1, "unknown kind "),
        (5, 2, "lon "),
        (6, 3, ""),
        (6, 3, ""),
        (7, 4, "geometry is null"),
        (8, 5, "the id "),
        (9, 6, "a "),
        (10, 7, "a placemark has several geometries"),
        (11, 8, "geometry is empty"),
        (12, 9, "unknown key "),
    ]
    assert "'1' is no position; KML writes lon,lat" in reading.faults[2].message
    line = document(placemark("b", kind="rdar")).splitlines()[2]
    assert reading.faults[0].column == line.index('<Data name="kind"') + 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "KMZ"),
        (b"\xff\xfe<\x00", "UTF-16"),
        (b"{}", "this is JSON; name it .geojson"),
        (b"name: x", "does not begin with <"),
        (b"SQLite format 3\x00", "name it .gpkg"),
        (b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "not KML but <OGRVRTDataSource>"),
        (b"<gpx xmlns='http://www.topografix.com/GPX/1/1'></gpx>", "not KML but <gpx>"),
        (b"<kml xmlns='http://example.org/'></kml>", "not KML but <kml> of http://example.org/"),
        (b"<html></html>", "not KML but <html>"),
        (b"<kml><Placemark></kml>", "not well-formed XML: mismatched tag"),
        (b"<kml><Placemark>", "not well-formed XML: no element found"),
        (b"<kml>&nbsp;</kml>", "not well-formed XML: undefined entity"),
        (b"<kml>\xff</kml>", "not well-formed XML: not well-formed (invalid token)"),
        (b"<kml></kml><kml></kml>", "not well-formed XML: junk after document element"),
        (b"<kml a='1' a='2'/>", "not well-formed XML: duplicate attribute"),
        (
            b"<?xml version='1.0' encoding='no-such'?><kml/>",
            "unknown encoding: no-such",
        ),
        (b"<kml>" + b"<Folder>" * 100_000, "nested deeper than 64 elements"),
        (b"<kml><Placemark><Placemark/></Placemark></kml>", "inside another"),
        (b"<kml id='" + b"x" * 3_000_000 + b"'/>", "a tag or comment longer than 1 MiB"),
        (b"<kml><!--" + b"x" * 3_000_000, "a tag or comment longer than 1 MiB"),
    ],
)
def test_what_is_not_kml_is_refused_in_words(read_text, content, words):
    reading = read_text(content)
    assert reading.deployments == ()
    (fault,) = reading.faults
    assert words in fault.message


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE kml>",
        '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/a.dtd">',
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>',
        '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>',
    ],
)
def test_a_document_type_is_refused_before_an_entity_is_known(read_text, head):
    reading = read_text(document(placemark("&x;"), head=head))
    assert reading.deployments == ()
    assert [one.message[:31] for one in reading.faults] == ["a document type is not read: en"]
    assert reading.faults[0].line == 1


def test_network_links_are_told_and_never_followed(read_text):
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
    reading = read_text(document(placemark(), link, link))
    assert [one.id for one in reading.deployments] == ["a"]
    (fault,) = reading.faults
    assert "2 network links, which are never followed" in fault.message


def test_markup_in_a_value_is_text(read_text):
    reading = read_text(document(placemark(name="<![CDATA[<script>alert(1)</script>]]>")))
    assert reading.deployments[0].name == "<script>alert(1)</script>"


def test_what_comes_before_a_broken_place_is_read(read_text):
    text = document(placemark("a"), placemark("b"))
    reading = read_text(text[: text.index('"kind"', text.index(">b<"))])
    assert [one.id for one in reading.deployments] == ["a"]
    assert "what follows was not read" in reading.faults[0].message
    assert reading.faults[0].line == 4


def test_a_field_that_is_given_twice_is_told(read_text):
    more = '<ExtendedData><Data name="party"><value>RUS</value></Data></ExtendedData>'
    (fault,) = read_text(document(placemark(more=more))).faults
    assert fault.message == "'party' is given twice"
    assert fault.pointer == "/features/0/properties/party"


def test_positions_without_end_take_no_memory(read_text):
    """30 million of them filled the memory of the reader before they were counted."""
    text = "<Placemark><LineString><coordinates>" + "1,2 " * 25_000_000
    (fault,) = read_text(document(f"{text}</coordinates></LineString></Placemark>")).faults
    assert "a placemark has more than 2000000 positions" in fault.message


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"vertices": 3}, "more than 3 positions; raise the limit: --limit vertices="),
        ({"depth": 3}, "nested deeper than 3 elements; raise the limit: --limit depth="),
        ({"value": 200}, "raise the limit: --limit value="),
        ({"features": 1}, "more than 1 features"),
        ({"text": 10}, "notes is 300 characters long; at most 10"),
    ],
)
def test_every_limit_is_told_with_its_name(read_text, limits, words):
    shape = f"<LineString><coordinates>{'1,2 3,4 ' * 2}</coordinates></LineString>"
    reading = read_text(
        document(placemark("a", notes="x" * 300), placemark("b", shape=shape)), **limits
    )
    assert any(words in one.message for one in reading.faults)


def test_a_capital_suffix_is_kml_and_a_kmz_is_told(read_text):
    assert read_text(document(placemark()), name="F.KML").faults == ()
    assert "unpack it" in read_text(b"PK\x03\x04", name="f.kmz").faults[0].message
