/** What the pointer and the keyboard do on a map: they tell what lies there, and choose it or ask about it. */
import type { Map as MapLibre } from "maplibre-gl";
import { askAt, askThere } from "../state/answer";
import { measuredByCode } from "../state/measured";
import { hovered, task } from "../state/page";
import { choose, drillInto } from "../state/places";
import { isNarrow } from "../state/screen";

/** The layers whose areas are hit by pointer and click. */
const LAYERS = ["circles", "areas"];

/** Listens on a map; `isEarlier` says that it shows the days that are compared with. */
export function listen(map: MapLibre, isEarlier = false): void {
  map.on("click", ({ lngLat, point }) => {
    const { lng, lat } = lngLat.wrap();
    act(map, { lon: lng, lat }, point);
  });
  map.on("mousemove", ({ point }) => hover(map, point, isEarlier));
  const leave = () => {
    hovered.value = null;
  };
  map.on("mouseout", leave);
  map.on("movestart", leave);
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const center = map.getCenter();
    act(map, { lon: center.lng, lat: center.lat }, map.project(center));
  });
}

function hover(map: MapLibre, { x, y }: { x: number; y: number }, isEarlier: boolean): void {
  const { code, name } = hitAt(map, { x, y });
  if (typeof code !== "string") {
    hovered.value = null;
    return;
  }
  const { clientWidth, clientHeight, offsetLeft, offsetTop } = map.getContainer();
  hovered.value = {
    code,
    name: typeof name === "string" ? name : null,
    at: { x: offsetLeft + x, y: offsetTop + y, toLeft: x > clientWidth / 2, above: y > clientHeight / 2, isEarlier },
  };
}

/** What a click means is said by the task: go into the area, choose it, or ask who answers. */
function act(map: MapLibre, at: { lon: number; lat: number }, point: { x: number; y: number }): void {
  // A finger hovers over nothing: what it was taken for would stay on the pin.
  hovered.value = null;
  if (task.value === "locate") {
    // On a small screen a finger covers whole villages: the answer is seen only from near.
    const ask = isNarrow ? askThere : askAt;
    ask(at.lon, at.lat, "wgs84");
    return;
  }
  const { code } = hitAt(map, point);
  if (typeof code !== "string" || !measuredByCode.value.has(code)) return;
  if (task.value === "coverage") drillInto(code);
  else choose(code);
}

/** What is known of the area at a pixel: the one of the circle there, else the one that covers it. */
function hitAt(map: MapLibre, { x, y }: { x: number; y: number }): Record<string, unknown> {
  const layers = LAYERS.filter((layer) => map.getLayer(layer));
  return map.queryRenderedFeatures([x, y], { layers })[0]?.properties ?? {};
}
