import type { LayerSpecification } from "maplibre-gl";
import type { Palette } from "../state/palette";

/** How the place that was asked for is drawn, with the grids it may lie in: over everything else, the pin on top. */
export function answerLayers({ selection, selectionCase }: Palette): LayerSpecification[] {
  return [
    {
      id: "candidates-case",
      type: "line",
      source: "candidates",
      layout: { "line-join": "round" },
      paint: { "line-color": selectionCase, "line-width": 4 },
    },
    {
      id: "candidates",
      type: "line",
      source: "candidates",
      layout: { "line-join": "round" },
      paint: { "line-color": selection, "line-width": 2, "line-dasharray": [2, 1.5] },
    },
    { id: "accuracy", type: "fill", source: "accuracy", paint: { "fill-color": selection, "fill-opacity": 0.14 } },
    { id: "accuracy-line", type: "line", source: "accuracy", paint: { "line-color": selection, "line-width": 1.5 } },
    {
      id: "place-ring",
      type: "circle",
      source: "place",
      paint: { "circle-radius": 9, "circle-color": selectionCase, "circle-opacity": 0.95 },
    },
    { id: "place", type: "circle", source: "place", paint: { "circle-radius": 6, "circle-color": selection } },
  ];
}
