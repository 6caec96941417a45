/**
 * The flow behind `flatMap`.
 *
 * @module
 */
import type { Polled, Received } from "../channel/mod.ts";
import { EMPTY, END, FAILURE, type Failure, POLL } from "../internal/case.ts";
import { pause } from "../internal/pace.ts";
import { Ring } from "../internal/ring.ts";
import { Call, type Caller } from "./call.ts";
import { FlowBase } from "./flow.ts";
import { asFlow } from "./from.ts";
import { isPromiseLike } from "./step.ts";
import type { Source } from "./types.ts";

/** What gives the inner source of a value. */
export type Opener<A, B> = (
  value: A,
  signal: AbortSignal,
) => Source<B> | PromiseLike<Source<B>>;

/** An inner source. It counts until it is over and its last value was taken. */
interface Inner<B> {
  readonly flow: FlowBase<B>;
  over: boolean;
  /** How many of its values wait to be taken. */
  waiting: number;
}

/**
 * Takes a value from the input when fewer than `concurrency` inner sources are open, and a value from an
 * inner source when there is room for it. Those that are not being asked stand in a queue, so that each
 * has its turn.
 */
export class FlatMapFlow<A, B> extends FlowBase<B> implements Caller<B> {
  readonly #input: FlowBase<A>;
  readonly #fn: Opener<A, B>;
  readonly #concurrency: number;
  /** How many values may wait beyond one for each inner source. */
  readonly #extra: number;
  readonly #abort = new AbortController();
  /** How many inner sources are open. */
  #open = 0;
  /** How many inner sources count, open or not. */
  #counted = 0;
  /** Whose the values are that wait to be taken. */
  readonly #owners = new Ring<Inner<B>>();
  /** How many calls of `fn` are under way. */
  #calls = 0;
  /** Inner sources that are not being asked. */
  readonly #idle = new Ring<Inner<B>>();
  /** How many inner sources are being asked for a value. */
  #owed = 0;
  /** Whether the input was asked for a value and has not answered. */
  #asked = false;
  #inputOver = false;
  #inputFailure: Failure | undefined;
  /** Whether it is being seen to, now or in the next turn of the event loop. */
  #busy = false;

  constructor(input: FlowBase<A>, fn: Opener<A, B>, concurrency: number, capacity: number) {
    // One source at a time waits for its receiver, as a generator would; several must run ahead.
    super(concurrency === 1 ? capacity : concurrency + capacity, input);
    this.#input = input;
    this.#fn = fn;
    this.#concurrency = concurrency;
    this.#extra = capacity;
  }

  /** What has to be closed are flows themselves. */
  protected override get pending(): boolean {
    return false;
  }

  protected override demand(): void {
    // What went straight to a receiver is among them.
    while (this.#owners.size > this.size) this.#taken(this.#owners.shift());
    if (this.#busy) return; // goes on by itself
    this.#busy = true;
    while (this.#mayOpen || this.#mayDraw) {
      if (this.#mayOpen) this.#askInput();
      else this.#draw(this.#idle.shift());
      const turn = pause();
      if (turn !== undefined) return void turn.then(this.#wake);
    }
    this.#busy = false;
  }

  /** What an inner source has at hand needs no promise. */
  override [POLL](): Polled<B> {
    const first = this.#idle.first?.flow;
    if (first !== undefined && this.size === 0 && !this.awaited) {
      const value = first[POLL]();
      if (value !== EMPTY && value !== END) return value;
    }
    return super[POLL]();
  }

  protected override release(): undefined {
    if (this.#active > 0) this.#abort.abort();
  }

  /** How many inner sources there are or will be. */
  get #active(): number {
    return this.#open + this.#calls;
  }

  /** Whether a further inner source may be opened. */
  get #mayOpen(): boolean {
    return this.wanted && !this.#asked && !this.#inputOver &&
      this.#active < this.#concurrency &&
      this.#counted + this.#calls < this.#concurrency + this.#extra;
  }

  /** Whether a further value of an inner source may be taken. */
  get #mayDraw(): boolean {
    const each = this.#concurrency === 1 ? 0 : this.#open;
    return this.wanted && this.#idle.size > 0 &&
      this.size + this.#owed < Math.max(each + this.#extra, 1);
  }

  /** What is at hand needs no promise. */
  #askInput(): void {
    this.#asked = true;
    const value = this.#input[POLL]();
    if (value === EMPTY) this.#input.recv().then(this.#take, this.#failInput);
    else if (value !== END) this.#take({ done: false, value });
    else this.#endInput(this.#input[FAILURE]());
  }

  #draw(inner: Inner<B>): void {
    const { flow } = inner;
    this.#owed++;
    const value = flow[POLL]();
    if (value !== EMPTY) return this.#answer(inner, value);
    flow.recv().then(
      (received) => this.#answer(inner, received.done ? END : received.value),
      (error) => this.finish({ error }),
    );
  }

  #answer(inner: Inner<B>, value: B | typeof END): void {
    if (this.over) return;
    this.#owed--;
    if (value === END) this.#end(inner);
    else {
      this.#idle.push(inner);
      inner.waiting++;
      this.#owners.push(inner);
      this.supply(value);
    }
    this.#goOn();
  }

  #end(inner: Inner<B>): void {
    const failure = inner.flow[FAILURE]();
    if (failure !== undefined) return this.finish(failure);
    inner.over = true;
    this.#open--;
    this.disown(inner.flow);
    if (inner.waiting === 0) this.#counted--;
  }

  #taken(inner: Inner<B>): void {
    inner.waiting--;
    if (inner.over && inner.waiting === 0) this.#counted--;
  }

  readonly #wake = (): void => {
    this.#busy = false;
    this.demand();
  };

  readonly #take = (received: Received<A>): void => {
    this.#asked = false;
    if (this.over) return;
    if (received.done) return this.#endInput(undefined);
    this.#call(received.value);
    this.#goOn();
  };

  readonly #failInput = (error: unknown): void => this.#endInput({ error });

  /** The values of the inner sources that are open come first. */
  #endInput(failure: Failure | undefined): void {
    this.#asked = false;
    this.#inputOver = true;
    this.#inputFailure = failure;
    this.#goOn();
  }

  #call(value: A): void {
    try {
      const answer = this.#fn(value, this.#abort.signal);
      if (!isPromiseLike(answer)) return this.#add(asFlow(answer));
      this.#calls++;
      this.adopt(new Call(answer, this));
    } catch (error) {
      this.finish({ error });
    }
  }

  answered(call: Call<B>, flow: FlowBase<B>): void {
    this.#calls--;
    this.disown(call);
    this.#add(flow);
    this.#goOn();
  }

  failed(error: unknown): void {
    this.finish({ error });
  }

  #add(flow: FlowBase<B>): void {
    if (this.over) return flow.cancel(); // the call has ended the flow
    this.#open++;
    this.#counted++;
    this.adopt(flow);
    this.#idle.push({ flow, over: false, waiting: 0 });
  }

  #goOn(): void {
    if (this.#inputOver && this.#active === 0) this.finish(this.#inputFailure);
    else this.demand();
  }
}
