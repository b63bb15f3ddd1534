import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Palette } from "../state/palette";
import { FONT, fontFaces } from "./fonts";

/** The sources of the style: each is filled by the function in `draw.ts` that carries its name. */
export const SOURCES = ["areas", "outlines", "labels", "incidents", "selection", "place"] as const;
export type SourceName = (typeof SOURCES)[number];

/** As near as the map goes: a few dozen metres across. */
export const MAX_ZOOM = 18;

/** The picture that fills areas without homes. */
export const HATCH = "hatch";

/** The whole style of the map: no tiles, no glyph server, nothing from elsewhere. */
export function style(palette: Palette): StyleSpecification {
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } } as const;
  return {
    version: 8,
    "font-faces": fontFaces(),
    sources: Object.fromEntries(SOURCES.map((name) => [name, name === "areas" ? { ...empty, tolerance: 0.2 } : empty])),
    layers: layers(palette),
    transition: { duration: 0, delay: 0 },
  };
}

/** The layers from the bottom up, in the colours of `palette`. */
export function layers(palette: Palette): LayerSpecification[] {
  return [
    { id: "background", type: "background", paint: { "background-color": palette.background } },
    ...areaLayers(palette),
    ...incidentLayers(palette),
    ...selectionLayers(palette),
    labelLayer(palette),
    ...placeLayers(palette),
  ];
}

function areaLayers(palette: Palette): LayerSpecification[] {
  const rank: ExpressionSpecification = ["get", "rank"];
  return [
    {
      id: "areas",
      type: "fill",
      source: "areas",
      paint: { "fill-color": areaColour(palette), "fill-antialias": false },
    },
    {
      id: "areas-none",
      type: "fill",
      source: "areas",
      filter: ["==", ["get", "class"], "none"],
      paint: { "fill-pattern": HATCH },
    },
    {
      id: "areas-line",
      type: "line",
      source: "areas",
      layout: { "line-join": "round" },
      paint: {
        "line-color": palette.line,
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.35, 11, 0.8, 14, 1.6],
        "line-opacity": 0.85,
      },
    },
    {
      id: "outlines",
      type: "line",
      source: "outlines",
      layout: { "line-join": "round", "line-sort-key": rank },
      paint: {
        "line-color": palette.outline,
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, outlineWidth(rank, 0.35), 13, outlineWidth(rank, 0.9)],
        "line-opacity": ["match", rank, 1, 0.38, 0.85],
      },
    },
  ];
}

/** Lines grow with the levels they stand above the one shown. */
function outlineWidth(rank: ExpressionSpecification, unit: number): ExpressionSpecification {
  return ["*", unit, ["+", 0.1, ["*", 1.3, rank]]];
}

function areaColour({ ramp, none }: Palette): ExpressionSpecification {
  return ["match", ["get", "place"], 0, ramp[0], 1, ramp[1], 2, ramp[2], 3, ramp[3], 4, ramp[4], none];
}

function incidentLayers(palette: Palette): LayerSpecification[] {
  const [clear, faint, middle, strong, full] = palette.heat;
  return [
    {
      id: "heat",
      type: "heatmap",
      source: "incidents",
      layout: { visibility: "none" },
      paint: {
        "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 7.5, 9, 9.5, 25, 11, 40, 15, 90],
        "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 7.5, 0.3, 9.5, 0.36, 13, 0.8],
        "heatmap-opacity": 0.86,
        "heatmap-color": [
          "interpolate",
          ["linear"],
          ["heatmap-density"],
          ...[0, clear, 0.15, faint, 0.4, middle, 0.7, strong, 1, full],
        ] as unknown as ExpressionSpecification,
      },
    },
    {
      id: "heat-points",
      type: "circle",
      source: "incidents",
      minzoom: 11.5,
      layout: { visibility: "none" },
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 11.5, 1.6, 15, 4.5],
        "circle-color": palette.point,
        "circle-stroke-color": palette.halo,
        "circle-stroke-width": 1,
      },
    },
  ];
}

function selectionLayers(palette: Palette): LayerSpecification[] {
  const line = (id: string, colour: string, width: number): LayerSpecification => ({
    id,
    type: "line",
    source: "selection",
    layout: { "line-join": "round" },
    paint: { "line-color": colour, "line-width": width },
  });
  return [line("selection-case", palette.selectionCase, 5.5), line("selection", palette.selection, 2.8)];
}

function labelLayer(palette: Palette): LayerSpecification {
  return {
    id: "labels",
    type: "symbol",
    source: "labels",
    filter: ["all", [">=", ["zoom"], ["get", "from"]], ["<=", ["zoom"], ["get", "to"]]],
    layout: {
      "text-field": ["get", "name"],
      "text-font": [FONT],
      "text-size": ["interpolate", ["linear"], ["get", "rank"], 0, 12, 2, 14.5],
      "text-letter-spacing": ["interpolate", ["linear"], ["get", "rank"], 0, 0, 2, 0.12],
      "text-max-width": 9,
      "text-padding": 3,
      "symbol-sort-key": ["-", 0, ["get", "rank"]],
    },
    paint: {
      "text-color": palette.label,
      "text-halo-color": palette.halo,
      "text-halo-width": 1.5,
      "text-halo-blur": 0.4,
    },
  };
}

function placeLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: "place-ring",
      type: "circle",
      source: "place",
      paint: { "circle-radius": 9, "circle-color": palette.selectionCase, "circle-opacity": 0.95 },
    },
    { id: "place", type: "circle", source: "place", paint: { "circle-radius": 6, "circle-color": palette.selection } },
  ];
}
