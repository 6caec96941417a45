/// <reference lib="esnext.disposable" preserve="true" />
/**
 * What a mutex and a semaphore hand out.
 *
 * @module
 */
import { show } from "../internal/checks.ts";

/** Takes a permit back. Throws if it cannot be given back now. */
export const TAKE_BACK: unique symbol = Symbol("take back");

/** Who hands out permits. */
export interface Lender {
  readonly name: string | undefined;
  [TAKE_BACK](permit: Permit): void;
}

/**
 * The right to go on, until it is released. Made by `acquire` and `tryAcquire` of a `Mutex` or a
 * `Semaphore`.
 *
 * Bind it with `using`, and it is released at the end of the block, however the block ends. Releasing it
 * early with `release` is fine too: the end of the block then has nothing to do.
 */
export class Permit implements Disposable {
  readonly #lender: Lender;
  #released = false;

  /** @internal */
  constructor(lender: Lender) {
    this.#lender = lender;
  }

  /** Whether it was released. */
  get released(): boolean {
    return this.#released;
  }

  /**
   * Gives the permit back; whoever has waited longest gets it.
   *
   * @throws {TypeError} If it was released before, or if its holder waits on a condition.
   */
  release(): void {
    if (this.#released) throw releaseError(this.#lender, "it was released before");
    this.#lender[TAKE_BACK](this);
    this.#released = true;
  }

  /** Releases the permit, unless that was done. For `using`. */
  [Symbol.dispose](): void {
    if (!this.#released) this.release();
  }
}

/** What releasing a permit throws that cannot be given back now. */
export function releaseError({ name }: Lender, why: string): TypeError {
  const whose = name === undefined ? "" : ` of ${show(name)}`;
  return new TypeError(`Cannot release a permit${whose}: ${why}`);
}
