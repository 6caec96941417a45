/**
 * Sending many values through a bridge, several at a time.
 *
 * @module
 */
import { sendMany, type Target } from "../channel/send_many.ts";
import type { Failure } from "../internal/case.ts";

/** How many values may be on their way without having been accepted. */
const WINDOW = 64;

/** A sender whose sends can be made to depend on each other. */
export interface AheadTarget<T> extends Target<T> {
  /** Sends `value`. If it cannot be cloned, neither it is sent nor what follows it in `row`, any object. */
  sendAhead(value: T, row: object): Promise<void>;
}

/** Takes values as long as few enough are under way. */
class SendWindow<T> implements Target<T> {
  readonly #to: AheadTarget<T>;
  #underWay = 0;
  /** Why the first of them was refused. */
  failure: Failure | undefined;
  #changed: (() => void) | undefined;
  /** Nothing is kept here. */
  readonly size = 0;
  readonly capacity = Infinity;

  constructor(to: AheadTarget<T>) {
    this.#to = to;
  }

  get closed(): boolean {
    return this.failure !== undefined || this.#to.closed;
  }

  trySend(value: T): boolean {
    if (this.#underWay >= WINDOW) return false;
    this.#underWay++;
    void this.#to.sendAhead(value, this).then(undefined, (error) => this.failure ??= { error })
      .then(() => {
        this.#underWay--;
        this.#changed?.();
      });
    return true;
  }

  async send(value: T): Promise<void> {
    if (this.closed && this.failure === undefined) return this.#to.send(value);
    // Half a window at a time: those that leave together share a message.
    await this.#fewer(WINDOW / 2);
    this.trySend(value);
  }

  /** Resolves when all were accepted. */
  drained(): Promise<void> {
    return this.#fewer(1);
  }

  /** Resolves when fewer than `count` are under way; rejects if one was refused. */
  async #fewer(count: number): Promise<void> {
    while (this.#underWay >= count && this.failure === undefined) {
      await new Promise<void>((resolve) => this.#changed = resolve);
    }
    if (this.failure !== undefined) throw this.failure.error;
  }
}

/** As `sendMany`, but a round trip for each value would be slow: up to 64 of them are ahead of the answers. */
export function sendManyAhead<T>(
  to: AheadTarget<T>,
  values: Iterable<T> | AsyncIterable<T>,
): Promise<number> {
  const legal = !to.closed;
  const window = new SendWindow(to);
  const sending = sendMany(window, values);
  const promise: Promise<number> = finish(sending, window, () => {
    // As with a single send: one that was legal when made must not end the process.
    if (legal && to.closed) promise.catch(() => {});
  });
  return promise;
}

async function finish(
  sending: Promise<number>,
  window: { drained(): Promise<void> },
  onError: () => void,
): Promise<number> {
  try {
    const count = await sending;
    await window.drained();
    return count;
  } catch (error) {
    onError();
    throw error;
  }
}
