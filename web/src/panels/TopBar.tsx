import { ACTIONS } from "../state/keys";
import { language, region, show, words } from "../state/page";
import { climbTo, path, place, placeCode } from "../state/places";
import { isNarrow } from "../state/screen";
import { notice } from "../state/share";
import { areaName, filled, levelName, named } from "../state/text";
import { ActionButton } from "./parts";
import { SearchBox } from "./SearchBox";

/** Whose ground this is, where one stands in it, and what can be done from everywhere. */
export function TopBar() {
  return (
    <header class="topbar">
      <div class="brand">
        <h1>{region.value.value ? named(region.value.value.names) : words.value.product}</h1>
        <Breadcrumb />
      </div>
      <SearchBox />
      <div class="tools">
        <button
          type="button"
          class="plain"
          lang={language.value === "zh" ? "en" : "zh-CN"}
          title={`${words.value.do_language} (${ACTIONS.language.keys})`}
          aria-label={words.value.do_language}
          onClick={ACTIONS.language.run}
        >
          {language.value === "zh" ? "English" : "中文"}
        </button>
        <ActionButton of="theme" icon="theme" />
        {!isNarrow && <ActionButton of="wall" icon="wall" />}
        <ActionButton of="share" icon="share" />
        <ActionButton of="keys" icon="keys" />
      </div>
      <p class="notice" role="status">
        {notice.value && words.value[notice.value]}
      </p>
    </header>
  );
}

/** 县 › 镇 › 村 › 网格: the last is where one is, every other leads up. */
function Breadcrumb() {
  const root = region.value.value;
  if (!root) return <p class="tagline">{words.value.tagline}</p>;
  if (placeCode.value === null) return <p class="tagline">{words.value.tagline}</p>;
  const steps = path.value.filter((step) => step.code !== root.code);
  return (
    <nav class="breadcrumb" aria-label={words.value.breadcrumb}>
      <ol>
        <li>
          <button type="button" class="link" onClick={() => climbTo(null)}>
            {words.value.wholeRegion}
          </button>
        </li>
        {steps.map((step, n) => (
          <li key={step.code} title={`${levelName(step.level)} ${step.code}`}>
            {n === steps.length - 1 ? (
              <span aria-current="location">{areaName(step, step.level)}</span>
            ) : (
              <button type="button" class="link" onClick={() => climbTo(step.code)}>
                {areaName(step, step.level)}
              </button>
            )}
          </li>
        ))}
        {steps.length === 0 && place.value.status === "ready" && <li class="fault">{placeCode.value}</li>}
      </ol>
    </nav>
  );
}

/** Says that a place of the address is not there; nothing else is lost. */
export function UnknownPlace() {
  const code = placeCode.value;
  if (code === null || place.value.status !== "ready" || place.value.value !== null) return null;
  return (
    <div class="trouble" role="alert">
      <p>{filled(words.value.unknownPlace, { code })}</p>
      <button type="button" class="plain" onClick={() => show({ place: null })}>
        {words.value.showWhole}
      </button>
    </div>
  );
}

/** Says that the data is invented and open, on a server started so. */
export function OpenBanner() {
  if (!region.value.value?.open) return null;
  return (
    <p class="banner" role="note">
      {words.value.openData}
    </p>
  );
}
