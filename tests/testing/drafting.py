"""Random treaty files and scenes over the whole vocabulary, from a seed and nothing else."""

import json
import random
from datetime import date, timedelta
from itertools import pairwise

STATES = (
    *("USA", "RUS", "UKR", "POL", "DEU", "GBR", "FRA", "NOR", "FIN", "SWE", "EST", "LVA", "LTU"),
    *("BLR", "TUR", "ROU", "BGR", "GEO", "ARM", "KAZ", "MDA", "JPN", "CHN", "CAN", "DNK", "SRB"),
    *("CYP", "GRC", "ITA", "ESP", "PRT", "ISL", "NLD", "XKX"),
)
PLAYERS = ("RUS", "USA", "RUS", "USA", "UKR", "DEU", "FRA", "GBR", "POL", "TUR", "BLR", "NATO")
GROUPS = ("NATO", "CSTO", "former-USSR", "m49-europe", "nuclear-weapon-states", "south-caucasus")
SEAS = ("Black Sea", "Baltic Sea", "Norwegian Sea", "Barents Sea", "Sea of Azov", "North Sea")
KINDS = (
    *("air_base", "artillery", "auxiliary_ship", "coast_guard", "combat_aircraft", "exercise"),
    *("ground_force", "headquarters", "heavy_bomber", "logistics", "medium_bomber"),
    *("missile_defence", "missile_launcher", "naval_base", "nuclear_storage", "nuclear_weapon"),
    *("patrol_aircraft", "peacekeeping", "radar", "submarine", "surface_warship"),
    *("training_area", "training_mission", "transport_aircraft"),
)
COMMON = ("ground_force", "surface_warship", "missile_launcher", "heavy_bomber", "exercise")
ACTIVITIES = ("base", "deploy", "exercise", "fly", "train", "transit", "visit")
ECHELONS = (
    *("squad", "platoon", "company", "battalion", "regiment"),
    *("brigade", "division", "corps", "army", "front"),
)
SYSTEMS = ("iskander-m", "tomahawk", "tomahawk-ground", "gryphon")
READINGS = {
    "reach": ("weapon", "loadable", "platform", "class"),
    "national": ("own", "any"),
    "deploy": ("presence", "stay", "based"),
    "baseline": ("sender-host", "host", "presence"),
}
NUMBERS = {
    "km": (0, 1, 5, 12, 22.224, 50, 100, 200, 500, 1000, 2500),
    "range": (0, 100, 300, 500, 1000, 1600, 2500, 5500),
    "persons": (0, 1, 100, 500, 1000, 1500, 5000, 25000),
    "days": (0, 1, 7, 21, 30, 365),
    "brigades": (0, 1, 2, 3),
}
DAYS = ("1997-05-27", "2021-12-17", "2014-03-18", "2004-03-28")
LINE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "MultiLineString",
                "coordinates": [[[20, 54], [28, 55.5], [31, 60]], [[30, 45], [36, 44]]],
            },
        },
        {
            "type": "Feature",
            "properties": {},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[32, 42], [37, 42], [37, 44], [34, 44.5], [32, 43], [32, 42]]],
            },
        },
    ],
}
"""What lies beside every random treaty as frontier.geojson."""


def seeded(seed):
    """What chooses, the same for the same seed."""
    return random.Random(seed)  # noqa: S311 - nobody is kept from guessing


def quoted(names):
    return ", ".join(f"'{name}'" for name in names)


