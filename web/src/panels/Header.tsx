import { language, region, show, words } from "../state/page";
import { named } from "./parts";

/** Whose ground this is, and the other language. */
export function Header() {
  const here = region.value.value;
  return (
    <header class="header">
      <div class="title">
        <h1>{here ? named(here.names) : words.value.product}</h1>
        <p>
          {here ? words.value.product : words.value.tagline}
          {here && <span class="code">{here.code}</span>}
        </p>
      </div>
      <button
        type="button"
        class="plain"
        lang={language.value === "zh" ? "en" : "zh-CN"}
        aria-label={words.value.switchLanguage}
        onClick={() => show({ language: language.value === "zh" ? "en" : "zh" })}
      >
        {words.value.otherLanguage}
      </button>
    </header>
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
