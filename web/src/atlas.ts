// The borders: arcs that neighbours share, decoded into what d3-geo draws.
import type { Atlas, Position } from "./payload";

/** An edge of a file is straight in longitude and latitude; d3 would draw a great circle. */
const MOST_DEGREES = 2;
/** An edge with both ends beyond is a cut and no boundary. */
const SEAM = 179.99;
const POLE = 89.99;

export interface Unit {
  id: string;
  polygons: Position[][][];
}

export interface Line {
  units: string[];
  parts: Position[][];
}

export interface World {
  units: Unit[];
  lines: Line[];
}

/** Return the units with rings as d3-geo wants them, and each shared line once. */
export function decoded(atlas: Atlas): World {
  const arcs = atlas.arcs.map((arc) => points(arc, atlas.steps_per_degree));
  const owners: Set<string>[] = arcs.map(() => new Set());
  const units = Object.entries(atlas.units).map(([id, parts]) => {
    const polygons = parts.map((rings) =>
      rings.map((ring, number) => {
        for (const arc of ring) owners[arc < 0 ? -arc - 1 : arc]?.add(id);
        return wound(densified(joined(ring, arcs)), number === 0);
      }),
    );
    return { id, polygons };
  });
  const lines = arcs.map((arc, number) => ({
    units: [...(owners[number] ?? [])],
    parts: withoutCuts(densified(arc)),
  }));
  return { units, lines: lines.filter((line) => line.parts.length > 0) };
}

function points(arc: number[], steps: number): Position[] {
  const found: Position[] = [];
  let x = 0;
  let y = 0;
  for (let at = 0; at + 1 < arc.length; at += 2) {
    x += arc[at] ?? 0;
    y += arc[at + 1] ?? 0;
    found.push([x / steps, y / steps]);
  }
  return found;
}

function joined(ring: number[], arcs: Position[][]): Position[] {
  const found: Position[] = [];
  for (const number of ring) {
    const arc = number < 0 ? [...(arcs[-number - 1] ?? [])].reverse() : (arcs[number] ?? []);
    found.push(...(found.length > 0 ? arc.slice(1) : arc));
  }
  return found;
}

/** Return a line whose long edges have vertices between, so that they stay straight. */
export function densified(line: Position[]): Position[] {
  const first = line[0];
  if (first === undefined) return [];
  const found: Position[] = [first];
  for (let at = 1; at < line.length; at += 1) {
    const [x1, y1] = line[at - 1] as Position;
    const [x2, y2] = line[at] as Position;
    const count = Math.ceil(Math.abs(x2 - x1) / MOST_DEGREES);
    for (let step = 1; step < count; step += 1) {
      found.push([x1 + ((x2 - x1) * step) / count, y1 + ((y2 - y1) * step) / count]);
    }
    found.push([x2, y2]);
  }
  return found;
}

/** Return a closed ring that runs clockwise if it is an outer one: d3-geo's sense. */
export function wound(ring: Position[], outer: boolean): Position[] {
  let doubled = 0;
  for (let at = 1; at < ring.length; at += 1) {
    const [x1, y1] = ring[at - 1] as Position;
    const [x2, y2] = ring[at] as Position;
    doubled += x1 * y2 - x2 * y1;
  }
  return doubled > 0 === outer ? [...ring].reverse() : ring;
}

/** Return polygons of RFC 7946 as d3-geo wants them. */
export function spherical(polygons: Position[][][]): Position[][][] {
  return polygons.map((rings) =>
    rings.map((ring, number) => wound(densified(ring), number === 0)),
  );
}

/** Return the outlines of polygons, without the edges where they were only cut. */
export function outline(polygons: Position[][][]): Position[][] {
  return polygons.flat().flatMap((ring) => withoutCuts(densified(ring)));
}

/** Return a line in parts, without edges along the antimeridian or a pole. */
export function withoutCuts(line: Position[]): Position[][] {
  const parts: Position[][] = [];
  let part: Position[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const here = line[at] as Position;
    const before = line[at - 1];
    if (before !== undefined && isCut(before, here)) {
      if (part.length > 1) parts.push(part);
      part = [];
    }
    part.push(here);
  }
  if (part.length > 1) parts.push(part);
  return parts;
}

function isCut([x1, y1]: Position, [x2, y2]: Position): boolean {
  const seam = Math.abs(x1) > SEAM && Math.abs(x2) > SEAM;
  return seam || (Math.abs(y1) > POLE && Math.abs(y2) > POLE);
}
