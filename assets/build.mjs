// Builds s2b2c/static from assets/: three style sheets, the icon sprite, vendored scripts.
// `node build.mjs --check` writes nothing and fails when a committed result is stale.
import { compile, optimize } from "@tailwindcss/node";
import { Scanner } from "@tailwindcss/oxide";
import fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

const here = import.meta.dirname;
const out = path.resolve(here, "../s2b2c/static");
const check = process.argv.includes("--check");
const stale = [];

function put(name, text) {
  const target = path.join(out, name);
  const before = fs.existsSync(target) ? fs.readFileSync(target, "utf8") : "";
  const size = `${(text.length / 1024).toFixed(0)} KB, ${(gzipSync(text).length / 1024).toFixed(1)} KB gz`;
  if (check) {
    if (before !== text) stale.push(name);
    return;
  }
  fs.mkdirSync(path.dirname(target), { recursive: true });
  if (before !== text) fs.writeFileSync(target, text);
  console.log(`${name}  ${size}`);
}

async function sheet(name) {
  const file = path.join(here, "css", `${name}.css`);
  const compiler = await compile(fs.readFileSync(file, "utf8"), { base: path.dirname(file), onDependency() {} });
  const candidates = new Scanner({ sources: compiler.sources }).scan().sort();
  const { code } = optimize(compiler.build(candidates), { minify: true });
  put(`css/${name}.css`, code.trim() + "\n");
}

function icons() {
  const names = fs.readFileSync(path.join(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean).sort();
  const symbols = [...new Set(names)].map((name) => {
    const svg = fs.readFileSync(path.join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
    const body = svg.replace(/<!--[\s\S]*?-->/, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, " ").replace(/ ?\/> ?/g, "/>").trim()}</symbol>`;
  });
  put("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

function vendor() {
  const copy = (from, to) => put(to, fs.readFileSync(path.join(here, "node_modules", from), "utf8"));
  copy("htmx.org/dist/htmx.min.js", "js/htmx.min.js");
  copy("htmx.org/LICENSE", "js/htmx-LICENSE.txt");
  copy("chart.js/dist/chart.umd.min.js", "js/chart.umd.min.js");
  copy("chart.js/LICENSE.md", "js/chart-LICENSE.txt");
  copy("lucide-static/LICENSE", "icons-LICENSE.txt");
  // Newsreader is a Latin subset of our own making and is kept under s2b2c/static/fonts only.
  const fonts = {
    inter: "@fontsource-variable/inter/files/inter-latin-wght-normal",
    bricolage: "@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal",
    fraunces: "@fontsource-variable/fraunces/files/fraunces-latin-wght-normal",
    "instrument-serif": "@fontsource/instrument-serif/files/instrument-serif-latin-400-normal",
    "instrument-serif-italic": "@fontsource/instrument-serif/files/instrument-serif-latin-400-italic",
  };
  for (const [name, from] of Object.entries(fonts)) {
    const target = path.join(out, `fonts/${name}.woff2`);
    const font = fs.readFileSync(path.join(here, "node_modules", `${from}.woff2`));
    if (fs.existsSync(target) && font.equals(fs.readFileSync(target))) continue;
    if (check) stale.push(`fonts/${name}.woff2`);
    else fs.writeFileSync(target, font);
  }
}

for (const name of ["supply", "office", "shop"]) await sheet(name);
icons();
vendor();
if (stale.length) {
  console.error(`stale, run "make css": ${stale.join(", ")}`);
  process.exit(1);
}
