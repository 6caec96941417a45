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
import { asFlow } from "../flow/from.ts";
import type { Stage } from "../flow/types.ts";
import { Pool } from "./pool.ts";
import { cores, type ResourceLimits } from "./runtime.ts";
import { StageFlow } from "./stage_flow.ts";
import type { Job } from "./thread_life.ts";
import type { AnyFunction, InputOf, OutputOf, WorkerFunction, WorkersOptions } from "./types.ts";

/**
 * A stage whose work is done in threads.
 *
 * @typeParam In What it takes.
 * @typeParam Out What it gives.
 */
export interface WorkerStage<In, Out> extends Stage<In, Out>, AsyncDisposable {
  /**
   * Starts all threads and imports the module in them, so that the first values need not wait for that.
   * From then on the stage keeps its threads, idle and not holding the process, until it is disposed.
   *
   * @returns Settles when the threads are ready. Rejects with a `ThreadError` if one cannot start, with the
   * reason of the stage's signal if that is aborted already, and with a `TypeError` after disposal.
   */
  readonly prewarm: () => Promise<void>;
}

/** Results of a generator that may wait, if the user has not said otherwise. */
const RESULTS = 64;

/**
 * Makes a stage of a function in another module: its calls run in worker threads, on all cores.
 *
 * The export is a function of a value, which a thread calls for one value at a time, or an
 * `async function*`, which each thread runs once. Values, results and errors are structured clones of
 * what was sent; see `transfer` for moving.
 *
 * At most `threads` times `window` values are in flight, from the input until their results are taken. A
 * lone value goes to a thread at once; the more there are, and the quicker, the more go together.
 * An error of the function fails the flow, with the stack of the thread: ordered in its place, else at
 * once, after the results that have come. An error of the input is reported after the results of the values
 * before it. Whichever way the flow ends, by its input, an error, `break`, an abort or disposal, the input
 * is closed and the threads are ended, after a second by force; then receivers learn of it.
 *
 * When a thread dies, or a value takes longer than `timeout`, another thread takes its place. Only the
 * value that it was working on is to blame: that one is tried again up to `retries` times and then has
 * failed, as if the function had thrown. What else the thread had is given to others; so a value may be
 * begun more than once, and has one result in any case. A flow fails at once if the module cannot be
 * imported, if a generator's thread is lost, and if threads are lost again and again while no value is
 * finished; and also, unless there are `retries` or `onError` says otherwise, if a thread dies between two
 * values.
 *
 * Threads are started when they are needed and do not hold the process while they wait. The import has no time limit of its own: a signal, `break` or disposal
 * ends one that takes too long. Each use of the stage has threads of its own. They end with it, except that a stage which is used again, or was warmed
 * up, keeps its threads from then on, until it is disposed.
 *
 * @typeParam F The type of the export: `typeof import("./module.ts").default`.
 * @param module The address of the module, absolute: `new URL("./module.ts", import.meta.url)`.
 * @param options Threads, order, credits, failures, data and so on.
 * @returns The stage. Disposing of it ends its flows, which then reject, and its threads.
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If `threads` or `window` is no whole number of 1 or more, `retries` none of 0 or
 * more, or `timeout` not more than 0.
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
  options: WorkersOptions<InputOf<F>> = {},
): WorkerStage<InputOf<F>, OutputOf<F>> {
  const address = addressOf(module);
  checkOptions(options);
  const { threads = cores(), window: results = RESULTS } = options;
  // Whoever tells of a failure tells of a value that came in here.
  const job = { ...options, module: address, results } as Job;
  checkCounts(job, threads);
  checkOthers(job);
  const pool = new Pool(job, threads);
  const stage = (input: AsyncIterable<InputOf<F>>): AsyncIterable<OutputOf<F>> => {
    if (pool.disposed) throw new TypeError("Cannot use a worker stage: it was disposed");
    return new StageFlow<InputOf<F>, OutputOf<F>>(asFlow(input), pool);
  };
  return Object.assign(stage, {
    prewarm: () => pool.prewarm(),
    [Symbol.asyncDispose]: () => pool.dispose(),
  });
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

function checkCounts({ window = 1, retries = 0, timeout = Infinity }: Job, threads: number): void {
  const whole = Number.isInteger(threads) && threads >= 1;
  checkNumber("options.threads", threads, whole, "a whole number of at least 1");
  checkCount("options.window", window, 1);
  const some = Number.isInteger(retries) && retries >= 0;
  checkNumber("options.retries", retries, some, "a whole number of at least 0");
  checkNumber("options.timeout", timeout, timeout > 0, "more than 0 ms");
}

function checkOthers(job: Job): void {
  const { ordered = false, export: exported = "", name = "", onError = "fail" } = job;
  const { resourceLimits = {}, signal } = job;
  checkBoolean("options.ordered", ordered);
  check(typeof exported === "string", "options.export must be a string", exported);
  check(typeof name === "string", "options.name must be a string", name);
  const policy = onError === "fail" || onError === "skip" || typeof onError === "function";
  check(policy, 'options.onError must be "fail", "skip" or a function', onError);
  checkLimits(resourceLimits);
  checkSignal(signal);
}

/** Node takes no notice of what is no number, and lets a thread die of a limit below 0. */
function checkLimits(limits: ResourceLimits): void {
  const isObject = typeof limits === "object" && limits !== null;
  check(isObject, "options.resourceLimits must be an object", limits);
  for (const [name, limit] of Object.entries(limits)) {
    if (limit !== undefined) {
      checkNumber(`options.resourceLimits.${name}`, limit, limit > 0, "more than 0 MB");
    }
  }
}
