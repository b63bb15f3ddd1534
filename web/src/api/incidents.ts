import { askAllFeatures, type Coordinates, readPoint } from "./features";

/** Gives where incidents happened, as far as the caller may know: the public is not told. */
export async function askIncidentPlaces(signal: AbortSignal): Promise<Coordinates[]> {
  const features = await askAllFeatures("/api/collections/incidents/items?limit=10000", signal);
  return features
    .filter((feature) => feature.geometry !== null)
    .map((feature) => readPoint(feature.geometry, `incident ${feature.id}`));
}
