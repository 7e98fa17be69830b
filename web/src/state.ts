// What is shown: the filters, the worldview and the selection, and what follows from them.
import { VERDICTS } from "./payload";
import type { Finding, Payload, Verdict } from "./payload";

export type Column = "verdict" | "clause" | "title" | "party" | "measured" | "margin";

export interface State {
  worldview: string;
  verdicts: ReadonlySet<Verdict>;
  clause: number | null;
  party: string | null;
  text: string;
  flippedOnly: boolean;
  sort: Column;
  descending: boolean;
  page: number;
  selected: string | null;
}

export const ROWS_PER_PAGE = 100;

/** Return the state in which a page opens. */
export function opening(payload: Payload): State {
  return {
    worldview: payload.worldview,
    verdicts: new Set<Verdict>(["violation", "indeterminate", "excused"]),
    clause: null,
    party: null,
    text: "",
    flippedOnly: false,
    sort: "verdict",
    descending: false,
    page: 0,
    selected: null,
  };
}

/** Return the verdict under a worldview, as the finding itself tells it. */
export function verdictUnder(finding: Finding, worldview: string): Verdict {
  const change = `worldview = ${worldview}`;
  const flip = finding.flips.find(([told]) => told === change);
  return flip === undefined ? finding.verdict : flip[1];
}

/** Return whether another worldview gives another verdict. */
export function flips(finding: Finding, worldview: string): boolean {
  return verdictUnder(finding, worldview) !== finding.verdict;
}

/** Return how many findings change from each verdict to which, the gravest first. */
export function flipCounts(payload: Payload, worldview: string): [Verdict, Verdict, number][] {
  const counts = new Map<string, number>();
  for (const finding of payload.findings) {
    const now = verdictUnder(finding, worldview);
    if (now === finding.verdict) continue;
    const key = `${VERDICTS.indexOf(finding.verdict)} ${VERDICTS.indexOf(now)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, count]) => {
    const [from, to] = key.split(" ").map(Number);
    return [VERDICTS[from ?? 0] as Verdict, VERDICTS[to ?? 0] as Verdict, count];
  });
}

/** Return the findings that the filters leave, in the order of the table. */
export function visible(payload: Payload, state: State): Finding[] {
  const wanted = state.text.trim().toLocaleLowerCase("en");
  const kept = payload.findings.filter((finding) => {
    const now = verdictUnder(finding, state.worldview);
    if (state.clause !== null && finding.clause !== state.clause) return false;
    if (state.party !== null && finding.party !== state.party) return false;
    const flipped = now !== finding.verdict;
    if (state.flippedOnly && !flipped) return false;
    // what a worldview takes away stays in sight, or nobody would see that it flipped
    if (!state.verdicts.has(now) && !(flipped && state.verdicts.has(finding.verdict))) return false;
    return wanted === "" || haystack(payload, finding).includes(wanted);
  });
  return sorted(payload, state, kept);
}

function haystack(payload: Payload, finding: Finding): string {
  const party = payload.parties[finding.party]?.name ?? finding.party;
  const clause = payload.clauses[finding.clause]?.name ?? "";
  return `${finding.title} ${finding.id} ${party} ${clause}`.toLocaleLowerCase("en");
}

function sorted(payload: Payload, state: State, findings: Finding[]): Finding[] {
  const order = new Map(payload.findings.map((finding, number) => [finding, number]));
  const place = (finding: Finding): number => order.get(finding) ?? 0;
  const key = (finding: Finding): number | string | null => {
    switch (state.sort) {
      case "verdict":
        return VERDICTS.indexOf(verdictUnder(finding, state.worldview));
      case "clause":
        return finding.clause;
      case "title":
        return finding.title.toLocaleLowerCase("en");
      case "party":
        return (payload.parties[finding.party]?.name ?? finding.party).toLocaleLowerCase("en");
      case "measured":
        return finding.measured_km;
      case "margin":
        return finding.margin_km;
    }
  };
  const keys = new Map(findings.map((finding) => [finding, key(finding)]));
  const sign = state.descending ? -1 : 1;
  return findings.sort((one, other) => {
    const first = keys.get(one) ?? null;
    const second = keys.get(other) ?? null;
    // what has no number comes last either way
    if (first === null || second === null) {
      if (first !== second) return first === null ? 1 : -1;
    } else if (first !== second) return first < second ? -sign : sign;
    return place(one) - place(other);
  });
}

/** Return the page of the table on which a finding stands, or null where it is filtered out. */
export function pageOf(rows: readonly Finding[], id: string): number | null {
  const at = rows.findIndex((row) => row.id === id);
  return at < 0 ? null : Math.floor(at / ROWS_PER_PAGE);
}
