/**
 * What each primitive must do; what they have in common stands in `model.ts`.
 *
 * @module
 */
import { Model, type Waiting } from "./model.ts";
import type { Kind, Limits, Step } from "./program.ts";

class SemaphoreModel extends Model {
  /** Which operations hold a permit that was not released by itself. */
  readonly #permits = new Set<number>();
  readonly #max: number;
  #available: number;

  constructor(available: number, max: number) {
    super();
    this.#available = available;
    this.#max = max;
  }

  state() {
    return { available: this.#available, waiting: this.waiting.length };
  }

  protected pass(id: number): boolean {
    if (this.#available === 0) return false;
    this.#available--;
    this.#grant(id);
    return true;
  }

  protected act(step: Step, id: number): unknown {
    if (step.op === "try") return this.#available > 0 ? (this.pass(id), "permit") : "nothing";
    if (step.op !== "permit" && step.op !== "dispose") return this.#release();
    if (!this.#permits.has(step.n)) return step.op === "permit" ? "TypeError" : undefined;
    const answer = this.#release();
    if (answer === undefined) this.#permits.delete(step.n);
    return answer;
  }

  #grant(id: number): void {
    this.#permits.add(id);
    this.settle(id, "permit");
  }

  #release(): unknown {
    const next = this.waiting.shift();
    if (next) this.#grant(next.id);
    else if (this.#available === this.#max) return "RangeError";
    else this.#available++;
    return undefined;
  }
}

/** A mutex and a condition of it. */
class MutexModel extends Model {
  /** Permits are named by the operations that were given them. */
  #holder: number | undefined;
  readonly #released = new Set<number>();
  #sleepers: (Waiting & { permit: number })[] = [];
  /** Those in the queue of the mutex who cannot be interrupted: what they come back with. */
  readonly #back = new Map<number, { permit: number; outcome: string }>();

  state() {
    const [waiting, sleeping] = [this.waiting.length, this.#sleepers.length];
    return { locked: this.#holder !== undefined, waiting, sleeping };
  }

  protected pass(id: number): boolean {
    if (this.#holder !== undefined) return false;
    this.#holder = id;
    this.settle(id, "permit");
    return true;
  }

  protected act(step: Step, id: number): unknown {
    if (step.op === "try") {
      return this.#holder === undefined ? (this.pass(id), "permit") : "nothing";
    }
    if (step.op === "permit" || step.op === "dispose") {
      if (this.#released.has(step.n)) return step.op === "permit" ? "TypeError" : undefined;
      return this.#holder === step.n ? this.#release() : "TypeError";
    }
    if (step.op === "sleep" && this.refuses(step, id)) return undefined;
    if (this.#holder === undefined) return "TypeError";
    if (step.op === "release") this.#release();
    else if (step.op === "sleep") this.#sleep(step, id);
    else if (step.op === "notify") {
      for (const it of this.#sleepers.slice(0, step.n)) this.#resume(it, "awake");
    }
    return undefined;
  }

  protected override interruptible(): Waiting[] {
    const all = [...this.waiting, ...this.#sleepers].filter((it) => !this.#back.has(it.id));
    return all.sort((a, b) => a.id - b.id);
  }

  protected override interrupt(waiting: Waiting, outcome: string): void {
    const sleeper = this.#sleepers.find((it) => it === waiting);
    if (sleeper) this.#resume(sleeper, outcome);
    else super.interrupt(waiting, outcome);
  }

  #sleep(step: Limits, id: number): void {
    if (step.timeout === 0) return this.settle(id, "time");
    this.#sleepers.push({ ...this.limited(step, id), permit: this.#holder! });
    this.#passOn();
  }

  #resume(sleeper: Waiting & { permit: number }, outcome: string): void {
    this.#sleepers = this.#sleepers.filter((it) => it !== sleeper);
    this.#back.set(sleeper.id, { permit: sleeper.permit, outcome });
    this.waiting.push(sleeper);
    if (this.#holder === undefined) this.#passOn();
  }

  #release(): void {
    this.#released.add(this.#holder!);
    this.#passOn();
  }

  #passOn(): void {
    const next = this.waiting.shift();
    const { permit, outcome } = next && this.#back.get(next.id) ||
      { permit: next?.id, outcome: "permit" };
    this.#holder = permit;
    if (next) this.settle(next.id, outcome);
  }
}

class EventModel extends Model {
  #isSet = false;

  state() {
    return { isSet: this.#isSet, waiting: this.waiting.length };
  }

  protected pass(id: number): boolean {
    if (this.#isSet) this.settle(id, "awake");
    return this.#isSet;
  }

  protected act(step: Step): void {
    this.#isSet = step.op === "set";
    if (this.#isSet) this.wakeAll();
  }
}

class GroupModel extends Model {
  #count = 0;

  state() {
    return { count: this.#count, waiting: this.waiting.length };
  }

  protected pass(id: number): boolean {
    if (this.#count === 0) this.settle(id, "awake");
    return this.#count === 0;
  }

  protected act(step: Step): unknown {
    if (step.op !== "add") return undefined;
    if (this.#count + step.n < 0) return "RangeError";
    this.#count += step.n;
    if (this.#count === 0) this.wakeAll();
    return undefined;
  }
}

class BarrierModel extends Model {
  readonly #parties: number;

  constructor(parties: number) {
    super();
    this.#parties = parties;
  }

  state() {
    return { arrived: this.waiting.length, waiting: this.waiting.length };
  }

  protected pass(id: number): boolean {
    if (this.waiting.length < this.#parties - 1) return false;
    const all = [...this.waiting.splice(0), { id }];
    for (const [place, { id }] of all.entries()) this.settle(id, `place ${place}`);
    return true;
  }

  protected act(): void {}
}

/** The model of a primitive, made as `world.ts` makes the real one. */
export function modelOf(kind: Kind): Model {
  if (kind === "mutex") return new MutexModel();
  if (kind === "semaphore") return new SemaphoreModel(2, 2);
  if (kind === "counter") return new SemaphoreModel(0, 3);
  if (kind === "event") return new EventModel();
  if (kind === "group") return new GroupModel();
  return new BarrierModel(3);
}
