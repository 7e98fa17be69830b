"""Move one ship along 43° N, and see two drafts part company.

The US–Russia draft asks from where the ship can attack: here, from everywhere on that sea. The
Russia–NATO draft asks whose waters it is in: on the high seas it has nothing to say.
"""

import deploygeo as dg

LATITUDE = 43.0
CLAUSES = ("us-russia-2021/5.2", "nato-russia-2021/7.1")

ships = [
    dg.Deployment(
        id=f"{lon:g}E",
        name="a destroyer",
        party="USA",
        kind="surface_warship",
        system="arleigh-burke",
        loadout="assumed",
        geometry=(lon, LATITUDE),
        stay="2021-11-10",
    )
    for lon in (29.0, 31.0, 33.0, 35.0, 37.0, 39.0, 41.0)
]
report = dg.check(ships)
russia = dg.territory("RUS")

print("longitude  to Russia  5(2) US–Russia  7(1) Russia–NATO")
for ship in ships:
    distance_km = dg.distance_m(ship.geometry.x, ship.geometry.y, russia) / 1000
    first, second = (report.of(ship.id, clause)[0].verdict for clause in CLAUSES)
    print(f"{ship.id:>9}  {distance_km:6.0f} km  {first:14}  {second}")
