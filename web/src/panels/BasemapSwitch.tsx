import { basemap, basemaps } from "../state/basemaps";
import { show, words } from "../state/page";
import { named } from "../state/text";

const NONE = "";

/** Offers what the server has to lay under the grids; not there when it has nothing. */
export function BasemapSwitch() {
  const offered = basemaps.value.value ?? [];
  if (offered.length === 0) return null;
  return (
    <label class="basemap">
      <span class="label-text">{words.value.basemap}</span>
      <select
        value={basemap.value?.id ?? NONE}
        onChange={({ currentTarget: { value } }) => show({ basemap: value === NONE ? null : value })}
      >
        <option value={NONE}>{words.value.basemap_none}</option>
        {offered.map(({ id, names }) => (
          <option key={id} value={id}>
            {named(names)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Whose picture lies under the grids. */
export function Attribution() {
  const chosen = basemap.value;
  if (!chosen) return null;
  return (
    <p class="attribution">
      {chosen.attribution}
      {chosen.approval !== null && ` · ${words.value.approval} ${chosen.approval}`}
    </p>
  );
}
