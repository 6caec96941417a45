/**
 * Text timelines on the fake clock: `"a-b--|"` is an `a` at once, a `b` two ticks later, the end three
 * ticks after that. One character is one tick; `(ab)` are two values in one tick; `#` is an error; what
 * has neither `|` nor `#` goes on in silence.
 *
 * @module
 */
import { after, select } from "../../mod.ts";
import { type FakeClock, useFakeClock } from "../../testing/mod.ts";

/** Milliseconds. */
export const TICK = 10;

/** What `#` stands for in a source. */
export const BROKEN: Error = new Error("#");

interface Moment {
  readonly tick: number;
  readonly what: string;
}

/** How a flow is recorded. */
export interface RecordOptions {
  /** How many ticks the consumer works on each value before it asks for the next. */
  readonly busy?: number;
  /** When the recording stops if the flow does not end: then the flow is left. */
  readonly ticks?: number;
}

/** Sources and records that share a clock. */
export interface Timelines {
  readonly clock: FakeClock;
  /** Begins with the first `next`. A value that nobody has asked for in its tick waits. */
  play(text: string): Player;
  /** Reads to the end, moving the clock, and tells what came when. An array is `[ab]`. */
  record(flow: AsyncIterable<unknown>, options?: RecordOptions): Promise<string>;
}

/** Puts the fake clock in use until the test is over. */
export function timelines(t: { after(task: () => void): void }): Timelines {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  return {
    clock,
    play: (text) => new Player(text, clock),
    record: (flow, options) => record(flow, clock, options),
  };
}

/** A source that a text tells of. */
export class Player implements AsyncIterableIterator<string> {
  /** How often it was closed before its end. */
  closed = 0;
  readonly #moments: Moment[];
  readonly #clock: FakeClock;
  readonly #stop = new AbortController();
  #start: number | undefined;

  constructor(text: string, clock: FakeClock) {
    this.#moments = parse(text);
    this.#clock = clock;
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    const start = this.#start ??= this.#clock.now;
    const { tick, what } = this.#moments.shift() ?? { tick: Infinity, what: "|" };
    const wait = start + tick * TICK - this.#clock.now;
    if (wait > 0) await select({ moment: after(wait), stop: this.#stop.signal });
    if (what === "#") throw BROKEN;
    if (what === "|" || this.closed > 0) return { done: true, value: undefined };
    return { done: false, value: what };
  }

  return(): Promise<IteratorResult<string, undefined>> {
    this.closed++;
    this.#stop.abort();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function parse(text: string): Moment[] {
  const moments: Moment[] = [];
  const cells = text.match(/\([^)]*\)|[^ ]/g) ?? [];
  cells.forEach((cell, tick) => {
    for (const what of cell.replace(/[()-]/g, "")) moments.push({ tick, what });
  });
  return moments;
}

async function record(
  flow: AsyncIterable<unknown>,
  clock: FakeClock,
  { busy = 0, ticks = 100 }: RecordOptions = {},
): Promise<string> {
  const cells: string[][] = [];
  const start = clock.now;
  let over = false;
  const tick = () => Math.floor((clock.now - start) / TICK);
  const note = (what: string) => (cells[tick()] ??= []).push(what);
  const listen = async () => {
    for await (const value of flow) {
      if (tick() >= ticks) return;
      note(show(value));
      if (busy > 0) await select({ work: after(busy * TICK) });
    }
    note("|");
  };
  const listening = listen().catch(() => note("#")).finally(() => over = true);
  await clock.advance(0);
  while (!over && tick() < ticks) await clock.advance(TICK);
  if (!over) (flow as { cancel?(): void }).cancel?.();
  else await listening;
  return Array.from(cells, (cell = ["-"]) => cell.length > 1 ? `(${cell.join("")})` : cell[0])
    .join("");
}

function show(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(show).join("")}]` : String(value);
}
