import { type AreaGeometry, askAllFeatures, type RawFeature, readArea } from "./features";
import { maybe, number, text } from "./parse";

/** One piece of ground at one level of the tree. */
export type Grid = {
  id: string;
  code: string;
  name: string | null;
  parent: string | null;
  /** Homes in it and below it; `null` where the caller may not know. */
  nHouseholds: number | null;
  geometry: AreaGeometry;
};

/** Gives the grids of one level, as they are now. */
export async function askGrids(level: string, signal: AbortSignal): Promise<Grid[]> {
  const query = new URLSearchParams({ level, limit: "10000" });
  const features = await askAllFeatures(`/api/collections/grids/items?${query}`, signal);
  return features.map(readGrid);
}

function readGrid({ id, geometry, properties }: RawFeature): Grid {
  return {
    id,
    code: text(properties.code, "code"),
    name: maybe(properties.name, "name", text),
    parent: maybe(properties.parent, "parent", text),
    nHouseholds: maybe(properties.n_households, "n_households", number),
    geometry: readArea(geometry, `grid ${id}`),
  };
}
