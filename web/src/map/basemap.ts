/** Pictures of the surroundings, laid under everything else. */
import { addProtocol, type LayerSpecification, type Map as MapLibre, type StyleSpecification } from "maplibre-gl";
import type { Basemap } from "../api/basemaps";
import { askPicture, askStyle } from "../api/pictures";
import { lowest } from "./order";
import { piecesOf } from "./shift";

const PREFIX = "basemap";
const SHIFTED = "gcj02";

/** Lays a basemap under the grids, instead of the one before. */
export function showBasemap(map: MapLibre, basemap: Basemap | null): void {
  clear(map);
  wanted = basemap?.id ?? null;
  if (!basemap) return;
  if (basemap.kind === "style") void layStyle(map, basemap);
  else layPictures(map, basemap);
}

/** The basemap that was chosen last: a style that comes later than another choice is not laid. */
let wanted: string | null = null;

function clear(map: MapLibre): void {
  for (const { id } of map.getStyle().layers) if (id.startsWith(PREFIX)) map.removeLayer(id);
  for (const id of Object.keys(map.getStyle().sources)) if (id.startsWith(PREFIX)) map.removeSource(id);
}

function layPictures(map: MapLibre, { url, frame, tileSize, maxZoom }: Basemap): void {
  const tiles = [frame === "gcj02" ? `${SHIFTED}://${tileSize}/{z}/{x}/{y}/${encodeURIComponent(url)}` : url];
  map.addSource(PREFIX, { type: "raster", tiles, tileSize, maxzoom: maxZoom });
  map.addLayer({ id: PREFIX, type: "raster", source: PREFIX, paint: { "raster-fade-duration": 0 } }, lowest(map));
}

async function layStyle(map: MapLibre, { id, url }: Basemap): Promise<void> {
  const style = (await askStyle(url, new AbortController().signal).catch(() => null)) as StyleSpecification | null;
  if (!style?.layers || wanted !== id) return;
  for (const [name, source] of Object.entries(style.sources)) map.addSource(`${PREFIX}-${name}`, source);
  if (style.glyphs) map.setGlyphs(style.glyphs);
  if (typeof style.sprite === "string") map.setSprite(style.sprite);
  for (const layer of style.layers) {
    const source = "source" in layer ? { source: `${PREFIX}-${String(layer.source)}` } : {};
    map.addLayer({ ...layer, ...source, id: `${PREFIX}-${layer.id}` } as LayerSpecification, lowest(map));
  }
}

/** Lets MapLibre ask for `gcj02://SIZE/Z/X/Y/TEMPLATE`: the tile put together from the pictures that are off. */
export function serveShifted(): void {
  addProtocol(SHIFTED, async ({ url }, { signal }) => {
    const [size = 256, z = 0, x = 0, y = 0] = url
      .slice(SHIFTED.length + 3)
      .split("/")
      .map(Number);
    const template = decodeURIComponent(url.split("/").slice(6).join("/"));
    const canvas = new OffscreenCanvas(size, size);
    const pen = canvas.getContext("2d");
    await Promise.all(
      piecesOf({ z, x, y }).map(async ({ tile, dx, dy }) => {
        const address = template.replace("{z}", `${tile.z}`).replace("{x}", `${tile.x}`).replace("{y}", `${tile.y}`);
        const picture = await askPicture(address, signal);
        if (picture) pen?.drawImage(picture, dx * size, dy * size, size, size);
        picture?.close();
      }),
    );
    return { data: await createImageBitmap(canvas) };
  });
}
