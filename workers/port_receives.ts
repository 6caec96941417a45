/**
 * The receives that wait at the far end of a bridged channel.
 *
 * @module
 */
import type { Failure } from "../internal/case.ts";
import type { Waiter } from "../internal/waiter.ts";
import { HALT, TAKEN, WITHDRAW } from "./bridge_wire.ts";
import { Draw, type Line, Slot } from "./port_slot.ts";

/** First come, first served. Each has asked the near end for a value; see the rules in `bridge_wire.ts`. */
export class PortReceives {
  readonly #owner: object;
  readonly #line: Line;
  readonly #number: number;
  readonly #slots = new Map<number, Slot>();
  readonly #draw = new Draw();
  /** What was asked for with a lower number than this is void. */
  #void = 0;

  constructor(owner: object, line: Line, number: number) {
    this.#owner = owner;
    this.#line = line;
    this.#number = number;
  }

  /** Whether what was asked for as `id` was taken back since. */
  isVoid(id: number): boolean {
    return id < this.#void;
  }

  /** @param max How many values it takes; 0 for one that is not put in an array. */
  park(code: number, waiter: Waiter, max: number, shuffle = false): void {
    const left = (slot: Slot) => this.#left(slot);
    const slot = new Slot(this.#line.next(), { operation: "recv", owner: this.#owner, max, left });
    slot.push(waiter);
    if (shuffle) this.#draw.add(slot);
    this.#slots.set(slot.id, slot);
    slot.word = this.#line.out.put(code, this.#number, slot.id, Math.max(max, 1));
  }

  /** Values have come, for the receive `id`. */
  values(id: number, values: unknown[]): void {
    if (this.isVoid(id)) return;
    if (this.settle(values, id) < values.length) this.halt();
  }

  /**
   * Hands values to those who wait.
   *
   * @param id The question that is answered, if they were lent; those of others who are served are withdrawn.
   * @returns How many were taken.
   */
  settle(values: readonly unknown[], id?: number): number {
    let taken = 0;
    for (const slot of this.#slots.values()) {
      if (taken === values.length) break;
      this.#slots.delete(slot.id);
      if (slot.id !== id) this.#withdraw(slot);
      const batch = values.slice(taken, taken + Math.max(slot.max, 1));
      taken += batch.length;
      // First: if the waiter was the last, the rest of its select may halt.
      if (id !== undefined) this.#line.out.put(TAKEN, this.#number, batch.length);
      slot.settle(false, slot.max === 0 ? batch[0] : batch);
    }
    return taken;
  }

  /** @returns Whether `id` is a receive. */
  refuse(id: number, error: unknown): boolean {
    const slot = this.#slots.get(id);
    this.#slots.delete(id);
    slot?.refuse(error);
    return slot !== undefined;
  }

  /** Whatever those who wait are told now, nobody need catch it. */
  excuse(): void {
    for (const { first } of this.#slots.values()) first?.promise.catch(ignore);
  }

  /** Nothing else will come: tells all who wait. */
  end(failure: Failure | undefined): void {
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    for (const slot of slots) {
      if (slot.word?.sent === false) slot.word.dropped = true;
      if (failure === undefined) slot.settle(true, undefined);
      else slot.refuse(failure.error);
    }
  }

  /** Wants nothing any more: what was asked for is void. */
  halt(): void {
    this.#void = this.#line.next();
    this.#line.out.put(HALT, this.#number, 0);
  }

  #left(slot: Slot): void {
    this.#slots.delete(slot.id);
    if (slot.word?.sent === true && this.#slots.size === 0) this.halt();
    else this.#withdraw(slot);
  }

  #withdraw({ id, word }: Slot): void {
    if (word === undefined) return;
    if (!word.sent) word.dropped = true;
    else if (!this.isVoid(id)) this.#line.out.put(WITHDRAW, this.#number, id);
  }
}

function ignore(): void {}
