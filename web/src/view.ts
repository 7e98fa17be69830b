// Where the map looks, and the projection that follows: a globe, or a flat map of equal areas.
import { geoEqualEarth, geoOrthographic } from "d3-geo";
import type { GeoProjection } from "d3-geo";
import type { Position } from "./payload";

export interface View {
  flat: boolean;
  lon: number;
  lat: number;
  zoom: number;
}

export const MOST_ZOOM = 40;
const RADIANS = Math.PI / 180;
/** The size of the Equal Earth projection at scale 1. */
const EQUAL_EARTH_WIDTH = 5.412;
const EQUAL_EARTH_HEIGHT = 2.634;
const UNSCALED = geoEqualEarth().scale(1).translate([0, 0]);
/** Of the points to show, this share is brought into view. */
const SHARE = 0.9;

/** Return degrees brought to a turn of the globe. */
export function wrapped(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

/** Return the projection of a view on a canvas of a size. */
export function projection(view: View, width: number, height: number): GeoProjection {
  const scale = scaleOf(view, width, height);
  const made = view.flat
    ? geoEqualEarth().rotate([-view.lon, 0])
    : geoOrthographic().rotate([-view.lon, -view.lat]).clipAngle(90);
  return made
    .scale(scale)
    .translate([width / 2, height / 2 + (view.flat ? raised(view.lat, height, scale) : 0)])
    .clipExtent([[-20, -20], [width + 20, height + 20]])
    .precision(0.4);
}

/** Return by how many pixels the flat map is moved down, so that it still fills the canvas. */
function raised(lat: number, height: number, scale: number): number {
  const most = Math.max(0, EQUAL_EARTH_HEIGHT / 2 - height / 2 / scale);
  const wanted = -(UNSCALED([0, lat])?.[1] ?? 0);
  return Math.max(-most, Math.min(most, wanted)) * scale;
}

/** Return pixels per radian at the centre. */
export function scaleOf(view: View, width: number, height: number): number {
  const base = view.flat
    ? Math.max(width / EQUAL_EARTH_WIDTH, height / EQUAL_EARTH_HEIGHT)
    : 0.47 * Math.min(width, height);
  return base * view.zoom;
}

/** Return the view after the map was dragged by pixels. */
export function dragged(view: View, dx: number, dy: number, scale: number): View {
  const degrees = 1 / (scale * RADIANS);
  const narrow = Math.max(Math.cos(view.lat * RADIANS), 0.25);
  return turned(view, (-dx * degrees) / narrow, dy * degrees);
}

/** Return the view turned by degrees; it stops at the poles. */
export function turned(view: View, east: number, north: number): View {
  const most = view.flat ? 80 : 90;
  const lat = Math.min(most, Math.max(-most, view.lat + north));
  return { ...view, lon: wrapped(view.lon + east), lat };
}

/** Return the view nearer or farther by a factor. */
export function zoomed(view: View, factor: number): View {
  return { ...view, zoom: Math.min(MOST_ZOOM, Math.max(1, view.zoom * factor)) };
}

/** Return a view that has most of some places in sight; the whole globe for none. */
export function fitting(places: readonly Position[], flat: boolean): View {
  const sum = [0, 0, 0];
  for (const place of places) direction(place).forEach((value, at) => (sum[at] = (sum[at] ?? 0) + value));
  const [x = 0, y = 0, z = 0] = sum;
  const length = Math.hypot(x, y, z);
  if (length < 1e-9) return { flat, lon: 20, lat: flat ? 20 : 45, zoom: 1 };
  const centre: Position = [Math.atan2(y, x) / RADIANS, Math.asin(z / length) / RADIANS];
  const away = places.map((place) => angle(centre, place)).sort((one, other) => one - other);
  const far = Math.max(away[Math.floor((away.length - 1) * SHARE)] ?? 0, 0.06);
  const zoom = flat ? 1.2 / far : 1 / Math.sin(Math.min(far * 1.15, Math.PI / 2));
  return zoomed({ flat, lon: centre[0], lat: centre[1], zoom: 1 }, Math.max(1, zoom));
}

/** Return a place as a unit vector. */
export function direction([lon, lat]: Position): [number, number, number] {
  const flat = Math.cos(lat * RADIANS);
  return [flat * Math.cos(lon * RADIANS), flat * Math.sin(lon * RADIANS), Math.sin(lat * RADIANS)];
}

/** Return the angle between two places on a sphere, in radians. */
export function angle(one: Position, other: Position): number {
  const [x1, y1, z1] = direction(one);
  const [x2, y2, z2] = direction(other);
  return Math.acos(Math.min(1, Math.max(-1, x1 * x2 + y1 * y2 + z1 * z2)));
}
