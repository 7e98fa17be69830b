// The table of findings: the same as the map, in words and in an order.
import { button, el, tight } from "./dom";
import type { Finding, Payload, Verdict } from "./payload";
import { ROWS_PER_PAGE, verdictUnder } from "./state";
import type { Column, State } from "./state";

export interface TableActions {
  /** `stays` where the reader goes through the rows, and is not to be led away from them. */
  select(finding: Finding, stays: boolean): void;
  sort(column: Column): void;
  turn(page: number): void;
}

const COLUMNS: [Column, string][] = [
  ["verdict", "Verdict"],
  ["clause", "Clause"],
  ["title", "Deployment"],
  ["party", "Party"],
  ["measured", "Measured"],
  ["margin", "Margin"],
];

export const VERDICT_WORDS: Record<Verdict, string> = {
  violation: "violation",
  indeterminate: "indeterminate",
  excused: "excused",
  compliant: "compliant",
  "for-a-human": "for a human to judge",
  "not-applicable": "not applicable",
};

/** Return a verdict as a badge, which is told by its words and only helped by its colour. */
export function badge(verdict: Verdict): HTMLElement {
  return el("span", { class: `badge ${verdict}` }, VERDICT_WORDS[verdict]);
}

/** Fill the table with a page of rows, or with all of them for print. */
export function fillTable(
  table: HTMLTableElement,
  payload: Payload,
  state: State,
  rows: readonly Finding[],
  whole: boolean,
  actions: TableActions,
): void {
  const shown = whole
    ? rows
    : rows.slice(state.page * ROWS_PER_PAGE, (state.page + 1) * ROWS_PER_PAGE);
  const body = el("tbody", {});
  for (const row of shown) body.append(rowOf(payload, state, row, actions));
  if (shown.length === 0) {
    const none = payload.findings.length > 0
      ? "No finding passes the filters."
      : "There is no finding to list.";
    body.append(el("tr", {}, el("td", { colspan: String(COLUMNS.length) }, none)));
  }
  body.addEventListener("keydown", (event) => stepRows(event, shown, actions));
  table.replaceChildren(caption(state, rows, shown.length), head(state, actions), body);
}

/** Mark the row of the selected finding, and bring it into sight. */
export function markRow(table: HTMLTableElement, id: string | null, scroll: boolean): void {
  for (const row of table.querySelectorAll("tr[aria-current]")) row.removeAttribute("aria-current");
  if (id === null) return;
  for (const row of table.tBodies[0]?.rows ?? []) {
    if (row.dataset["id"] !== id) continue;
    row.setAttribute("aria-current", "true");
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }
}

function caption(state: State, rows: readonly Finding[], shown: number): HTMLElement {
  const first = rows.length === 0 ? 0 : state.page * ROWS_PER_PAGE + 1;
  const text = shown < rows.length
    ? `Findings ${first} to ${first + shown - 1} of ${rows.length}, worldview ${state.worldview}`
    : `${rows.length} ${rows.length === 1 ? "finding" : "findings"}, worldview ${state.worldview}`;
  return el("caption", {}, text);
}

function head(state: State, actions: TableActions): HTMLElement {
  const cells = COLUMNS.map(([column, title]) => {
    const sorted = state.sort === column;
    const order = sorted ? (state.descending ? "descending" : "ascending") : "none";
    const mark = sorted ? (state.descending ? " ▼" : " ▲") : "";
    return el(
      "th",
      { scope: "col", "aria-sort": order, class: column },
      button(`${title}${mark}`, () => actions.sort(column), { class: "sort", "data-column": column }),
    );
  });
  return el("thead", {}, el("tr", {}, ...cells));
}

function rowOf(payload: Payload, state: State, row: Finding, actions: TableActions): HTMLElement {
  const now = verdictUnder(row, state.worldview);
  const clause = payload.clauses[row.clause];
  const verdict = el("td", { class: "verdict" }, badge(now));
  if (now !== row.verdict) {
    verdict.append(el("span", { class: "was" }, `was ${VERDICT_WORDS[row.verdict]}`));
  }
  const select = button(row.title, () => actions.select(row, false), { class: "pick" });
  const node = el(
    "tr",
    { "data-id": row.id },
    verdict,
    el("td", { class: "clause", title: clause?.text ?? "" }, clause?.name ?? ""),
    el("th", { scope: "row", class: "title" }, select),
    el("td", { class: "party" }, payload.parties[row.party]?.name ?? row.party),
    el("td", { class: "measured" }, tight(row.measured)),
    el("td", { class: "margin" }, tight(row.margin)),
  );
  if (now !== row.verdict) node.classList.add("flipped");
  if (state.selected === row.id) node.setAttribute("aria-current", "true");
  node.addEventListener("click", (event) => {
    if (!(event.target instanceof HTMLButtonElement)) actions.select(row, false);
  });
  return node;
}

/** Up and down go from row to row; Enter picks, as on every button. */
function stepRows(event: KeyboardEvent, shown: readonly Finding[], actions: TableActions): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const row = event.target instanceof Element ? event.target.closest("tr") : null;
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
  if (!(next instanceof HTMLTableRowElement)) return;
  const finding = shown[next.sectionRowIndex];
  if (finding === undefined) return;
  event.preventDefault();
  next.querySelector<HTMLButtonElement>("button.pick")?.focus();
  actions.select(finding, true);
}

/** Fill the pager, which is empty where one page holds all; the focus stays on what was pressed. */
export function fillPager(nav: HTMLElement, state: State, count: number, actions: TableActions): void {
  const pages = Math.ceil(count / ROWS_PER_PAGE);
  nav.hidden = pages < 2;
  const before = button("Previous page", () => actions.turn(state.page - 1));
  const after = button("Next page", () => actions.turn(state.page + 1));
  before.disabled = state.page === 0;
  after.disabled = state.page >= pages - 1;
  const pressed = [...nav.querySelectorAll("button")].findIndex((one) => one === document.activeElement);
  nav.replaceChildren(before, el("span", {}, `page ${state.page + 1} of ${pages}`), after);
  if (pressed < 0) return;
  const same = pressed === 0 ? before : after;
  (same.disabled ? (pressed === 0 ? after : before) : same).focus({ preventScroll: true });
}
