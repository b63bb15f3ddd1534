/** The real binary with the demo county, on a port of its own. */
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const county = join(root, "fixtures/lintan");
export const binary = process.env.GRIDMAP ?? join(root, "target/debug/gridmap");

/** Gives the address of a database that is not there yet, and will be gone when the process ends. */
export function emptyDatabase() {
  const folder = mkdtempSync(join(tmpdir(), "gridmap-walk-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, "gridmap.db")}`;
}

/** Gives the address of a database with the demo county in it that is gone when the process ends. */
export function loadCounty() {
  const database = emptyDatabase();
  copyFileSync(loadedOnce(), database.slice("sqlite:".length));
  return database;
}

/** The demo county as this binary loaded it today: whoever comes first does, and the others take what is there. */
function loadedOnce() {
  const day = new Date().toISOString().slice(0, 10);
  const sources = readdirSync(county).map((name) => join(county, name));
  const newest = Math.max(...[binary, ...sources].map((one) => statSync(one).mtimeMs));
  const folder = join(root, "target/walk");
  const file = join(folder, `county-${day}-${Math.round(newest)}.db`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (/^county-.*\.db$/.test(old)) rmSync(join(folder, old), { force: true });
  const own = `${file}.${process.pid}`;
  importCounty(`sqlite:${own}`);
  if (existsSync(`${own}-wal`)) throw new Error("the county is not all in its file");
  renameSync(own, file);
  return file;
}

export function importCounty(database) {
  const manifest = join(county, "import.toml");
  execFileSync(binary, ["import", "manifest", "--database", database, manifest], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Starts a server on a port of its own; resolves with its address and a way to stop it. */
export function serve(database, ...options) {
  return serveAt("127.0.0.1:0", database, ...options);
}

/** Starts a server that can be killed, and started again where it was. */
export async function serveAgain(database, ...options) {
  const here = await serve(database, ...options);
  const address = new URL(here.url).host;
  return Object.assign(here, {
    kill: () => here.end("SIGKILL"),
    start: async () => Object.assign(here, await serveAt(address, database, ...options)),
  });
}

async function serveAt(address, database, ...options) {
  const child = spawn(binary, ["serve", "--database", database, "--listen", address, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  process.on("exit", () => child.kill());
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (!url) continue;
    await ready(url);
    const end = (signal) => {
      child.kill(signal);
      return ended;
    };
    return { url, stop: () => child.kill(), end };
  }
  throw new Error("the server ended before it said where it listens");
}

async function ready(url) {
  for (let tries = 0; tries < 300; tries++) {
    if ((await fetch(`${url}/readyz`)).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not become ready within 30 s`);
}
