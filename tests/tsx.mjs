// Preload: `node --import ./tests/tsx.mjs`. Lets Node run the .ts sources, worker threads included:
// `--import tsx` alone leaves .ts modules unknown in the worker threads of Node 20.
import { isMainThread } from "node:worker_threads";

if (isMainThread) (await import("tsx/esm/api")).register();
else await import("./fast_typescript.mjs");
