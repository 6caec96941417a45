// Three builds, by `--mode`. For Node, `outside` leaves the library in node_modules, and `whole` takes it in:
// threads start with the library's entry.js, which must lie beside what starts them, and so must all chunks.
// `page` is for a browser.
const INPUTS = {
  outside: { main: "main.ts", stage: "stage.ts" },
  whole: { main: "main.ts", stage: "stage.ts", entry: "millrace/workers/entry" },
  page: { page: "page.ts" },
};

export default ({ mode }) => ({
  ssr: { noExternal: mode === "whole" || [] },
  build: {
    ssr: mode !== "page",
    rollupOptions: {
      input: INPUTS[mode],
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" },
    },
  },
});
