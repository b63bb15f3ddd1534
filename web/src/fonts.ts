/** The page's own font, each file fetched when one of its characters is shown. */
import "@fontsource/noto-sans-sc/400.css";
import "@fontsource/noto-sans-sc/600.css";
