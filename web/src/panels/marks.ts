/** The marks of the legend, drawn with a pen as the style sheet draws them on the screen. */
import type { Place } from "../state/classes";
import type { LegendRow } from "../state/legend";
import { classes, isDotted, ramp } from "../state/measured";
import { type Palette, palettes, rampPlace } from "../state/palette";
import { theme } from "../state/theme";

const [WIDTH, HEIGHT] = [22, 14];

/** Draws a mark about the middle of a line of text. */
export function drawMark(pen: CanvasRenderingContext2D, mark: LegendRow["mark"], x: number, y: number): void {
  const palette = palettes[theme.value];
  if (mark === "circles") drawRing(pen, palette, x, y);
  else if (mark === "households" || mark === "incidents") drawDot(pen, palette, mark, x, y);
  else drawBox(pen, palette, mark, x, y);
}

function drawBox(pen: CanvasRenderingContext2D, palette: Palette, mark: Place | "gap", x: number, y: number): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, y - HEIGHT / 2, WIDTH, HEIGHT);
  pen.clip();
  pen.fillStyle = colourOf(mark, palette);
  pen.fill();
  if (mark === null) drawLines(pen, palette.hatch, x, y, [1]);
  if (mark === "gap") drawLines(pen, palette.gap, x, y, [1, -1]);
  if (typeof mark === "number" && isDotted(mark)) drawDots(pen, palette.dots, x, y);
  pen.strokeStyle = "rgb(128 128 128 / 0.5)";
  pen.stroke();
  pen.restore();
}

/** Draws few to many, from the left to the right. */
export function drawHeat(pen: CanvasRenderingContext2D, colours: Palette["heat"], x: number, y: number): void {
  const ramp = pen.createLinearGradient(x, 0, x + 120, 0);
  for (const [n, colour] of colours.entries()) ramp.addColorStop(n / (colours.length - 1), colour);
  pen.fillStyle = ramp;
  pen.fillRect(x, y - 5, 120, 10);
}

function colourOf(mark: Place | "gap", palette: Palette): string {
  if (typeof mark !== "number") return mark === "gap" ? palette.background : palette.none;
  return palette.ramps[ramp.value][rampPlace(mark, ramp.value, classes.value.classes.length)] ?? palette.none;
}

function drawDot(pen: CanvasRenderingContext2D, palette: Palette, mark: string, x: number, y: number): void {
  pen.beginPath();
  pen.arc(x + WIDTH / 2, y, 4.5, 0, 2 * Math.PI);
  pen.fillStyle = mark === "incidents" ? palette.point : palette.home;
  pen.fill();
}

function drawRing(pen: CanvasRenderingContext2D, palette: Palette, x: number, y: number): void {
  pen.beginPath();
  pen.arc(x + WIDTH / 2, y, 5.5, 0, 2 * Math.PI);
  pen.strokeStyle = palette.dots;
  pen.stroke();
}

/** Slanted lines over a mark: rising for -1, falling for 1. */
function drawLines(
  pen: CanvasRenderingContext2D,
  colour: string,
  x: number,
  y: number,
  slants: readonly number[],
): void {
  pen.beginPath();
  for (const slant of slants) {
    for (let at = -HEIGHT; at < WIDTH + HEIGHT; at += 5) {
      pen.moveTo(x + at, y - (slant * HEIGHT) / 2);
      pen.lineTo(x + at + HEIGHT, y + (slant * HEIGHT) / 2);
    }
  }
  pen.strokeStyle = colour;
  pen.stroke();
  pen.beginPath();
  pen.rect(x, y - HEIGHT / 2, WIDTH, HEIGHT);
}

function drawDots(pen: CanvasRenderingContext2D, colour: string, x: number, y: number): void {
  pen.fillStyle = colour;
  for (let row = 0; row < 2; row++) {
    for (let column = 0; column < 4; column++) {
      pen.beginPath();
      pen.arc(x + 3 + column * 5.5, y - 3.5 + row * 7, 1.3, 0, 2 * Math.PI);
      pen.fill();
    }
  }
  pen.beginPath();
  pen.rect(x, y - HEIGHT / 2, WIDTH, HEIGHT);
}
