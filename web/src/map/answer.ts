/** The place that was asked for, on the map: its pin, how far off it may be, and the grids it may then lie in. */
import type { Map as MapLibre } from "maplibre-gl";
import type { AreaGeometry, Coordinates } from "../api/features";
import { circle } from "./circle";
import { type Feature, fill } from "./draw";

type Place = { lon: number; lat: number };

/** Marks a place, and rings it by so many metres on the ground. */
export function showPlace(map: MapLibre, place: Place | null, accuracyM: number): void {
  const ring: Feature[] =
    place && accuracyM > 0
      ? [{ type: "Feature", geometry: { type: "Polygon", coordinates: [circle(place, accuracyM)] }, properties: {} }]
      : [];
  // Lines are made simpler by default, and a circle angular.
  fill(map, "accuracy", ring, { tolerance: 0 });
  const at: Coordinates | null = place && [place.lon, place.lat];
  fill(map, "place", at ? [{ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: {} }] : []);
}

/** Outlines the grids that a place may also lie in. */
export function showCandidates(map: MapLibre, geometries: readonly AreaGeometry[]): void {
  fill(
    map,
    "candidates",
    geometries.map((geometry) => ({ type: "Feature", geometry, properties: {} })),
  );
}

/** Moves the map to a place that is out of its sight. */
export function bringIntoSight(map: MapLibre, { lon, lat }: Place): void {
  if (!map.getBounds().contains([lon, lat])) map.easeTo({ center: [lon, lat] });
}
