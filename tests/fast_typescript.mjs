// Preload: `node --import ./tests/fast_typescript.mjs`. TypeScript for worker threads and for the programs
// that tests start. tsx takes longer to get ready than everything else in a thread together, and the tests
// of worker stages start hundreds, on machines that are busy.
import module from "node:module";
import { load } from "./fast_typescript_hooks.mjs";

if (module.registerHooks) module.registerHooks({ load });
else module.register("./fast_typescript_hooks.mjs", import.meta.url); // Node 20
