/** The demo county on a real server, and a browser, for all tests of a file. */
import { after, before } from "node:test";
import { launch, visit } from "./browser.mjs";
import { loadCounty, serve } from "./server.mjs";

/** Gives a function that opens the page at a query and walks through it; call it while the file is read. */
export function county(...options) {
  const here = {};
  before(async () => {
    here.database = loadCounty();
    here.server = await serve(here.database, ...(options.length ? options : ["--open"]));
    here.browser = await launch();
  });
  after(async () => {
    await here.browser?.close();
    here.server?.stop();
  });
  here.visit = (query, settings, walk, expected) => visit(here.browser, here.server, query, settings, walk, expected);
  return here;
}
