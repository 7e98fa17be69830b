// Filters, the worldview switch, the list of zones and the receipt.
import { button, el } from "./dom";
import { VERDICTS } from "./payload";
import type { Payload, Verdict } from "./payload";
import { flipCounts } from "./state";
import type { State } from "./state";
import { VERDICT_WORDS, badge } from "./table";

export type Change = (patch: Partial<State>) => void;

/** Fill the filters once; they tell of every change. */
export function fillFilters(form: HTMLElement, payload: Payload, state: State, change: Change): void {
  form.addEventListener("submit", (event) => event.preventDefault());
  const text = el("input", { type: "search", id: "text", autocomplete: "off", placeholder: "name, id, party …" });
  text.addEventListener("input", () => change({ text: text.value }));
  const clause = select(
    "clause",
    "every clause",
    payload.clauses.map((one, at) => [String(at), `${one.name}`]),
    (value) => change({ clause: value === "" ? null : Number(value) }),
  );
  const parties = Object.entries(payload.parties)
    .filter(([code]) => payload.findings.some((finding) => finding.party === code))
    .map(([code, party]): [string, string] => [code, party.name])
    .sort(([, one], [, other]) => one.localeCompare(other, "en"));
  const party = select("party", "every party", parties, (value) =>
    change({ party: value === "" ? null : value }),
  );
  const verdicts = el("fieldset", { id: "verdicts" }, el("legend", {}, "Verdict"));
  const chosen = new Set<Verdict>(state.verdicts);
  for (const verdict of VERDICTS) {
    const count = payload.counts[verdict];
    const listed = payload.findings.filter((finding) => finding.verdict === verdict).length;
    if (listed === 0) continue;
    const told = listed === count ? `${count}` : `${listed} of ${count}`;
    const box = el("input", { type: "checkbox", value: verdict });
    box.checked = chosen.has(verdict);
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(verdict);
      else chosen.delete(verdict);
      change({ verdicts: new Set(chosen) });
    });
    verdicts.append(el("label", {}, box, " ", badge(verdict), ` ${told}`));
  }
  form.replaceChildren(
    el("label", { for: "text" }, "Search", text),
    el("label", { for: "clause" }, "Clause", clause),
    el("label", { for: "party" }, "Party", party),
  );
  if (payload.findings.length > 0) form.append(verdicts);
  const counted = payload.counts["not-applicable"];
  if (counted > 0) {
    form.append(
      el("p", { class: "quiet" }, `Of the ${counted} checks that do not apply, only those are listed that a single change would make apply.`),
    );
  }
}

function select(
  id: string,
  all: string,
  options: [string, string][],
  act: (value: string) => void,
): HTMLSelectElement {
  const node = el("select", { id }, el("option", { value: "" }, all));
  for (const [value, text] of options) node.append(el("option", { value }, text));
  node.addEventListener("change", () => act(node.value));
  return node;
}

/** Fill the worldview switch; what flips comes from the findings, nothing is computed here. */
export function fillWorldviews(field: HTMLElement, payload: Payload, state: State, change: Change): void {
  const told = el("p", { id: "flips", role: "status", "aria-live": "polite" });
  const only = el("input", { type: "checkbox", id: "flipped-only" });
  const explain = (worldview: string): void => {
    const view = payload.worldviews.find((one) => one.name === worldview);
    told.replaceChildren(el("span", {}, `${view?.title ?? worldview}. ${view?.text ?? ""} `));
    const counts = flipCounts(payload, worldview);
    if (worldview === payload.worldview) {
      told.append(el("strong", {}, "The check ran under this worldview."));
    } else if (counts.length === 0) {
      told.append(el("strong", {}, "No verdict of this report changes."));
    } else {
      const parts = counts.map(([from, to, count]) => `${count} ${VERDICT_WORDS[from]} → ${VERDICT_WORDS[to]}`);
      told.append(el("strong", {}, `Changed: ${parts.join("; ")}.`));
    }
  };
  for (const view of payload.worldviews) {
    const radio = el("input", { type: "radio", name: "worldview", value: view.name });
    radio.checked = view.name === state.worldview;
    radio.addEventListener("change", () => {
      explain(view.name);
      change({ worldview: view.name });
    });
    field.append(el("label", {}, radio, ` ${view.name}`));
  }
  only.addEventListener("change", () => change({ flippedOnly: only.checked }));
  field.append(el("label", {}, only, " only what flips"), told);
  explain(state.worldview);
}

/** Fill the list of zones with a box each. */
export function fillZones(list: HTMLElement, payload: Payload, toggle: (zone: number, on: boolean) => void): void {
  payload.zones.forEach((zone, at) => {
    const box = el("input", { type: "checkbox", value: String(at) });
    box.addEventListener("change", () => toggle(at, box.checked));
    const area = zone.area_km2.toLocaleString("en").replaceAll(",", " ");
    list.append(
      el("label", {}, box, ` ${zone.label}: ${zone.note}; ${area} km²`),
    );
  });
  if (payload.zones.length === 0) list.append(el("p", {}, "No violated clause closes a place that is drawn."));
  if (payload.undrawn.length > 0) {
    list.append(el("p", { class: "quiet" }, "Not drawn:"));
    list.append(el("ul", {}, ...payload.undrawn.map((text) => el("li", {}, text))));
  }
  list.append(el("p", { class: "quiet" }, `Zones are those of the worldview ${payload.worldview}, in which the check ran, drawn to about 2 km; borders are simplified. Verdicts and figures rest on the full data. The zone of the selected finding is always shown.`));
}

/** Fill the receipt, and what the page has besides findings. */
export function fillReceipt(list: HTMLElement, rest: HTMLElement, payload: Payload): void {
  for (const [name, value] of payload.receipt) list.append(el("dt", {}, name), el("dd", {}, value));
  const blocks: [string, string[]][] = [
    ["Faults of the input: not all of it was checked", payload.faults],
    ["Warnings", payload.warnings],
    ["Not checkable by a machine", payload.not_checkable.map((one) => `${one.clause}: ${one.why}`)],
  ];
  for (const [title, texts] of blocks) {
    if (texts.length === 0) continue;
    rest.append(el("h2", {}, title), el("ul", {}, ...texts.map((text) => el("li", {}, text))));
  }
}

/** Fill the bar over the map. */
export function fillMapBar(
  bar: HTMLElement,
  actions: { project(flat: boolean): void; zoom(factor: number): void; reset(): void; lines(on: boolean): void },
): void {
  const globe = button("Globe", () => project(false), { "aria-pressed": "true" });
  const flat = button("Flat map", () => project(true), { "aria-pressed": "false" });
  const project = (isFlat: boolean): void => {
    globe.setAttribute("aria-pressed", String(!isFlat));
    flat.setAttribute("aria-pressed", String(isFlat));
    actions.project(isFlat);
  };
  const lines = el("input", { type: "checkbox", id: "lines" });
  lines.addEventListener("change", () => actions.lines(lines.checked));
  bar.replaceChildren(
    globe,
    flat,
    button("+", () => actions.zoom(1.5), { "aria-label": "Zoom in" }),
    button("−", () => actions.zoom(1 / 1.5), { "aria-label": "Zoom out" }),
    button("Whole view", () => actions.reset()),
    el("label", {}, lines, " all witness lines"),
  );
}
