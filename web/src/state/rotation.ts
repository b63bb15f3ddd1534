/** What a wall shows in turn, as its address says it: `views=coverage/grid/homes,hotspots/township&every=30`. */

/** One view of the turn: a task, and the level and metric where they are not left as they are. */
export type Stop = { task: "coverage" | "hotspots"; level: string | null; metric: string | null };

export type Rotation = { stops: readonly Stop[]; everyS: number };

/** Long enough to be read from afar. */
const EVERY_S = 30;
const [LEAST_S, MOST_S] = [5, 3600];

/** More are no rotation but a tour. */
const MAX_STOPS = 24;

export const NO_ROTATION: Rotation = { stops: [], everyS: EVERY_S };

const STOP = /^(coverage|hotspots)(?:\/([\w-]{0,40}))?(?:\/([\w-]{0,40}))?$/;

export function readRotation(views: string | null, every: string | null): Rotation {
  const read = (views ?? "").split(",").flatMap((text) => {
    const [, task, level, metric] = STOP.exec(text) ?? [];
    return task ? [{ task: task as Stop["task"], level: level || null, metric: metric || null }] : [];
  });
  const seconds = Number(every ?? EVERY_S);
  const everyS = Number.isFinite(seconds) ? Math.min(Math.max(seconds, LEAST_S), MOST_S) : EVERY_S;
  return { stops: read.slice(0, MAX_STOPS), everyS };
}

/** Writes both parameters; what is as it is by itself is left out. */
export function writeRotation({ stops, everyS }: Rotation): { views: string; every: string } {
  const write = ({ task, level, metric }: Stop) => [task, level ?? "", metric ?? ""].join("/").replace(/\/+$/, "");
  return { views: stops.map(write).join(","), every: everyS === EVERY_S ? "" : String(everyS) };
}
