// The map on its canvas: land by holder, zones, tracks, witness lines and marks.
import { geoGraticule10, geoPath } from "d3-geo";
import type { GeoPath, GeoPermissibleObjects, GeoProjection } from "d3-geo";
import { decoded, outline, spherical } from "./atlas";
import type { World } from "./atlas";
import { listen } from "./gestures";
import { UNLISTED_ALPHA, cross, dot, familyOf, paint, ring, trace } from "./marks";
import { palette, sideColour, verdictColour } from "./palette";
import type { Family } from "./marks";
import type { Palette } from "./palette";
import type { Atlas, Finding, Payload, Position, Shape, Side, Verdict } from "./payload";
import { holderOf, picked, sideOf } from "./scene";
import type { Scene } from "./scene";
import { angle, direction, dragged, fitting, projection, scaleOf, turned, zoomed } from "./view";
import type { View } from "./view";

const MARK_PX = 5.2;
/** A mark with its rim, which has corners. */
const STAMP_PX = 28;
const NEAR_PX = 14;
/** Lines of more rows than these would hide the map. */
const MOST_LINES = 400;
/** A selection is brought at least this near. */
const SELECTED_ZOOM = 2.5;

export interface MapActions {
  select(finding: Finding | null): void;
  step(by: number): void;
}

export interface PageMap {
  show(scene: Scene): void;
  focus(finding: Finding): void;
  project(flat: boolean): void;
  zoom(factor: number): void;
  reset(): void;
  redraw(): void;
}

interface Layers {
  land: Record<Side, GeoPermissibleObjects>;
  edges: GeoPermissibleObjects;
  disputed: GeoPermissibleObjects;
}

