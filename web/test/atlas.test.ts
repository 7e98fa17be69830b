import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { geoArea, geoContains } from "d3-geo";
import { decoded, densified, outline, spherical, withoutCuts, wound } from "../src/atlas";
import type { Atlas, Position } from "../src/payload";

const shipped = JSON.parse(
  readFileSync("../deploygeo/report/page/atlas.json", "utf8"),
) as Atlas;

test("two squares share the line between them, and each has its own coast", () => {
  const world = decoded({
    steps_per_degree: 10,
    arcs: [
      [10, 0, 0, 10],
      [10, 10, -10, 0, 0, -10, 10, 0],
      [10, 10, 10, 0, 0, -10, -10, 0],
    ],
    units: { a: [[[0, 1]]], b: [[[0, 2]]] },
  });
  assert.deepEqual(
    world.lines.map((line) => line.units),
    [["a", "b"], ["a"], ["b"]],
  );
  assert.deepEqual(world.units.map((unit) => unit.id), ["a", "b"]);
  const ring = world.units[0]?.polygons[0]?.[0] ?? [];
  assert.deepEqual(ring[0], ring.at(-1));
  assert.equal(geoContains({ type: "Polygon", coordinates: [ring] }, [0.5, 0.5]), true);
  assert.equal(geoContains({ type: "Polygon", coordinates: [ring] }, [1.5, 0.5]), false);
});

test("a long edge stays straight in longitude and latitude", () => {
  const line = densified([[-120, 49], [-100, 49]]);
  assert.equal(line.length, 11);
  assert.equal(line.every(([, lat]) => lat === 49), true);
  assert.deepEqual(densified([]), []);
});

test("outer rings run clockwise for d3, holes the other way", () => {
  const square: Position[] = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]];
  assert.deepEqual(wound(square, true), [...square].reverse());
  assert.deepEqual(wound(square, false), square);
});

test("a zone over the antimeridian covers both its sides and no other", () => {
  const zone = spherical([
    [[[170, 50], [180, 50], [180, 60], [170, 60], [170, 50]]],
    [[[-180, 50], [-170, 50], [-170, 60], [-180, 60], [-180, 50]]],
  ]);
  const shape = { type: "MultiPolygon" as const, coordinates: zone };
  assert.equal(geoContains(shape, [175, 55]), true);
  assert.equal(geoContains(shape, [-175, 55]), true);
  assert.equal(geoContains(shape, [0, 55]), false);
});

test("cuts along the antimeridian and a pole are no outline", () => {
  assert.deepEqual(withoutCuts([[170, 60], [180, 60], [180, 50], [170, 50]]), [
    [[170, 60], [180, 60]],
    [[180, 50], [170, 50]],
  ]);
  assert.deepEqual(withoutCuts([[-180, -90], [180, -90]]), []);
});

test("the shipped land covers 29 percent of the globe, and no unit covers a half", () => {
  const world = decoded(shipped);
  let whole = 0;
  for (const { id, polygons } of world.units) {
    const share = geoArea({ type: "MultiPolygon", coordinates: polygons }) / (4 * Math.PI);
    assert.ok(share < 0.05, `${id} covers ${share}`);
    whole += share;
  }
  assert.ok(Math.abs(whole - 0.29) < 0.005, `${whole}`);
});

test("places lie in the units that hold them", () => {
  const world = decoded(shipped);
  const under = (place: Position): string[] =>
    world.units
      .filter(({ polygons }) => geoContains({ type: "MultiPolygon", coordinates: polygons }, place))
      .map(({ id }) => id);
  assert.deepEqual(under([34.1, 45.2]), ["crimea"]);
  assert.deepEqual(under([37.6, 55.75]), ["RUS"]);
  assert.deepEqual(under([0, -85]), ["ATA"]);
  assert.deepEqual(under([-173, 66.8]), ["RUS"]);
  assert.deepEqual(under([28.2, -29.5]), ["LSO"]);
  assert.deepEqual(under([-30, 45]), []);
});

test("an area that was cut at 180° or reaches a pole has its outline and not the cuts", () => {
  const east: Position[][] = [[[175, 60], [180, 60], [180, 65], [175, 65], [175, 60]]];
  const west: Position[][] = [[[-180, 60], [-175, 60], [-175, 65], [-180, 65], [-180, 60]]];
  const parts = outline([east, west]);
  const seam = parts.flatMap((part) => part.slice(1).map((at, to) => [part[to], at] as [Position, Position]))
    .filter(([one, other]) => Math.abs(one[0]) === 180 && Math.abs(other[0]) === 180);
  assert.deepEqual(seam, []);
  assert.equal(parts.length, 3); // the ring of the east begins between its cuts
  const cap = [[[-180, 80], [0, 80], [180, 80], [180, 90], [0, 90], [-180, 90], [-180, 80]]] as Position[][];
  const round = outline([cap]);
  assert.equal(round.length, 1);
  assert.equal(round[0]?.every(([, lat]) => lat === 80), true);
});
