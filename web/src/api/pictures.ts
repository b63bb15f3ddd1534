/** Fetches one picture of a basemap, which may come from another server than the page. */
export async function askPicture(url: string, signal: AbortSignal): Promise<ImageBitmap | null> {
  const response = await fetch(url, { signal });
  // At its edge a basemap has holes; that is no fault.
  return response.ok ? createImageBitmap(await response.blob()) : null;
}

/** Fetches the style of a basemap. */
export async function askStyle(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal });
  return response.ok ? response.json() : null;
}
