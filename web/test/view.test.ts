import assert from "node:assert/strict";
import { test } from "node:test";
import { FAMILIES, RIMS, familyOf, outline } from "../src/marks";
import type { Family } from "../src/marks";
import { VERDICTS } from "../src/payload";
import { MOST_ZOOM, angle, dragged, fitting, projection, turned, wrapped, zoomed } from "../src/view";

const near = (one: number, other: number, by: number): void => {
  assert.ok(Math.abs(one - other) <= by, `${one} is not ${other}`);
};

test("the centre of a view is in the middle of the canvas, on the globe and the flat map", () => {
  for (const flat of [false, true]) {
    const made = projection({ flat, lon: 34, lat: 43, zoom: 5 }, 800, 500);
    const [x, y] = made([34, 43]) ?? [0, 0];
    near(x, 400, 1e-6);
    near(y, 250, 1e-6);
  }
});

test("the flat map fills the canvas however far north it looks", () => {
  const made = projection({ flat: true, lon: 0, lat: 80, zoom: 1 }, 600, 500);
  near((made([0, 90]) ?? [0, 0])[1], 0, 2);
  near((made([0, -90]) ?? [0, 0])[1], 500, 2);
});

test("a view that fits has nine of ten places on the canvas", () => {
  const places = Array.from({ length: 40 }, (_, at): [number, number] => [20 + (at % 8) * 3, 40 + at / 3]);
  for (const flat of [false, true]) {
    const made = projection(fitting(places, flat), 600, 400);
    const inside = places.filter((place) => {
      const [x, y] = made(place) ?? [-1, -1];
      return x > 0 && x < 600 && y > 0 && y < 400;
    });
    assert.ok(inside.length >= 32, `${inside.length} of 40`);
  }
});

test("no place, one place and two antipodes give views too", () => {
  assert.equal(fitting([], false).zoom, 1);
  assert.ok(fitting([[10, 50]], false).zoom > 5);
  assert.equal(fitting([[0, 0], [180, 0]], true).flat, true);
});

test("dragging to the right turns the globe to the west", () => {
  const view = { flat: false, lon: 0, lat: 0, zoom: 1 };
  assert.ok(dragged(view, 50, 0, 200).lon < 0);
  assert.ok(dragged(view, 0, 50, 200).lat > 0);
});

test("turning stops at the poles and goes round in longitude; zoom has its ends", () => {
  const view = { flat: false, lon: 175, lat: 85, zoom: 1 };
  assert.deepEqual(turned(view, 10, 10), { flat: false, lon: -175, lat: 90, zoom: 1 });
  assert.equal(zoomed(view, 1e9).zoom, MOST_ZOOM);
  assert.equal(zoomed(view, 1e-9).zoom, 1);
  assert.equal(wrapped(-181), 179);
});

test("a quarter of the globe is half pi", () => {
  near(angle([0, 0], [90, 0]), Math.PI / 2, 1e-12);
  near(angle([10, 90], [200, -90]), Math.PI, 1e-12);
});

test("every kind has a mark, and no two families have the same", () => {
  assert.equal(familyOf("surface_warship"), "ship");
  assert.equal(familyOf("no such kind"), "site");
  assert.equal(familyOf("constructor"), "site");
  const drawn = Object.keys(FAMILIES).map((family) => JSON.stringify(outline(family as Family)));
  assert.equal(new Set(drawn).size, drawn.length);
});

test("every verdict has a rim that none shares, colour left aside", () => {
  const seen = new Set(Object.values(RIMS).map((rim) => JSON.stringify(rim)));
  assert.equal(seen.size, VERDICTS.length);
});
