/**
 * What a worker stage is to its users: the functions that can run in threads, their context and the
 * options.
 *
 * @module
 */
import type { Receiver } from "../channel/types.ts";
import type { ResourceLimits } from "./runtime.ts";

/**
 * What a function in a worker thread knows beside its value.
 *
 * @typeParam Data What was given as `data`.
 */
export interface WorkerContext<Data = unknown> {
  /** A copy of the option `data`, made once for each thread; what lives in shared memory is the same in all. */
  readonly data: Data;
  /**
   * Aborted when the flow ends early, by an error, `break`, an abort or disposal, and when a value has had
   * its time, with a `TimeoutError`. The thread has one second from then on, for whatever must be cleaned
   * up.
   */
  readonly signal: AbortSignal;
  /** The number of the thread, from 1. */
  readonly thread: number;
  /**
   * Whether `signal` is aborted or about to be. A loop that does not await anything cannot be told, but it
   * can ask, every now and then.
   */
  readonly cancelled: () => boolean;
}

/**
 * A value that has come to nothing.
 *
 * @typeParam In The values.
 */
export interface WorkerFailure<In = unknown> {
  /** The value, or what is left of it: parts that were moved are empty. */
  readonly value: In;
  /** Its place in the input, from 0. */
  readonly sequence: number;
  /**
   * What the function has thrown; or a `ThreadError`, if the thread has died; or a `TimeoutError`; or a
   * `DataCloneError`, if the value or its result could not be sent.
   */
  readonly error: unknown;
  /** How often it was given to a thread that then had an error, died or took too long. */
  readonly attempts: number;
  /** The number of the last thread. */
  readonly thread: number;
}

/**
 * A function that gives one result for each value. A thread works on one value at a time.
 *
 * @typeParam In The values.
 * @typeParam Out The results.
 */
export type WorkerFunction<In, Out> = (value: In, context: WorkerContext) => Out | Promise<Out>;

/**
 * A generator that runs once in each thread and gives any number of results. It must be declared as
 * `async function*`. What it has not taken when it returns goes to the other threads.
 *
 * @typeParam In The values.
 * @typeParam Out The results.
 */
export type WorkerGenerator<In, Out> = (
  input: Receiver<In>,
  context: WorkerContext,
) => AsyncIterable<Out>;

/** Any function. */
export type AnyFunction = (...parameters: never[]) => unknown;

/**
 * The values that a worker function takes.
 *
 * @typeParam F The type of the function.
 */
export type InputOf<F extends AnyFunction> = F extends
  (input: infer In, ...rest: never[]) => infer Result
  ? [In, Result] extends [AsyncIterable<infer Value>, AsyncIterable<unknown>] ? Value : In
  : never;

/**
 * The results that a worker function gives.
 *
 * @typeParam F The type of the function.
 */
export type OutputOf<F extends AnyFunction> = F extends
  (input: infer In, ...rest: never[]) => infer Result
  ? [In, Result] extends [AsyncIterable<unknown>, AsyncIterable<infer Value>] ? Value
  : Awaited<Result>
  : never;

/**
 * How a worker stage works.
 *
 * @typeParam In The values.
 */
export interface WorkersOptions<In = unknown> {
  /** How many threads, at most; 1 or more. They are started as they are needed. Default: the cores. */
  readonly threads?: number | undefined;
  /** The name of the export. Default: `"default"`. */
  readonly export?: string | undefined;
  /**
   * Whether results come in the order of their values. Default: false, as they are ready. A result of a
   * generator belongs to the value that it has taken last.
   */
  readonly ordered?: boolean | undefined;
  /**
   * The credits: how many values of each thread may be in flight, from the input until their results
   * are taken; 1 or more. Default: as many as four milliseconds of work and copying, from 64 to 4,096.
   * Without a credit no value is taken from the input, so a slow consumer slows down the source. Of a
   * generator's results so many may wait to be taken; default: 64.
   */
  readonly window?: number | undefined;
  /**
   * How often a value is tried again when its thread has died while it worked on it, or its time was over.
   * Default: 0. An error that the function throws is not tried again.
   */
  readonly retries?: number | undefined;
  /**
   * Milliseconds for one value, more than 0, from when its thread begins with it; the time in a queue does
   * not count, nor does the import of the module. Then its thread is ended and replaced. Default: `Infinity`.
   */
  readonly timeout?: number | undefined;
  /**
   * What becomes of a value that has failed for good: `"fail"`, the default, lets the flow fail with the
   * error; with `"skip"` it has no result; a function is told of it at once, and it has no result. The
   * error that the function throws, if it does, fails the flow. An error of a generator fails the flow in
   * any case.
   */
  readonly onError?: "fail" | "skip" | ((failure: WorkerFailure<In>) => void) | undefined;
  /**
   * Given to each thread once, as `context.data`. `SharedChannel`s, and all else that lives in shared memory, may
   * stand in it, also in plain objects and arrays: each thread opens the same ones. A `Channel` may not.
   */
  readonly data?: unknown;
  /** Ends every flow of the stage, which then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** For errors and for the names of the threads. */
  readonly name?: string | undefined;
  /** Limits of each thread's memory. A thread that needs more dies. Node only. */
  readonly resourceLimits?: ResourceLimits | undefined;
}
