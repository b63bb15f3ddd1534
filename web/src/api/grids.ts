import { address } from "./client";
import { type AreaGeometry, askAllFeatures, type RawFeature, readArea } from "./features";
import { maybe, number, text } from "./parse";

/** One piece of ground at one level of the tree. */
export type Grid = {
  id: string;
  code: string;
  name: string | null;
  level: string;
  parent: string | null;
  /** Homes in it and below it; `null` where the caller may not know. */
  nHouseholds: number | null;
  geometry: AreaGeometry;
};

/** Gives the grids of one level, as they are now. */
export async function askGrids(level: string, signal: AbortSignal): Promise<Grid[]> {
  const features = await askAllFeatures(address("/collections/grids/items", { level, limit: 10_000 }), signal);
  return features.map(readGrid);
}

/** Gives the one grid with an official code, or `null`. */
export async function askGridByCode(code: string, signal: AbortSignal): Promise<Grid | null> {
  const [feature] = await askAllFeatures(address("/collections/grids/items", { code, limit: 1 }), signal);
  return feature ? readGrid(feature) : null;
}

function readGrid({ id, geometry, properties }: RawFeature): Grid {
  return {
    id,
    code: text(properties.code, "code"),
    name: maybe(properties.name, "name", text),
    level: text(properties.level, "level"),
    parent: maybe(properties.parent, "parent", text),
    nHouseholds: maybe(properties.n_households, "n_households", number),
    geometry: readArea(geometry, `grid ${id}`),
  };
}
