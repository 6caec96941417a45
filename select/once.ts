/**
 * A promise to receive from.
 *
 * @module
 */
import { SuppliedReceiver } from "../channel/supplied.ts";
import type { Receiver } from "../channel/types.ts";
import { check } from "../internal/checks.ts";

/**
 * Makes a receiver of a promise: it gives the promise's value once and then reports `done`. If the
 * promise rejects, every receive rejects with the same error, as after `fail`.
 *
 * The promise gets one reaction for its whole life, so a promise that never settles can be selected on
 * any number of times without a leak; `Promise.race` adds a reaction each time.
 *
 * @typeParam T What the promise resolves to.
 * @param promise A promise, or anything with a `then`.
 * @returns A receiver of capacity 1. `cancel` drops the value; it does not stop what makes it.
 * @throws {TypeError} If `promise` has no `then`.
 *
 * @example Work with a time limit
 * ```ts
 * import { after, once, select } from "millrace";
 *
 * const work = once(Promise.resolve(42));
 * const r = await select({ work, late: after(1_000) });
 * if (r.key === "work" && !r.done) console.log(r.value); // 42
 * ```
 */
export function once<T>(promise: PromiseLike<T>): Receiver<NoInfer<T>> {
  // NoInfer: as a case of select, `once(page.then(read))` would take T from the case, Receiver<unknown>.
  const then: unknown = (promise as Partial<PromiseLike<T>> | null | undefined)?.then;
  check(typeof then === "function", "promise must have a then", promise);
  return new Once(promise);
}

class Once<T> extends SuppliedReceiver<T> {
  constructor(promise: PromiseLike<T>) {
    super(1);
    promise.then(
      (value) => {
        this.supply(value);
        this.end();
      },
      (error) => this.end({ error }),
    );
  }

  override cancel(): void {
    this.discard();
  }

  protected override demand(): void {}
}
