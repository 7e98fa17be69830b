// A mark for each family of kinds and a rim for each verdict, so that colour is never the only sign.
import type { Palette } from "./palette";
import type { Verdict } from "./payload";

export type Family = "ship" | "submarine" | "aircraft" | "missile" | "nuclear" | "force" | "site";

export const FAMILIES: Record<Family, string> = {
  ship: "ship",
  submarine: "submarine",
  aircraft: "aircraft",
  missile: "missiles or artillery",
  nuclear: "nuclear weapons",
  force: "troops or exercise",
  site: "base or site",
};

/** Of the rim: its thickness and its dashes. */
export const RIMS: Record<Verdict, { thick: number; dashes: number[] }> = {
  violation: { thick: 2.4, dashes: [] },
  indeterminate: { thick: 1.8, dashes: [4.5, 1.5] },
  excused: { thick: 2, dashes: [1.2, 1.8] },
  compliant: { thick: 1.1, dashes: [] },
  "for-a-human": { thick: 1.4, dashes: [6, 2] },
  "not-applicable": { thick: 1, dashes: [1, 3] },
};

const OF_KIND: Record<string, Family> = {
  artillery: "missile",
  auxiliary_ship: "ship",
  coast_guard: "ship",
  combat_aircraft: "aircraft",
  exercise: "force",
  ground_force: "force",
  heavy_bomber: "aircraft",
  medium_bomber: "aircraft",
  missile_defence: "missile",
  missile_launcher: "missile",
  nuclear_storage: "nuclear",
  nuclear_weapon: "nuclear",
  patrol_aircraft: "aircraft",
  peacekeeping: "force",
  submarine: "submarine",
  surface_warship: "ship",
  training_area: "force",
  training_mission: "force",
  transport_aircraft: "aircraft",
};

/** Return the family of a kind; an unknown kind is a site. */
export function familyOf(kind: string): Family {
  return Object.hasOwn(OF_KIND, kind) ? (OF_KIND[kind] as Family) : "site";
}

/** Return the outline of a mark of radius 1 as corners; null is a circle. */
export function outline(family: Family): [number, number][] | null {
  switch (family) {
    case "ship":
      return [[-1.15, -0.35], [1.15, -0.35], [0.6, 0.75], [-0.6, 0.75]];
    case "submarine":
      return polygonOf(3, Math.PI / 2, 1.15);
    case "aircraft":
      return polygonOf(3, -Math.PI / 2, 1.15);
    case "missile":
      return polygonOf(4, 0, 1.2);
    case "nuclear":
      return polygonOf(6, 0, 1.1);
    case "force":
      return polygonOf(4, Math.PI / 4, 1.2);
    case "site":
      return null;
  }
}

function polygonOf(corners: number, turn: number, radius: number): [number, number][] {
  return Array.from({ length: corners }, (_, at) => {
    const angle = turn + (2 * Math.PI * at) / corners;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** Trace a mark on a canvas. */
export function trace(
  context: CanvasRenderingContext2D,
  family: Family,
  x: number,
  y: number,
  radius: number,
): void {
  const corners = outline(family);
  context.beginPath();
  if (corners === null) {
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([dx, dy], at) => {
    if (at === 0) context.moveTo(x + radius * dx, y + radius * dy);
    else context.lineTo(x + radius * dx, y + radius * dy);
  });
  context.closePath();
}

/** How faint a deployment is that no row of the table is about. */
export const UNLISTED_ALPHA = 0.35;
/** Between a mark and its rim, in pixels: the two may be of like colours. */
const RIM_GAP = 1.6;

/** Paint a mark with the rim of a verdict about it. */
export function paint(
  context: CanvasRenderingContext2D,
  family: Family,
  [x, y]: [number, number],
  radius: number,
  verdict: Verdict,
  colours: { fill: string; rim: string; paper: string },
): void {
  const { thick, dashes } = RIMS[verdict];
  trace(context, family, x, y, radius + RIM_GAP);
  context.lineJoin = "miter";
  context.lineWidth = thick + RIM_GAP;
  context.strokeStyle = colours.paper;
  context.stroke();
  context.lineWidth = thick;
  context.strokeStyle = colours.rim;
  context.setLineDash(dashes);
  context.stroke();
  context.setLineDash([]);
  trace(context, family, x, y, radius);
  context.fillStyle = colours.fill;
  context.fill();
}

/** Paint a dot. */
export function dot(context: CanvasRenderingContext2D, [x, y]: [number, number], radius: number, colour: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
}

/** Paint a ring. */
export function ring(
  context: CanvasRenderingContext2D,
  [x, y]: [number, number],
  radius: number,
  colour: string,
  thick: number,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = thick;
  context.strokeStyle = colour;
  context.stroke();
}

/** Paint the cross of a witness. */
export function cross(context: CanvasRenderingContext2D, [x, y]: [number, number], colours: Palette): void {
  for (const [colour, thick] of [[colours.paper, 5], [colours.line, 2.4]] as const) {
    context.beginPath();
    context.moveTo(x - 6, y - 6);
    context.lineTo(x + 6, y + 6);
    context.moveTo(x - 6, y + 6);
    context.lineTo(x + 6, y - 6);
    context.lineWidth = thick;
    context.strokeStyle = colour;
    context.stroke();
  }
}
