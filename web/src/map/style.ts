import type {
  ExpressionSpecification,
  LayerSpecification,
  StyleSpecification,
  SymbolLayerSpecification,
  VectorSourceSpecification,
} from "maplibre-gl";
import type { Points } from "../api/tiles";
import type { Palette } from "../state/palette";
import type { Areas } from "../state/tiles";
import { answerLayers } from "./answerLayers";
import { persistent } from "./persistent";

/** What is drawn of the page's own, by source: each is filled by a function of `draw.ts`, and there once it was. */
export type SourceName =
  | "graticule"
  | "ground"
  | "outlines"
  | "labels"
  | "circles"
  | "reports"
  | "hover"
  | "selection"
  | "fallback"
  | "candidates"
  | "accuracy"
  | "place";

/** The one font of the map, the page's own: files of this server, each fetched when one of its characters is drawn. */
export const FONT = "Noto Sans SC";

/** As near as the map goes: a few dozen metres across. */
export const MAX_ZOOM = 18;

/** How strong the degrees of the graticule are. */
export const DEGREES_OPACITY = 0.65;

/** The pictures of patterns: not known, in no grid, over the ceiling. */
export const PATTERNS = ["hatch", "gap", "dots"] as const;
export type PatternName = (typeof PATTERNS)[number];

/**
 * What the state of an area says: its colour, which is faint where the legend hides it, whether it has a pattern, and
 * whether it is marked, where its tiles alone can show that.
 */
export type AreaState = { colour: string | null; hatch: boolean; dots: boolean; marked: boolean };

/** A colour as it is where the legend hides its class: an eighth of it. */
export function faint(colour: string): string {
  return `${colour}1f`;
}

/** All layers that show a level's tiles: those of {@link areaLayers} and {@link tiledLayers}. */
export const AREA_LAYERS = ["areas", "areas-hatch", "areas-dots", "areas-line", "areas-hover", "areas-names"] as const;

/**
 * What the map begins with: its areas where they are known by then, so that it asks for their tiles with its first frame.
 * No glyph server, nothing from elsewhere; other sources come with what is in them. The page's own colour lies under it
 * all: a layer of one colour would cost as much as the areas do.
 */
export function style(palette: Palette, areas: Areas | null): StyleSpecification {
  return {
    version: 8,
    sources: areas ? { areas: areaSource(areas) } : {},
    layers: areas ? firstLayers(palette, areas.level) : [],
    transition: { duration: 0, delay: 0 },
  };
}

export function areaSource({ level, from }: Areas): VectorSourceSpecification {
  const { minZoom: minzoom, maxZoom: maxzoom } = from;
  return { type: "vector", tiles: persistent(from.tiles), minzoom, maxzoom, promoteId: { [level]: "id" } };
}

/** Those that say what is known of an area: the map is seen with them first, the rest follows. */
const FIRST_LAYERS: readonly string[] = ["areas", "areas-hatch"] satisfies (typeof AREA_LAYERS)[number][];

export function firstLayers(palette: Palette, level: string): LayerSpecification[] {
  return areaLayers(palette, level).filter(({ id }) => FIRST_LAYERS.includes(id));
}

/** The layers from the bottom up, in the colours of `palette`; the areas are those of `level`. */
export function layers(palette: Palette, level: string): LayerSpecification[] {
  return [
    ...groundLayers(palette),
    ...areaLayers(palette, level),
    hoverLayer(palette, level),
    outlineLayer(palette),
    circleLayer(palette),
    pointLayer(palette, "households", palette.home),
    pointLayer(palette, "incidents", palette.point),
    ...reportLayers(palette),
    ...selectionLayers(palette),
    namesLayer(palette, level),
    labelLayer(palette),
    ...answerLayers(palette),
  ];
}

function groundLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: "graticule",
      type: "line",
      source: "graticule",
      filter: ["!", ["has", "name"]],
      paint: { "line-color": palette.graticule, "line-width": 1 },
    },
    {
      id: "graticule-names",
      type: "symbol",
      source: "graticule",
      filter: ["has", "name"],
      layout: {
        "text-field": ["get", "name"],
        "text-font": [FONT],
        "text-size": 10.5,
        "text-anchor": ["get", "anchor"],
      },
      paint: { "text-color": palette.outline, "text-opacity": DEGREES_OPACITY },
    },
    // All of the place is crossed out; the areas lie over it, so what shows is in no grid.
    { id: "ground", type: "fill", source: "ground", paint: { "fill-pattern": "gap" } },
  ];
}

/** The areas of a level, as they are in its vector tiles. */
export function areaLayers(palette: Palette, level: string, opacity = 1): LayerSpecification[] {
  const from: AreaSource = { source: "areas", "source-layer": level };
  return [
    {
      id: "areas",
      type: "fill",
      ...from,
      paint: {
        "fill-color": ["to-color", ["feature-state", "colour"], palette.none],
        "fill-opacity": opacity,
        "fill-antialias": false,
      },
    },
    // Patterns are drawn only while an area has one: to fill every area with nothing costs as much as with something.
    patternLayer("hatch", from),
    patternLayer("dots", from),
    {
      id: "areas-line",
      type: "line",
      ...from,
      layout: { "line-join": "miter" },
      paint: {
        "line-color": palette.line,
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.35, 11, 0.8, 14, 1.6],
        "line-opacity": 0.85,
      },
    },
  ];
}

type AreaSource = { source: "areas"; "source-layer": string };

