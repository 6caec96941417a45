/**
 * What every primitive must do, as lists and conditions: the executable specification.
 *
 * @module
 */
import type { Limits, Step } from "./program.ts";

/** Somebody who waits. */
export interface Waiting extends Limits {
  readonly id: number;
  readonly deadline: number;
}

/** One primitive, and those who wait for it, in order of arrival. */
export abstract class Model {
  /** What was settled, in commit order. */
  readonly settled: { readonly id: number; readonly outcome: string }[] = [];
  protected waiting: Waiting[] = [];
  readonly #aborted = new Set<number>();
  #now = 0;

  /** Does a step; answers as the call does, or tells that it throws. */
  step(step: Step, id: number): unknown {
    if (step.op === "wait") return this.wait(step, id);
    if (step.op === "abort") this.#aborted.add(step.signal);
    if (step.op === "advance") this.#now += step.ms;
    if (step.op !== "abort" && step.op !== "advance") return this.act(step, id);
    const over = this.interruptible().filter((it) => this.#ended(it) !== undefined);
    over.sort((a, b) => step.op === "advance" ? a.deadline - b.deadline : a.id - b.id);
    for (const it of over) this.interrupt(it, this.#ended(it)!);
    return undefined;
  }

  /** All that can be seen from outside. */
  abstract state(): Record<string, unknown>;
  /** Passes, if that is possible at once. */
  protected abstract pass(id: number): boolean;
  protected abstract act(step: Step, id: number): unknown;

  protected wait(step: Limits, id: number): void {
    if (this.refuses(step, id) || this.pass(id)) return;
    if (step.timeout === 0) return this.settle(id, "time");
    this.waiting.push(this.limited(step, id));
  }

  /** Whether the signal was aborted before. */
  protected refuses({ signal }: Limits, id: number): boolean {
    if (signal === undefined || !this.#aborted.has(signal)) return false;
    this.settle(id, `signal ${signal}`);
    return true;
  }

  protected limited({ signal, timeout = Infinity }: Limits, id: number): Waiting {
    return { id, deadline: this.#now + timeout, ...signal === undefined ? {} : { signal } };
  }

  protected interruptible(): Waiting[] {
    return [...this.waiting];
  }

  protected interrupt(waiting: Waiting, outcome: string): void {
    this.waiting = this.waiting.filter((it) => it !== waiting);
    this.settle(waiting.id, outcome);
  }

  protected wakeAll(): void {
    for (const { id } of this.waiting.splice(0)) this.settle(id, "awake");
  }

  protected settle(id: number, outcome: string): void {
    this.settled.push({ id, outcome });
  }

  #ended({ signal, deadline }: Waiting): string | undefined {
    if (signal !== undefined && this.#aborted.has(signal)) return `signal ${signal}`;
    return deadline <= this.#now ? "time" : undefined;
  }
}
