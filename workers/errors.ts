/**
 * The errors of worker stages.
 *
 * @module
 */
import { show } from "../internal/checks.ts";

/**
 * A worker thread could not start, or has died: its module could not be imported, it exited, it ran out
 * of memory, or an error happened in it that nobody caught. `cause` has the error, if there is one, with
 * the stack that it had in the thread.
 *
 * An error that a stage's function throws is not wrapped in one: the flow rejects with it.
 *
 * @example
 * ```ts
 * import { pipe } from "millrace";
 * import { inWorkers, ThreadError } from "millrace/workers";
 *
 * const missing = inWorkers(new URL("./no_such_module.js", "file:///nowhere/"));
 * try {
 *   for await (const result of pipe([1], missing)) console.log(result);
 * } catch (error) {
 *   if (!(error instanceof ThreadError)) throw error;
 *   console.log(error.thread); // 1
 * }
 * ```
 */
export class ThreadError extends Error {
  /** The number of the thread, from 1. */
  readonly thread: number;
  /** The code that the thread exited with, if that is all that is known. */
  readonly exitCode: number | undefined;

  /**
   * Makes the error.
   *
   * @param message What happened.
   * @param thread The number of the thread.
   * @param options The cause, and the exit code.
   */
  constructor(
    message: string,
    thread: number,
    options: ErrorOptions & { readonly exitCode?: number | undefined } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : {});
    this.name = "ThreadError";
    this.thread = thread;
    this.exitCode = options.exitCode;
  }
}

/** A thread as it stands in messages. */
export function nameThread(number: number, stage: string | undefined): string {
  return `Worker thread ${number}${stage === undefined ? "" : ` of ${show(stage)}`}`;
}

/** A thread has worked too long on one value. */
export function tookTooLong(
  number: number,
  stage: string | undefined,
  timeout: number,
): DOMException {
  const what = `${nameThread(number, stage)} took more than ${timeout} ms for a value`;
  return new DOMException(what, "TimeoutError");
}

/** A value was moved to a thread, which has died. */
export function movedAndLost(number: number, cause: unknown): ThreadError {
  const what = "Cannot give a value to another thread: it was moved, and lost with its thread";
  return new ThreadError(what, number, { cause });
}
