// Asks the search of the built rustdoc for API ids and Korean names: `node .ci/docs-search.mjs [WORDS]...`
// Runs the search engine that the docs ship, with the index that `cargo doc` wrote.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import vm from "node:vm";

const target = process.env.CARGO_TARGET_DIR ?? "target";
const doc = path.join(target, "doc");
const statics = path.join(doc, "static.files");
const script = (start) => path.resolve(statics, readdirSync(statics).find((f) => f.startsWith(start) && f.endsWith(".js")));

globalThis.window = undefined;
const load = (file) => {
  const module = { exports: {} };
  const run = vm.runInThisContext(`(function (exports, module, require) {${readFileSync(file, "utf8")}\n})`, { filename: file });
  run(module.exports, module, createRequire(import.meta.url));
  return module.exports;
};
const stringdex = load(script("stringdex"));
const { initSearch } = load(script("search"));

// The index files call rr_, rd_, rb_, rn_ with their content.
let callbacks = {};
const evaluate = (file) => {
  const names = Object.keys(callbacks);
  new Function(...names, readFileSync(file, "utf8"))(...names.map((n) => callbacks[n]));
};
const index = path.join(doc, "search.index");
const hooks = {
  loadRoot(given) {
    callbacks = given;
    evaluate(path.join(index, "root.js"));
  },
  loadTreeByHash: (hash) => evaluate(path.join(index, `${hash}.js`)),
  loadDataByNameAndHash: (name, hash) => evaluate(path.join(index, name, `${hash}.js`)),
};
// Helpers of the page's other scripts.
const present = (value) => {
  if (value === null || value === undefined) throw new Error("missing value in the search");
  return value;
};
Object.assign(globalThis, { nonnull: present, nonundef: present, rootPath: "./" });
const { docSearch, DocSearch } = await initSearch(stringdex.Stringdex ?? stringdex, stringdex.RoaringBitmap, hooks);

// Without arguments: every API of the index, by its id and by its Korean name. Those without a method are found by their type.
const asked = process.argv.slice(2).map((words) => ({ words }));
const listed = () => {
  // id, Korean name, type, required fields, method
  const row = /^\| `([^`]+)` \| (.+) \| `([^`]+)` \|[^|]*\| (?:`([^`]+)`)? *\|/;
  const rows = readFileSync("kiwoom-api/APIS.md", "utf8").split("\n").map((line) => row.exec(line)).filter(Boolean);
  return rows.flatMap(([, id, korean, type, call]) => {
    // what is reached by a longer way is found by its type
    const method = /^\w+$/.test(call ?? "") ? call : type;
    return [{ words: id, method }, { words: korean.replaceAll("\\|", "|"), method }];
  });
};
const questions = asked.length > 0 ? asked : listed();

let missing = 0;
for (const { words, method } of questions) {
  // Quotes ask for the whole name: Korean names contain brackets and slashes, which the query language reads otherwise.
  const results = await docSearch.execQuery(DocSearch.parseQuery(`"${words}"`), null, "kiwoom_api");
  const found = [];
  for await (const r of results.others ?? []) {
    found.push({ name: r.name ?? r.item?.name ?? "", alias: Boolean(r.is_alias) });
    if (found.length === 20) break;
  }
  const right = method === undefined ? found.length > 0 : found.some((f) => f.alias && f.name === method);
  if (!right) {
    missing += 1;
    console.log(`${words}: not found${method ? ` (${method})` : ""}`);
  } else if (method === undefined) {
    console.log(`${words}: ${found.slice(0, 3).map((f) => f.name + (f.alias ? " (alias)" : "")).join(", ")}`);
  }
}
console.log(`${questions.length - missing} of ${questions.length} found by the search`);
process.exit(missing === 0 && questions.length > 0 ? 0 : 1);
