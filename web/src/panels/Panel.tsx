import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ACTIONS } from "../state/keys";
import { loadRegion, question, region, showTask, task, view, words } from "../state/page";
import { isLow } from "../state/screen";
import { TASKS } from "../state/url";
import { useAtOnce } from "./atOnce";
import { CoveragePanel } from "./CoveragePanel";
import { FirstHint } from "./FirstHint";
import { afterMap, later } from "./later";
import { Choice, TroubleNote, Waiting } from "./parts";
import { OpenBanner, UnknownPlace } from "./TopBar";

/** Its line is kept free. */
const AsOf = afterMap(
  () => import("./AsOf").then((file) => file.AsOf),
  () => <p class="as-of">&nbsp;</p>,
);
const HotspotPanel = later(() => import("./HotspotPanel").then((file) => file.HotspotPanel));
const LocatePanel = later(() => import("./LocatePanel").then((file) => file.LocatePanel));

/** How far a bottom sheet is drawn up on a narrow screen. */
const HEIGHTS = ["low", "half", "full"] as const;

/** Everything beside the map: at the left of a wide screen, a sheet at the foot of a narrow one. */
export function Panel() {
  const height = useSignal<(typeof HEIGHTS)[number]>(isLow.peek() ? "low" : "half");
  const started = useRef<number | null>(null);
  useAtOnce(
    () => question.value ?? view.value.chosen,
    (toRead) => {
      if (toRead !== null && height.value === "low") height.value = "half";
    },
  );

  function draw(by: number): void {
    const at = HEIGHTS.indexOf(height.value) + by;
    height.value = HEIGHTS[Math.min(Math.max(at, 0), HEIGHTS.length - 1)] ?? "half";
  }

  return (
    <aside class="panel" data-height={height.value} aria-label={words.value.panelLabel}>
      <button
        type="button"
        class="handle"
        aria-label={words.value.sheetHandle}
        onClick={() => (height.value = height.value === "low" ? "half" : height.value === "half" ? "full" : "low")}
        onTouchStart={(event) => (started.current = event.touches[0]?.clientY ?? null)}
        onTouchEnd={(event) => {
          const moved = (event.changedTouches[0]?.clientY ?? 0) - (started.current ?? 0);
          if (Math.abs(moved) < 24) return;
          event.preventDefault();
          draw(moved < 0 ? 1 : -1);
        }}
      >
        <span />
      </button>
      <Choice
        name="task"
        label={words.value.tasks}
        value={task.value}
        options={TASKS.map((one) => ({
          value: one,
          text: words.value[`task_${one}`],
          title: `${words.value[ACTIONS[one].name]} (${ACTIONS[one].keys})`,
        }))}
        choose={showTask}
      />
      <div class="panel-body">
        <OpenBanner />
        <FirstHint />
        <UnknownPlace />
        <TroubleNote of={region.value} retry={loadRegion} />
        {region.value.status === "loading" && !region.value.value && <Waiting />}
        {task.value !== "locate" && <AsOf />}
        {task.value === "coverage" && <CoveragePanel />}
        {task.value === "hotspots" && <HotspotPanel />}
        {task.value === "locate" && <LocatePanel />}
      </div>
    </aside>
  );
}
