"""How deep a place lies in land and internal waters together."""

import pytest

from deploygeo import boundaries, geodesy

WHITE_SEA = (38.0, 65.6)
KOLA_COAST = (36.52345, 66.3002)  # a vertex of the coast of the White Sea, at level ne10
INLAND = (36.52345, 67.19691439176148)  # 100 km north of it


def depth_m(place):
    return boundaries.presence_margin_m(*place, "RUS", level="ne10", both_ends=False).value_m


@pytest.mark.parametrize("place", [WHITE_SEA, (36.5, 66.4), KOLA_COAST, (40.0, 65.0)])
def test_a_coast_of_internal_waters_is_no_way_out(place):
    """The other shore of the White Sea was a way out until 2026: 33 km for 189 km, on Kola.

    Its waters were merged with the land of one box of polygons at a time, so that the coasts of
    the land of other boxes stayed edges.
    """
    assert depth_m(place) > 150_000.0


def test_a_depth_changes_by_at_most_a_metre_a_metre_across_such_a_coast():
    moved = geodesy.inverse(*KOLA_COAST, *INLAND)[0]
    assert abs(depth_m(KOLA_COAST) - depth_m(INLAND)) <= moved + 1.0
