/**
 * The flow behind stages that are plain steps.
 *
 * @module
 */
import type { Box, Polled, Received } from "../channel/mod.ts";
import { ASK, EMPTY, END, FAILURE, type Failure, POLL, READY } from "../internal/case.ts";
import { pause } from "../internal/pace.ts";
import { FlowBase, type Reader } from "./flow.ts";
import {
  type AnyStep,
  type AnyStepMaker,
  type Fold,
  is,
  isNone,
  isObject,
  isPromiseLike,
  NONE,
} from "./step.ts";

// Numbers: engines check of a text each time that it is the one text of its kind.
const IDLE = 0, DRAWING = 1, RUNNING = 2, WAITING = 3, ASKING = 4, RESTING = 5, OVER = 6;
type State = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** A step that keeps values. */
interface Keeper {
  readonly at: number;
  readonly rest: () => unknown;
}

/** Values that may be left out in a row before the guard of the event loop is asked. */
const PATIENCE = 64;

/**
 * Draws a value from its input when one is taken, and calls the steps on it; so nothing runs ahead here,
 * and what the input has at hand is given at once.
 */
export class FoldedFlow<A, B> extends FlowBase<B> implements Fold, Reader<A> {
  readonly #input: FlowBase<A>;
  /** Whether the input brings its values by itself. */
  readonly #fed: boolean;
  #steps: readonly AnyStep[];
  /** Which of them are the user's: what they answer is a promise to wait for, if it is one. */
  readonly #mappings: readonly boolean[];
  readonly #maps: boolean;
  /**
   * One value at a time: nothing is drawn while the code of the source or of a step runs, while a value
   * waits for a promise, while the input owes an answer, while the guard rests, and when all is over.
   */
  #state: State = IDLE;
  /** Whether a step has seen its last value. */
  #last = false;
  /** Why it was the last, if a step has failed. */
  #failure: Failure | undefined;
  /** Those that get no further value may still have to give what they have. */
  #keepers: Keeper[] = [];
  #abort: AbortController | undefined;
  /** What the user's steps get. */
  #signal: AbortSignal | undefined;

  constructor(input: FlowBase<A>, makers: readonly AnyStepMaker[]) {
    super(0, input);
    this.#input = input;
    this.#fed = input.feeds(this);
    this.#steps = makers.map((make, at) => typeof make === "function" ? make(this, at) : make.fn);
    this.#mappings = makers.map((make) => typeof make !== "function");
    this.#maps = this.#mappings.includes(true);
  }

