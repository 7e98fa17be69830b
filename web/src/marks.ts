// A mark for each family of kinds, so that colour is never the only sign.

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
