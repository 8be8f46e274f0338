// Reads an AsyncAPI file with the official parser: `node asyncapi.mjs FILE`. Anything above a hint fails.
import { readFileSync } from "node:fs";
import process from "node:process";
import { Parser } from "@asyncapi/parser";

const HINT = 2; // 0 error, 1 warning, 2 information
const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
for (const { severity, code, message, path } of diagnostics.filter((d) => d.severity < HINT)) {
  console.log(`${severity === 0 ? "error" : "warning"} ${code} at ${path.join(".")}: ${message}`);
}
const operations = document?.operations().all() ?? [];
const apis = new Set(operations.map((o) => o.extensions().get("x-api-id")?.value()).filter(Boolean));
console.log(`${operations.length} operations, ${apis.size} APIs`);
const bad = document === undefined || diagnostics.some((d) => d.severity < HINT) || apis.size < 31;
process.exit(bad ? 1 : 0);