/** Draw the map on a canvas, and tell what is picked on it. */
export function pageMap(
  canvas: HTMLCanvasElement,
  payload: Payload,
  atlas: Atlas,
  actions: MapActions,
): PageMap {
  const world = decoded(atlas);
  const coast = multiLine(world.lines.filter((line) => line.units.length < 2).flatMap((line) => line.parts));
  const graticule = geoGraticule10();
  const layers = new Map<string, Layers>();
  const zones = payload.zones.map((zone) => ({
    area: { type: "MultiPolygon", coordinates: spherical(zone.polygons) } as GeoPermissibleObjects,
    outline: multiLine(outline(zone.polygons)),
  }));
  const shapes = payload.deployments.map((one) => (one.shape === null ? null : drawable(one.shape)));
  const vectors = payload.deployments.map((one) => (one.place === null ? null : direction(one.place)));
  const spots: ([number, number] | null)[] = payload.deployments.map(() => null);
  const places = payload.deployments.flatMap((one) => (one.place === null ? [] : [one.place]));

  let scene: Scene | null = null;
  let view: View = fitting(places, false);
  let colours: Palette = palette();
  let pending = false;
  let width = 0;
  let height = 0;
  let ratio = 1;
  /** Marks as they are painted once; thousands of them are copied for every frame. */
  const stamps = new Map<string, HTMLCanvasElement>();

  const redraw = (): void => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      draw();
    });
  };

  const resize = (): void => {
    const box = canvas.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) return;
    ratio = Math.min(window.devicePixelRatio || 1, 3);
    stamps.clear();
    width = box.width;
    height = box.height;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.getContext("2d")?.setTransform(ratio, 0, 0, ratio, 0, 0);
  };

  const draw = (): void => {
    const context = canvas.getContext("2d");
    if (context === null || scene === null || width === 0) return;
    const made = projection(view, width, height);
    const path = geoPath(made, context);
    context.clearRect(0, 0, width, height);
    fill(context, path, { type: "Sphere" }, colours.sea);
    stroke(context, path, graticule, colours.grid, 0.6);
    const layer = layersUnder(scene.worldview);
    fill(context, path, layer.land.other, colours.land);
    fill(context, path, layer.land.nato, colours.nato);
    fill(context, path, layer.land.csto, colours.csto);
    stroke(context, path, coast, colours.coast, 0.5);
    stroke(context, path, layer.edges, colours.edge, 0.9);
    stroke(context, path, layer.disputed, colours.edge, 0.9, [3, 3]);
    for (const at of scene.zones) {
      const zone = zones[at];
      if (zone === undefined) continue;
      context.globalAlpha = 0.2;
      fill(context, path, zone.area, colours.zone);
      context.globalAlpha = 1;
      // zones are of the worldview in which the check ran; under another they are only a memory
      const dashes = scene.worldview === payload.worldview ? [] : [6, 4];
      stroke(context, path, zone.outline, colours.zone, 1.6, dashes);
    }
    stroke(context, path, { type: "Sphere" }, colours.coast, 0.8);
    drawLines(context, path, made, scene);
    drawMarks(context, path, made, scene);
    drawSelected(context, path, made, scene);
  };

  const layersUnder = (worldview: string): Layers => {
    const known = layers.get(worldview);
    if (known !== undefined) return known;
    const built = layersOf(payload, world, worldview);
    layers.set(worldview, built);
    return built;
  };

  const drawLines = (
    context: CanvasRenderingContext2D,
    path: GeoPath,
    made: GeoProjection,
    now: Scene,
  ): void => {
    if (!now.showsLines) return;
    const lines = now.rows.flatMap((row) => (row.line === null ? [] : [row.line])).slice(0, MOST_LINES);
    context.globalAlpha = 0.55;
    stroke(context, path, multiLine(lines), colours.line, 0.8);
    context.globalAlpha = 1;
    for (const row of now.rows.slice(0, MOST_LINES)) {
      if (row.line === null || row.witness === null || !isNear(row.witness)) continue;
      const at = made(row.witness);
      if (at !== null) dot(context, at, 1.8, colours.line);
    }
  };

  const drawMarks = (
    context: CanvasRenderingContext2D,
    path: GeoPath,
    made: GeoProjection,
    now: Scene,
  ): void => {
    const centre = direction([view.lon, view.lat]);
    const later: number[] = [];
    const mark = (at: number): void => {
      const one = payload.deployments[at];
      const spot = spots[at];
      if (one === undefined || spot == null) return;
      const side = payload.parties[one.party]?.side ?? "other";
      const stamp = stampOf(familyOf(one.kind), side, now.gravest[at] ?? null);
      context.drawImage(stamp, spot[0] - STAMP_PX / 2, spot[1] - STAMP_PX / 2, STAMP_PX, STAMP_PX);
    };
    vectors.forEach((vector, at) => {
      spots[at] = null;
      const place = payload.deployments[at]?.place;
      if (vector === null || place == null) return;
      const [x, y, z] = vector;
      if (!view.flat && x * centre[0] + y * centre[1] + z * centre[2] <= 0) return;
      const spot = made(place);
      if (spot === null || spot[0] < -20 || spot[1] < -20 || spot[0] > width + 20 || spot[1] > height + 20) return;
      spots[at] = spot;
      const shape = shapes[at];
      const verdict = now.gravest[at] ?? null;
      if (shape != null && verdict !== null) {
        stroke(context, path, shape, verdictColour(colours, verdict), 1.8);
      }
      if (verdict === null) mark(at);
      else later.push(at);
    });
    // the gravest last, so that they lie on top
    const rank = (at: number): number => (now.gravest[at] === "violation" ? 1 : 0);
    later.sort((one, other) => rank(one) - rank(other)).forEach(mark);
  };

  const stampOf = (family: Family, side: Side, verdict: Verdict | null): HTMLCanvasElement => {
    const key = `${family} ${side} ${verdict ?? ""}`;
    const known = stamps.get(key);
    if (known !== undefined) return known;
    const made = document.createElement("canvas");
    made.width = made.height = Math.round(STAMP_PX * ratio);
    stamps.set(key, made);
    const context = made.getContext("2d");
    if (context === null) return made;
    context.scale(made.width / STAMP_PX, made.height / STAMP_PX);
    const size = payload.deployments.length > 1000 ? MARK_PX * 0.7 : MARK_PX;
    const middle: [number, number] = [STAMP_PX / 2, STAMP_PX / 2];
    const fill = sideColour(colours, side);
    if (verdict === null) {
      context.globalAlpha = UNLISTED_ALPHA;
      trace(context, family, ...middle, size * 0.9);
      context.fillStyle = fill;
      context.fill();
    } else {
      const rim = verdictColour(colours, verdict);
      paint(context, family, middle, size, verdict, { fill, rim, paper: colours.paper });
    }
    return made;
  };

  const drawSelected = (
    context: CanvasRenderingContext2D,
    path: GeoPath,
    made: GeoProjection,
    now: Scene,
  ): void => {
    const row = now.selected;
    if (row === null) return;
    if (row.line !== null) {
      stroke(context, path, { type: "LineString", coordinates: row.line }, colours.paper, 4.5);
      stroke(context, path, { type: "LineString", coordinates: row.line }, colours.line, 2.2);
    }
    for (const episode of row.episodes) {
      for (const place of episode) spotOf(made, place, (at) => dot(context, at, 3.5, colours.violation));
    }
    spotOf(made, row.witness, (at) => cross(context, at, colours));
    spotOf(made, row.move, (at) => ring(context, at, 6, colours.compliant, 2.2));
    for (const at of row.about) {
      const spot = spots[at];
      if (spot != null) {
        ring(context, spot, MARK_PX + 7, colours.paper, 5);
        ring(context, spot, MARK_PX + 7, colours.text, 2.2);
      }
    }
  };

  const isNear = (place: Position): boolean =>
    view.flat || angle(place, [view.lon, view.lat]) < Math.PI / 2;

  const spotOf = (
    made: GeoProjection,
    place: Position | null,
    act: (at: [number, number]) => void,
  ): void => {
    if (place === null || !isNear(place)) return;
    const at = made(place);
    if (at !== null) act(at);
  };

  const pick = (x: number, y: number): void => {
    if (scene === null) return;
    const near = spots.flatMap((spot, at) => {
      if (spot === null || (scene?.behind[at]?.length ?? 0) === 0) return [];
      const away = Math.hypot(spot[0] - x, spot[1] - y);
      return away <= NEAR_PX ? [{ at, away: Math.round(away / 4) }] : [];
    });
    near.sort((one, other) => one.away - other.away || one.at - other.at);
    // a second click at one place goes on to what else stands there
    const stack = near.flatMap(({ at }) => scene?.behind[at] ?? []);
    const behind = [...new Set(stack)];
    actions.select(behind.length === 0 ? null : picked(behind, scene.selected));
  };

  const set = (next: View): void => {
    view = next;
    redraw();
  };

  listen(canvas, {
    drag: (dx, dy) => set(dragged(view, dx, dy, scaleOf(view, width, height))),
    click: pick,
    zoom: (factor) => set(zoomed(view, factor)),
    turn: (east, north) => set(turned(view, east / view.zoom, north / view.zoom)),
    step: actions.step,
    clear: () => actions.select(null),
    reset: () => set(fitting(places, view.flat)),
  });
  new ResizeObserver(() => {
    resize();
    draw();
  }).observe(canvas);
  resize();

  return {
    show(next) {
      scene = next;
      redraw();
    },
    focus(finding) {
      const at = finding.about.find((number) => payload.deployments[number]?.place != null);
      const place = at === undefined ? finding.witness : payload.deployments[at]?.place;
      if (place == null) return;
      set({ ...view, lon: place[0], lat: place[1], zoom: Math.max(view.zoom, SELECTED_ZOOM) });
    },
    project(flat) {
      const fitted = fitting(places, flat);
      set({ ...view, flat, lat: Math.max(-80, Math.min(80, view.lat)), zoom: fitted.zoom });
    },
    zoom: (factor) => set(zoomed(view, factor)),
    reset: () => set(fitting(places, view.flat)),
    redraw() {
      colours = palette();
      resize();
      draw();
    },
  };
}

