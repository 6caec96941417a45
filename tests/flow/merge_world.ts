/**
 * A merge of sources that are told what to say and of channels, and what must be true of it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Channel, type Flow, merge } from "../../mod.ts";
import { counts } from "../unit/counts.ts";
import { Receives } from "./receives.ts";
import { Spout } from "./spout.ts";

/** How often each is done. */
const WEIGHTS = {
  recv: 12,
  abort: 4,
  cancel: 1,
  say: 10,
  end: 2,
  error: 1,
  send: 10,
  close: 2,
  take: 2,
} as const;

/** What is done, and to which source. */
export interface MergeStep {
  readonly op: keyof typeof WEIGHTS;
  readonly at: number;
}

const step: fc.Arbitrary<MergeStep> = fc.record({
  op: fc.oneof(
    ...Object.entries(WEIGHTS).map(([op, weight]) => ({
      weight,
      arbitrary: fc.constant(op as MergeStep["op"]),
    })),
  ),
  at: fc.nat(5),
});

/** Steps in bursts: between two bursts everything comes to rest. */
export const mergeSteps: fc.Arbitrary<MergeStep[][]> = fc.array(
  fc.array(step, { minLength: 1, maxLength: 5 }),
  { maxLength: 25, size: "max" },
);

/** A channel that counts what it was sent, and what somebody else took. */
class Inflow {
  readonly channel = new Channel<number>(3);
  sent = 0;
  taken = 0;

  send(value: number): void {
    if (!this.channel.closed && this.channel.trySend(value)) this.sent++;
  }

  take(): void {
    if (this.channel.tryRecv()?.done === false) this.taken++;
  }
}

/** The values of source number k are 1000 k and above, in order; channels come after the others. */
export class MergeWorld {
  readonly #spouts: readonly Spout[];
  readonly #inflows: readonly Inflow[];
  readonly #flow: Flow<number>;
  readonly #receives = new Receives();
  #made = 0;
  #cancelled = false;

  constructor(spouts: number, channels: number) {
    this.#spouts = Array.from({ length: spouts }, () => new Spout());
    this.#inflows = Array.from({ length: channels }, () => new Inflow());
    this.#flow = merge(...this.#spouts, ...this.#inflows.map(({ channel }) => channel));
  }

  step({ op, at }: MergeStep): void {
    if (op === "recv") this.#receives.make(this.#flow);
    else if (op === "abort") this.#receives.abort();
    else if (op === "cancel") {
      this.#cancelled = true;
      this.#flow.cancel();
    } else if (op === "say" || op === "end" || op === "error") this.#tell(op, at);
    else this.#use(op, at);
  }

  /** Asserts what must be true when nothing moves. */
  verify(): void {
    this.#verifyValues();
    const { outcomes } = this.#receives;
    if (outcomes.includes("waiting")) this.#verifyWaiting();
    else for (const { channel } of this.#inflows) assertEquals(counts(channel).receivers, 0);
    if (outcomes.includes("broken") || this.#cancelled) this.#verifyClosed();
    else if (outcomes.includes("done")) this.#verifyEnded();
  }

  #tell(op: "say" | "end" | "error", at: number): void {
    const k = at % this.#spouts.length;
    this.#spouts[k]?.say(op === "say" ? 1000 * k + this.#made++ : op);
  }

  #use(op: "send" | "close" | "take", at: number): void {
    const k = at % this.#inflows.length;
    const inflow = this.#inflows[k];
    if (op === "send") inflow?.send(1000 * (this.#spouts.length + k) + this.#made++);
    else if (op === "close") inflow?.channel.close();
    else inflow?.take();
  }

  /** Each source keeps its order and is at most one value ahead, and every value is somewhere. */
  #verifyValues(): void {
    const lengths = this.#received().map((values) => {
      assertEquals(values, values.toSorted((a, b) => a - b), "the order of a source");
      return values.length;
    });
    if (this.#cancelled) return;
    const ahead = this.#spouts.map(({ given }, k) => given - (lengths[k] as number));
    const kept = this.#inflows.map(({ sent, taken, channel }, k) =>
      sent - taken - channel.size - (lengths[this.#spouts.length + k] as number)
    );
    for (const n of ahead) assert(n === 0 || n === 1, `ahead by ${n}`);
    const { size } = this.#flow;
    const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
    // An answer that comes after an error is dropped. What a channel was sent is not.
    const lost = this.#spouts.some(({ failed }) => failed) ? sum(ahead) : 0;
    assert(
      size <= sum([...ahead, ...kept]) && size >= sum([...ahead, ...kept]) - lost,
      "nothing lost",
    );
  }

  /** What each source's values were, as they came. */
  #received(): number[][] {
    const lists = [...this.#spouts, ...this.#inflows].map(() => [] as number[]);
    for (const outcome of this.#receives.outcomes) {
      if (/\d/.test(outcome)) lists[Math.trunc(Number(outcome) / 1000)]?.push(Number(outcome));
    }
    return lists;
  }

  /** Nobody waits while there is a value. */
  #verifyWaiting(): void {
    assertEquals(this.#flow.size, 0);
    for (const { left } of this.#spouts) assertEquals(left, 0);
    for (const { channel } of this.#inflows) assertEquals(channel.size, 0);
  }

  /** One that has just ended may be closed all the same: that it did is not known yet. */
  #verifyClosed(): void {
    for (const { ended, closed } of this.#spouts) assert(closed === 1 || closed === 0 && ended);
  }

  #verifyEnded(): void {
    assertEquals(this.#flow.size, 0);
    for (const { ended, closed } of this.#spouts) assertEquals([ended, closed], [true, 0]);
    for (const { channel } of this.#inflows) {
      assertEquals([channel.closed, channel.size], [true, 0]);
    }
  }
}
