/**
 * How a worker stage takes values from its input: many in one turn, if they are there.
 *
 * @module
 */
import { EMPTY, END, FAILURE, type Failure, POLL } from "../internal/case.ts";
import { nextTurn } from "../internal/turn.ts";
import type { FlowBase } from "../flow/flow.ts";

/** Milliseconds that a source which answers at once may take at a time: threads wait, and timers. */
const LONGEST = 1;
/** Values between two looks at the clock; fewer at first, since a source may be slow. */
const STRIDE = 16;

/** Whom an intake reports to. */
export interface IntakeEvents<In> {
  /** Values have come, which were asked for before. */
  came(values: In[]): void;
  /** Nothing else will come. */
  ended(failure: Failure | undefined): void;
}

/** Asks the input for values, once at a time. */
export class Intake<In> {
  readonly #input: FlowBase<In>;
  readonly #events: IntakeEvents<In>;
  /** Whether the input was asked and has not answered, or is not to be asked before the next turn. */
  #busy = false;

  constructor(input: FlowBase<In>, events: IntakeEvents<In>) {
    this.#input = input;
    this.#events = events;
  }

  /** Whether values, or the end, will come by themselves. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Asks for up to `max` values: reports what is there at once, else what comes. */
  ask(max: number): void {
    this.#busy = true;
    const values: In[] = [];
    const limit = performance.now() + LONGEST;
    let value = this.#input[POLL]();
    while (value !== EMPTY && value !== END) {
      values.push(value);
      if (values.length === max) break;
      if (isLook(values.length) && performance.now() > limit) return this.#rest(values);
      value = this.#input[POLL]();
    }
    if (values.length === 0 && value === EMPTY) return this.#wait(max);
    this.#busy = false;
    if (values.length > 0) this.#events.came(values);
    else this.#events.ended(this.#input[FAILURE]());
  }

  /** Lets threads begin with what is there, and the event loop have its turn. */
  #rest(values: In[]): void {
    nextTurn(() => {
      this.#busy = false;
      this.#events.came([]);
    });
    this.#events.came(values);
  }

  #wait(max: number): void {
    this.#input.recvMany(max).then(this.#come, this.#fail);
  }

  readonly #come = (values: In[]): void => {
    this.#busy = false;
    if (values.length > 0) this.#events.came(values);
    else this.#events.ended(undefined);
  };

  readonly #fail = (error: unknown): void => {
    this.#busy = false;
    this.#events.ended({ error });
  };
}

function isLook(count: number): boolean {
  return count % STRIDE === 0 || (count < STRIDE && (count & (count - 1)) === 0);
}
