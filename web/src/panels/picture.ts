/** The map as a picture that can be read alone: its title above, its legend and its date below. */

import { basemap } from "../state/basemaps";
import { classes, measuring, metric, ramp } from "../state/measured";
import { region, words } from "../state/page";
import { palettes, rampPlace } from "../state/palette";
import { measuredLevel, path } from "../state/places";
import { areaName, levelName, limitText, metricName, named } from "../state/text";
import { theme } from "../state/theme";

/** Draws title and legend about the map; sizes follow the pixels of the screen. */
export function drawPicture(map: HTMLCanvasElement): HTMLCanvasElement {
  const unit = devicePixelRatio;
  const picture = document.createElement("canvas");
  const [head, foot] = [56 * unit, 52 * unit];
  picture.width = map.width;
  picture.height = map.height + head + foot;
  const pen = picture.getContext("2d");
  if (!pen) return map;
  const styles = getComputedStyle(document.documentElement);
  const [paper, ink, muted] = ["--paper", "--ink", "--muted"].map((name) => styles.getPropertyValue(name));
  pen.fillStyle = paper ?? "#fff";
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.drawImage(map, 0, head);
  pen.textBaseline = "middle";
  pen.fillStyle = ink ?? "#000";
  pen.font = `600 ${20 * unit}px "Noto Sans SC", sans-serif`;
  pen.fillText(pictureTitle(), 16 * unit, head / 2);
  drawLegend(pen, head + map.height + foot / 3, unit, ink ?? "#000");
  pen.font = `${11 * unit}px "Noto Sans SC", sans-serif`;
  pen.fillStyle = muted ?? "#666";
  pen.fillText(sourceLine(), 16 * unit, head + map.height + (foot * 4) / 5);
  return picture;
}

/** What the map shows, in one line. */
export function pictureTitle(): string {
  const here = region.value.value;
  const place = path.value.at(-1);
  const where = place ? areaName(place, place.level) : here ? named(here.names) : "";
  const level = measuredLevel.value;
  const what = measuring.value.value ? metricName(metric.value) : "";
  return [where, what, level === null ? "" : levelName(level)].filter((part) => part !== "").join(" · ");
}

/** Where its numbers are from. */
export function sourceLine(): string {
  const { attribution = "", approval = null } = basemap.value ?? {};
  const parts = [
    `${words.value.asOfRevision} ${region.value.value?.revision ?? ""}`,
    new Date().toISOString().slice(0, 10),
    attribution,
    approval === null ? "" : `${words.value.approval} ${approval}`,
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

function drawLegend(pen: CanvasRenderingContext2D, y: number, unit: number, ink: string): void {
  const colours = palettes[theme.value].ramps[ramp.value];
  const spans = classes.value.classes;
  let x = 16 * unit;
  pen.font = `${12 * unit}px "Noto Sans SC", sans-serif`;
  spans.forEach(({ from, to }, place) => {
    pen.fillStyle = colours[rampPlace(place, ramp.value, spans.length)] ?? "#888";
    pen.fillRect(x, y - 7 * unit, 22 * unit, 14 * unit);
    pen.fillStyle = ink;
    const text = `${limitText(metric.value, from)}–${limitText(metric.value, to)}`;
    pen.fillText(text, x + 28 * unit, y);
    x += 44 * unit + pen.measureText(text).width;
  });
}
