/** Writes the page's types of the API from the document of a running server: `node api_types.mjs` (`make api-types`). */
import { writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { emptyDatabase, serve } from "./server.mjs";

export const SCHEMA = fileURLToPath(new URL("../../web/src/api/schema.ts", import.meta.url));

const HEAD = "// The API as the server describes it at /api/openapi. Written by `make api-types`; do not edit.\n\n";

/** Gives the types of the API as TypeScript: those that hold of every region, since the words of one are its own. */
export async function apiTypes() {
  const server = await serve(emptyDatabase(), "--open");
  try {
    return await described(server);
  } finally {
    server.stop();
  }
}

async function described(server) {
  const response = await fetch(`${server.url}/api/openapi`);
  const document = await response.json();
  return HEAD + astToString(await openapiTS({ ...document, servers: [] }, { alphabetize: true }));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(SCHEMA, await apiTypes());
  process.stdout.write(`${SCHEMA}\n`);
}
