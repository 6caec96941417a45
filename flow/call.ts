/**
 * A call whose answer is a source.
 *
 * @module
 */
import { FlowBase } from "./flow.ts";
import { asFlow } from "./from.ts";
import type { Source } from "./types.ts";

/** What becomes of the answer of a call. */
export interface Caller<T> {
  answered(call: Call<T>, flow: FlowBase<T>): void;
  failed(error: unknown): void;
}

/**
 * Stands for a source that is still to come, so that its end is waited for as that of a source which owes
 * an answer. It gives nothing; one that comes when nobody wants it any more is closed.
 */
export class Call<T> extends FlowBase<never> {
  readonly #done: Promise<void>;
  #waiting = true;

  constructor(answer: PromiseLike<Source<T>>, caller: Caller<T>) {
    super(0);
    this.#done = this.#wait(answer, caller);
  }

  protected override get pending(): boolean {
    return this.#waiting;
  }

  protected override demand(): void {}

  protected override release(): Promise<void> {
    return this.#done;
  }

  async #wait(answer: PromiseLike<Source<T>>, caller: Caller<T>): Promise<void> {
    let flow: FlowBase<T>;
    try {
      flow = asFlow(await answer);
    } catch (error) {
      this.#waiting = false;
      return caller.failed(error);
    }
    this.#waiting = false;
    if (this.over) await flow[Symbol.asyncDispose]();
    else caller.answered(this, flow);
  }
}