  get signal(): AbortSignal {
    return (this.#abort ??= new AbortController()).signal;
  }

  wait<V>(at: number, promise: PromiseLike<V>, then: (answer: V) => unknown): typeof NONE {
    if (this.#state === RUNNING) this.#state = WAITING;
    // A promise of the runtime's, which settles once, whatever a thenable does.
    Promise.resolve(promise).then(
      (answer) => this.#resume(then(answer), at + 1),
      (error) => {
        this.#break(error, at);
        this.wake();
      },
    );
    return NONE;
  }

  last(at: number): void {
    this.#last = true;
    this.#failure = undefined; // of a step before, for what that one has kept: it comes too late
    this.#keepers = this.#keepers.filter((keeper) => keeper.at > at);
  }

  keep(at: number, rest: () => unknown): void {
    this.#keepers.push({ at, rest });
  }

  /** What has to be closed is the input, which is a flow itself. */
  protected override get pending(): boolean {
    return false;
  }

  protected override release(): undefined {
    if (this.#state === RUNNING || this.#state === WAITING) this.#abort?.abort();
    this.#state = OVER;
    // None is called any more, also of those after the one that ended the flow.
    this.#steps = [];
    this.#keepers = [];
  }

  protected override discard(): void {
    const dropped = this.size > 0;
    super.discard();
    if (dropped) this.#abort?.abort();
  }

  /** Somebody waits, or a result was taken that nobody waited for. */
  protected override demand(): void {
    if (this.#state === IDLE) this.#serve();
    else if (this.#state === DRAWING || this.#state === RUNNING) {
      void Promise.resolve().then(this.wake); // their code receives from its own flow
    }
  }

  override [READY](): boolean {
    if (this.size > 0 || this.closed) return true;
    if (this.#state !== IDLE || this.awaited) return false;
    return this.#last || this.#input[READY]();
  }

  override [POLL](): Polled<B> {
    if (this.size > 0) return super[POLL]();
    if (this.#state !== IDLE || this.awaited) return this.closed ? END : EMPTY;
    const value = this.#next();
    if (this.#last) this.#conclude();
    return value;
  }

  override get isDry(): boolean {
    const quiet = this.#state === IDLE && !this.#last && this.size === 0 && !this.awaited;
    return quiet && this.#fed && this.#input.isDry;
  }

  /** Whether the next value is for somebody who waits. */
  get hungry(): boolean {
    return this.#state === IDLE && !this.#last && this.awaited;
  }

  take(value: A, box?: Box): boolean {
    const result = this.#run(value, 0);
    if (!isNone(result)) this.supply(result, box);
    if (!this.#fed || this.#last) this.#serve();
    return !this.#last;
  }

  // One closure for the life of the flow.
  readonly wake = (): void => {
    if (this.#state === IDLE) this.#serve();
  };

  /** Gives values to those who wait. */
  #serve(): void {
    while (this.awaited && this.#state === IDLE) {
      const value = this.#next();
      if (is(value, EMPTY) || is(value, END)) break;
      this.supply(value);
    }
    if (this.#last) this.#conclude();
    if (this.#fed || !this.hungry) return;
    this.#state = ASKING;
    this.#input.recv().then(this.#answer, this.#refuse);
  }

  readonly #answer = ({ done, value }: Received<A>): void => {
    if (this.over) return;
    this.#state = IDLE;
    if (done) this.#serve();
    else this.take(value);
  };

  /** Why is told by the next draw. */
  readonly #refuse = (): void => {
    if (this.over) return;
    this.#state = IDLE;
    this.#serve();
  };

  /** Draws values until one comes through all steps. */
  #next(): Polled<B> {
    for (let drawing = 0; this.#state === IDLE; drawing++) {
      if (drawing >= PATIENCE && this.#rests()) break;
      const drawn = this.#last ? END : this.#draw();
      if (is(drawn, EMPTY)) {
        this.#input[ASK]();
        break;
      }
      const value = is(drawn, END) ? this.#flush() : this.#run(drawn, 0);
      if (!this.over && !this.#last) this.#input[ASK]();
      if (!isNone(value)) return value;
    }
    if (this.#last) this.#conclude();
    return this.closed ? END : EMPTY;
  }

  /** What comes of what a step has kept. Nothing is drawn any more; when none has, the flow is over. */
  #flush(): B | typeof NONE {
    const keeper = this.#keepers.shift();
    if (keeper !== undefined) {
      const rest = keeper.rest();
      return isNone(rest) ? NONE : this.#run(rest, keeper.at + 1);
    }
    this.finish(this.#last ? this.#failure : this.#input[FAILURE]());
    return NONE;
  }

  #draw(): Polled<A> {
    this.#state = DRAWING;
    const drawn = this.#input.draw();
    if (!this.over) this.#state = IDLE;
    return drawn;
  }

  /** Values that are left out must not keep timers and I/O waiting. */
  #rests(): boolean {
    const turn = pause();
    if (turn === undefined) return false;
    this.#state = RESTING;
    void turn.then(() => {
      if (this.over) return;
      this.#state = IDLE;
      this.#serve();
    });
    return true;
  }

  /** What comes of `value` in the steps from `at` on. */
  #run(value: unknown, at: number): B | typeof NONE {
    this.#state = RUNNING;
    try {
      if (this.#signal === undefined && this.#maps) this.#signal = this.signal;
      for (; at < this.#steps.length && !isNone(value); at++) {
        const step = this.#steps[at] as AnyStep;
        value = step(value as never, this.#signal as AbortSignal);
        if (!isObject(value) || !this.#mappings[at] || !isPromiseLike(value)) continue;
        value = this.wait(at, value, same);
      }
    } catch (error) {
      this.#break(error, at);
      return NONE;
    }
    if (this.over) return NONE;
    if (this.#state === RUNNING) this.#state = IDLE;
    return value as B | typeof NONE;
  }

  #resume(value: unknown, at: number): void {
    if (this.#state === OVER) return;
    this.#state = IDLE;
    const result = value === NONE ? NONE : this.#run(value, at);
    if (!isNone(result)) this.supply(result);
    // A promise may have been settled all the time: then nothing else would ever let timers and I/O run.
    if (this.#last || this.#state !== IDLE || !this.#rests()) this.#serve();
  }

  /** The step at `at` has failed. What those behind it have kept is given before the error. */
  #break(error: unknown, at: number): void {
    if (this.#state === OVER) return;
    this.#state = IDLE;
    this.last(at);
    this.#failure = { error };
    this.#conclude();
  }

  /** Ends the flow if the value that was the last is through, and nothing is kept. */
  #conclude(): void {
    if (this.#state === IDLE && this.#keepers.every(({ rest }) => isNone(rest()))) {
      this.finish(this.#failure);
    }
  }
}

function same<V>(value: V): V {
  return value;
}
