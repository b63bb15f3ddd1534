import "@fontsource/noto-sans-sc/400.css";
import "@fontsource/noto-sans-sc/600.css";
import "./style/page.css";
import { render } from "preact";
import { MapView } from "./map/MapView";
import { AnswerCard } from "./panels/AnswerCard";
import { Header, OpenBanner } from "./panels/Header";
import { Legend } from "./panels/Legend";
import { LevelSwitch } from "./panels/LevelSwitch";
import { PlaceBox } from "./panels/PlaceBox";
import { Tooltip } from "./panels/Tooltip";
import { Totals } from "./panels/Totals";
import { start } from "./state/page";

function Page() {
  return (
    <>
      <aside class="panel">
        <Header />
        <OpenBanner />
        <PlaceBox />
        <AnswerCard />
        <Totals />
      </aside>
      <MapView>
        <LevelSwitch />
        <Legend />
        <Tooltip />
      </MapView>
    </>
  );
}

const root = document.getElementById("page");
if (root) render(<Page />, root);
start();
