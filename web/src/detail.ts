// One finding in full: the clause in words, the facts, the reasons as a tree, and what would flip.
import { button, el, tight } from "./dom";
import type { Finding, Payload, Reason } from "./payload";
import { verdictUnder } from "./state";
import { VERDICT_WORDS, badge } from "./table";

/** So many other findings of a deployment are listed. */
const MOST_OTHERS = 40;

export interface DetailActions {
  select(other: Finding): void;
  /** To the row of the finding, where the panel stands far from it. */
  back(): void;
}

/** Fill the panel with a finding, or say how to pick one. */
export function fillDetail(
  panel: HTMLElement,
  payload: Payload,
  finding: Finding | null,
  worldview: string,
  actions: DetailActions,
): void {
  if (finding === null) {
    const how = payload.findings.length > 0
      ? "Pick a row of the table or a mark on the map to see why."
      : "There is no finding to list.";
    panel.replaceChildren(el("p", { class: "quiet" }, how));
    return;
  }
  const now = verdictUnder(finding, worldview);
  const clause = payload.clauses[finding.clause];
  const head = el("p", { class: "verdict-line" }, badge(now), el("span", {}, ` ${about(payload, finding)}`));
  if (now !== finding.verdict) {
    head.append(
      el("span", { class: "was" }, `under ${worldview}; ${VERDICT_WORDS[finding.verdict]} under ${payload.worldview}`),
    );
  }
  const nodes: Node[] = [
    el("h3", { id: "detail-title" }, finding.title),
    head,
    el(
      "blockquote",
      {},
      el("p", {}, clause?.text ?? ""),
      el("footer", {}, `${clause?.article ?? ""}, ${clause?.name ?? ""}, as we paraphrase it`),
    ),
    el("ul", { class: "facts" }, ...finding.facts.map((fact) => el("li", {}, tight(fact)))),
  ];
  if (now !== finding.verdict) {
    nodes.push(
      el("p", { class: "note" }, `The facts and reasons are those under the worldview ${payload.worldview}, in which the check ran.`),
    );
  }
  if (finding.reason !== null) {
    nodes.push(
      el("h4", {}, finding.verdict === "not-applicable" ? "Why it does not apply" : "What would break the clause, and whether it is so"),
      el("ul", { class: "reasons" }, branch(finding.reason)),
    );
  }
  if (finding.flips.length > 0) nodes.push(el("h4", {}, "What would change the verdict"), flipList(finding));
  const zone = finding.zone === null ? undefined : payload.zones[finding.zone];
  if (zone !== undefined) {
    nodes.push(el("p", { class: "note" }, `On the map: what the clause closes, ${zone.note}; worldview ${payload.worldview}.`));
  }
  nodes.push(...others(payload, finding, worldview, actions.select));
  nodes.push(button("Back to the table", actions.back, { class: "back" }));
  panel.replaceChildren(...nodes);
}

/** Return whose it is, and of what side and kind: what the map tells by colour and shape. */
function about(payload: Payload, finding: Finding): string {
  const party = payload.parties[finding.party];
  const side = party === undefined || party.side === "other" ? "" : payload.side_titles[party.side];
  const only = finding.about.length === 1 ? payload.deployments[finding.about[0] ?? 0] : undefined;
  const name = party?.name ?? finding.party;
  const named = side === "" || side === name ? name : `${name} (${side})`;
  return [named, only?.kind.replaceAll("_", " ") ?? ""].filter((text) => text !== "").join(", ");
}

function branch([truth, text, children]: Reason): HTMLElement {
  const mark = { met: "✓", "not met": "✗" }[truth] ?? "?";
  const node = el(
    "li",
    { class: truth.replace(" ", "-") },
    el("span", { class: "mark", "aria-hidden": "true" }, mark),
    el("span", { class: "truth" }, `${truth}: `),
    tight(text),
  );
  if (children.length > 0) node.append(el("ul", {}, ...children.map(branch)));
  return node;
}

function flipList(finding: Finding): HTMLElement {
  const items = finding.flips.map(([change, verdict]) =>
    el("li", {}, el("code", {}, change), " ", badge(verdict)),
  );
  return el("ul", { class: "flips" }, ...items);
}

function others(
  payload: Payload,
  finding: Finding,
  worldview: string,
  select: (other: Finding) => void,
): Node[] {
  const about = new Set(finding.about);
  const found = payload.findings.filter(
    (other) => other !== finding && other.about.some((at) => about.has(at)),
  );
  if (found.length === 0) return [];
  const items = found.slice(0, MOST_OTHERS).map((other) => {
    const clause = payload.clauses[other.clause]?.name ?? "";
    return el(
      "li",
      {},
      badge(verdictUnder(other, worldview)),
      " ",
      button(`${clause}: ${other.title}`, () => select(other), { class: "pick" }),
    );
  });
  const more = found.length - items.length;
  if (more > 0) items.push(el("li", {}, `and ${more} more`));
  return [
    el("details", {}, el("summary", {}, `Other findings about the same forces (${found.length})`), el("ul", { class: "others" }, ...items)),
  ];
}
