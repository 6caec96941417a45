/**
 * Carries out a schedule with the real channels and selects, and writes down all that can be seen.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import type { Counts } from "../../internal/case.ts";
import { setSeed } from "../../testing/seed.ts";
import { SyncClock } from "../support/sync_clock.ts";
import { advance, cancel, isWaiting, type Schedule, type Step, type Waiting } from "./program.ts";
import { World } from "./world.ts";

/** A promise that was settled. */
export interface Settlement {
  /** The step that started the operation. */
  readonly id: number;
  readonly outcome: string;
  /** The last step that was made before. */
  readonly step: number;
  /** How often the event loop had turned. */
  readonly turn: number;
}

/** All that was seen of one schedule. */
export interface Trace {
  /** The steps of the schedule, and then the end of all time and channels, to see what they hold. */
  readonly steps: readonly Step[];
  /** After each step, of each channel. */
  readonly counts: Counts[][];
  /** By each step, of all channels. */
  readonly dropped: number[][];
  /** At each step, how often the event loop had turned. */
  readonly turns: number[];
  /** The last step before all had settled that could after this one without a turn. */
  readonly rests: number[];
  /** What was answered at once, or thrown, by step. */
  readonly answers: Map<number, string>;
  /** In the order in which they happened. */
  readonly settlements: Settlement[];
  /** The most listeners that a signal ever had. */
  readonly mostListeners: number;
  /** A turn after the end. */
  readonly listeners: number;
  readonly timers: number;
}

/** Enough for all promises to settle that can do so in one turn of the event loop. */
const ALL = 8;
/** Milliseconds after which no alarm of a schedule is left. */
const ALL_TIME = 1_000_000;

/** Carries out the schedule. */
export async function execute(schedule: Schedule): Promise<Trace> {
  setSeed(schedule.seed);
  const clock = new SyncClock();
  try {
    return await new Execution(schedule, clock).run();
  } finally {
    clock.restore();
  }
}

class Execution implements Trace {
  readonly steps: readonly Step[];
  readonly counts: Counts[][] = [];
  readonly dropped: number[][] = [];
  readonly turns: number[] = [];
  readonly rests: number[] = [];
  readonly answers = new Map<number, string>();
  readonly settlements: Settlement[] = [];
  mostListeners = 0;
  listeners = 0;
  timers = 0;
  readonly #schedule: Schedule;
  readonly #world: World;
  readonly #clock: SyncClock;
  #turn = 0;

  constructor(schedule: Schedule, clock: SyncClock) {
    this.#schedule = schedule;
    this.#clock = clock;
    this.#world = new World(schedule.channels, (value) => this.dropped.at(-1)!.push(value));
    const ends = schedule.channels.map((_, on) => cancel(on));
    this.steps = [...schedule.steps, advance(ALL_TIME), ...ends];
  }

  async run(): Promise<this> {
    const { steps: { length }, every, ticks = ALL, turn = length } = this.#schedule;
    for (const [n, step] of this.steps.entries()) {
      this.dropped.push([]);
      this.turns.push(this.#turn);
      this.#step(n, step);
      this.counts.push(this.#world.counts());
      this.mostListeners = Math.max(this.mostListeners, ...this.#world.listeners());
      const turns = (n + 1) % turn === 0 || n === length - 1;
      if (turns || n >= length) await this.#rest(ALL);
      else if ((n + 1) % every === 0) await this.#rest(ticks);
      if (turns) await this.#next();
    }
    await this.#next();
    this.listeners = this.#world.listeners().filter((n) => n > 0).length;
    this.timers = this.#clock.timers;
    return this;
  }

  #step(n: number, step: Step): void {
    try {
      if (step.op === "advance") this.#clock.advance(step.ms);
      else if (step.op === "spin") spin();
      else if (step.op === "try") this.answers.set(n, this.#world.attempt(step));
      else if (isWaiting(step)) this.#watch(n, step, this.#world.start(step));
      else this.#world.happen(step);
    } catch (error) {
      this.answers.set(n, this.#world.error(error));
    }
  }

  #watch(id: number, of: Waiting, promise: Promise<unknown>): void {
    const note = (outcome: string) =>
      this.settlements.push({ id, outcome, step: this.counts.length - 1, turn: this.#turn });
    promise.then(
      (result) => note(this.#world.result(of, result)),
      (error) => note(this.#world.error(error)),
    );
  }

  async #rest(ticks: number): Promise<void> {
    for (let i = 0; i < ticks; i++) await undefined;
    if (ticks < ALL) return;
    while (this.rests.length < this.counts.length) this.rests.push(this.counts.length - 1);
  }

  /** What settles from here on was delayed by a turn of the event loop. */
  #next(): Promise<void> {
    this.#turn++;
    return new Promise((resolve) => setImmediate(resolve));
  }
}

/** Longer than the guard of the event loop lets a turn last. */
const TOO_LONG = 6;

function spin(): void {
  const start = performance.now();
  while (performance.now() - start < TOO_LONG);
}
