"""A GeoJSON feature to a deployment or record, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deploygeo.io.limits import raising
from deploygeo.model import Deployment, Interval, Origin, Record, Stay
from deploygeo.model._flaws import Flaws
from deploygeo.model._shown import shown
from deploygeo.model.deployment import DEPLOYMENT_KEYS, check_deployment
from deploygeo.model.record import RECORD_KEYS, check_record
from deploygeo.model.vocabulary import default_extent

__all__ = ["IGNORED_KEYS", "feature_of", "parse_feature", "to_features", "wrong_crs"]

# simplestyle-spec 1.1: what editors add to draw a feature
IGNORED_KEYS = frozenset(
    {
        "description",
        "fill",
        "fill-opacity",
        "marker-color",
        "marker-size",
        "marker-symbol",
        "stroke",
        "stroke-opacity",
        "stroke-width",
        "title",
    }
)
_DEPLOYMENT = frozenset(DEPLOYMENT_KEYS)
_RECORD = frozenset(RECORD_KEYS)
_MEMBERS = frozenset({"type", "id", "geometry", "properties", "bbox"})
_MOST_UNKNOWN = 20
_LON_LAT = frozenset(
    {
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "OGC:CRS84",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
    }
)


def parse_feature(
    flaws: Flaws, feature: object, origin: Origin | None, *, depth: int = 64
) -> Deployment | Record | None:
    """Return what a feature stands for, or None and the reasons in `flaws`.

    Parameters
    ----------
    flaws : Flaws
        Collects what is wrong.
    feature : object
        A mapping, it is hoped.
    origin : Origin or None
        Where it stands, for the findings.
    depth : int
        Levels of nesting that members may have.

    Examples
    --------
    >>> flaws = Flaws()
    >>> parse_feature(flaws, [], None) is None, flaws.found
    (True, [((), 'a feature is a GeoJSON object, not an empty list')])
    """
    if not isinstance(feature, Mapping):
        flaws.add((), f"a feature is a GeoJSON object, not {shown(feature)}")
        return None
    kind = feature.get("type")
    if kind != "Feature":
        flaws.add(("type",) if "type" in feature else (), _not_a_feature(kind))
        return None
    properties = feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, Mapping):
        flaws.add(("properties",), f"properties is an object, not {shown(properties)}")
        return None
    is_record = properties.get("record") is not None
    _foreign(flaws, feature, depth)
    _unknown(flaws, properties, is_record)
    geometry = feature.get("geometry")
    for path, owner in ((("crs",), feature), (("geometry", "crs"), geometry)):
        # older than RFC 7946, which has none: of a collection, a feature or a geometry
        if isinstance(owner, Mapping) and (wrong := wrong_crs(owner.get("crs"))):
            flaws.add(path, wrong)
    raw = _with_id(flaws, feature, properties)
    check = check_record if is_record else check_deployment
    values = check(flaws, raw, geometry)
    if feature.get("id") is not None:  # that is the one that was checked
        of_id = ("properties", "id")
        flaws.found = [(("id",) if path == of_id else path, text) for path, text in flaws.found]
    if flaws:
        return None
    return Record._of(values, origin) if is_record else Deployment._of(values, origin)


def _not_a_feature(kind: object) -> str:
    if kind == "FeatureCollection":
        return "a FeatureCollection cannot stand among features; put its features here"
    if kind is None:
        return 'a feature needs "type": "Feature"'
    if kind == "Topology":
        return "this is TopoJSON; convert it to GeoJSON"
    geometries = ("Point", "LineString", "Polygon", "MultiPoint", "MultiPolygon", "MultiLineString")
    if kind in geometries:
        return f"this is a bare {kind}; wrap it in a Feature with its properties"
    return f'a feature has "type": "Feature", not {shown(kind)}'


def _foreign(flaws: Flaws, feature: Mapping[Any, Any], depth: int) -> None:
    """Check members that RFC 7946 allows and deploygeo does not read."""
    if len(feature.keys() - _MEMBERS) == 0:
        return
    for key, value in feature.items():
        if key in _MEMBERS:
            continue
        if key in _DEPLOYMENT or key in _RECORD:
            flaws.add((str(key),), f"{key} belongs into properties")
        elif _is_deeper(value, depth):
            flaws.add((str(key),), f"nested deeper than {depth} levels; {raising('depth')}")


def _is_deeper(value: object, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        deeper: list[object] = []
        for one in level:
            if isinstance(one, Mapping):
                deeper += one.values()
            elif isinstance(one, list | tuple):
                deeper += one
        if not deeper:
            return False
        level = [one for one in deeper if isinstance(one, Mapping | list | tuple)]
    return bool(level)


def wrong_crs(crs: object) -> str:
    """Return what is wrong with a member crs; empty where it is lon/lat or absent.

    Parameters
    ----------
    crs : object

    Examples
    --------
    >>> wrong_crs({"type": "name", "properties": {"name": "EPSG:3857"}})
    "the coordinates are in 'EPSG:3857'; GeoJSON is lon/lat WGS 84 (CRS84): transform it, and...
    >>> wrong_crs(None), wrong_crs("OGC:CRS84")
    ('', '')
    """
    name: object = crs if isinstance(crs, str) else "an unknown coordinate system"
    if isinstance(crs, Mapping) and isinstance(crs.get("properties"), Mapping):
        name = crs["properties"].get("name", name)
    if crs is None or (isinstance(name, str) and name in _LON_LAT):
        return ""
    text = f"the coordinates are in {shown(name)}; GeoJSON is lon/lat WGS 84 (CRS84): "
    if "4326" in str(name):
        return f"{text}make sure that lon comes first, and leave crs out"
    return f"{text}transform it, and leave crs out"


def _unknown(flaws: Flaws, properties: Mapping[Any, Any], is_record: bool) -> None:
    known, other = (_RECORD, _DEPLOYMENT) if is_record else (_DEPLOYMENT, _RECORD)
    # a table has every column in every row: null under a key of the other kind is nothing
    wrong = [
        key
        for key, value in properties.items()
        if key not in known and key not in IGNORED_KEYS and not (key in other and value is None)
    ]
    for key in wrong[:_MOST_UNKNOWN]:
        path = ("properties", str(key))
        if key in other:
            owner = "deployments" if is_record else 'records; is "record": … missing'
            flaws.add(path, f"the key {shown(key)} is for {owner}")
        else:
            hint = flaws.hint(str(key), known, most=0)
            flaws.add(path, f"unknown key {shown(key)}{hint}")
    if len(wrong) > _MOST_UNKNOWN:
        text = f"and {len(wrong) - _MOST_UNKNOWN} more unknown keys; see `deploygeo schema`"
        flaws.add(("properties",), text)


def _with_id(
    flaws: Flaws, feature: Mapping[Any, Any], properties: Mapping[Any, Any]
) -> Mapping[Any, Any]:
    outer, inner = feature.get("id"), properties.get("id")
    if outer is None:
        return properties
    if inner is not None and str(inner) != str(outer):
        flaws.add(
            ("id",), f"the feature's id {shown(outer)} and its property {shown(inner)} differ"
        )
    return {**properties, "id": outer}


def to_features(things: Iterable[Deployment | Record]) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection that reads back as the same things.

    Parameters
    ----------
    things : iterable of Deployment and Record

    Returns
    -------
    dict

    Examples
    --------
    >>> radar = Deployment(id="r", party="USA", kind="radar", geometry=(37.97, 38.34))
    >>> to_features([radar])["features"][0]["properties"]
    {'id': 'r', 'party': 'USA', 'kind': 'radar', 'activity': 'deploy'}
    >>> to_features([])
    {'type': 'FeatureCollection', 'features': []}
    """
    return {"type": "FeatureCollection", "features": [feature_of(thing) for thing in things]}


