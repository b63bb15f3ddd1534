/** Tiles of this server, which are asked for again until they come or are not wanted any more, as everything else is. */
import { addProtocol } from "maplibre-gl";
import { askBytes } from "../api/client";

const PROTOCOL = "persistent";

/** The addresses of tiles as MapLibre has to know them for {@link servePersistent}. */
export function persistent(templates: readonly string[]): string[] {
  return templates.map((template) => `${PROTOCOL}://${template}`);
}

/** Lets MapLibre ask for tiles by way of the page's own client. */
export function servePersistent(): void {
  addProtocol(PROTOCOL, async ({ url }, { signal }) => ({
    data: await askBytes(url.slice(`${PROTOCOL}://`.length), signal),
  }));
}
