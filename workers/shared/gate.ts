/**
 * Where those wait who want a permit: under a lock and a semaphore.
 *
 * @module
 */
import { timeoutError } from "../../internal/alarm.ts";
import { backlog, paced, refused } from "../../internal/pace.ts";
import { isAborted, limit, type WaitOptions } from "../../internal/wait.ts";
import { type Report, Waiter } from "../../internal/waiter.ts";
import { checkBlocking, sleepWhileParked, spin, type SyncOptions } from "./blocking.ts";
import { LocalQueue } from "./local_queue.ts";
import { PERMITS, WAITING } from "./primitive_layout.ts";
import { Pump } from "./pump.ts";
import { INHERIT, type SharedLender, SharedPermit, TAKE_BACK, titled } from "./shared_permit.ts";
import type { Site } from "./site.ts";
import { NONE, type Stock, TAKEN_FROM_DEAD } from "./stock.ts";
import { beHungry, beSated, callNext, endTurn, nextHungry } from "./turn.ts";

/** As it was told. What it is told is made here and has no `then`: it would run code. */
export const asGiven: Report = (_done, value) => value;

/** Hands out the permits of a stock. */
export class Gate implements SharedLender {
  readonly site: Site;
  readonly stock: Stock;
  readonly queue: GateQueue;
  readonly pump: Pump;
  /** How often it has called somebody. */
  #calls = 0;

  constructor(site: Site, stock: Stock, owner: object, operation = "acquire") {
    this.site = site;
    this.stock = stock;
    this.pump = Pump.of(site.domain);
    this.queue = new GateQueue(this, operation, owner);
  }

  get name(): string | undefined {
    return this.site.name;
  }

  /** Takes a permit, and waits while there is none. */
  acquire(options?: WaitOptions): Promise<SharedPermit> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    const permit = this.tryAcquire();
    if (permit !== undefined) return paced(Promise.resolve(permit), permit);
    if (options?.timeout === 0) return refused(timeoutError());
    const waiter = new Waiter(asGiven);
    this.queue.park(waiter);
    const promise = options === undefined ? waiter.promise : limit(waiter, options);
    this.queue.serve();
    return promise as Promise<SharedPermit>;
  }

  /** Takes a permit if that needs no waiting. Nobody of this thread who waits is overtaken. */
  tryAcquire(): SharedPermit | undefined {
    if (!this.queue.empty) {
      this.queue.serve();
      if (!this.queue.empty) return undefined;
    }
    const taken = this.#take();
    return taken === NONE ? undefined : this.permit(taken === TAKEN_FROM_DEAD, undefined);
  }

  /** Takes a permit, and blocks the thread while there is none. */
  acquireSync(options?: SyncOptions): SharedPermit {
    const timeout = checkBlocking(options);
    let permit = this.tryAcquire();
    if (permit === undefined && timeout > 0 && spin(() => this.stock.some)) {
      permit = this.tryAcquire();
    }
    if (permit !== undefined) return permit;
    const waiter = new Waiter(asGiven);
    this.queue.park(waiter);
    this.queue.serve();
    if (waiter.parked) sleepWhileParked(this.pump, waiter, timeout);
    return waiter.value as SharedPermit;
  }

  /**
   * Gives one back.
   *
   * @returns Whether one was out.
   */
  release(): boolean {
    if (!this.stock.put()) return false;
    this.passOn();
    this.queue.serve();
    return true;
  }

  /** Gives one of a semaphore back, or throws. */
  giveBack(): void {
    if (this.release()) return;
    const which = titled("semaphore", this.name);
    const max = this.site.domain.words[this.site.at + PERMITS]!;
    throw new RangeError(`Cannot release ${which}: it has all its permits: ${max}`);
  }

  /** Serves those of this thread who wait. */
  serve(): number {
    let served = 0;
    for (; !this.queue.empty; served++) {
      const taken = this.#take();
      if (taken === NONE) break;
      const waiter = this.queue.shift() as Waiter;
      const before = waiter.value as SharedPermit | undefined;
      const permit = this.permit(taken === TAKEN_FROM_DEAD, before);
      waiter.value = permit;
      wake(waiter, permit);
    }
    return served;
  }

  /** Wakes whose turn it is. */
  passOn(): void {
    callNext(this.site.domain, this.site.at, this.site.domain.self, this.#calls++);
  }

  /** The permit for what was just taken: a new one, unless it was only suspended. */
  permit(abandoned: boolean, before: SharedPermit | undefined): SharedPermit {
    before?.[INHERIT](abandoned);
    return before ?? new SharedPermit(this, abandoned);
  }

  /** @internal */
  [TAKE_BACK](_permit: SharedPermit): void {
    this.giveBack();
  }

  #take(): number {
    const { domain, at } = this.site;
    const next = nextHungry(domain, at);
    if (next !== -1 && next !== domain.self) {
      // It may be asleep: who has released may have looked before it was hungry.
      if (this.stock.some) this.passOn();
      return NONE;
    }
    const taken = this.stock.grab();
    // Buried, but not stopped: what it takes from now on nobody would give back.
    if (taken !== NONE && !domain.alive) return this.#drop();
    if (taken !== NONE && next === domain.self) {
      endTurn(domain, at, domain.self);
      beSated(domain, at, domain.self);
      // What others have released since they called this thread is for the next one.
      if (this.stock.some) this.passOn();
    }
    return taken;
  }

  #drop(): number {
    if (this.stock.put()) this.passOn();
    return NONE;
  }
}

/** Those of this thread who wait for a permit. The thread is hungry when it has been woken. */
class GateQueue extends LocalQueue {
  readonly #gate: Gate;
  #enlistedBefore = false;

  constructor(gate: Gate, operation: string, owner: object) {
    const ready = (): boolean => gate.stock.some;
    const serve = (): number => gate.serve();
    super(gate.pump, gate.site.at + WAITING, { serve, ready }, operation, owner);
    this.#gate = gate;
  }

  /** Again: somebody has claimed the bit, and this thread is about to try. */
  override enlist(): void {
    const { domain, at } = this.#gate.site;
    if (this.#enlistedBefore) beHungry(domain, at, domain.self);
    // Nobody would clear it again: whoever buries a thread says so first, and then clears its bits.
    if (!domain.alive) beSated(domain, at, domain.self);
    this.#enlistedBefore = true;
    super.enlist();
  }

  override delist(): void {
    const { site: { domain, at }, stock } = this.#gate;
    this.#enlistedBefore = false;
    const hungry = beSated(domain, at, domain.self);
    const claimed = !domain.delist(at + WAITING);
    if ((hungry || claimed) && stock.some) this.#gate.passOn();
  }
}

/**
 * Settles a waiter that has left its queue. Two tasks that wake each other are a loop in which no operation
 * finishes at once, so the wake-up counts for the guard of the event loop. It is committed in any case.
 */
export function wake(waiter: Waiter, given?: unknown): void {
  waiter.withdraw();
  const list = backlog();
  if (list === undefined) waiter.settle(false, given);
  else list.push(() => waiter.settle(false, given));
}