function patternLayer(name: "hatch" | "dots", from: AreaSource): LayerSpecification {
  const opacity: ExpressionSpecification = ["case", ["boolean", ["feature-state", name], false], 1, 0];
  // With smooth edges every pattern would be drawn twice.
  const paint = { "fill-pattern": name, "fill-opacity": opacity, "fill-antialias": false };
  return { id: `areas-${name}`, type: "fill", ...from, layout: { visibility: "none" }, paint };
}

function outlineLayer(palette: Palette): LayerSpecification {
  const rank: ExpressionSpecification = ["get", "rank"];
  return {
    id: "outlines",
    type: "line",
    source: "outlines",
    layout: { "line-join": "round", "line-sort-key": rank },
    paint: {
      "line-color": palette.outline,
      "line-width": ["interpolate", ["linear"], ["zoom"], 8, outlineWidth(rank, 0.35), 13, outlineWidth(rank, 0.9)],
      "line-opacity": ["match", rank, 1, 0.38, 0.85],
    },
  };
}

function circleLayer(palette: Palette): LayerSpecification {
  return {
    id: "circles",
    type: "circle",
    source: "circles",
    filter: ["<", ["zoom"], ["get", "to"]],
    layout: { "circle-sort-key": ["-", 0, ["get", "radius"]] },
    paint: {
      "circle-radius": ["get", "radius"],
      "circle-color": ["get", "colour"],
      "circle-stroke-color": palette.dots,
      "circle-stroke-width": 1.2,
    },
  };
}

/** Homes or incidents one by one, as they are in their vector tiles. */
export function pointLayer(palette: Palette, points: Points, colour: string): LayerSpecification {
  return {
    id: points,
    type: "circle",
    source: "points",
    "source-layer": points,
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 2, 14, 2.6, 18, 6.5],
      "circle-color": colour,
      "circle-stroke-color": palette.halo,
      "circle-stroke-width": 1,
    },
  };
}

/** Lines grow with the levels they stand above the one shown. */
function outlineWidth(rank: ExpressionSpecification, unit: number): ExpressionSpecification {
  return ["*", unit, ["+", 0.1, ["*", 1.3, rank]]];
}

function reportLayers(palette: Palette): LayerSpecification[] {
  const [clear, faint, middle, strong, full] = palette.heat;
  return [
    {
      id: "heat",
      type: "heatmap",
      source: "reports",
      paint: {
        "heatmap-weight": ["min", 4, ["get", "n"]],
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
      source: "reports",
      minzoom: 11.5,
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 11.5, 1.6, 15, 4.5],
        "circle-color": palette.point,
        "circle-stroke-color": palette.halo,
        "circle-stroke-width": 1,
      },
    },
    {
      id: "fallback",
      type: "circle",
      source: "fallback",
      paint: {
        "circle-radius": 13,
        "circle-opacity": 0,
        "circle-stroke-color": palette.gap,
        "circle-stroke-width": 2.5,
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
  return [
    { ...line("hover", palette.outline, 2.2), source: "hover" } as LayerSpecification,
    line("selection-case", palette.selectionCase, 5.5),
    line("selection", palette.selection, 2.8),
  ];
}

/** What shows the area under the pointer, and names, where there are only tiles: both by the tiles themselves. */
export function tiledLayers(palette: Palette, level: string, namesFrom: number): LayerSpecification[] {
  return [hoverLayer(palette, level), { ...namesLayer(palette, level), minzoom: namesFrom }];
}

function hoverLayer(palette: Palette, level: string): LayerSpecification {
  const isMarked: ExpressionSpecification = ["boolean", ["feature-state", "marked"], false];
  return {
    id: "areas-hover",
    type: "line",
    source: "areas",
    "source-layer": level,
    layout: { "line-join": "round" },
    paint: {
      "line-color": ["case", isMarked, palette.selection, palette.outline],
      "line-width": 2.2,
      "line-opacity": ["case", ["any", isMarked, ["boolean", ["feature-state", "hover"], false]], 1, 0],
    },
  };
}

/** Names by the points of the tiles: each area's stands in one of them. */
function namesLayer(palette: Palette, level: string): SymbolLayerSpecification {
  const from = { id: "areas-names", source: "areas", "source-layer": `${level}_names` };
  return names(palette, from, { "text-field": ["coalesce", ["get", "name"], ["get", "code"]] });
}

function labelLayer(palette: Palette): SymbolLayerSpecification {
  const layer = names(
    palette,
    { id: "labels", source: "labels" },
    {
      "text-field": ["get", "name"],
      "text-size": ["interpolate", ["linear"], ["get", "rank"], 0, 12, 2, 14.5],
      "text-letter-spacing": ["interpolate", ["linear"], ["get", "rank"], 0, 0, 2, 0.12],
      "symbol-sort-key": ["-", 0, ["get", "rank"]],
    },
  );
  return { ...layer, filter: ["all", [">=", ["zoom"], ["get", "from"]], ["<=", ["zoom"], ["get", "to"]]] };
}

/** How every name of an area is written. */
function names(
  palette: Palette,
  from: { id: string; source: string; "source-layer"?: string },
  layout: NonNullable<SymbolLayerSpecification["layout"]>,
): SymbolLayerSpecification {
  return {
    ...from,
    type: "symbol",
    layout: { "text-font": [FONT], "text-size": 12, "text-max-width": 9, "text-padding": 3, ...layout },
    paint: {
      "text-color": palette.label,
      "text-halo-color": palette.halo,
      "text-halo-width": 1.5,
      "text-halo-blur": 0.4,
    },
  };
}