def feature_of(thing: Deployment | Record) -> dict[str, Any]:
    """Return one deployment or record as a GeoJSON feature.

    Parameters
    ----------
    thing : Deployment or Record

    Returns
    -------
    dict

    Examples
    --------
    >>> feature_of(Record(id="f", kind="finding", clause="5.1", states=True))["geometry"] is None
    True
    """
    properties = _record(thing) if isinstance(thing, Record) else _deployment(thing)
    geometry = None
    if isinstance(thing, Deployment) and thing.geometry is not None:
        geometry = _lists(thing.geometry.__geo_interface__)
    kept = {key: value for key, value in properties.items() if value is not None and value != []}
    return {"type": "Feature", "properties": kept, "geometry": geometry}


def _deployment(one: Deployment) -> dict[str, Any]:
    is_area = one.geometry is not None and one.geometry.geom_type in {"Polygon", "MultiPolygon"}
    usual = default_extent(one.kind, one.activity, is_area=is_area)
    return {
        "id": one.id,
        "name": one.name if one.name != one.id else None,
        "party": one.party,
        "kind": one.kind,
        "activity": one.activity,
        "system": one.system,
        "range_km": _number(one.range_km),
        "loadable_range_km": _number(one.loadable_range_km),
        "radius_km": _number(one.radius_km),
        "basing": one.basing,
        "nuclear": one.nuclear,
        "personnel": _number(one.personnel),
        "contingents": [
            {"party": share.party}
            | ({} if share.personnel is None else {"personnel": _number(share.personnel)})
            for share in one.contingents
        ],
        "total": one.total or None,
        "part_of": one.part_of,
        "echelon": one.echelon,
        "brigades": one.brigades,
        **_stay(one.stay),
        "times": [moment.isoformat().replace("+00:00", "Z") for moment in one.times],
        "extent": one.extent if one.extent != usual else None,
        "position_error_km": one.position_error_km or None,
        "framework": one.framework,
        "loadout": one.loadout,
        "with": list(one.partners),
        "un_mandate": one.un_mandate,
        "scenario": one.scenario,
        "source": one.source,
        "notes": one.notes,
    }


def _record(one: Record) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name if one.name != one.id else None,
        "record": one.kind,
        "party": one.party,
        "group": one.group,
        "by": list(one.by),
        "for": list(one.subject),
        "with": list(one.partners),
        "clause": one.clause,
        "holds": one.states,
        **_stay(one.stay),
        "text": one.text,
        "source": one.source,
        "notes": one.notes,
    }


def _stay(stay: Stay) -> dict[str, str]:
    if stay.start is not None and stay.start == stay.end:
        return {"on": stay.start.isoformat()}
    found = {}
    if stay.start is not None:
        found["from"] = stay.start.isoformat()
    if stay.end is not None:
        found["until"] = stay.end.isoformat()
    return found


def _number(interval: Interval | None) -> float | list[float] | None:
    if interval is None:
        return None
    ends = [int(end) if end.is_integer() else end for end in (interval.lo, interval.hi)]
    return ends[0] if interval.is_exact else ends


def _lists(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _lists(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_lists(one) for one in value]
    return value
