/**
 * Structured concurrency: tasks that cannot outlive the block that started them.
 *
 * @module
 */
import { watch } from "../internal/abort.ts";
import { checkCount, checkFunction, checkOptions, checkSignal } from "../internal/checks.ts";
import { pause, refused } from "../internal/pace.ts";
import { hook } from "../internal/waiter.ts";
import { Semaphore } from "../sync/semaphore.ts";
import { WaitGroup } from "../sync/wait_group.ts";
import { observer } from "./observer.ts";

/** How a scope runs. */
export interface ScopeOptions {
  /**
   * Aborts the scope. If it is aborted already, nothing runs at all. Otherwise the scope rejects with
   * `signal.reason` when all has ended, even if all of it ended well: an aborted scope has no result. On a
   * scope that has failed already it has no effect.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * How many tasks may run at once; no limit by default. The body does not count. A task that waits for a
   * further task of the same scope keeps its place meanwhile, so with a limit it may wait for ever.
   */
  readonly limit?: number | undefined;
}

/** What the body of a scope starts tasks with. A task may start further ones, until the scope has ended. */
export interface Scope {
  /**
   * Aborted when the body or a task fails, with the error as its reason, or by the signal in the options,
   * with that signal's reason. Every task is given it.
   */
  readonly signal: AbortSignal;
  /**
   * Starts a task, before it returns if the limit allows. Otherwise the task waits its turn, first come,
   * first served. After a failure it is not started any more.
   *
   * The promise may be ignored: whether or not somebody awaits it, and whatever he does about it, an error
   * of the task fails the scope.
   *
   * @typeParam T What the task gives.
   * @param task What to run. It should end soon when its signal is aborted: the scope waits for it.
   * @returns What the task gives. Rejects with its error; with the signal's reason if it was not started;
   * with a `TypeError` if the scope has ended.
   */
  go<T>(task: (signal: AbortSignal) => T | Promise<T>): Promise<T>;
}

/**
 * Runs `body` and all tasks that it starts, and ends when the last of them has ended: nothing outlives a
 * scope, however it ends.
 *
 * The first error, of the body or of a task, also one that the body has caught, aborts the scope's signal
 * with that error as its reason, and fails the scope when all has ended. Whoever rejects with the reason
 * of the abort, or with an `AbortError` whose `cause` it is, has only obeyed; any other error is a further
 * failure.
 *
 * The models are Trio's nursery, Kotlin's `coroutineScope` and Go's `errgroup`.
 *
 * @typeParam R What the body gives.
 * @param body Starts the tasks with `go`; called before `scope` returns. It counts as one of them.
 * @param options A signal that aborts the scope, and how many tasks may run at once.
 * @returns What the body gives, when all tasks have ended. Rejects with a single failure itself; with
 * several as an `AggregateError`, with the first as first of `errors` and as `cause`. An abort from
 * outside counts as the first failure, with the signal's reason.
 *
 * @example Two tasks at the same time
 * ```ts
 * import { scope } from "millrace";
 *
 * const fetchText = async (name: string) => await Promise.resolve(`text of ${name}`);
 *
 * const texts = await scope(async (s) => {
 *   const a = s.go(() => fetchText("a"));
 *   const b = s.go(() => fetchText("b")); // if one fails, the other's signal is aborted
 *   return [await a, await b];
 * });
 * console.log(texts); // [ 'text of a', 'text of b' ]
 * ```
 */
export function scope<R>(
  body: (s: Scope) => R | Promise<R>,
  options: ScopeOptions = {},
): Promise<R> {
  checkFunction("body", body);
  checkOptions(options);
  const { signal, limit = Infinity } = options;
  checkSignal(signal);
  checkCount("options.limit", limit, 1);
  if (signal?.aborted) return refused(signal.reason);
  return new RunningScope(options).run(body);
}

// How `parked` of the testing kit shows what a scope waits for.
const WORK = { name: "work of a scope" };
const PERMITS = { name: "limit of a scope" };

class RunningScope implements Scope {
  readonly #abort = new AbortController();
  /** Waits for the signal of the options. */
  readonly #outside = hook((reason) => this.#fail(reason));
  readonly #permits: Semaphore | undefined;
  /** What was begun or is queued, the body included. The scope has ended when nothing is left. */
  readonly #work = new WaitGroup(WORK);
  /** A set: the body that passes on what its task threw is no second failure. */
  readonly #failures = new Set<unknown>();
  /** Who looks on: the one of the beginning, to the end. */
  readonly #observer = observer;
  /** Ends the wait for the work; there if somebody looks on who may want that. */
  readonly #giveUp = observer && new AbortController();

  constructor({ signal, limit = Infinity }: ScopeOptions) {
    if (limit !== Infinity) this.#permits = new Semaphore(limit, PERMITS);
    if (signal !== undefined) watch(signal, this.#outside);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  go<T>(task: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
    checkFunction("task", task);
    if (this.#work.count === 0) {
      return refused(new TypeError("Cannot start a task: the scope has ended"));
    }
    const { signal } = this;
    if (signal.aborted) return handled(refused(signal.reason));
    return this.#perform(task, () => task(signal), this.#permits);
  }

  async run<R>(body: (s: Scope) => R | Promise<R>): Promise<R> {
    const result = this.#perform(body, () => body(this));
    await this.#work.wait(this.#giveUp && { signal: this.#giveUp.signal });
    if (this.#failures.size > 0) throw failure(this.#failures);
    return result;
  }

  #perform<T>(
    named: { readonly name: string },
    work: () => T | Promise<T>,
    permits?: Semaphore,
  ): Promise<T> {
    this.#work.add();
    return handled(this.#toItsEnd(work, permits, this.#observer?.began(this, named)));
  }

  async #toItsEnd<T>(
    work: () => T | Promise<T>,
    permits: Semaphore | undefined,
    over: (() => void) | undefined,
  ): Promise<T> {
    const { signal } = this;
    let permit;
    try {
      // No await if there is a permit: the work begins in the turn of the caller.
      if (permits !== undefined) permit = permits.tryAcquire() ?? await permits.acquire({ signal });
      signal.throwIfAborted(); // the permit may have come in the turn of the failure
      const result = await work() as T;
      const turn = pause(); // work that never waits must not starve the event loop
      if (turn !== undefined) await turn;
      return result;
    } catch (error) {
      this.#fail(error); // before the permit is passed on
      throw error;
    } finally {
      over?.();
      permit?.release();
      this.#work.done();
      if (this.#work.count === 0) this.#outside.withdraw(); // an abort is late now
    }
  }

  #fail(error: unknown): void {
    const { signal } = this;
    if (signal.aborted && obeys(error, signal.reason)) return;
    this.#failures.add(error);
    if (signal.aborted) return;
    this.#outside.withdraw(); // an abort that comes now adds nothing
    this.#abort.abort(error);
    this.#observer?.aborted(this, signal.reason, (error) => this.#giveUp?.abort(error));
  }
}

/** Whether an error only says that the work was aborted. Node wraps the reason, the web does not. */
function obeys(error: unknown, reason: unknown): boolean {
  if (error === reason) return true;
  const { name, cause } = (error ?? {}) as Partial<Error>;
  return name === "AbortError" && cause === reason;
}

function failure(failures: ReadonlySet<unknown>): unknown {
  const [first] = failures;
  if (failures.size === 1) return first;
  const message = `Cannot complete a scope: ${failures.size} failures`;
  return new AggregateError(failures, message, { cause: first });
}

/** The scope reports it: it must not end the process. */
function handled<R>(promise: Promise<R>): Promise<R> {
  promise.catch(ignore);
  return promise;
}

function ignore(): void {}
