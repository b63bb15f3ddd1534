/**
 * Circles for areas that are too small to be seen, where the fullest are the smallest on the map: each is drawn where its own
 * area is narrower than it. A circle of a count has an area in proportion to it; those of rates are alike.
 */
import { computed } from "@preact/signals";
import { CHANGE_METRIC } from "./change";
import { classes, isHeat, type Measured, measured, metric, placeOfValue } from "./measured";
import { detailed, gridsByCode, isTiled, region } from "./page";
import { measuredLevel } from "./places";
import { isInSight } from "./ranking";
import { isNarrow } from "./screen";

/** The radius of the greatest, in pixels: a telephone shows the whole county at half the size. */
const GREATEST_PX = isNarrow ? 7 : 12;

/** The radius of a rate's. */
const RATE_PX = GREATEST_PX / 2;

export type Circled = { row: Measured; radius: number };

/** Those of the areas as they are measured. */
export const circled = computed(() => circledOf(measured.value ?? []));

/** Of counts of incidents all; of homes and of rates those in the highest class: too few of them are no crowd. */
export function circledOf(all: readonly Measured[]): readonly Circled[] {
  const { unit } = metric.value;
  if (!detailed.value || isHeat.value || isTiled(measuredLevel.value)) return [];
  if (unit !== "homes" && unit !== "count" && !isRate(unit)) return [];
  const rows = all.filter((row) => isInSight(row) && isCircled(row, unit) && isSmall(row.code));
  const greatest = Math.max(...rows.map(({ value }) => value ?? 0));
  const radius = (value: number) => (isRate(unit) ? RATE_PX : GREATEST_PX * Math.sqrt(value / greatest));
  return rows.map((row) => ({ row, radius: radius(row.value ?? 0) }));
}

/** Tells whether an area is narrower than a circle, in a window that shows all of the region. */
function isSmall(code: string): boolean {
  const [geometry, bbox] = [gridsByCode.value.get(code)?.grid.geometry, region.value.value?.bbox];
  if (!geometry || !bbox) return false;
  const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  const lons = rings.flat().map(([lon]) => lon);
  const share = (Math.max(...lons) - Math.min(...lons)) / (bbox[2] - bbox[0]);
  return share * WINDOW_PX < 2 * GREATEST_PX;
}

/** The width of a usual map. */
const WINDOW_PX = isNarrow ? 400 : 900;

/** A rate of incidents; a change has two ends. */
function isRate(unit: string): boolean {
  return unit === "per_100" && metric.value !== CHANGE_METRIC;
}

function isCircled({ value }: Measured, unit: string): boolean {
  const at = placeOfValue(value);
  return typeof at === "number" && (unit === "count" || at === classes.value.classes.length - 1);
}
