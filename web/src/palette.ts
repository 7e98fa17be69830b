// Colours for the canvas, out of the style sheet: light, dark or print.
import type { Side, Verdict } from "./payload";

export interface Palette {
  sea: string;
  land: string;
  nato: string;
  csto: string;
  edge: string;
  coast: string;
  grid: string;
  zone: string;
  line: string;
  text: string;
  paper: string;
  markNato: string;
  markCsto: string;
  markOther: string;
  violation: string;
  indeterminate: string;
  excused: string;
  compliant: string;
  human: string;
  notApplicable: string;
}

const NAMES: Record<keyof Palette, string> = {
  sea: "--sea",
  land: "--land",
  nato: "--land-nato",
  csto: "--land-csto",
  edge: "--edge",
  coast: "--coast",
  grid: "--grid",
  zone: "--zone",
  line: "--line",
  text: "--text",
  paper: "--paper",
  markNato: "--mark-nato",
  markCsto: "--mark-csto",
  markOther: "--mark-other",
  violation: "--violation",
  indeterminate: "--indeterminate",
  excused: "--excused",
  compliant: "--compliant",
  human: "--human",
  notApplicable: "--not-applicable",
};

/** Return the colours that hold now. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim() || "#888";
  return Object.fromEntries(
    Object.entries(NAMES).map(([key, name]) => [key, read(name)]),
  ) as unknown as Palette;
}

/** Return the colour of the marks of a side. */
export function sideColour(colours: Palette, side: Side): string {
  return { nato: colours.markNato, csto: colours.markCsto, other: colours.markOther }[side];
}

/** Return the colour of the land of a side. */
export function landColour(colours: Palette, side: Side): string {
  return { nato: colours.nato, csto: colours.csto, other: colours.land }[side];
}

/** Return the colour of a verdict. */
export function verdictColour(colours: Palette, verdict: Verdict): string {
  return {
    violation: colours.violation,
    indeterminate: colours.indeterminate,
    excused: colours.excused,
    compliant: colours.compliant,
    "for-a-human": colours.human,
    "not-applicable": colours.notApplicable,
  }[verdict];
}
