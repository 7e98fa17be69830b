// node build.mjs FOLDER: bundle the page's script and style into FOLDER.
// node build.mjs --tests FOLDER: bundle each test for node --test.
import { build } from "esbuild";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const tests = process.argv[2] === "--tests";
const folder = process.argv[tests ? 3 : 2];
if (!folder) {
  console.error("usage: node build.mjs [--tests] FOLDER");
  process.exit(2);
}
const outdir = resolve(process.cwd(), folder);

if (tests) {
  rmSync(outdir, { recursive: true, force: true }); // a test that is gone is not run again
  const files = readdirSync(join(here, "test")).filter((name) => name.endsWith(".test.ts"));
  await build({
    entryPoints: files.map((name) => join(here, "test", name)),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    outdir,
    outExtension: { ".js": ".mjs" },
    logLevel: "warning",
  });
} else {
  const page = {
    minify: true,
    target: ["chrome100", "firefox100", "safari15"],
    charset: "ascii",
    legalComments: "none",
    absWorkingDir: here,
    outdir,
    logLevel: "warning",
  };
  const script = { app: join(here, "src", "main.ts") };
  await build({ ...page, entryPoints: script, bundle: true, format: "iife" });
  await build({ ...page, entryPoints: { app: join(here, "src", "app.css") } });
}
