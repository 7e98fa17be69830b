// What the map shows of the state: which marks, how grave, and which findings stand behind them.
import { VERDICTS } from "./payload";
import type { Finding, Payload, Side, Verdict } from "./payload";
import { verdictUnder } from "./state";

export interface Scene {
  rows: Finding[];
  /** By deployment: the gravest verdict shown, or null where no row is about it. */
  gravest: (Verdict | null)[];
  /** By deployment: the rows about it, in the order of the table. */
  behind: Finding[][];
  selected: Finding | null;
  /** The rows of `zones` that are drawn. */
  zones: ReadonlySet<number>;
  showsLines: boolean;
  worldview: string;
}

/** Return what follows from the rows of the table for each deployment. */
export function sceneOf(
  payload: Payload,
  rows: Finding[],
  worldview: string,
  selected: Finding | null,
  zones: ReadonlySet<number>,
  showsLines: boolean,
): Scene {
  const behind: Finding[][] = payload.deployments.map(() => []);
  const gravest: (Verdict | null)[] = payload.deployments.map(() => null);
  for (const row of rows) {
    const verdict = verdictUnder(row, worldview);
    for (const at of row.about) {
      behind[at]?.push(row);
      const known = gravest[at];
      if (known == null || VERDICTS.indexOf(verdict) < VERDICTS.indexOf(known)) {
        gravest[at] = verdict;
      }
    }
  }
  const shown = new Set(zones);
  if (selected !== null && selected.zone !== null) shown.add(selected.zone);
  return { rows, gravest, behind, selected, zones: shown, showsLines, worldview };
}

/** Return who holds a unit in a worldview. */
export function holderOf(payload: Payload, unit: string, worldview: string): string {
  const view = payload.worldviews.find((one) => one.name === worldview);
  return own(view?.holders, unit) ?? own(payload.holders, unit) ?? unit;
}

/** Return the side of a state; one without is other. */
export function sideOf(payload: Payload, state: string): Side {
  return own(payload.sides, state) ?? "other";
}

function own<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Return the finding after the selected one among those behind what was clicked. */
export function picked(behind: readonly Finding[], selected: Finding | null): Finding | null {
  const at = selected === null ? -1 : behind.indexOf(selected);
  return behind[(at + 1) % behind.length] ?? null;
}