class Draft:
    """One random treaty file; `text` is its TOML."""

    def __init__(self, rng, words=None):
        self.rng = rng
        self.words = words
        self.definitions = {}
        self.parameters = {}
        self.own_readings = {}
        self.text = self.write()

    def some(self, items, most=3):
        return self.rng.sample(items, self.rng.randint(1, min(most, len(items))))

    # -- expressions

    def states(self, about, depth=1):
        rng = self.rng
        if depth and rng.random() < 0.25:
            sign = rng.choice("|-&")
            return f"({self.states(about, 0)} {sign} {self.states(about, depth - 1)})"
        choices = [
            f"states({quoted(self.some(STATES, 4))})",
            f"group('{rng.choice(GROUPS)}')",
            f"group('{rng.choice(GROUPS)}', '{rng.choice((*DAYS, 'before'))}')",
            *[
                name
                for name, (gives, asked, _) in self.definitions.items()
                if gives == "states" and about in asked
            ],
        ]
        if about in ("deployment", "record", "group"):
            choices += ["own", "counterparts", "counterparts", "parties"]
        if about in ("deployment", "record"):
            choices.append("partners")
        if about == "record":
            choices.append("joining")
        if rng.random() < 0.1:
            return "everyone - own" if about != "side" else "everyone"
        return rng.choice(choices)

    def region(self, about="deployment"):
        rng = self.rng
        states = self.states(about)
        return rng.choice(
            [
                f"land({states})",
                f"land({states})",
                f"territory({states})",
                f"territory({states})",
                f"sea('{rng.choice(SEAS)}')",
                f"border_line({states}, {self.states(about)})",
                f"outer_border({states})",
                "line('frontier')",
            ]
        )

    def number(self, unit):
        rng = self.rng
        names = [name for name, kind in self.parameters.items() if kind == unit]
        if names and rng.random() < 0.3:
            return f"param('{rng.choice(names)}')"
        value = rng.choice(NUMBERS[unit])
        if rng.random() < 0.15:
            return f"{value} {rng.choice('+-')} {rng.choice(NUMBERS[unit])}"
        return str(value)

    def reach(self):
        names = ("range", "range", "loadable_range", "platform_range", self.number("range"))
        return self.rng.choice(names)

    def quantity(self, about):
        rng = self.rng
        if about == "record":
            return "days_in_force", "days"
        if about == "group":
            return rng.choice(
                [
                    (f"total('{rng.choice(('sender-host', 'host'))}')", "persons"),
                    (f"total('{rng.choice(('sender-host', 'host'))}')", "persons"),
                    (f"presence('1997-05-27', '{rng.choice(('sender-host', 'host'))}')", "persons"),
                    ("days_in_force", "days"),
                ]
            )
        kinds = quoted(self.some(KINDS))
        return rng.choice(
            [
                ("range", "range"),
                ("range", "range"),
                ("loadable_range", "range"),
                ("platform_range", "range"),
                (f"step_up(range, {self.number('range')}, {self.number('range')})", "range"),
                ("personnel", "persons"),
                ("personnel", "persons"),
                ("brigades", "brigades"),
                (f"distance({self.region()})", "km"),
                (f"distance({self.region()})", "km"),
                (f"separation({self.states(about)}, {kinds})", "km"),
                ("stay_days", "days"),
                ("days_in_force", "days"),
            ]
        )

    def comparison(self, about):
        rng = self.rng
        one, unit = self.quantity(about)
        signs = ["<", "<="] if rng.random() < 0.5 else [">", ">="]
        if about == "group" and unit == "persons" and rng.random() < 0.5:
            key = rng.choice(("sender-host", "host"))
            return f"total('{key}') {rng.choice(signs)} presence('1997-05-27', '{key}')"
        if unit in ("km", "range") and rng.random() < 0.3:
            chain = (self.number(unit), self.number(unit))
            return f"{chain[0]} {rng.choice(signs)} {one} {rng.choice(signs)} {chain[1]}"
        if unit == "km" and rng.random() < 0.2:
            return f"{one} {rng.choice(signs)} distance({self.region()})"
        return f"{one} {rng.choice(signs)} {self.number(unit)}"

    def leaf(self, about):
        rng = self.rng
        names = [
            name
            for name, (gives, asked, _) in self.definitions.items()
            if gives == "truth" and about in asked
        ]
        if names and rng.random() < 0.2:
            return rng.choice(names)
        anyone = [
            f"party_in({self.states(about)})",
            f"share({self.states(about)}, {self.states(about)})",
            f"consent({self.states(about)})",
            f"asserted('{rng.choice(('threat', 'purpose'))}')",
            rng.choice(["always", "never"]),
            *[self.comparison(about) for _ in range(3)],
        ]
        if about == "record":
            kinds = ("accession", "consent", "cooperation", "notice", "finding")
            return rng.choice(
                [
                    *anyone[:5],
                    f"record({quoted(self.some(kinds))})",
                    f"record({quoted(self.some(kinds))})",
                    f"joins('{rng.choice(('NATO', 'CSTO'))}')",
                    f"share(joining, {self.states(about)})",
                    f"extends_east(joining, {self.states(about)})",
                    f"lies_east(joining, {self.states(about)})",
                    anyone[5],
                ]
            )
        if about == "group":
            return rng.choice([*anyone, *anyone[5:], f"host_in({self.states(about)})"])
        return rng.choice(
            [
                *anyone,
                f"kind({quoted(self.some(KINDS, 6))})",
                f"kind({quoted(self.some(COMMON, 4))})",
                f"activity({quoted(self.some(ACTIVITIES))})",
                f"basing({quoted(self.some(('air', 'ground', 'sea'), 2))})",
                f"framework('{rng.choice(('NATO', 'CSTO'))}')",
                f"scenario('{rng.choice(('nuclear', 'conventional'))}')",
                "nuclear",
                f"echelon_above('{rng.choice(ECHELONS)}')",
                f"notice({self.number('days')})",
                "mandate",
                *[f"inside({self.region()})" for _ in range(4)],
                *[f"reaches({self.region()}, {self.reach()})" for _ in range(4)],
            ]
        )

    def truth(self, about, depth=2):
        rng = self.rng
        draw = rng.random()
        if depth == 0 or draw < 0.3:
            return self.leaf(about)
        if draw < 0.42:
            return f"not ({self.truth(about, depth - 1)})"
        sign = rng.choice([" and ", " or "])
        return sign.join(f"({self.truth(about, depth - 1)})" for _ in range(rng.choice([2, 2, 3])))

    # -- the file

    def write(self):
        rng = self.rng
        lines = ['id = "draft"', 'title = "A draft"', 'source = "nobody"']
        is_treaty = rng.random() < 0.2
        lines.append(f'status = "{"treaty" if is_treaty else "draft"}"')
        if rng.random() < 0.6:
            lines.append("reference_date = 2021-12-17")
        if is_treaty:
            start = date(2000, 1, 1) + timedelta(days=rng.randrange(8200))
            lines += ["", "[[in_force]]", f"from = {start}"]
            if rng.random() < 0.5:
                lines.append(f"until = {start + timedelta(days=rng.randrange(6000))}")
        sides = [self.states("side", 1) for _ in range(rng.choice([1, 2, 2, 3]))]
        if rng.random() < 0.7:
            sides = ["states('RUS', 'BLR', 'CHN') | group('CSTO')", "group('NATO') | states('UKR')"]
        for i, text in enumerate(sides):
            lines += ["", "[[side]]", f'name = "side {i}"', f"states = {json.dumps(text)}"]
        for i, unit in enumerate(rng.sample(sorted(NUMBERS), 2)):
            self.parameters[f"limit_{i}"] = unit
            lines += ["", "[[parameter]]", f'name = "limit_{i}"', 'text = "a limit"']
            if rng.random() < 0.6:
                lines += [f"value = {rng.choice(NUMBERS[unit])}", 'source = "nobody"']
        for name in rng.sample(sorted(READINGS), rng.choice([0, 1, 2])):
            self.define(lines, f"by_{name}", reading=name)
        for i in range(rng.choice([0, 1, 2, 3])):
            self.define(lines, f"word_{i}")
        for i in range(rng.choice([1, 2, 3])):
            lines += self.clause(i)
        return "\n".join(lines) + "\n"

    def define(self, lines, name, reading=None):
        rng = self.rng
        gives = rng.choice(["truth", "truth", "states"])
        about = rng.choice(["deployment", "deployment", "record", "group"])
        if gives == "states":
            about = "side"

        def rule():
            return self.states("side") if gives == "states" else self.truth(about, 1)

        lines += ["", "[[definition]]", f'name = "{name}"', f'gives = "{gives}"']
        if reading:
            rows = ", ".join(f"{value} = {json.dumps(rule())}" for value in READINGS[reading])
            lines += [f'reading = "{reading}"', f"under = {{ {rows} }}"]
        elif rng.random() < 0.25:
            turn = date(2021, 12, 17) + timedelta(days=rng.randrange(-400, 400))
            lines += [f"until = {turn}", f"rule = {json.dumps(rule())}"]
            lines += ["", "[[definition]]", f'name = "{name}"', f'gives = "{gives}"']
            lines += [f"from = {turn + timedelta(days=1)}", f"rule = {json.dumps(rule())}"]
        else:
            lines.append(f"rule = {json.dumps(rule())}")
        asked = ("deployment", "record", "group", "side") if gives == "states" else (about,)
        self.definitions[name] = (gives, asked, None)

    def clause(self, i):
        rng = self.rng
        about = rng.choice(["deployment"] * 6 + ["record", "group", "group"])
        lines = ["", "[[clause]]", f'id = "{i}"', f'article = "{i}"', 'text = "a rule"']
        lines.append(f'subject = "{about}"')
        if rng.random() < 0.2:
            lines.append('modality = "oblige"')
        if rng.random() < 0.1:
            lines.append("standing = true")
        if rng.random() < 0.2:
            lines.append(f"bearers = {json.dumps(self.states(about))}")
        if rng.random() < 0.35:
            lines.append(f"applies = {json.dumps(self.truth(about, 1))}")
        lines.append(f"rule = {json.dumps(self.truth(about))}")
        member = "deployment" if about == "group" else about
        if about == "group" and rng.random() < 0.4:
            lines.append(f"counts = {json.dumps(self.truth(member, 1))}")
        for k in range(rng.choice([0, 0, 0, 1, 2])):
            rule = json.dumps(self.truth(member, 1))
            lines += ["", "[[clause.unless]]", f'name = "unless {k}"', 'text = "an exception"']
            lines.append(f"rule = {rule}")
        return lines


