/**
 * The rings between a thread and its parent, as the parent sees them: made when it is worth it, given back when
 * the thread has ended.
 *
 * @module
 */
import { BatchRing, RING_BYTES } from "./batch_ring.ts";
import { BatchWriter, isWorthRing, type RingUse, ringUse } from "./batch_writer.ts";
import { Domain } from "./shared/domain.ts";
import type { Items, Order, RingsOffer } from "./wire.ts";

/**
 * Items of the kind that is cheaper in a ring, in either direction, that are cloned before a ring is offered. The
 * thread has to load the codec first, for some 15 ms, which so many items save when they are small objects.
 */
const WORTH = 40_000;

/** Both directions. */
export class ThreadRings {
  readonly #use: RingUse = ringUse();
  readonly #post: (order: Order) => void;
  #seen = 0;
  #offered = false;
  #domain: Domain | undefined;
  #memory = 0;
  #values: BatchWriter | undefined;
  #answers: BatchRing | undefined;

  /** @param post Sends to the thread. */
  constructor(post: (order: Order) => void) {
    this.#post = post;
  }

  /** What the thread is offered from the start. */
  offerAtOnce(): RingsOffer | undefined {
    if (this.#use !== "on") return undefined;
    const offer = this.#make();
    if (offer !== undefined) this.accepted();
    return offer;
  }

  /** Items like this one were cloned, so many. */
  cloned(item: unknown, count: number): void {
    if (this.#offered || this.#use === "off" || !isWorthRing(item)) return;
    this.#seen += count;
    if (this.#seen <= WORTH) return;
    const offer = this.#make();
    if (offer !== undefined) this.#post(offer);
  }

  /** The thread has the rings, too. */
  accepted(): void {
    if (this.#values !== undefined) return;
    this.#values = new BatchWriter(new BatchRing(this.#domain!, this.#memory), this.#use === "on");
    this.#answers = new BatchRing(this.#domain!, this.#memory + RING_BYTES);
  }

  /** Writes values for the thread. Answers in which slot, or -1: they are to be cloned. */
  write(values: readonly unknown[]): number {
    return this.#values?.write(values) ?? -1;
  }

  /** What the thread has written. */
  read(slot: number): Items {
    return this.#answers!.read(slot);
  }

  /**
   * The thread has ended.
   *
   * @param running Whether it may go on nevertheless: then it keeps the rings.
   */
  end(running: boolean): void {
    if (this.#domain !== undefined && !running) this.#domain.free(this.#memory);
    this.#domain = this.#values = undefined;
    this.#offered = true;
  }

  #make(): RingsOffer | undefined {
    this.#offered = true;
    try {
      const domain = Domain.own;
      this.#memory = domain.allocate(2 * RING_BYTES);
      this.#domain = domain;
    } catch {
      return undefined; // no memory to share: all is cloned
    }
    const at = this.#memory, { memory } = this.#domain;
    for (const ring of [at, at + RING_BYTES]) new BatchRing(this.#domain, ring).clear();
    return { type: "rings", memory, at, always: this.#use === "on" };
  }
}
