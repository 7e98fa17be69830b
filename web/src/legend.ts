// The legend, painted by what paints the map.
import { el } from "./dom";
import { FAMILIES, RIMS, UNLISTED_ALPHA, cross, dot, paint, ring, trace } from "./marks";
import type { Family } from "./marks";
import { landColour, palette, sideColour, verdictColour } from "./palette";
import type { Palette } from "./palette";
import type { Payload, Side, Verdict } from "./payload";
import { VERDICT_WORDS } from "./table";

/** The width and height of a sample, in pixels of the style sheet and on its canvas. */
const SAMPLE_PX = 20;
const PIXELS_EACH = 3;
const MIDDLE: [number, number] = [SAMPLE_PX / 2, SAMPLE_PX / 2];

type Paint = (context: CanvasRenderingContext2D, colours: Palette) => void;

/** Fill the legend: sides by colour, families by shape, verdicts by the rim, and what else is drawn. */
export function fillLegend(legend: HTMLElement, payload: Payload): void {
  const sides = Object.entries(payload.side_titles).map(([side, title]): [string, Paint] => [
    title,
    (context, colours) => {
      box(context, landColour(colours, side as Side), colours.coast);
      trace(context, "site", ...MIDDLE, 5);
      context.fillStyle = sideColour(colours, side as Side);
      context.fill();
    },
  ]);
  const families = Object.entries(FAMILIES).map(([family, title]): [string, Paint] => [
    title,
    (context, colours) => {
      trace(context, family as Family, ...MIDDLE, 6);
      context.fillStyle = colours.text;
      context.fill();
    },
  ]);
  const listed = new Set(payload.findings.map((finding) => finding.verdict));
  const rims = (Object.keys(RIMS) as Verdict[])
    .filter((verdict) => listed.has(verdict))
    .map((verdict): [string, Paint] => [
      VERDICT_WORDS[verdict],
      (context, colours) => {
        const rim = verdictColour(colours, verdict);
        paint(context, "site", MIDDLE, 4.6, verdict, { fill: colours.markOther, rim, paper: colours.paper });
      },
    ]);
  const rows: [string, [string, Paint][]][] = [
    ["Side of a party and of land", sides],
    ["Kind", families],
    ["Gravest listed verdict", rims],
    ["Of the selected finding", SELECTED],
    ["Also", OTHERS],
  ];
  legend.replaceChildren(
    ...rows.filter(([, samples]) => samples.length > 0).flatMap(([title, samples]) => [
      el("dt", {}, title),
      el("dd", {}, ...samples.map(([text, act]) => el("span", { class: "key" }, sample(act), text))),
    ]),
  );
}

const SELECTED: [string, Paint][] = [
  ["the deployment", (context, colours) => ring(context, MIDDLE, 8, colours.text, 2.2)],
  [
    "line to the place it was measured to (witness)",
    (context, colours) => {
      context.beginPath();
      context.moveTo(0, SAMPLE_PX);
      context.lineTo(...MIDDLE);
      context.lineWidth = 2.2;
      context.strokeStyle = colours.line;
      context.stroke();
      cross(context, MIDDLE, colours);
    },
  ],
  ["nearest place where it complies", (context, colours) => ring(context, MIDDLE, 6, colours.compliant, 2.2)],
  ["where a track breaks the clause", (context, colours) => dot(context, MIDDLE, 3.5, colours.violation)],
  [
    "what the clause closes (zone)",
    (context, colours) => {
      context.globalAlpha = 0.2;
      box(context, colours.zone, colours.zone);
      context.globalAlpha = 1;
      box(context, "transparent", colours.zone);
    },
  ],
];

const OTHERS: [string, Paint][] = [
  [
    "deployment that no listed finding is about",
    (context, colours) => {
      context.globalAlpha = UNLISTED_ALPHA;
      trace(context, "site", ...MIDDLE, 5);
      context.fillStyle = colours.text;
      context.fill();
    },
  ],
  [
    "edge of disputed land, held by one state in this worldview",
    (context, colours) => {
      context.beginPath();
      context.moveTo(0, SAMPLE_PX / 2);
      context.lineTo(SAMPLE_PX, SAMPLE_PX / 2);
      context.setLineDash([3, 3]);
      context.lineWidth = 1.2;
      context.strokeStyle = colours.edge;
      context.stroke();
    },
  ],
];

function box(context: CanvasRenderingContext2D, fill: string, edge: string): void {
  context.beginPath();
  context.rect(1, 1, SAMPLE_PX - 2, SAMPLE_PX - 2);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = edge;
  context.stroke();
}

function sample(act: Paint): HTMLCanvasElement {
  const size = String(SAMPLE_PX * PIXELS_EACH);
  const node = el("canvas", { width: size, height: size, class: "sample", "aria-hidden": "true" });
  const context = node.getContext("2d");
  if (context !== null) {
    context.scale(PIXELS_EACH, PIXELS_EACH);
    act(context, palette());
  }
  return node;
}