# -- what is there


def spread(rng, value, *, whole=False):
    """A number, or an interval about it."""
    if rng.random() < 0.5:
        return value
    low, high = value * rng.uniform(0.3, 1.0), value * rng.uniform(1.0, 2.0)
    return [int(low), int(high)] if whole else [round(low, 3), round(high, 3)]


def place(rng, borders):
    """A position: near a border or coast, in Europe, or anywhere."""
    draw = rng.random()
    if draw < 0.5 and borders:
        lon, lat = rng.choice(borders)
        off = 10 ** rng.uniform(-3.5, 0.0)
        lon, lat = lon + rng.uniform(-off, off), lat + rng.uniform(-off, off)
    elif draw < 0.9:
        lon, lat = rng.uniform(-30, 60), rng.uniform(33, 75)
    else:
        lon, lat = rng.uniform(-180, 180), rng.uniform(-80, 85)
    return [round((lon + 180) % 360 - 180, 6), round(max(-90, min(90, lat)), 6)]


def stay(rng):
    start = date(2021, 12, 17) + timedelta(days=int(rng.gauss(0, 400)))
    draw = rng.random()
    if draw < 0.4:
        return {}
    if draw < 0.6:
        return {"on": str(start)}
    if draw < 0.7:
        return {"from": str(start)}
    end = start + timedelta(days=rng.choice([0, 1, 5, 6, 20, 29, 30, 100, 364, 365]))
    return {"until": str(end)} if draw < 0.75 else {"from": str(start), "until": str(end)}


