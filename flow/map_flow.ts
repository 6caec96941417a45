/**
 * The flow behind `map` with several calls at a time, or results that wait.
 *
 * @module
 */
import type { Received } from "../channel/mod.ts";
import { ASK, EMPTY, END, FAILURE, type Failure } from "../internal/case.ts";
import { Ring } from "../internal/ring.ts";
import { FlowBase, type Reader } from "./flow.ts";
import { is, isPromiseLike } from "./step.ts";

const PENDING = 0, DONE = 1, FAILED = 2;

/**
 * The place of a call that is under way, or whose result waits for those before it. It is used again, and
 * its functions with it: two closures less a value.
 */
interface Slot {
  state: typeof PENDING | typeof DONE | typeof FAILED;
  /** The result, or the error. */
  outcome: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Asks for input while a call may start and its result has somewhere to go. */
export class MapFlow<A, B> extends FlowBase<B> implements Reader<A> {
  readonly #input: FlowBase<A>;
  /** Whether the input brings its values by itself. */
  readonly #fed: boolean;
  readonly #fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>;
  readonly #concurrency: number;
  readonly #ordered: boolean;
  readonly #abort = new AbortController();
  /** In order those of all calls, else of those that are over. */
  readonly #slots = new Ring<Slot>();
  readonly #free: Slot[] = [];
  #running = 0;
  #started = false;
  #asked = false;
  /** Whether it is being seen to. */
  #busy = false;
  /** No more input: it is over, or a call has failed. */
  #inputOver = false;
  #inputFailure: Failure | undefined;

  constructor(
    input: FlowBase<A>,
    fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>,
    concurrency: number,
    ordered: boolean,
    capacity: number,
  ) {
    // One call at a time waits for its receiver, as a generator would; several must run ahead.
    super(concurrency === 1 ? capacity : concurrency + capacity, input);
    this.#input = input;
    this.#fed = input.feeds(this);
    this.#fn = fn;
    this.#concurrency = concurrency;
    this.#ordered = ordered;
  }

  /** What has to be closed is the input, which is a flow itself. */
  protected override get pending(): boolean {
    return false;
  }

  override get isDry(): boolean {
    return this.#started && this.size === 0 && !this.over && !this.awaited;
  }

  /** Whether a call may start, and its result has somewhere to go. */
  get hungry(): boolean {
    if (!this.#started || this.#inputOver || this.over) return false;
    const held = this.size + (this.#ordered ? this.#slots.size : this.#running);
    return this.#running < this.#concurrency && held < this.capacity;
  }

  take(value: A): boolean {
    this.#call(value);
    return !this.#inputOver;
  }

  protected override demand(): void {
    if (this.#busy) return; // goes on by itself
    this.#started = true;
    this.#busy = true;
    if (this.#fed) this.#draw();
    else if (this.hungry && !this.#asked) {
      this.#asked = true;
      this.#input.recv().then(this.#take, this.#failInput);
    }
    this.#busy = false;
  }

  wake(): void {
    if (this.#started) this.demand();
  }

  protected override discard(): void {
    const dropped = this.size > 0;
    super.discard();
    if (dropped) this.#abort.abort();
  }

  protected override release(): undefined {
    if (this.#running > 0 || this.#slots.size > 0) this.#abort.abort();
    this.#slots.clear();
  }

  /** What a source that feeds it has at hand needs no promise. */
  #draw(): void {
    const input = this.#input;
    while (this.hungry) {
      const value = input.draw();
      if (is(value, END)) return this.#endInput(input[FAILURE]());
      if (is(value, EMPTY)) break;
      this.#call(value);
    }
    if (!this.#inputOver && !this.over) input[ASK]();
  }

  readonly #take = (received: Received<A>): void => {
    this.#asked = false;
    if (this.over || this.#inputOver) return this.#flush();
    if (received.done) return this.#endInput(undefined);
    this.#call(received.value);
    this.demand();
  };

  readonly #failInput = (error: unknown): void => {
    this.#asked = false;
    this.#endInput({ error });
  };

  /** The results of the values before come first. */
  #endInput(failure: Failure | undefined): void {
    this.#inputOver = true;
    this.#inputFailure = failure;
    this.#flush();
  }

  #call(value: A): void {
    const slot = this.#free.pop() ?? this.#newSlot();
    if (this.#ordered) this.#slots.push(slot);
    this.#running++;
    let result: B | PromiseLike<B>;
    try {
      result = this.#fn(value, this.#abort.signal);
      if (isPromiseLike(result)) {
        // A promise of the runtime's, which settles once, whatever a thenable does.
        Promise.resolve(result).then(slot.resolve, slot.reject);
        return;
      }
    } catch (error) {
      return this.#settle(slot, FAILED, error);
    }
    this.#settle(slot, DONE, result);
  }

  #newSlot(): Slot {
    const slot: Slot = {
      state: PENDING,
      outcome: undefined,
      resolve: (value) => this.#settle(slot, DONE, value),
      reject: (error) => this.#settle(slot, FAILED, error),
    };
    return slot;
  }

  #settle(slot: Slot, state: typeof DONE | typeof FAILED, outcome: unknown): void {
    this.#running--;
    if (this.over) return;
    slot.state = state;
    slot.outcome = outcome;
    if (state === FAILED) this.#inputOver = true;
    if (!this.#ordered) this.#slots.push(slot);
    this.#flush();
    this.demand();
  }

  /** Hands over the results that are next. */
  #flush(): void {
    for (let slot = this.#slots.first; slot !== undefined && !this.over; slot = this.#slots.first) {
      const { state, outcome } = slot;
      if (state === PENDING) break;
      this.#slots.shift();
      slot.state = PENDING;
      slot.outcome = undefined;
      this.#free.push(slot);
      if (state === FAILED) this.finish({ error: outcome });
      else this.supply(outcome as B);
    }
    if (this.#inputOver && this.#running === 0) this.finish(this.#inputFailure);
  }
}
