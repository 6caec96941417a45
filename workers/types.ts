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
  /** A copy of the option `data`, made once for each thread. */
  readonly data: Data;
  /** Aborted when the flow ends early, by an error, `break`, an abort or disposal. */
  readonly signal: AbortSignal;
  /** The number of the thread, from 1. */
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

/** How a worker stage works. */
export interface WorkersOptions {
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
   * are taken; 1 or more. Default: 64. Without a credit no value is taken from the input, so a slow
   * consumer slows down the source.
   */
  readonly window?: number | undefined;
  /** Given to each thread once, as `context.data`. */
  readonly data?: unknown;
  /** Ends every flow of the stage, which then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** For errors and for the names of the threads. */
  readonly name?: string | undefined;
  /** Limits of each thread's heap; Node only. */
  readonly resourceLimits?: ResourceLimits | undefined;
}
