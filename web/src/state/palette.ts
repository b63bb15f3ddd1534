/** The colours of the map, for light and dark surroundings. Ramps run one way in lightness, so they hold without hue. */
export type Palette = {
  background: string;
  /** Areas without a home, and areas whose homes are not known. */
  none: string;
  hatch: string;
  /** Few homes to many, one per class. */
  ramp: readonly [string, string, string, string, string];
  line: string;
  outline: string;
  label: string;
  halo: string;
  selection: string;
  selectionCase: string;
  /** Few reports to many; the first is transparent. */
  heat: readonly [string, string, string, string, string];
  point: string;
};

const light: Palette = {
  background: "#f4f2ec",
  none: "#e9e6de",
  hatch: "#c4bfb2",
  ramp: ["#dcebe9", "#aed3d3", "#74b1b8", "#3d8799", "#1b5a72"],
  line: "#ffffff",
  outline: "#2c4650",
  label: "#14262d",
  halo: "#ffffff",
  selection: "#c2185b",
  selectionCase: "#ffffff",
  heat: ["rgba(253,208,130,0)", "rgba(253,200,110,0.75)", "#f58f3c", "#d9481c", "#7f1410"],
  point: "#8f1d10",
};

const dark: Palette = {
  background: "#11171a",
  none: "#1d2529",
  hatch: "#3a464c",
  ramp: ["#1d3a44", "#25586a", "#3a8095", "#6db0ba", "#b9dedb"],
  line: "#11171a",
  outline: "#c9d6d8",
  label: "#f2f6f6",
  halo: "#11171a",
  selection: "#ff6fa8",
  selectionCase: "#11171a",
  heat: ["rgba(120,30,20,0)", "rgba(150,40,25,0.75)", "#d9481c", "#f58f3c", "#ffe3a8"],
  point: "#ffd9a0",
};

export type Theme = "light" | "dark";

export const palettes: Record<Theme, Palette> = { light, dark };

/** Where on the ramp a class stands: with fewer classes than colours they are spread over all of it. */
export function rampPlace(place: number, nClasses: number): number {
  return nClasses < 2 ? 2 : Math.round((place * 4) / (nClasses - 1));
}

/** The colours as CSS custom properties, for the legend: it cannot differ from the map. */
export function properties(palette: Palette): [name: string, value: string][] {
  return [
    ...palette.ramp.map((colour, n): [string, string] => [`--ramp-${n}`, colour]),
    ["--none", palette.none],
    ["--hatch", palette.hatch],
    ["--map", palette.background],
    ["--heat", `linear-gradient(90deg, ${palette.heat.join(", ")})`],
  ];
}
