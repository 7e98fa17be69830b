// Colours for the canvas, out of the style sheet: light, dark or print.

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
};

/** Return the colours that hold now. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim() || "#888";
  return Object.fromEntries(
    Object.entries(NAMES).map(([key, name]) => [key, read(name)]),
  ) as unknown as Palette;
}
