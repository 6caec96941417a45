/**
 * The worker stage.
 *
 * @module
 */
import {
  check,
  checkBoolean,
  checkCount,
  checkNumber,
  checkOptions,
  checkSignal,
} from "../internal/checks.ts";
import { FlowBase } from "../flow/flow.ts";
import { flowOf } from "../flow/from.ts";
import type { Stage } from "../flow/types.ts";
import { Pool } from "./pool.ts";
import { cores } from "./runtime.ts";
import { StageFlow } from "./stage_flow.ts";
import type { AnyFunction, InputOf, OutputOf, WorkerFunction, WorkersOptions } from "./types.ts";
import type { Job } from "./worker_thread.ts";

/**
 * A stage whose work is done in threads.
 *
 * @typeParam In What it takes.
 * @typeParam Out What it gives.
 */
export interface WorkerStage<In, Out> extends Stage<In, Out>, AsyncDisposable {}

const WINDOW = 64;

/**
 * Makes a stage of a function in another module: its calls run in worker threads, on all cores.
 *
 * The export is a function of a value, which a thread calls for one value at a time, or an
 * `async function*`, which each thread runs once. Values, results and errors are structured clones of
 * what was sent; see `transfer` for moving.
 *
 * At most `threads` times `window` values are in flight, from the input until their results are taken.
 * An error of the function fails the flow, with the stack of the thread: ordered in its place, else at
 * once, after the results that have come. A thread that dies, or a module that cannot be imported, fails
 * the flow at once with a `ThreadError`. An error of the input is reported after the results of the values
 * before it. Whichever way the flow ends, by its input, an error, `break`, an abort or disposal, the input
 * is closed and the threads are ended, after a second by force; then receivers learn of it.
 *
 * Threads are started when they are needed and do not hold the process while they wait. Each use of the
 * stage has threads of its own. They end with it, except that a stage which is used again keeps its
 * threads from then on, until it is disposed.
 *
 * @typeParam F The type of the export: `typeof import("./module.ts").default`.
 * @param module The address of the module, absolute: `new URL("./module.ts", import.meta.url)`.
 * @param options Threads, order, credits, data and so on.
 * @returns The stage. Disposing of it ends its flows, which then reject, and its threads.
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If `threads` or `window` is no whole number of 1 or more.
 *
 * @example Square roots in two threads
 * ```ts
 * import { pipe } from "millrace";
 * import { inWorkers } from "millrace/workers";
 *
 * // Usually a file: new URL("./roots.ts", import.meta.url)
 * const module = new URL("data:text/javascript,export default (n) => Math.sqrt(n)");
 * const roots = inWorkers<(n: number) => number>(module, { threads: 2, ordered: true });
 *
 * for await (const root of pipe([1, 4, 9], roots)) console.log(root); // 1 2 3
 * ```
 */
export function inWorkers<F extends AnyFunction = WorkerFunction<unknown, unknown>>(
  module: URL | string,
  options: WorkersOptions = {},
): WorkerStage<InputOf<F>, OutputOf<F>> {
  const address = addressOf(module);
  checkOptions(options);
  const { threads = cores(), window = WINDOW } = options;
  checkWorkers(options, threads, window);
  const job: Job = { ...options, module: address, window };
  const pool = new Pool(job, threads);
  const stage = (input: AsyncIterable<InputOf<F>>): AsyncIterable<OutputOf<F>> => {
    if (pool.disposed) throw new TypeError("Cannot use a worker stage: it was disposed");
    const flow = input instanceof FlowBase ? input : flowOf(input, 0);
    return new StageFlow<InputOf<F>, OutputOf<F>>(flow, pool);
  };
  return Object.assign(stage, { [Symbol.asyncDispose]: () => pool.dispose() });
}

function addressOf(module: URL | string): string {
  const rule = "module must be an absolute URL, as new URL(path, import.meta.url)";
  check(
    module instanceof URL || (typeof module === "string" && URL.canParse(module)),
    rule,
    module,
  );
  return String(module);
}

function checkWorkers(options: WorkersOptions, threads: number, window: number): void {
  const { ordered = false, export: exported = "", name = "", resourceLimits = {}, signal } =
    options;
  const whole = Number.isInteger(threads) && threads >= 1;
  checkNumber("options.threads", threads, whole, "a whole number of at least 1");
  checkCount("options.window", window, 1);
  checkBoolean("options.ordered", ordered);
  check(typeof exported === "string", "options.export must be a string", exported);
  check(typeof name === "string", "options.name must be a string", name);
  const limits = typeof resourceLimits === "object" && resourceLimits !== null;
  check(limits, "options.resourceLimits must be an object", resourceLimits);
  checkSignal(signal);
}
