/** What the modules in threads use of the library. */
export type { Receiver } from "../../../mod.ts";
export { transfer, type WorkerContext } from "../../../workers/mod.ts";
