import { ask, onThisServer } from "./client";
import { type Fields, fields, list, Malformed, number, text } from "./parse";

/** Longitude, latitude in degrees. */
export type Coordinates = [lon: number, lat: number];
export type Ring = Coordinates[];

export type PolygonGeometry = { type: "Polygon"; coordinates: Ring[] };
export type MultiPolygonGeometry = { type: "MultiPolygon"; coordinates: Ring[][] };
export type AreaGeometry = PolygonGeometry | MultiPolygonGeometry;

/** A feature as it came: its geometry and properties still unread. */
export type RawFeature = { id: string; geometry: unknown; properties: Fields };

/** One page of a collection, and where the next one is. */
type Page = { features: RawFeature[]; next: string | null };

/** Gives every feature of an OGC API collection, following its `next` links. */
export async function askAllFeatures(path: string, signal: AbortSignal): Promise<RawFeature[]> {
  const all: RawFeature[] = [];
  let next: string | null = path;
  while (next !== null) {
    const page: Page = await ask(next, signal, readPage);
    all.push(...page.features);
    next = page.next;
  }
  return all;
}

function readPage(json: unknown): Page {
  const collection = fields(json, "collection");
  const links = list(collection.links ?? [], "links", fields);
  const next = links.find((link) => link.rel === "next");
  return {
    features: list(collection.features, "features", readFeature),
    next: next ? onThisServer(text(next.href, "next.href")) : null,
  };
}

function readFeature(value: unknown, where: string): RawFeature {
  const feature = fields(value, where);
  const id = feature.id;
  return {
    id: typeof id === "number" ? String(id) : text(id, `${where}.id`),
    geometry: feature.geometry,
    properties: fields(feature.properties, `${where}.properties`),
  };
}

/** Reads a polygon or multipolygon; its numbers are trusted, its nesting is checked down to the first position. */
export function readArea(value: unknown, where: string): AreaGeometry {
  const geometry = fields(value, where);
  const depth = { Polygon: 3, MultiPolygon: 4 }[text(geometry.type, `${where}.type`)];
  let inner: unknown = geometry.coordinates;
  for (let level = 1; level < (depth ?? 0); level++) inner = Array.isArray(inner) ? inner[0] : undefined;
  if (depth === undefined || !Array.isArray(inner) || typeof inner[0] !== "number") {
    throw new Malformed(where, "a polygon or multipolygon");
  }
  return geometry as AreaGeometry;
}

export function readPoint(value: unknown, where: string): Coordinates {
  const geometry = fields(value, where);
  const [lon, lat] = list(geometry.coordinates, `${where}.coordinates`, number);
  if (geometry.type !== "Point" || lon === undefined || lat === undefined) throw new Malformed(where, "a point");
  return [lon, lat];
}
