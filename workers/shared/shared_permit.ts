/// <reference lib="esnext.disposable" preserve="true" />
/**
 * What a shared lock and a shared semaphore hand out.
 *
 * @module
 */
import { show } from "../../internal/checks.ts";

/** Takes a permit back. Throws if it cannot be given back now. */
export const TAKE_BACK: unique symbol = Symbol("take back");
/** Says who had the permit before. */
export const INHERIT: unique symbol = Symbol("inherit");

/** Who hands out permits. */
export interface SharedLender {
  readonly name: string | undefined;
  [TAKE_BACK](permit: SharedPermit): void;
}

/**
 * The right to go on, until it is released. Made by `acquire`, `tryAcquire` and `acquireSync` of a `SharedMutex` or
 * a `SharedSemaphore`, and by the locks of a `SharedValue` and a `SharedArray`.
 *
 * Bind it with `using`, and it is released at the end of the block, however the block ends. Releasing it
 * early with `release` is fine too: the end of the block then has nothing to do. It belongs to the thread that
 * has it: it cannot be sent to another one.
 */
export class SharedPermit implements Disposable {
  readonly #lender: SharedLender;
  #released = false;
  #abandoned: boolean;

  /** @internal */
  constructor(lender: SharedLender, abandoned: boolean) {
    this.#lender = lender;
    this.#abandoned = abandoned;
  }

  /** Whether it was released. */
  get released(): boolean {
    return this.#released;
  }

  /**
   * Whether the thread that had it before has ended without releasing it: then what it protects may be half
   * changed.
   */
  get abandoned(): boolean {
    return this.#abandoned;
  }

  /**
   * Gives the permit back.
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

  /** @internal */
  [INHERIT](abandoned: boolean): void {
    this.#abandoned ||= abandoned;
  }
}

/** What releasing a permit throws that cannot be given back now. */
export function releaseError({ name }: SharedLender, why: string): TypeError {
  const whose = name === undefined ? "" : ` of ${show(name)}`;
  return new TypeError(`Cannot release a permit${whose}: ${why}`);
}

/** A primitive as it stands in a message: `a mutex`, `mutex "db"`. */
export function titled(kind: string, name: string | undefined): string {
  return name === undefined ? `a ${kind}` : `${kind} ${show(name)}`;
}
