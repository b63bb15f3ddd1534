import { defineConfig, type Plugin } from "vite";

/** Leaves the woff copies of the font out: every browser that runs this page reads woff2. */
const onlyWoff2: Plugin = {
  name: "only-woff2",
  enforce: "pre",
  transform(code, id) {
    if (!/noto-sans-sc\/\d+\.css$/.test(id)) return null;
    return code.replaceAll(/, url\([^)]+\.woff\) format\('woff'\)/g, "");
  },
};

/** Lets the map's code, and its worker's, be fetched beside the page's own, which asks for them only once it runs. */
const mapCodeAtOnce: Plugin = {
  name: "map-code-at-once",
  transformIndexHtml: {
    order: "post",
    handler: (_, { path, bundle = {} }) => {
      const files = Object.values(path === "/index.html" ? bundle : {});
      const code = files.filter((file) => file.type === "chunk" && file.facadeModuleId?.endsWith("/map/create.ts"));
      const worker = files.filter(({ fileName }) => fileName.includes("/maplibre-gl-worker"));
      const early = ({ fileName }: { fileName: string }, attrs: Record<string, string>) => ({
        tag: "link",
        attrs: { ...attrs, crossorigin: true, href: `./${fileName}`, fetchpriority: "low" },
        injectTo: "head" as const,
      });
      return [
        ...code.map((file) => early(file, { rel: "modulepreload" })),
        ...worker.map((file) => early(file, { rel: "preload", as: "fetch" })),
      ];
    },
  },
};

/** The page's own modules and its libraries; not those of the description of the API. */
const SHELL = /\/src\/(?!apiPage)|\/node_modules\/(@preact|preact|simple-statistics)\//;

export default defineConfig({
  // Behind a proxy the page stands at any path.
  base: "./",
  plugins: [onlyWoff2, mapCodeAtOnce],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    // The strict policy lets no data: address in, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The page, and the description of the API for people.
    rolldownOptions: {
      input: ["index.html", "api.html"],
      // What the page needs before it runs comes as one file beside its own: a browser asks for six at a time.
      output: { codeSplitting: { groups: [{ name: "shell", tags: ["$initial"], test: SHELL }] } },
    },
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: false,
  },
  worker: { format: "es" },
  server: { proxy: { "/api": process.env.GRIDMAP ?? "http://127.0.0.1:8080" } },
});