function layersOf(payload: Payload, world: World, worldview: string): Layers {
  const holder = new Map(world.units.map(({ id }) => [id, holderOf(payload, id, worldview)]));
  const land: Record<Side, Position[][][]> = { nato: [], csto: [], other: [] };
  for (const { id, polygons } of world.units) {
    land[sideOf(payload, holder.get(id) ?? id)].push(...polygons);
  }
  const edges: Position[][] = [];
  const within: Position[][] = [];
  const disputed = new Set(payload.disputed);
  for (const line of world.lines) {
    if (line.units.length < 2) continue;
    const holders = new Set(line.units.map((unit) => holder.get(unit)));
    if (holders.size > 1) edges.push(...line.parts);
    else if (line.units.some((unit) => disputed.has(unit))) within.push(...line.parts);
  }
  const polygons = (side: Side): GeoPermissibleObjects => ({
    type: "MultiPolygon",
    coordinates: land[side],
  });
  return {
    land: { nato: polygons("nato"), csto: polygons("csto"), other: polygons("other") },
    edges: multiLine(edges),
    disputed: multiLine(within),
  };
}

function multiLine(coordinates: Position[][]): GeoPermissibleObjects {
  return { type: "MultiLineString", coordinates };
}

/** Return a shape as d3-geo wants it; areas by their outline, without the cut at 180°. */
function drawable(shape: Shape): GeoPermissibleObjects {
  switch (shape.type) {
    case "Polygon":
      return multiLine(outline([shape.coordinates]));
    case "MultiPolygon":
      return multiLine(outline(shape.coordinates));
    case "GeometryCollection":
      return { type: "GeometryCollection", geometries: shape.geometries.map(drawable) } as GeoPermissibleObjects;
    default:
      return shape as GeoPermissibleObjects;
  }
}

function fill(
  context: CanvasRenderingContext2D,
  path: GeoPath,
  shape: GeoPermissibleObjects,
  colour: string,
): void {
  context.beginPath();
  path(shape);
  context.fillStyle = colour;
  context.fill();
}

function stroke(
  context: CanvasRenderingContext2D,
  path: GeoPath,
  shape: GeoPermissibleObjects,
  colour: string,
  thick: number,
  dashes: number[] = [],
): void {
  context.beginPath();
  path.pointRadius(2.5);
  path(shape);
  context.setLineDash(dashes);
  context.lineWidth = thick;
  context.lineJoin = "round";
  context.strokeStyle = colour;
  context.stroke();
  context.setLineDash([]);
}
