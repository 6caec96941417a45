// Preload: `node --import ./tests/fast_typescript.mjs`. Lets Node run the .ts sources, in worker threads
// too. Each test file is a process, and the tests of worker stages start hundreds of threads: what a loader
// of TypeScript needs to get ready is most of the time of a small one.
import module from "node:module";
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { load } from "./fast_typescript_hooks.mjs";

if (module.registerHooks) module.registerHooks({ load });
else module.register("./fast_typescript_hooks.mjs", import.meta.url); // Node 20
// A stack tells the lines of the .ts files; not in threads, of which it would slow down the start.
if (isMainThread) process.setSourceMapsEnabled(true);
