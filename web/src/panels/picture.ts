/** The map as a picture that can be read alone: what it shows above it, its legend and the date of its data below. */

import { captionDetails, captionSource, captionTitle } from "../state/caption";
import { isOff, type LegendRow, legend, rowText } from "../state/legend";
import { isHeat } from "../state/measured";
import { words } from "../state/page";
import { partsText } from "../state/pairNames";
import { palettes } from "../state/palette";
import { theme } from "../state/theme";
import { drawHeat, drawMark } from "./marks";

/** In pixels of the page. */
const MARGIN = 16;
const LINE = 18;
const TITLE = 30;
const MARK = 28;
const GAP = 20;

/** A text, or a line of the legend with its mark, and where it goes. */
type Item = { x: number; y: number; text: string; row?: LegendRow };

/** Pixels for each of the page: a picture is put into reports, and looked at larger than on the screen. */
export const unit = Math.max(2, devicePixelRatio);

/** Draws everything a reader needs about the map, which has `unit` pixels for each of the page. */
export function drawPicture(map: HTMLCanvasElement): HTMLCanvasElement {
  const width = map.width / unit;
  const picture = document.createElement("canvas");
  const pen = picture.getContext("2d");
  if (!pen) return map;
  const head = flow(pen, texts([...captionDetails.value, ...(partsText.value ? [partsText.value] : [])]), width, TITLE);
  const title = fitted(pen, captionTitle.value, width - 2 * MARGIN);
  const rows = flow(pen, legendItems(), width, 8 + (isHeat.value ? LINE : 0));
  const source = flow(pen, texts(captionSource.value), width, rows.height + 4);
  const [above, below] = [head.height + 6, source.height + 8];
  [picture.width, picture.height] = [map.width, map.height + Math.ceil((above + below) * unit)];
  const styles = getComputedStyle(document.documentElement);
  const [paper = "#fff", ink = "#000", muted = "#666"] = ["--paper", "--ink", "--muted"].map((name) =>
    styles.getPropertyValue(name),
  );
  pen.fillStyle = paper;
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.drawImage(map, 0, Math.ceil(above * unit));
  pen.scale(unit, unit);
  pen.textBaseline = "middle";
  pen.fillStyle = ink;
  pen.font = title.font;
  pen.fillText(captionTitle.value, MARGIN, TITLE / 2 + 4);
  write(pen, head.items, 0, ink);
  const foot = above + map.height / unit;
  if (isHeat.value) heatLine(pen, foot + LINE, ink);
  write(pen, rows.items, foot, ink);
  write(pen, source.items, foot, muted);
  return picture;
}

const FONT = '12px "Noto Sans SC", sans-serif';

/** The largest font in which a title is no wider than there is room. */
function fitted(pen: CanvasRenderingContext2D, text: string, room: number): { font: string } {
  for (let size = 20; ; size--) {
    const font = `600 ${size}px "Noto Sans SC", sans-serif`;
    pen.font = font;
    if (size <= 8 || pen.measureText(text).width <= room) return { font };
  }
}

function texts(parts: readonly string[]): Omit<Item, "x" | "y">[] {
  return parts.map((text) => ({ text }));
}

function legendItems(): Omit<Item, "x" | "y">[] {
  return legend.value.map((row) => ({ text: rowText(row), row }));
}

/** Sets items side by side, from one line to the next where there is no more room. */
function flow(pen: CanvasRenderingContext2D, wanted: readonly Omit<Item, "x" | "y">[], width: number, top: number) {
  pen.font = FONT;
  let [x, y] = [MARGIN, top + LINE / 2];
  const items = wanted.map((one): Item => {
    const room = pen.measureText(one.text).width + (one.row ? MARK : 0);
    if (x > MARGIN && x + room > width - MARGIN) [x, y] = [MARGIN, y + LINE];
    const item = { ...one, x, y };
    x += room + GAP;
    return item;
  });
  return { items, height: items.length === 0 ? top : y + LINE / 2 };
}

function write(pen: CanvasRenderingContext2D, items: readonly Item[], top: number, ink: string): void {
  pen.font = FONT;
  for (const { x, y, text, row } of items) {
    pen.globalAlpha = row && isOff(row) ? 0.35 : 1;
    if (row) drawMark(pen, row.mark, x, top + y);
    pen.fillStyle = ink;
    pen.fillText(text, x + (row ? MARK : 0), top + y);
    pen.globalAlpha = 1;
  }
}

function heatLine(pen: CanvasRenderingContext2D, y: number, ink: string): void {
  const { few, many } = words.value;
  pen.font = FONT;
  pen.fillStyle = ink;
  pen.fillText(few, MARGIN, y);
  const from = MARGIN + pen.measureText(few).width + 8;
  drawHeat(pen, palettes[theme.value].heat, from, y);
  pen.fillStyle = ink;
  pen.fillText(many, from + 128, y);
}
