/**
 * A function that runs in a thread of its own, as the thread that has started it sees it.
 *
 * @module
 */
import { watch } from "../internal/abort.ts";
import type { Failure } from "../internal/case.ts";
import { show } from "../internal/checks.ts";
import { hook, type Waiter } from "../internal/waiter.ts";
import { packArguments } from "./arguments.ts";
import { ThreadError } from "./errors.ts";
import { Bridge } from "./bridge.ts";
import { unpack } from "./parcel.ts";
import { decodeError, encodeError, uncloneable } from "./remote_error.ts";
import { startLibraryThread } from "./library_thread.ts";
import { Hold, patiently, type ResourceLimits, type Thread } from "./runtime.ts";
import type { TaskAnswer, TaskOrder } from "./task_wire.ts";
import { VERSION } from "./wire.ts";

/** Milliseconds that a thread has to end when it was told to, or has answered; then it is ended by force. */
const GRACE = 1_000;
/** Milliseconds after which a thread that does not end is no longer waited for. */
const LOST = 1_000;

/**
 * A function that runs in a thread. Awaiting it gives the function's result, once the thread has ended.
 *
 * @typeParam R The result.
 */
export interface Task<R> extends PromiseLike<R>, AsyncDisposable {
  /**
   * Ends the task, unless it has ended. Its `taskSignal()` is aborted, and every operation on a channel
   * that was given to it rejects with the reason; a second later the thread is ended by force.
   * The task rejects with the reason, whatever the function still does.
   *
   * @param reason Why; an `AbortError` by default.
   */
  cancel(reason?: unknown): void;
}

/** What a task runs, and how. */
export interface TaskJob {
  readonly module: string;
  readonly export: string;
  readonly args: readonly unknown[];
  readonly name: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly daemon: boolean;
  readonly resourceLimits: ResourceLimits | undefined;
}

let threads = 0;

/** The task of one thread. */
export class ThreadTask<R> implements Task<R> {
  readonly #job: TaskJob;
  readonly #number = ++threads;
  readonly #bridge = new Bridge((words) => this.#post({ type: "words", words }));
  readonly #promise: Promise<R>;
  #settle!: { resolve(value: R): void; reject(error: unknown): void };
  #thread: Thread | undefined;
  #hold: Hold | undefined;
  /** Withdraw the limits of its end. */
  #limits: (() => void)[] = [];
  /** Cancels the task when its signal is aborted. */
  readonly #abortion: Waiter = hook((reason) => this.cancel(reason));
  /** Why it was cancelled. */
  #cancelled: Failure | undefined;
  /** What the function has answered. */
  #answer: (() => void) | undefined;
  /** Why the thread is about to exit, if that is known. */
  #trouble: { readonly why: string; readonly cause: unknown } | undefined;
  #over = false;

  constructor(job: TaskJob) {
    this.#job = job;
    this.#promise = new Promise((resolve, reject) => this.#settle = { resolve, reject });
    if (job.signal?.aborted === true) this.#refuse(job.signal.reason);
    else this.#start();
  }

  then<A = R, B = never>(
    fulfilled?: ((value: R) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#promise.then(fulfilled, rejected);
  }

  cancel(reason: unknown = new DOMException("The task was cancelled", "AbortError")): void {
    if (this.#over || this.#answer !== undefined || this.#cancelled !== undefined) return;
    this.#cancelled = { error: reason };
    this.#promise.catch(() => {}); // whoever cancels knows
    this.#post({ type: "cancel", reason: encodeError(reason) });
    this.#limitEnd();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#promise.catch(() => {});
  }

  #start(): void {
    try {
      this.#open();
    } catch (error) {
      this.#over = true;
      this.#thread?.terminate();
      this.#bridge.dispose(false, error);
      throw error;
    }
    const { signal, daemon } = this.#job;
    if (!daemon) (this.#hold = new Hold()).on = true;
    if (signal !== undefined) watch(signal, this.#abortion);
  }

  #open(): void {
    const { module, export: name, args } = this.#job;
    const packed = packArguments(args, (channel) => this.#bridge.refer(channel));
    this.#thread = this.#startThread();
    const opening = { module, export: name, args: packed.args, places: packed.places };
    try {
      this.#thread.post({ type: "task", version: VERSION, ...opening }, packed.transfer);
    } catch (error) {
      throw uncloneable("Cannot send the arguments of a task", "options.args", packed.args, error);
    }
  }

  /** It was cancelled before it began. */
  #refuse(reason: unknown): void {
    this.#over = true;
    this.#promise.catch(() => {}); // whoever cancels knows
    this.#settle.reject(reason);
  }

  #startThread(): Thread {
    const { name = "task", resourceLimits } = this.#job;
    return startLibraryThread({ name: `${name} ${this.#number}`, resourceLimits }, {
      message: (message) => this.#receive(message as TaskAnswer),
      // Its last messages may still be on their way.
      failed: (error) => this.#trouble ??= { why: reasonOf(error), cause: error },
      exited: (code) => this.#end(code),
    });
  }

  #post(order: TaskOrder): void {
    this.#thread?.post(order);
  }

  #receive(answer: TaskAnswer): void {
    if (answer.type === "words") return this.#bridge.receive(answer.words);
    if (answer.type === "failed") {
      const error = decodeError(answer.error);
      this.#trouble = { why: `${answer.reason}: ${reasonOf(error)}`, cause: error };
      return;
    }
    const { resolve, reject } = this.#settle;
    if (answer.type === "result") {
      const result = unpack(answer, (ref) => this.#bridge.open(ref)) as R;
      this.#answer = () => resolve(result);
    } else this.#answer = () => reject(decodeError(answer.error));
    const ended = "Cannot use a channel of a thread that has ended";
    this.#bridge.dispose(true, new ThreadError(ended, this.#number));
    this.#limitEnd();
  }

  /** The thread is to exit now. */
  #limitEnd(): void {
    if (this.#limits.length > 0) return;
    this.#limits = [
      patiently(GRACE, () => this.#thread?.terminate()),
      patiently(GRACE + LOST, () => this.#end(undefined)),
    ];
  }

  #end(code: number | undefined): void {
    if (this.#over) return;
    this.#over = true;
    for (const withdraw of this.#limits) withdraw();
    this.#bridge.dispose(false, this.#death(code));
    this.#hold?.release();
    this.#abortion.withdraw();
    if (this.#cancelled !== undefined) this.#settle.reject(this.#cancelled.error);
    else if (this.#answer !== undefined) this.#answer();
    else this.#settle.reject(this.#death(code));
  }

  #death(exitCode: number | undefined): ThreadError {
    const { name } = this.#job;
    const who = `The thread of the task${name === undefined ? "" : ` ${show(name)}`} failed`;
    if (this.#trouble === undefined) {
      return new ThreadError(`${who}: it exited with code ${exitCode}`, this.#number, { exitCode });
    }
    const { why, cause } = this.#trouble;
    return new ThreadError(`${who}: ${why}`, this.#number, { cause });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : show(error);
}