def deployment(rng, name, borders):
    kind = rng.choice(COMMON if rng.random() < 0.5 else KINDS)
    row = {"id": name, "party": rng.choice(STATES if rng.random() < 0.15 else PLAYERS)}
    row["kind"] = kind
    if kind.endswith("_bomber") or rng.random() < 0.5:
        row["activity"] = rng.choice(ACTIVITIES)
    if rng.random() < 0.65:
        row["range_km"] = spread(rng, rng.choice([0, 300, 499, 500, 700, 1000, 1600, 2400, 5500]))
    elif rng.random() < 0.4:
        row["system"] = rng.choice(SYSTEMS)
    if rng.random() < 0.2:
        row["loadable_range_km"] = spread(rng, 2500)
    if rng.random() < 0.3:
        row["radius_km"] = spread(rng, rng.choice([500, 3000]))
    if rng.random() < 0.6:
        value = rng.choice([0, 1, 19, 50, 100, 500, 999, 1000, 1001, 1500, 5000, 60053])
        row["personnel"] = spread(rng, value, whole=True)
    if rng.random() < 0.3:
        row["echelon"] = rng.choice(ECHELONS)
    if rng.random() < 0.3:
        row["brigades"] = rng.choice([0, 1, 2, 3])
    if rng.random() < 0.3:
        row["basing"] = rng.choice(["air", "ground", "sea"])
    if rng.random() < 0.3:
        row["nuclear"] = rng.choice([True, False])
    if rng.random() < 0.3:
        row["position_error_km"] = round(10 ** rng.uniform(-1, 1.7), 3)
    if rng.random() < 0.2:
        row["framework"] = rng.choice(["NATO", "CSTO"])
    if rng.random() < 0.2:
        row["with"] = rng.sample((*STATES, "NATO"), rng.choice([1, 2]))
    if rng.random() < 0.15:
        row["un_mandate"] = "a resolution"
    if rng.random() < 0.3:
        row["scenario"] = rng.choice(["nuclear", "conventional"])
    if rng.random() < 0.08:
        row["party"] = "NATO"
        parties = rng.sample(("DEU", "FRA", "GBR", "USA", "POL"), rng.choice([1, 2, 3]))
        row.pop("personnel", None)
        row["contingents"] = [
            {"party": one, "personnel": rng.choice([5, 100, 1500])} for one in parties
        ]
    if rng.random() < 0.1:
        row["total"] = True
    row |= stay(rng)
    geometry = {"type": "Point", "coordinates": place(rng, borders)}
    return {"type": "Feature", "geometry": geometry, "properties": row}


