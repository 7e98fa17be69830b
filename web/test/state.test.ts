import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding, Payload } from "../src/payload";
import { holderOf, picked, sceneOf, sideOf } from "../src/scene";
import { ROWS_PER_PAGE, flipCounts, flips, opening, pageOf, verdictUnder, visible } from "../src/state";

function finding(id: string, changed: Partial<Finding> = {}): Finding {
  return {
    id,
    clause: 0,
    title: id,
    party: "USA",
    verdict: "violation",
    measured: "",
    margin: "",
    measured_km: null,
    margin_km: null,
    flips: [],
    facts: [],
    reason: null,
    about: [],
    witness: null,
    line: null,
    move: null,
    episodes: [],
    zone: null,
    ...changed,
  };
}

function payload(findings: Finding[]): Payload {
  return {
    title: "",
    header: [],
    counts: { violation: 0, indeterminate: 0, excused: 0, compliant: 0, "for-a-human": 0, "not-applicable": 0 },
    worldview: "un",
    worldviews: [
      { name: "un", title: "", text: "", holders: {} },
      { name: "russia", title: "", text: "", holders: { crimea: "RUS" } },
    ],
    holders: { crimea: "UKR" },
    disputed: ["crimea"],
    sides: { USA: "nato", RUS: "csto" },
    side_titles: { nato: "", csto: "", other: "" },
    parties: { USA: { name: "United States", side: "nato" }, RUS: { name: "Russia", side: "csto" } },
    clauses: [{ name: "a/1", article: "1", text: "" }, { name: "a/2", article: "2", text: "" }],
    deployments: [0, 1].map((at) => ({
      id: String(at), name: "", party: "USA", kind: "", place: null, shape: null,
    })),
    findings,
    zones: [],
    undrawn: [],
    not_checkable: [],
    faults: [],
    warnings: [],
    receipt: [],
  };
}

const ids = (rows: readonly Finding[]): string[] => rows.map((row) => row.id);

test("a worldview changes the verdicts that say so, and no other change does", () => {
  const one = finding("one", { flips: [["worldview = russia", "compliant"], ["reach = any", "excused"]] });
  assert.equal(verdictUnder(one, "un"), "violation");
  assert.equal(verdictUnder(one, "russia"), "compliant");
  assert.equal(flips(one, "russia"), true);
  assert.equal(flips(finding("two"), "russia"), false);
  assert.deepEqual(flipCounts(payload([one, finding("two")]), "russia"), [["violation", "compliant", 1]]);
});

test("what a worldview takes away stays in the table", () => {
  const known = payload([
    finding("gone", { flips: [["worldview = russia", "not-applicable"]] }),
    finding("comes", { verdict: "compliant", flips: [["worldview = russia", "violation"]] }),
    finding("never", { verdict: "compliant" }),
  ]);
  const state = opening(known);
  assert.deepEqual(ids(visible(known, state)), ["gone"]);
  assert.deepEqual(ids(visible(known, { ...state, worldview: "russia" })), ["comes", "gone"]);
  const only = { ...state, worldview: "russia", flippedOnly: true };
  assert.deepEqual(ids(visible(known, only)), ["comes", "gone"]);
});

test("filters by clause, party, verdict and text leave what passes all of them", () => {
  const known = payload([
    finding("a", { clause: 1 }),
    finding("b", { party: "RUS" }),
    finding("c", { verdict: "compliant", title: "HMS Defender" }),
  ]);
  const state = opening(known);
  assert.deepEqual(ids(visible(known, { ...state, clause: 1 })), ["a"]);
  assert.deepEqual(ids(visible(known, { ...state, party: "RUS" })), ["b"]);
  assert.deepEqual(ids(visible(known, { ...state, text: "  russia " })), ["b"]);
  assert.deepEqual(ids(visible(known, { ...state, verdicts: new Set(["compliant"]), text: "DEFEND" })), ["c"]);
  assert.deepEqual(ids(visible(known, { ...state, verdicts: new Set() })), []);
});

test("rows are sorted by margin and by distance, not by its text, with those that have none last", () => {
  const known = payload([
    finding("none"),
    finding("deep", { margin_km: -900 }),
    finding("near", { margin_km: -1 }),
  ]);
  const state = { ...opening(known), sort: "margin" as const };
  assert.deepEqual(ids(visible(known, state)), ["deep", "near", "none"]);
  assert.deepEqual(ids(visible(known, { ...state, descending: true })), ["near", "deep", "none"]);
  const measured = payload([
    finding("far", { measured: "1 798.7 km", measured_km: 1798.7 }),
    finding("nothing"),
    finding("near", { measured: "16.4 km", measured_km: 16.4 }),
    finding("between", { measured: "157.2 km", measured_km: 157.2 }),
  ]);
  assert.deepEqual(
    ids(visible(measured, { ...opening(measured), sort: "measured" })),
    ["near", "between", "far", "nothing"],
  );
});

test("a finding is found on its page, and one that is filtered out on none", () => {
  const rows = Array.from({ length: ROWS_PER_PAGE + 1 }, (_, at) => finding(String(at)));
  assert.equal(pageOf(rows, "0"), 0);
  assert.equal(pageOf(rows, String(ROWS_PER_PAGE)), 1);
  assert.equal(pageOf(rows, "no"), null);
});

test("a mark has the gravest verdict of its rows, and a second click goes on to the next", () => {
  const grave = finding("grave", { about: [0] });
  const light = finding("light", { about: [0, 1], verdict: "compliant" });
  const known = payload([grave, light]);
  const scene = sceneOf(known, [light, grave], "un", null, new Set(), false);
  assert.deepEqual(scene.gravest, ["violation", "compliant"]);
  assert.equal(picked(scene.behind[0] ?? [], null), light);
  assert.equal(picked(scene.behind[0] ?? [], light), grave);
  assert.equal(picked(scene.behind[0] ?? [], grave), light);
  assert.equal(picked([], null), null);
});

test("the zone of what is selected is drawn beside those that are ticked", () => {
  const row = finding("row", { zone: 2 });
  const scene = sceneOf(payload([row]), [row], "un", row, new Set([0]), false);
  assert.deepEqual([...scene.zones], [0, 2]);
});

test("who holds what follows the worldview; a state holds itself", () => {
  const known = payload([]);
  assert.equal(holderOf(known, "crimea", "un"), "UKR");
  assert.equal(holderOf(known, "crimea", "russia"), "RUS");
  assert.equal(holderOf(known, "FRA", "russia"), "FRA");
  assert.equal(holderOf(known, "constructor", "russia"), "constructor");
  assert.equal(sideOf(known, "toString"), "other");
});
