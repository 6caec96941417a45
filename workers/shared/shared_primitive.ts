/**
 * What all primitives in shared memory have in common.
 *
 * @module
 */
import { COUNTS } from "../../internal/case.ts";
import type { PrimitiveOptions } from "../../sync/name.ts";
import { HANDLE, type SharedHandle } from "./handle.ts";
import type { LocalQueue } from "./local_queue.ts";
import { type Plan, type PrimitiveHandle, type Site, siteFor } from "./site.ts";

/** Where a primitive lies. */
export const SITE: unique symbol = Symbol("site");
/** Those of this thread who wait for it. */
export const QUEUE: unique symbol = Symbol("queue");

/** What a primitive answers to `COUNTS`. */
interface Waiting {
  /** How many operations of this thread are parked. */
  readonly waiting: number;
}

/**
 * What can be said of every primitive in shared memory, whatever it is: its name, where it is, and whether
 * those who wait for it keep the process running.
 *
 * @typeParam H Its handle.
 *
 * @example
 * ```ts
 * import { SharedMutex, type SharedPrimitive, SharedValue } from "millrace/workers";
 *
 * const used: SharedPrimitive[] = [new SharedMutex({ name: "db" }), new SharedValue("i32")];
 * for (const primitive of used) primitive.unref();
 * console.log(used.map(({ name, handle }) => name ?? handle.kind)); // [ 'db', 'value' ]
 * ```
 */
export abstract class SharedPrimitive<
  H extends PrimitiveHandle<string> = PrimitiveHandle<string>,
> {
  readonly #site: Site;

  /** @internal */
  constructor(options: PrimitiveOptions, plan: () => Plan<H["kind"]>) {
    this.#site = siteFor(this, options, plan);
  }

  /** What it was named. */
  get name(): string | undefined {
    return this.#site.name;
  }

  /** Where it is, as plain data. */
  get handle(): H {
    return this.#site.handle as H;
  }

  /** Operations that wait here hold the process. This is so from the start. */
  ref(): void {
    this[QUEUE].holds = true;
  }

  /** Operations that wait here do not hold the process. */
  unref(): void {
    this[QUEUE].holds = false;
  }

  /** @internal */
  get [SITE](): Site {
    return this.#site;
  }

  /** @internal */
  abstract get [QUEUE](): LocalQueue;

  /** @internal */
  [COUNTS](): Waiting {
    return { waiting: this[QUEUE].length };
  }

  /** @internal */
  [HANDLE](): SharedHandle {
    return this.handle;
  }
}
