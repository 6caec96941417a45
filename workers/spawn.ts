/**
 * A function in a thread of its own.
 *
 * @module
 */
import { check, checkBoolean, checkOptions, checkSignal } from "../internal/checks.ts";
import type { ResourceLimits } from "./runtime.ts";
import { type Task, type TaskJob, ThreadTask } from "./task.ts";
import type { AnyFunction } from "./types.ts";

/** How `spawn` runs a function, apart from its arguments. */
export interface SpawnSettings {
  /** The name of the export. Default: `"default"`. */
  readonly export?: string | undefined;
  /** For errors and for the name of the thread. */
  readonly name?: string | undefined;
  /** Cancels the task when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the process may end before the task. Default: false. */
  readonly daemon?: boolean | undefined;
  /** Limits of the thread's heap; Node only. */
  readonly resourceLimits?: ResourceLimits | undefined;
}

/**
 * How `spawn` runs a function.
 *
 * @typeParam F The type of the function.
 */
export type SpawnOptions<F extends AnyFunction> =
  & SpawnSettings
  & ([] extends Parameters<F> ? { readonly args?: Readonly<Parameters<F>> | undefined }
    : { readonly args: Readonly<Parameters<F>> });

/**
 * Runs an exported function in a thread of its own: the go statement across threads.
 *
 * The arguments are structured clones, and so is the result; see `transfer` for moving. A `Channel` among
 * the arguments, also in plain objects and arrays, stays where it is: the function is given one that works
 * on it from there, with the same methods. It can be given to any number of threads, passed on, and sent
 * through such a channel, in either direction: a request can bring the channel for its reply. (Close that one,
 * or both threads keep it until the task ends.) A channel ends with the thread that made it: operations on it
 * then reject with a `ThreadError`. Values are cloned; each one is received once, and one that was on its way
 * to a receive that gave up, or to a thread that died, is back at the front of the channel. `send` resolves
 * when the channel has accepted the value. As every operation has to ask the thread of the channel, `trySend`
 * (unless the capacity is `Infinity`) and `tryRecv` would always wait, `size` is what was heard last, and
 * `batches` and `recvMany` are much faster than one by one.
 *
 * When the function has returned, its thread is ended: what it has sent is still delivered. If the thread
 * dies, what it waits for is withdrawn. The process does not end before the task, except if it is a daemon.
 *
 * @typeParam F The type of the function: `typeof import("./module.ts").name`.
 * @param module The address of the module, absolute: `new URL("./module.ts", import.meta.url)`.
 * @param options Which export, its arguments, and how.
 * @returns The task. It rejects with what the function throws, with the stack that it had there; with a
 * `ThreadError` if the module cannot be imported or the thread dies; with the reason if it is cancelled.
 * @throws {TypeError} At once, if an argument is of the wrong type, or has a `Channel` in a map, a set or an
 * instance of a class.
 * @throws {DOMException} At once, a `DataCloneError` with the path of what cannot be cloned.
 *
 * @example A sum in another thread
 * ```ts
 * import { Channel, type Receiver } from "millrace";
 * import { spawn } from "millrace/workers";
 *
 * // Usually a file: new URL("./sum.ts", import.meta.url)
 * const module = new URL(`data:text/javascript,export async function sum(numbers) {
 *   let total = 0;
 *   for await (const n of numbers) total += n;
 *   return total;
 * }`);
 * type Sum = (numbers: Receiver<number>) => Promise<number>;
 *
 * const numbers = new Channel<number>(10);
 * const task = spawn<Sum>(module, { export: "sum", args: [numbers] });
 * await numbers.sendMany([1, 2, 3]);
 * numbers.close();
 * console.log(await task); // 6
 * ```
 */
export function spawn<F extends AnyFunction = (...args: unknown[]) => unknown>(
  module: URL | string,
  ...[options]: [] extends Parameters<F> ? [options?: SpawnOptions<F>] : [options: SpawnOptions<F>]
): Task<Awaited<ReturnType<F>>> {
  return new ThreadTask(jobOf(module, options));
}

function jobOf(
  module: URL | string,
  options: SpawnSettings & { readonly args?: readonly unknown[] | undefined } = {},
): TaskJob {
  const rule = "module must be an absolute URL, as new URL(path, import.meta.url)";
  const absolute = module instanceof URL || (typeof module === "string" && URL.canParse(module));
  check(absolute, rule, module);
  checkOptions(options);
  const { export: exported = "default", args = [], name, signal, daemon = false } = options;
  const { resourceLimits } = options;
  check(typeof exported === "string", "options.export must be a string", exported);
  check(Array.isArray(args), "options.args must be an array", args);
  check(name === undefined || typeof name === "string", "options.name must be a string", name);
  checkSignal(signal);
  checkBoolean("options.daemon", daemon);
  const limits = resourceLimits === undefined ||
    (typeof resourceLimits === "object" && resourceLimits !== null);
  check(limits, "options.resourceLimits must be an object", resourceLimits);
  return { module: String(module), export: exported, args, name, signal, daemon, resourceLimits };
}
