// The page: one state, and everything that is shown follows from it.
import { fillFilters, fillMapBar, fillReceipt, fillWorldviews, fillZones } from "./controls";
import { fillDetail } from "./detail";
import { el, found } from "./dom";
import { fillLegend } from "./legend";
import { pageMap } from "./map";
import { block } from "./payload";
import type { Atlas, Finding, Payload } from "./payload";
import { sceneOf } from "./scene";
import { opening, pageOf, verdictUnder, visible } from "./state";
import type { Column, State } from "./state";
import { VERDICT_WORDS, fillPager, fillTable, markRow } from "./table";

/** So narrow that the table stands below the map and the finding: see app.css. */
const NARROW = "(max-width: 62rem)";

function main(): void {
  const payload = block<Payload>("payload");
  const canvas = found<HTMLCanvasElement>("map");
  const table = found<HTMLTableElement>("table");
  const zones = new Set<number>();
  let state: State = opening(payload);
  let rows: Finding[] = visible(payload, state);
  let showsLines = false;
  let printing = false;
  const narrow = window.matchMedia(NARROW);

  const selected = (): Finding | null =>
    payload.findings.find((finding) => finding.id === state.selected) ?? null;

  const showMap = (): void =>
    map.show(sceneOf(payload, rows, state.worldview, selected(), zones, showsLines));

  const showTable = (): void => {
    fillTable(table, payload, state, rows, printing, tableActions);
    fillPager(found("pager"), state, rows.length, tableActions);
    const all = payload.findings.length;
    found("count").textContent = all === 0 ? "" : `${rows.length} of ${all} listed findings pass the filters.`;
  };

  const showDetail = (): void =>
    fillDetail(found("detail-body"), payload, selected(), state.worldview, {
      select: (other) => {
        select(other, true);
        showPanel();
      },
      back: () => table.querySelector<HTMLButtonElement>("tr[aria-current] button.pick")?.focus(),
    });

  const showPanel = (): void => {
    found("detail").focus({ preventScroll: true });
    found("detail").scrollIntoView();
  };

  const change = (patch: Partial<State>): void => {
    state = { ...state, page: 0, ...patch };
    rows = visible(payload, state);
    showTable();
    showMap();
    if ("worldview" in patch) showDetail();
  };

  const select = (finding: Finding | null, moves: boolean): void => {
    state = { ...state, selected: finding?.id ?? null };
    if (finding !== null) {
      const page = pageOf(rows, finding.id);
      if (page !== null && page !== state.page) {
        state = { ...state, page };
        showTable();
      }
      if (moves) map.focus(finding);
    }
    markRow(table, state.selected, !narrow.matches);
    showDetail();
    showMap();
    found("live").textContent = finding === null ? "Nothing selected." : spoken(payload, finding, state.worldview);
  };

  const step = (by: number): void => {
    const at = rows.findIndex((row) => row.id === state.selected);
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : (at + by + rows.length) % rows.length];
    if (next !== undefined) select(next, true);
  };

  const tableActions = {
    select: (finding: Finding, stays: boolean): void => {
      select(finding, true);
      if (narrow.matches && !stays) showPanel();
    },
    sort: (column: Column): void => {
      change({ sort: column, descending: state.sort === column && !state.descending });
      table.querySelector<HTMLButtonElement>(`button[data-column="${column}"]`)?.focus();
    },
    turn: (page: number): void => {
      change({ page });
      found("table-frame").scrollIntoView();
    },
  };

  const map = pageMap(canvas, payload, block<Atlas>("atlas"), {
    select: (finding) => select(finding, false),
    step,
  });

  found("title").textContent = `deploygeo: ${payload.title}`;
  found("header").replaceChildren(...payload.header.map((line) => el("p", {}, line)));
  if (payload.faults.length > 0) {
    found("header").lastElementChild?.append(" ", el("a", { href: "#rest" }, "Read what is wrong"));
  }
  fillMapBar(found("map-bar"), {
    project: map.project,
    zoom: map.zoom,
    reset: map.reset,
    lines: (on) => {
      showsLines = on;
      showMap();
    },
  });
  fillWorldviews(found("worldviews"), payload, state, change);
  fillFilters(found("filters"), payload, state, change);
  fillZones(found("zone-list"), payload, (zone, on) => {
    if (on) zones.add(zone);
    else zones.delete(zone);
    showMap();
  });
  fillReceipt(found("receipt"), found("rest"), payload);
  showTable();
  showDetail();
  showMap();

  const recolour = (): void => {
    fillLegend(found("legend"), payload);
    map.redraw();
  };
  const print = (on: boolean): void => {
    printing = on;
    document.documentElement.classList.toggle("printing", on);
    showTable();
    recolour();
  };
  recolour();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  window.matchMedia("print").addEventListener("change", (event) => print(event.matches));
  window.addEventListener("beforeprint", () => print(true));
  window.addEventListener("afterprint", () => print(false));
}

function spoken(payload: Payload, finding: Finding, worldview: string): string {
  const verdict = VERDICT_WORDS[verdictUnder(finding, worldview)];
  const clause = payload.clauses[finding.clause];
  const parts = [`Selected: ${finding.title}`, verdict, clause?.article ?? "", finding.measured];
  return `${parts.filter((part) => part !== "").join(", ")}.`;
}

main();