def record(rng, name, ids):
    kind = rng.choice(["accession", "consent", "consent", "cooperation", "finding", "notice"])
    row = {"id": name, "record": kind, **stay(rng)}
    about = rng.sample((*ids, "0", "1", "draft/0"), rng.choice([1, 2]))
    if kind == "accession":
        row |= {"party": rng.choice(STATES), "group": rng.choice(["NATO", "CSTO"])}
        if not {"on", "from"} & set(row):
            row["on"] = "2022-03-01"
            row.pop("until", None)
    elif kind == "consent":
        row |= {"by": rng.sample((*STATES, "NATO"), rng.choice([1, 2, 4])), "for": about}
    elif kind == "cooperation":
        row |= {"party": rng.choice((*STATES, "NATO")), "with": rng.sample(STATES, 2)}
    elif kind == "finding":
        names = ("threat", "purpose", "0", "1", "nuclear-scenario")
        row |= {"clause": rng.choice(names), "holds": rng.choice([True, False])}
        if rng.random() < 0.6:
            row["for"] = about
    else:
        row |= {"party": rng.choice(STATES), "for": about}
    return {"type": "Feature", "geometry": None, "properties": row}


def scene(rng, borders):
    """One to three deployments, some near each other, with records about them."""
    count = rng.choice([1, 1, 2, 3])
    ids = [f"d{i}" for i in range(count)]
    found = [deployment(rng, name, borders) for name in ids]
    for one, other in pairwise(found):
        if rng.random() < 0.5:
            lon, lat = one["geometry"]["coordinates"]
            off = 10 ** rng.uniform(-3, 0.3)
            lon = (lon + rng.uniform(-off, off) + 180) % 360 - 180
            lat = max(-90, min(90, lat + rng.uniform(-off, off)))
            other["geometry"] = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
        if rng.random() < 0.3:
            other["properties"]["party"] = one["properties"]["party"]
            if rng.random() < 0.3:
                other["properties"]["part_of"] = one["properties"]["id"]
    found += [record(rng, f"r{i}", ids) for i in range(rng.choice([0, 0, 1, 2, 3]))]
    return found


def choices(rng, draft=None):
    """Worldview, readings, parameters, day and entry into force, as plain values."""
    found = {"worldview": rng.choice(["un", "un", "de-facto", "russia"])}
    names = (
        READINGS
        if draft is None
        else {name: READINGS[name] for name in READINGS if f"by_{name}" in draft.definitions}
    )
    readings = {n: rng.choice(v) for n, v in names.items() if rng.random() < 0.5}
    if rng.random() < 0.2:
        readings["overseas"] = "metropolitan"
    found["readings"] = readings
    if draft is not None:
        found["params"] = {
            name: float(rng.choice(NUMBERS[unit]))
            for name, unit in draft.parameters.items()
            if rng.random() < 0.3
        }
    if rng.random() < 0.1:
        found["on"] = date(2021, 12, 17) + timedelta(days=int(rng.gauss(0, 200)))
    if rng.random() < 0.15:
        found["in_force"] = date(2021, 12, 17) + timedelta(days=int(rng.gauss(0, 200)))
    return found


def nearby(rng, features, distances):
    """The same scene, with a reach of the first deployment about a distance that was measured."""
    far = rng.choice(distances)
    off = 10 ** rng.uniform(-4, 1.5)
    low, high = (max(0.0, far + rng.choice([-1, 1]) * off * rng.random()) for _ in range(2))
    first = features[0]
    row = dict(first["properties"])
    row["range_km"] = [min(low, high), max(low, high)] if rng.random() < 0.5 else low
    if rng.random() < 0.5:
        row.pop("position_error_km", None)
    return [{**first, "properties": row}, *features[1:]]
