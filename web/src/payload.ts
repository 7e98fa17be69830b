// What Python writes into the page: see deploygeo/report/page/payload.py.

export type Position = [number, number];

export type Verdict =
  | "violation"
  | "indeterminate"
  | "excused"
  | "compliant"
  | "for-a-human"
  | "not-applicable";

/** Every verdict, the gravest first. */
export const VERDICTS: readonly Verdict[] = [
  "violation",
  "indeterminate",
  "excused",
  "compliant",
  "for-a-human",
  "not-applicable",
];

export type Side = "nato" | "csto" | "other";

export interface Clause {
  name: string;
  article: string;
  text: string;
}

export interface Party {
  name: string;
  side: Side;
}

export type Shape =
  | { type: "Point"; coordinates: Position }
  | { type: "MultiPoint" | "LineString"; coordinates: Position[] }
  | { type: "MultiLineString" | "Polygon"; coordinates: Position[][] }
  | { type: "MultiPolygon"; coordinates: Position[][][] }
  | { type: "GeometryCollection"; geometries: Shape[] };

export interface Deployment {
  id: string;
  name: string;
  party: string;
  kind: string;
  place: Position | null;
  shape: Shape | null;
}

/** Truth, text, children. */
export type Reason = [string, string, Reason[]];

export interface Finding {
  id: string;
  clause: number;
  title: string;
  party: string;
  verdict: Verdict;
  measured: string;
  margin: string;
  /** For sorting: the distance, and the middle of the margin. */
  measured_km: number | null;
  margin_km: number | null;
  /** Change and the verdict that it gives. */
  flips: [string, Verdict][];
  facts: string[];
  reason: Reason | null;
  /** Rows of `deployments` that it is about. */
  about: number[];
  witness: Position | null;
  line: Position[] | null;
  move: Position | null;
  episodes: Position[][];
  zone: number | null;
}

export interface Zone {
  label: string;
  note: string;
  area_km2: number;
  polygons: Position[][][];
}

export interface Worldview {
  name: string;
  title: string;
  text: string;
  /** Units whose holder differs from `holders`. */
  holders: Record<string, string>;
}

export interface Atlas {
  steps_per_degree: number;
  arcs: number[][];
  units: Record<string, number[][][]>;
}

export interface Payload {
  title: string;
  header: string[];
  counts: Record<Verdict, number>;
  worldview: string;
  worldviews: Worldview[];
  holders: Record<string, string>;
  disputed: string[];
  sides: Record<string, Side>;
  side_titles: Record<Side, string>;
  parties: Record<string, Party>;
  clauses: Clause[];
  deployments: Deployment[];
  findings: Finding[];
  zones: Zone[];
  undrawn: string[];
  not_checkable: { clause: string; why: string }[];
  faults: string[];
  warnings: string[];
  receipt: [string, string][];
}

/** Return the value of a JSON data block of the page. */
export function block<T>(id: string): T {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`the page lacks its ${id}`);
  return JSON.parse(node.textContent ?? "") as T;
}
