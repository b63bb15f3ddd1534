import type { Ramp } from "./metrics";
import type { Theme } from "./url";

/**
 * The colours of the map, for light and dark surroundings. Ramps run one way in lightness, so they hold without hue; the
 * one about a target runs from blue to orange, which colour-blind readers tell apart, and its last class has dots, too.
 */
export type Palette = {
  background: string;
  /** Areas that are not measured, and areas with nothing to measure. */
  none: string;
  /** Slanted lines: not known, or not told. */
  hatch: string;
  /** Crossed lines: ground in no grid. */
  gap: string;
  dots: string;
  ramps: Readonly<Record<Ramp, readonly string[]>>;
  line: string;
  outline: string;
  label: string;
  halo: string;
  selection: string;
  selectionCase: string;
  graticule: string;
  /** Few reports to many; the first is transparent. */
  heat: readonly [string, string, string, string, string];
  point: string;
  /** A single home. */
  home: string;
};

const light: Palette = {
  background: "#f4f2ec",
  none: "#e9e6de",
  hatch: "#b3ad9f",
  gap: "#b8301a",
  dots: "#5b1f00",
  ramps: {
    sequential: ["#e3efed", "#c3dfdd", "#9accce", "#6fb0b8", "#478fa0", "#286f88", "#14506b"],
    target: ["#6f9fd0", "#cfe0ea", "#e9e4d6", "#f3c98b", "#d9731a"],
    fault: ["#f7ddd0", "#f1bfa9", "#e69a7e", "#d77556", "#c25034", "#a2341c", "#7d1f0d"],
    change: ["#2a62a3", "#7fa9d3", "#cfdfec", "#f5dcc2", "#e8a35c", "#b9540f"],
    heat: ["#fdeccb", "#fbd79c", "#f6b868", "#ec933f", "#d66a24", "#b04415", "#7f260d"],
  },
  line: "#ffffff",
  outline: "#2c4650",
  label: "#14262d",
  halo: "#ffffff",
  selection: "#a3135e",
  selectionCase: "#ffffff",
  graticule: "#d8d3c6",
  heat: ["rgba(253,208,130,0)", "rgba(253,200,110,0.75)", "#f58f3c", "#d9481c", "#7f1410"],
  point: "#8f1d10",
  home: "#1d6b45",
};

const dark: Palette = {
  background: "#11171a",
  none: "#1d2529",
  hatch: "#56646a",
  gap: "#ff8a6b",
  dots: "#fff1dd",
  ramps: {
    sequential: ["#1b333b", "#1f4553", "#27596c", "#377489", "#5394a5", "#80b7bd", "#b9dedb"],
    target: ["#5b8fc9", "#2f4a5f", "#2d3230", "#8a6130", "#f09a3e"],
    fault: ["#3a2420", "#552c23", "#753727", "#98452d", "#bd5b3c", "#dd7f5e", "#f5b096"],
    change: ["#7fb4f0", "#4a7bb5", "#2b4560", "#54402a", "#a8692b", "#f5a650"],
    heat: ["#3a2c1a", "#57391b", "#784719", "#9d5a1c", "#c47327", "#e89a48", "#ffd28c"],
  },
  line: "#11171a",
  outline: "#c9d6d8",
  label: "#f2f6f6",
  halo: "#11171a",
  selection: "#ff6fa8",
  selectionCase: "#11171a",
  graticule: "#263035",
  heat: ["rgba(120,30,20,0)", "rgba(150,40,25,0.75)", "#d9481c", "#f58f3c", "#ffe3a8"],
  point: "#ffd9a0",
  home: "#7fd6a8",
};

export const palettes: Record<Theme, Palette> = { light, dark };

/** Where on its ramp a class stands: with fewer classes than colours they are spread over all of it. */
export function rampPlace(place: number, ramp: Ramp, nClasses: number): number {
  const last = light.ramps[ramp].length - 1;
  // The four classes about a target leave its middle colour out.
  if (ramp === "target" && nClasses === 4) return [0, 1, 3, 4][place] ?? last;
  if (nClasses < 2) return last - 2;
  return Math.round((place * last) / (nClasses - 1));
}

/** The colours as CSS custom properties, for the legend: it cannot differ from the map. */
export function properties(palette: Palette): [name: string, value: string][] {
  return [
    ...Object.entries(palette.ramps).flatMap(([ramp, colours]) =>
      colours.map((colour, n): [string, string] => [`--ramp-${ramp}-${n}`, colour]),
    ),
    ["--none", palette.none],
    ["--hatch", palette.hatch],
    ["--gap", palette.gap],
    ["--dots", palette.dots],
    ["--map", palette.background],
    ["--point", palette.point],
    ["--home", palette.home],
    ["--heat", `linear-gradient(90deg, ${palette.heat.join(", ")})`],
  ];
}
